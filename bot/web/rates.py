"""How often one caller may ask: so many times in any minute, counted in this process."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
PER_MINUTE: Final = 60
MOST_CALLERS: Final = 1000  # remembered at one time; more than there can be tokens


@dataclass(frozen=True, slots=True)
class Rates:
    """When each caller asked during the last minute."""

    asked: dict[str, deque[datetime]] = field(default_factory=dict)

    def wait(self, caller: str, now: datetime) -> timedelta | None:
        """Count one question; None when it may be answered, else how long until the next may be."""
        if caller not in self.asked and len(self.asked) >= MOST_CALLERS:
            self._forget(now)
        times = self.asked.setdefault(caller, deque())
        while times and not timedelta(0) <= now - times[0] < MINUTE:  # a clock set back forgets too
            times.popleft()
        if len(times) >= PER_MINUTE:
            return times[0] + MINUTE - now
        times.append(now)
        return None

    def _forget(self, now: datetime) -> None:
        idle = [caller for caller, times in self.asked.items() if not times or now - times[-1] >= MINUTE]
        for caller in idle:
            del self.asked[caller]
