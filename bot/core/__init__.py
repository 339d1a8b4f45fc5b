"""DECIDES: pure rules; values in, values out."""
