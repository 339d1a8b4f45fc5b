"""Where a command finds content, database and keys."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot import content as content_files
from bot.app import Samjour, SystemClock, build
from bot.content import Content, Published
from bot.core.errors import Unavailable
from bot.settings import Settings, read
from bot.store.address import parse

DEMO = Path("var/demo")


def settings() -> Settings:
    """The settings of this process. Raises BadInput naming the first fault."""
    return read(os.environ)


def content(found: Settings) -> Content:
    """The content. Raises BadContent with every fault."""
    return content_files.read(root(found))


def published(found: Settings) -> Published:
    """The content, to be read again when somebody publishes. Raises BadContent with every fault."""
    where = root(found)
    return Published(content(found), lambda today: content_files.examine(where, today=today))


def root(found: Settings) -> Path:
    """Where knowledge/ and policies/ stand. Raises BadContent where they do not."""
    return content_files.locate(found.content_dir, Path.cwd())


def now() -> datetime:
    """The present instant."""
    return SystemClock().now()


def database(found: Settings) -> Settings | None:
    """The settings with a database that exists: the configured one, else the demo's; None if there is neither.

    Raises Unavailable when a database was named and is not there.
    """
    if parse(found.database_url).exists():
        return found
    if "SAMJOUR_DATABASE_URL" in os.environ:
        raise Unavailable("SAMJOUR_DATABASE_URL: there is no database there")
    return demo_settings(found) if (DEMO / "samjour.db").exists() else None


def demo_settings(found: Settings, folder: Path = DEMO) -> Settings:
    """The settings with which the demo in `folder` keeps its records."""
    from dataclasses import replace  # noqa: PLC0415

    return replace(
        found,
        database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}",
        keys_dir=folder / "keys",
        telegram_token="",
    )


@asynccontextmanager
async def opened(found: Settings, files: Content) -> AsyncIterator[Samjour]:
    """The service without its pages and loops, for a command that works on the database alone."""
    async with build(found, lambda: files) as samjour:
        yield samjour
