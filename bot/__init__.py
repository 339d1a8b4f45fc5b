"""Samjour: the line between police officers at work and the social services' people on duty."""
