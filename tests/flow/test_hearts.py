"""Loops that go round, rest, break and hang: who is noticed, and when."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.app import build, running
from bot.content import Content
from bot.core.errors import Unavailable
from bot.demo.clock import ScriptedClock
from bot.demo.run import free_port
from bot.flow.deps import Deps
from bot.flow.forever import Loop
from bot.flow.hearts import BOUNDS, FAILING, USUAL, Hearts
from bot.settings import Settings
from tests.flow.flow_world import NIGHT

SECOND = timedelta(seconds=1)
DEADLINES = BOUNDS["deadlines"]


@dataclass(slots=True)
class Ticks:
    """Seconds that pass when the test says so."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span.total_seconds()


def test_a_loop_may_work_as_long_as_its_own_bound_and_no_longer() -> None:
    """The bound is each loop's own: what is short for one is long for another."""
    ticks = Ticks()
    hearts = Hearts(tick=ticks)
    hearts.begin("deadlines")
    hearts.begin("upkeep")
    ticks.pass_(DEADLINES)
    assert hearts.hanging() == ()
    ticks.pass_(SECOND)
    assert hearts.hanging() == hearts.silent() == ("deadlines",)
    ticks.pass_(USUAL)
    assert hearts.hanging() == ("deadlines", "upkeep")


def test_a_loop_that_works_long_and_shows_it_is_alive() -> None:
    """Ten thousand deadlines at once take their time: whoever goes on does not hang."""
    ticks = Ticks()
    heart = Hearts(tick=ticks).begin("deadlines")
    for _ in range(10):
        ticks.pass_(DEADLINES)
        heart.stir()
    assert not heart.hangs


def test_a_loop_that_sleeps_for_long_by_design_does_not_hang() -> None:
    """It has said for how long; overslept by more than its bound, it hangs."""
    ticks = Ticks()
    heart = Hearts(tick=ticks).begin("directories")
    with heart.resting(timedelta(minutes=10)):
        ticks.pass_(timedelta(minutes=10) + USUAL)
        assert not heart.hangs
        ticks.pass_(SECOND)
        assert heart.hangs
    assert not heart.hangs


def test_a_loop_that_waits_for_a_bell_does_not_hang() -> None:
    """Nothing arrives in a quiet night, and nothing is wrong."""
    ticks = Ticks()
    heart = Hearts(tick=ticks).begin("inbox")
    with heart.resting(None):
        ticks.pass_(timedelta(days=3))
        assert not heart.hangs
    ticks.pass_(BOUNDS["inbox"] + SECOND)
    assert heart.hangs, "what it was rung for is never done"


def test_a_task_beside_the_loop_does_not_shorten_its_rest() -> None:
    """A sending that ends while its loop rests says nothing of how long the loop rests."""
    ticks = Ticks()
    heart = Hearts(tick=ticks).begin("outbox")
    with heart.resting(timedelta(minutes=10)):
        heart.stir()
        with heart.resting(SECOND):
            pass
        ticks.pass_(timedelta(minutes=9))
        assert not heart.hangs


def test_a_loop_that_only_breaks_does_not_hang_and_does_not_work() -> None:
    """It is started again each second: a new process helps nobody, and still somebody must be told."""
    ticks = Ticks()
    hearts = Hearts(tick=ticks)
    heart = hearts.begin("deadlines")
    heart.broke()
    for _ in range(int(FAILING.total_seconds()) + 1):
        ticks.pass_(SECOND)
        assert hearts.hanging() == ()
        heart.broke()
    assert hearts.silent() == ("deadlines",)
    with heart.resting(SECOND):
        assert hearts.silent() == (), "it has gone round again"


def test_a_loop_that_is_done_is_not_waited_for() -> None:
    """Telegram's front door only has to be opened once."""
    ticks = Ticks()
    hearts = Hearts(tick=ticks)
    hearts.begin("telegram")
    hearts.end("telegram")
    ticks.pass_(timedelta(days=1))
    assert hearts.silent() == ()


# ---- in the running service ----------------------------------------------------------------------------


@asynccontextmanager
async def serving(folder: Path, content: Content, ticks: Ticks, **loops: Loop) -> AsyncIterator[str]:
    """The service with these loops in the place of its own; yields where it answers, when all others rest."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    clock = ScriptedClock(NIGHT)
    async with build(settings, lambda: content, clock=clock, tick=ticks) as samjour:
        samjour.loops.update(loops)
        async with running(samjour, host="127.0.0.1", port=port):
            await at_rest(samjour.hearts, samjour.loops.keys() - loops.keys())
            yield url


async def at_rest(hearts: Hearts, names: Collection[str]) -> None:
    """Return when these have gone round and rest."""
    async with asyncio.timeout(60):  # against hanging only
        while not all(hearts._running[name]._rests for name in names):  # noqa: ASYNC110 - a heart has no bell
            await asyncio.sleep(0)


async def health(url: str) -> tuple[int, object]:
    async with aiohttp.ClientSession() as web, web.get(f"{url}/healthz") as answer:
        return answer.status, await answer.json()


async def hung(deps: Deps) -> None:
    await deps.clock.sleep(timedelta(0))
    await asyncio.Event().wait()


async def test_the_service_as_it_is_lives(tmp_path: Path, content: Content) -> None:
    """Every loop that there is goes round, and rests no longer than it says."""
    ticks = Ticks()
    async with serving(tmp_path, content, ticks) as url:
        assert await health(url) == (200, {"ok": True})
        ticks.pass_(timedelta(seconds=25))
        assert await health(url) == (200, {"ok": True})


async def test_a_loop_that_hangs_is_named(tmp_path: Path, content: Content) -> None:
    """A loop that waits for what never comes is dead, however many pages the process still serves."""
    ticks = Ticks()
    async with serving(tmp_path, content, ticks, deadlines=hung) as url:
        assert await health(url) == (200, {"ok": True})
        ticks.pass_(DEADLINES + SECOND)
        assert await health(url) == (503, {"ok": False, "silent": ["deadlines"]})
        async with aiohttp.ClientSession() as web, web.get(f"{url}/") as page:
            assert page.status == 200, "the numbers stand there all the same"


async def test_a_writer_that_hangs_takes_the_loops_with_it(tmp_path: Path, content: Content) -> None:
    """Whoever cannot write cannot wake anybody: the loop that waits for the database is named."""
    ticks, held = Ticks(), asyncio.Event()

    async def waits(deps: Deps) -> None:
        deps.clock.now()
        await held.wait()  # as for a disk that never answers
        raise Unavailable("the disk is gone")

    async with serving(tmp_path, content, ticks, outbox=waits) as url:
        ticks.pass_(BOUNDS["outbox"] + SECOND)
        assert (await health(url))[0] == 503
        held.set()


@pytest.mark.parametrize("name", ["deadlines", "inbox", "outbox"])
def test_nobody_is_forgotten_for_longer_than_the_phones_wait(name: str) -> None:
    """What wakes people is called dead no later than a phone that hears nothing says "ring"."""
    assert BOUNDS[name] <= timedelta(seconds=20)
