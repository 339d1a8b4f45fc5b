"""Saturday night in Malmö, laid out once for a file of tests and begun anew for each; a file may have other content."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content import Content
from tests.flow.flow_world import NIGHT, World, lay_out, night_of, read_content


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, read once."""
    return read_content()


@pytest.fixture(scope="module")
def laid_out(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded folder, to be copied."""
    folder = tmp_path_factory.mktemp("seeded") / "night"
    asyncio.run(lay_out(folder, content, NIGHT))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the night's files are."""
    return tmp_path / "night"


@pytest.fixture
async def world(laid_out: Path, content: Content, folder: Path) -> AsyncIterator[World]:
    """Saturday night in Malmö."""
    async with night_of(laid_out, folder, content, NIGHT) as begun:
        yield begun
