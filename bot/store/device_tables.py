"""Devices: how they came to be trusted, and the directories that say so."""
