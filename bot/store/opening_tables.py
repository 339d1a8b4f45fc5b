"""Openings of transcripts: who asked, whose shares were passed on, which escrows replaced others."""
