"""SPEAKS: from a channel's native messages to ours and back."""
