"""Migrations: small, forward only, run when the store opens."""
