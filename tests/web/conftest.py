"""The web with the real store, called over loopback."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.serving import Site, serve
from tests.web.world import Known, make_database, read_content


@pytest.fixture(scope="session")
def known() -> Known:
    """The content, read once."""
    return read_content()


@pytest.fixture(scope="session")
def database(known: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "samjour.db"
    make_database(path, known)
    return path


@pytest.fixture
async def site(tmp_path: Path, known: Known, database: Path) -> AsyncIterator[Site]:
    """The web on a database of its own."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(path, known) as served:
        yield served
