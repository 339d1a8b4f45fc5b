"""One seeded folder, copied for each town."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content import Content
from tests.attacks.town import Town, serving
from tests.flow.flow_world import read_content


@pytest.fixture(scope="session")
def content() -> Content:
    """The real files, with a part of the demo's people."""
    return read_content()


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory, content: Content) -> Path:
    """A seeded folder, closed."""
    folder = tmp_path_factory.mktemp("town") / "laid-out"
    folder.mkdir()

    async def lay() -> None:
        async with serving(folder, content):
            pass

    asyncio.run(lay())
    return folder


@pytest.fixture
async def town(laid_out: Path, tmp_path: Path, content: Content) -> AsyncIterator[Town]:
    """A town of its own."""
    folder = Path(shutil.copytree(laid_out, tmp_path / "town"))
    async with serving(folder, content, seeded=False) as town:
        yield town
