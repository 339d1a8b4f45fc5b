"""Retention: certificates of what was erased, and holds that stop it."""
