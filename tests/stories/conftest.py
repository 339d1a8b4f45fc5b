"""Whole nights through the real app."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot import content as files
from bot.content import Content
from bot.core.people_file import PeopleFile
from bot.demo.botapi.server import BotApiServer
from bot.demo.clock import ScriptedClock
from bot.demo.run import TOKEN
from tests.stories.overheard import overhearing
from tests.stories.story import NIGHT, Service, Story, lay_out, story

ROOT = Path(__file__).parents[2]
MALMO = ("p-polis-malmo-", "p-polis-chef-", "p-malmo-", "p-sj-malmo-")
LaidOut = Callable[[datetime], Awaitable[Path]]
Begin = Callable[..., AbstractAsyncContextManager[Story]]


@pytest.fixture(scope="session")
def content() -> Content:
    """The files as they are, read once."""
    return files.read(ROOT)


@pytest.fixture(scope="session")
def malmo(content: Content) -> Content:
    """The same files with the people of Malmö alone: a story begins in half the time."""
    assert content.demo is not None
    people = tuple(person for person in content.demo.people if person.id.startswith(MALMO))
    known = {person.id for person in people}
    weekly = tuple(rule for rule in content.demo.weekly if rule.person in known)
    return replace(content, demo=PeopleFile(people=people, weekly=weekly))


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory, malmo: Content) -> LaidOut:
    """Gives a seeded folder for a day, made the first time it is asked for."""
    known: dict[date, Path] = {}

    async def folder(at: datetime) -> Path:
        if at.date() not in known:
            made = tmp_path_factory.mktemp(at.date().isoformat())
            await lay_out(made, malmo, at)
            known[at.date()] = made
        return known[at.date()]

    return folder


@pytest.fixture
def begin(tmp_path: Path, malmo: Content, laid_out: LaidOut, capfd: pytest.CaptureFixture[str]) -> Begin:
    """Begins a story at a minute. When it ends, nothing that anybody wrote may stand in a log or on the terminal."""

    @asynccontextmanager
    async def begun(at: datetime = NIGHT, *, files: Content = malmo) -> AsyncIterator[Story]:
        folder = tmp_path / "records"
        shutil.copytree(await laid_out(at), folder)
        with overhearing() as ears:
            async with story(folder, files, at) as told:
                yield told
        written = [*told.written(), *people_in(files)]
        assert ears.repeats(written) == []
        shown = capfd.readouterr()
        assert [text for text in written if text in shown.out + shown.err] == []

    return begun


@pytest.fixture
async def night(begin: Begin) -> AsyncIterator[Story]:
    """A Saturday night in Malmö, 22.40: the planned evening duty, the jour and the outreach are there."""
    async with begin(NIGHT) as told:
        yield told


def people_in(files: Content) -> list[str]:
    """Every name and telephone number of the demo's people."""
    assert files.demo is not None
    return [text for person in files.demo.people for text in (person.name, person.phone) if text]


@pytest.fixture
async def service(tmp_path: Path, malmo: Content, laid_out: LaidOut) -> Service:
    """The same night, not started yet."""
    folder, clock = tmp_path / "records", ScriptedClock(NIGHT)
    shutil.copytree(await laid_out(NIGHT), folder)
    return Service(folder=folder, content=malmo, clock=clock, api=BotApiServer(token=TOKEN, clock=clock.now))
