"""REMEMBERS: tables, transactions, migrations."""
