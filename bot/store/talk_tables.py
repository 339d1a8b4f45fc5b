"""Rooms of device identities: what was sent already."""
