"""COMMANDS: what `samjour` does from a terminal, one file per subject."""
