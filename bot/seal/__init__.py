"""PROTECTS: keys, rooms and the ledger; bytes in, bytes out."""
