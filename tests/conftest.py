"""What holds for every test: how many run at once, and that no example of a property has a time to be done in."""

import os

from hypothesis import settings

settings.register_profile("samjour", deadline=None)  # machines are busy
settings.load_profile("samjour")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait, for a browser, a disk or another process."""
    return len(os.sched_getaffinity(0)) + 1
