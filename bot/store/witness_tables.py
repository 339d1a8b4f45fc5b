"""Cosignatures of witnesses over checkpoints."""
