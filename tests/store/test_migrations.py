"""Migrations: forward only, from nothing to this version's tables."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.core.errors import Unavailable
from bot.store import connect
from bot.store.schema import METADATA
from bot.store.sqlite import PATIENCE, SqliteStore
from tests.store.small import CIPHER, MALMO, entry


async def test_migrations_make_exactly_the_tables(path: Path, store: SqliteStore) -> None:
    """What the migrations make from nothing is what the tables' modules say, column for column and index for index."""
    await store.close()
    connection = connect.reading(path, PATIENCE)()
    context = MigrationContext.configure(connection, opts={"compare_type": False})
    assert compare_metadata(context, METADATA) == []
    connection.close()


async def test_opening_again_keeps_everything(path: Path, store: SqliteStore) -> None:
    """The second opening finds the schema as it is and the records as they were."""
    await store.write(lambda tx: tx.ledger.append(entry()))
    await store.close()
    again = SqliteStore(path, cipher=CIPHER)
    assert await again.read(lambda tx: tx.ledger.size(MALMO)) == 1
    await again.close()


async def test_newer_database_is_refused(path: Path, store: SqliteStore) -> None:
    """A database that a newer version made is refused and left as it is; the file can be opened by that version."""
    await store.close()
    ((ours,),) = _run(path, "SELECT version_num FROM alembic_version")
    _run(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="newer version"):
        SqliteStore(path, cipher=CIPHER)
    assert _run(path, "SELECT version_num FROM alembic_version") == [("9999",)]
    _run(path, f"UPDATE alembic_version SET version_num = '{ours}'")  # noqa: S608 - what stood there
    await SqliteStore(path, cipher=CIPHER).close()


@pytest.mark.parametrize("content", [b"not a database at all, but a text of some length " * 40, b"\0" * 4096])
def test_other_file_is_refused(path: Path, content: bytes) -> None:
    """A file that is no database is refused with a sentence, and not touched."""
    path.write_bytes(content)
    with pytest.raises(Unavailable):
        SqliteStore(path, cipher=CIPHER)
    assert path.read_bytes() == content


def _run(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    with connection:
        found = connection.execute(statement).fetchall()
    connection.close()
    return found
