"""MEASURES: what Samjour does per second, beside the raw limit of the same machine at the same time."""
