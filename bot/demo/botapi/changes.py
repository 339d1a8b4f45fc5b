"""Wakes whoever waits for something to have changed."""

import asyncio
from collections.abc import Callable


class Changes:
    """One bell for one event loop: rung after every change, heard by all who wait just then."""

    def __init__(self) -> None:
        """Closed until the server runs."""
        self.count = 0
        self.closed = True
        self._bell = asyncio.Event()

    def tell(self) -> None:
        """Something changed."""
        self.count += 1
        self._bell.set()
        self._bell = asyncio.Event()

    def open(self) -> None:
        """The server runs."""
        self.closed = False

    def close(self) -> None:
        """The server ends: whoever looks at `closed` while waiting goes home."""
        self.closed = True
        self.tell()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return at once if it holds, else after the first change that makes it hold."""
        while not holds():
            await self._bell.wait()
