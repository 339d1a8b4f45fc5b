"""SHOWS: demo organisations, the scripted night, a Bot API server on loopback."""
