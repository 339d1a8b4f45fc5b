"""A clock that a script can move on: the demo's evening takes seconds."""

import asyncio
from datetime import datetime, timedelta


class ScriptedClock:
    """Stands still until it is moved; whoever waits for an instant wakes when it is reached."""

    def __init__(self, start: datetime) -> None:
        """`start`: aware, UTC."""
        self._now = start
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The instant it shows."""
        return self._now

    def move(self, span: timedelta) -> None:
        """Move on, and wake whoever waits."""
        self._now += span
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, span: timedelta) -> None:
        """Return when it has been moved that far."""
        until = self._now + span
        while self._now < until:
            await self._moved.wait()

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell is set or the instant is reached."""
        rung = asyncio.ensure_future(bell.wait())
        try:
            while not rung.done() and (until is None or self.now() < until):
                moved = asyncio.ensure_future(self._moved.wait())
                try:
                    await asyncio.wait({rung, moved}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    moved.cancel()
        finally:
            rung.cancel()
