"""A clock that never goes back: when the machine's is set back it goes at half the speed until the two agree again.

Whoever waits for a minute then waits for two at most, not for as long as the clock was set back; no shift begins twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

log = logging.getLogger(__name__)
FARTHEST: Final = timedelta(hours=2)  # set back further than this, the machine's clock is believed at once
WORTH_TELLING: Final = timedelta(seconds=1)


class Steady:
    """Instants that never decrease, but for a machine's clock that was wrong by more than two hours. Many threads may ask."""

    def __init__(self, wall: Callable[[], datetime], tick: Callable[[], float]) -> None:
        """`wall`: the machine's clock, aware, UTC; `tick`: seconds of one that nobody sets."""
        self._wall, self._tick = wall, tick
        self._lock = Lock()
        self._shown, self._ticked = wall(), tick()
        self._is_behind = False

    def now(self) -> datetime:
        """The present instant; ahead of the machine's clock while that is being caught up with."""
        with self._lock:
            wall, tick = self._wall(), self._tick()
            passed = timedelta(seconds=tick - self._ticked)
            back = self._shown + passed - wall
            self._shown = wall if back > FARTHEST else max(wall, self._shown + passed / 2)
            self._ticked = tick
            self._tell(back)
            return self._shown

    def _tell(self, back: timedelta) -> None:
        is_behind = back >= WORTH_TELLING
        if is_behind and not self._is_behind:
            log.error("clock set back", extra={"kind": "far" if back > FARTHEST else "caught up with"})
        self._is_behind = is_behind
