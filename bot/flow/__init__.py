"""HAPPENS: what the service does, one file per verb."""
