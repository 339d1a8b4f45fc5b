"""The real store on a file of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.sqlite import SqliteStore
from tests.store.small import CIPHER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "samjour.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """A fresh store, closed afterwards."""
    store = SqliteStore(path, cipher=CIPHER)
    yield store
    await store.close()
