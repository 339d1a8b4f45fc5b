"""What holds for every test: no example of a property has a time to be done in, for machines are busy."""

from hypothesis import settings

settings.register_profile("samjour", deadline=None)
settings.load_profile("samjour")
