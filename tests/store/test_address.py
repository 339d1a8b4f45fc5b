"""The database setting."""

from pathlib import Path

import pytest

from bot.core.errors import BadInput
from bot.store.address import open_store, parse
from tests.store.small import CIPHER


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite+aiosqlite:///var/samjour.db", "var/samjour.db"),
        ("sqlite:///samjour.db", "samjour.db"),
        ("sqlite:////srv/samjour/samjour.db", "/srv/samjour/samjour.db"),
    ],
)
def test_path_is_read(url: str, path: str) -> None:
    """Three slashes name a relative path, four an absolute one."""
    assert parse(url) == Path(path)


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://db/samjour", "postgresql://db", "postgresql+psycopg://db"]
)
def test_postgresql_is_told_apart(url: str) -> None:
    """PostgreSQL is not refused as nonsense: it is said when it comes."""
    with pytest.raises(BadInput, match="PostgreSQL comes with replicas"):
        parse(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "samjour.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///var/",
        "mysql://x",
        "sqlite:///a?b=c",
        "sqlite:///a\0b",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    """A setting that names no file is refused: records in memory would be lost."""
    with pytest.raises(BadInput):
        parse(url)


async def test_store_is_opened_where_the_setting_says(tmp_path: Path) -> None:
    """The setting is enough to open a store; folders are made."""
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/deep/er/samjour.db", cipher=CIPHER)
    await store.close()
    assert (tmp_path / "deep/er/samjour.db").stat().st_mode & 0o777 == 0o600
