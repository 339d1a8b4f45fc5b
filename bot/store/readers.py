"""The readers: a few connections that cannot write, each question in one snapshot."""

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection

from bot.core.errors import Unavailable

T = TypeVar("T")

_WAITING: Final = 4096  # questions at most in line


class Readers:
    """Answers questions in threads. `opening` makes one connection."""

    def __init__(self, opening: Callable[[], Connection], count: int) -> None:
        """Open `count` connections. Raises what `opening` raises."""
        self._idle: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._connections = [opening() for _ in range(count)]
        for connection in self._connections:
            self._idle.put(connection)
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix="samjour-reader")
        self._waiting = 0
        self._closed = False

    async def run(self, ask: Callable[[Connection], T]) -> T:
        """Answer from one snapshot. Raises what the question raises, and Unavailable when it cannot be asked."""
        if self._closed:
            raise Unavailable("the store is closed")
        if self._waiting >= _WAITING:
            raise Unavailable("too many are waiting to read")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, ask)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Answer what was asked, then close. Blocks until then; harmless the second time."""
        self._closed = True
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            connection.close()

    def _answer(self, ask: Callable[[Connection], T]) -> T:
        connection = self._idle.get()
        try:
            with connection.begin() as snapshot:
                try:
                    return ask(connection)
                finally:
                    snapshot.rollback()
        finally:
            self._idle.put(connection)
