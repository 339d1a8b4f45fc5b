"""Copies of a database: made while it is in use, read without its keys, put in its place again."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from bot.core.errors import BadInput, Unavailable
from bot.flow.ports import Tx
from bot.seal.field import FieldKey
from bot.seal.symmetric import KEY
from bot.store import connect
from bot.store.cipher import FieldCipher
from bot.store.faults import translate
from bot.store.files import make_file, place_new
from bot.store.lock import FileLock
from bot.store.migrate import is_current, migrate
from bot.store.people import open_person
from bot.store.sqlite import PATIENCE
from bot.store.tx import SqlTx

T = TypeVar("T")

_ASIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file


def back_up(source: Path, target: Path) -> int:
    """Write what one commit left behind to a new file of mode 0600; returns its bytes. The source may be in use.

    Nothing that was deleted is in the copy. Raises BadInput where there is a file already, Unavailable when either
    cannot be read or written or the source is damaged.
    """
    if target.exists():
        raise BadInput(f"{target}: there is a file already")
    try:
        make_file(target, partial(_copy, source), place=place_new)
    except FileExistsError as error:
        raise BadInput(f"{target}: there is a file already") from error
    except OSError as error:
        raise Unavailable(f"{target}: {error.strerror or 'cannot be written'}") from error
    return target.stat().st_size


@contextmanager
def looking_into(path: Path) -> Iterator[Tx]:
    """One snapshot of a file, without keys: names and numbers stay encrypted, everything else can be read.

    Leaves no trace beside a file that is not in use. Raises Unavailable for a file that is no database of this version.
    """
    if not path.is_file():
        raise Unavailable(f"{path}: there is no such file")
    with closing(connect.looking(path, PATIENCE)) as connection, connection.begin() as snapshot:
        if not is_current(connection):
            raise Unavailable(f"{path}: another version of Samjour made this, or it is none of ours")
        yield _tx(connection, _NO_CIPHER)
        snapshot.rollback()


def restore(source: Path, target: Path, act: Callable[[Tx], T], *, cipher: FieldCipher | None = None) -> T:
    """Put a copy in the place of a database that is not there; returns what `act` makes of it before anybody else.

    The copy is brought to this version's schema first. Whatever `act` raises leaves nothing behind. `cipher`: where
    names are to be read. Raises BadInput where there is a database already, Unavailable for a copy that is none.
    """
    lock = FileLock(target)
    try:
        _refuse_existing(target)
        made: list[T] = []

        def fill(beside: Path) -> None:
            _copy(source, beside)
            made.append(_bring_forward(beside, act, cipher or _NO_CIPHER))

        make_file(target, fill, place=place_new)
    except OSError as error:
        raise Unavailable(f"{target}: {error.strerror or 'cannot be written'}") from error
    finally:
        lock.release()
    return made[0]


def _copy(source: Path, target: Path) -> None:
    """VACUUM INTO sees one snapshot, and writes no page that is free. The copy is checked before it counts."""
    if not source.is_file():
        raise Unavailable(f"{source}: there is no such file")
    try:
        with closing(connect.looking(source, PATIENCE)) as looked:
            connect.driver(looked).execute("VACUUM INTO ?", (str(target),))
        with closing(sqlite3.connect(target)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            ours = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.Error as error:
        raise translate(error) from error
    if found != "ok":
        raise Unavailable(f"{source}: the database is damaged")
    if ours is None:  # an empty file is an empty database
        raise Unavailable(f"{source}: is no database of Samjour")


def _bring_forward(path: Path, act: Callable[[Tx], T], cipher: FieldCipher) -> T:
    """Closing the last connection empties the log into the file, and removes it."""
    try:
        with closing(connect.writing(path, PATIENCE)) as connection:
            migrate(connection)
            with connection.begin():
                return act(_tx(connection, cipher))
    finally:
        for aside in _beside(path):
            aside.unlink(missing_ok=True)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in _ASIDE]


def _refuse_existing(target: Path) -> None:
    for path in (target, *_beside(target)):
        if path.exists():
            raise BadInput(f"{path}: there is a database already; move it away first")


def _tx(connection: Connection, cipher: FieldCipher) -> SqlTx:
    return SqlTx(connection, cipher, partial(open_person, cipher))


def _draws_nothing(_: int) -> bytes:
    raise Unavailable("nothing is encrypted here")


_NO_CIPHER: Final = FieldCipher(key=FieldKey(key=bytes(KEY)), draw=_draws_nothing)
