"""A device in Python: it keeps its own keys and pins, signs in, and believes only what it has checked."""
