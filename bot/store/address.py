"""The database setting: which file it names, and the store over it."""

import asyncio
from pathlib import Path
from typing import Final

from bot.core.errors import BadInput
from bot.store.cipher import FieldCipher
from bot.store.sqlite import SqliteStore

_SCHEMES: Final = ("sqlite+aiosqlite:///", "sqlite:///")
_ODD: Final = ("?", "#", "\0", ":memory:")  # they would not name the file one thinks


def parse(url: str) -> Path:
    """The file that the setting names: three slashes and a relative path, four and an absolute one.

    Raises BadInput for anything else.
    """
    if url.startswith("postgresql"):
        raise BadInput("this version keeps its records in SQLite; PostgreSQL comes with replicas")
    for scheme in _SCHEMES:
        path = url.removeprefix(scheme)
        if path != url and path and not path.endswith("/") and not any(odd in path for odd in _ODD):
            return Path(path)
    raise BadInput("the database setting is sqlite:/// and the path of a file")


async def open_store(url: str, *, cipher: FieldCipher) -> SqliteStore:
    """Open the store that the setting names. Raises BadInput for the setting, Unavailable for the database."""
    return await asyncio.to_thread(SqliteStore, parse(url), cipher=cipher)
