"""The write-ahead log: copied back into the database while nobody waits, and never left to grow."""

import sqlite3
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.store.connect import driver

CALM: Final = 4 * 2**20  # bytes; from here on whenever nobody waits
BOUND: Final = 32 * 2**20  # bytes; from here on also while somebody waits


class WriteAheadLog:
    """The log beside one database file. Only the writer's connection ever checkpoints it."""

    def __init__(self, path: Path, patience: timedelta, *, calm: int = CALM, bound: int = BOUND) -> None:
        """`patience`: how long, over the bound, readers of old snapshots are waited for; then `bound` bytes later."""
        self._path = path.with_name(path.name + "-wal")
        self._patience = patience
        self._calm = calm
        self._bound = bound
        self._next_wait = bound

    def size(self) -> int:
        """Bytes now."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def rest(self, connection: Connection, busy: bool) -> None:  # noqa: FBT001 - a fact, not a choice of behaviour
        """After a commit: checkpoint if the log has become long. An error is left for the next commit to meet."""
        size = self.size()
        if size < (self._bound if busy else self._calm):
            return
        with suppress(sqlite3.Error):
            if self._checkpoint(connection, timedelta(0)):
                self._next_wait = self._bound
            elif size >= self._next_wait:
                self._checkpoint(connection, self._patience)
                self._next_wait = self.size() + self._bound

    def empty(self, connection: Connection) -> bool:
        """Copy all of it back and leave nothing. False when readers still need it after some patience."""
        return self._checkpoint(connection, self._patience)

    def _checkpoint(self, connection: Connection, wait: timedelta) -> bool:
        """Copy and truncate. False when readers still need the log, of which as much as possible was copied."""
        raw = driver(connection)
        raw.execute(f"PRAGMA busy_timeout = {int(wait.total_seconds() * 1000)}")
        try:
            busy: int = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            raw.execute(f"PRAGMA busy_timeout = {int(self._patience.total_seconds() * 1000)}")
        return busy == 0
