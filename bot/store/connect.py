"""Connections to one SQLite file: one that writes, some that only read."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from bot.core.errors import Unavailable
from bot.store.faults import on_error, translate

# Durable at COMMIT, deleted means overwritten, no plaintext in temporary files, checkpoints when we say so.
_WRITER: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)
_LOOKER: Final = ("PRAGMA temp_store = MEMORY", "PRAGMA trusted_schema = OFF")
_READER: Final = ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", "PRAGMA trusted_schema = OFF")


def writing(path: Path, patience: timedelta) -> Connection:
    """The one read-write connection; makes the file if it is missing. Every transaction begins IMMEDIATE.

    `patience`: how long a lock held by somebody else is waited for. Raises Unavailable.
    """
    return _engine(lambda: _open_writer(path, patience), "BEGIN IMMEDIATE").connect()


def reading(path: Path, patience: timedelta) -> Callable[[], Connection]:
    """What makes connections that cannot write; each transaction sees one snapshot. Calling it raises Unavailable."""
    return _engine(lambda: _open(path, "ro", patience, _READER), "BEGIN").connect


def looking(path: Path, patience: timedelta) -> Connection:
    """A connection to a file that may be anybody's, for reading alone; beside one that is not in use nothing is made.

    Raises Unavailable.
    """
    in_use = path.with_name(path.name + "-wal").exists()  # then the log belongs to what is read
    return _engine(
        lambda: _open(path, "ro" if in_use else "ro&immutable=1", patience, _LOOKER), "BEGIN"
    ).connect()


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for what SQLAlchemy has no word for."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _engine(connect: Callable[[], sqlite3.Connection], begin: str) -> Engine:
    # hide_parameters: an error's text must not repeat what was to be stored
    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    event.listen(engine, "handle_error", on_error)
    return engine


def _open_writer(path: Path, patience: timedelta) -> sqlite3.Connection:
    raw = _open(path, "rwc", patience, ())
    try:
        mode = raw.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        for pragma in _WRITER:
            raw.execute(pragma)
    except sqlite3.Error as error:
        raw.close()
        raise translate(error) from error
    if mode != "wal":
        raw.close()
        raise Unavailable("the database's file system cannot keep a write-ahead log")
    return raw


def _open(path: Path, mode: str, patience: timedelta, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    try:
        raw = sqlite3.connect(
            address,
            uri=True,
            timeout=patience.total_seconds(),
            isolation_level=None,  # we say BEGIN; the driver's own idea of it breaks savepoints
            check_same_thread=False,  # each is used by one thread at a time, and closed by another
        )
    except sqlite3.Error as error:
        raise translate(error) from error
    for pragma in pragmas:
        raw.execute(pragma)
    return raw
