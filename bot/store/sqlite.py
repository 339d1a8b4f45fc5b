"""The store on one SQLite file, which this process alone opens read-write."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from bot.core.errors import Unavailable
from bot.flow.ports import Tx
from bot.store import connect
from bot.store.cipher import FieldCipher
from bot.store.gathered import MOST, forget, gather, gathered
from bot.store.lock import FileLock
from bot.store.migrate import migrate
from bot.store.outbox import release
from bot.store.people import open_person
from bot.store.readers import Readers
from bot.store.scour import rewrite
from bot.store.tx import SqlTx
from bot.store.wal import WriteAheadLog
from bot.store.writer import Writer

T = TypeVar("T")

PATIENCE: Final = timedelta(seconds=5)  # how long somebody else's lock on the file is waited for
READERS: Final = 4
WAITING: Final = 4096  # callers at most in line to write
_KNOWN: Final = 4096  # people remembered as their rows decrypt


class SqliteStore:
    """Implements `Store`. Opening it takes the file's lock and brings its schema forward."""

    def __init__(
        self,
        path: Path,
        *,
        cipher: FieldCipher,
        patience: timedelta = PATIENCE,
        readers: int = READERS,
        waiting: int = WAITING,
        gathering: int = MOST,
    ) -> None:
        """Open or make the database; blocks until it can be used. `gathering`: rows written together; 0: each at once, and nothing
        is remembered.

        Raises Unavailable, with the reason, when another process has it open, it cannot be read or written, or a
        newer version of Samjour made it.
        """
        self._path = path
        self._cipher = cipher
        self._open_person = lru_cache(_KNOWN)(partial(open_person, cipher))
        self._lock = FileLock(path)
        try:
            self._start(patience, readers, waiting, gathering)
        except BaseException:
            self._lock.release()
            raise

    async def write(self, act: Callable[[Tx], T]) -> T:
        """Run the act in one transaction and return once it is durable. Raises what the act raises.

        Raises Unavailable, with nothing told or kept as done, when the database is locked, full, gone or closed.
        """
        return await self._writer.run(lambda connection: self._whole(connection, act))

    async def read(self, ask: Callable[[Tx], T]) -> T:
        """Run a question against a consistent snapshot; it cannot change anything (Unavailable if it tries)."""
        self._confirm()
        return await self._readers.run(lambda connection: ask(self._tx(connection)))

    async def scour(self) -> bool:
        """Leave nothing in any file of what was deleted. False when somebody's snapshot still needs the log.

        Nobody writes meanwhile: some 7 s for each GB. Raises Unavailable when there is no room for a copy.
        """
        return await self._writer.run_between(self._scour)

    async def close(self) -> None:
        """Finish what is in line, then close the file and let go of its lock."""
        await asyncio.to_thread(self._stop)

    def _start(self, patience: timedelta, readers: int, waiting: int, gathering: int) -> None:
        self._log = WriteAheadLog(self._path, patience)
        self._writer = Writer(
            lambda: _opened(self._path, patience, gathering),
            confirm=self._confirm,
            rest=self._log.rest,
            undone=forget,
            waiting=waiting,
        )
        try:
            self._identity = _identity(self._path)
            self._readers = Readers(connect.reading(self._path, patience), readers)
        except BaseException:
            self._writer.close()
            raise

    def _stop(self) -> None:
        self._readers.close()  # first: the last connection to close empties the log
        self._writer.close()
        self._lock.release()

    def _scour(self, connection: Connection) -> bool:
        self._confirm()
        rewrite(connection, self._path.parent)
        return self._log.empty(connection)

    def _whole(self, connection: Connection, act: Callable[[Tx], T]) -> T:
        done = act(self._tx(connection))
        gathered(connection).write()
        return done

    def _tx(self, connection: Connection) -> SqlTx:
        return SqlTx(connection, self._cipher, self._open_person)

    def _confirm(self) -> None:
        """Raise unless the file we write is still the one at its path: SQLite would go on writing into nothing."""
        if _identity(self._path) != self._identity:
            raise Unavailable("the database's file is gone or was replaced")


def _opened(path: Path, patience: timedelta, gathering: int) -> Connection:
    _touch(path)
    connection = connect.writing(path, patience)
    try:
        migrate(connection)
        release(connection)  # whoever held a lease is gone: this process alone has the file
        if gathering:
            gather(connection, gathering)
    except BaseException:
        connection.close()
        raise
    return connection


def _touch(path: Path) -> None:
    """Make the file readable for its owner alone; SQLite gives its log the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Unavailable("the database's file cannot be written") from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
