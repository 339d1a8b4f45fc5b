"""Openings and erasing: what is being opened is not erased, what is erased is not opened, and both can be proved."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.consultation import State
from bot.core.retention import Stays
from bot.flow import opening_end
from bot.flow.refusals import Code, Refused
from bot.flow.retention_run import run
from tests.flow.flow_world import EVENING_1, NIGHT, lay_out, night_of
from tests.flow.openings_world import Openings
from tests.flow.retention_world import DAY, SECOND, close, read_decided

NEW = "p-malmo-dag-1"
TABLES = ("passed_shares", "wrong_shares", "escrow_seats", "hand_ons", "redeals", "opening_notices")


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a talk has taken place and is over."""
    root, content = tmp_path_factory.mktemp("seeded"), read_decided()

    async def night() -> None:
        await lay_out(root / "before", content, NIGHT)
        async with night_of(root / "before", root / "after", content, NIGHT) as world:
            c = await Openings(world=world, folder=root / "after").talk("Hej.", "Hej hej.")
            await close(world, c.id)
            await run(world.deps, "test")

    asyncio.run(night())
    return root / "after"


@pytest.fixture
async def openings(laid_out: Path, tmp_path: Path) -> AsyncIterator[Openings]:
    """Eight days later, where talks are kept for a week."""
    folder = tmp_path / "night"
    async with night_of(laid_out, folder, read_decided(), NIGHT + 8 * DAY) as world:
        world.first = 5000
        yield Openings(world=world, folder=folder)


def rows(openings: Openings, table: str) -> int:
    with closing(sqlite3.connect(openings.folder / "samjour.db")) as file:
        count: int = file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own tables
    return count


async def test_what_is_being_opened_is_not_erased(openings: Openings) -> None:
    """From the request to the end it stays, whatever the rules say; then it goes."""
    c = await openings.world.latest()
    opening, texts = await openings.open(c)
    assert texts == ["Hej.", "Hej hej."]
    report = await run(openings.world.deps, "test")
    assert report.staying[Stays.BEING_OPENED] == 1
    assert (await openings.world.latest()).state is State.CLOSED
    await openings.act(
        openings.chiefs[0], lambda tx, at: opening_end.end(tx, openings.world.deps, at, opening.id)
    )
    openings.world.clock.move(DAY)
    await run(openings.world.deps, "test")
    assert await openings.verified() == []
    assert [rows(openings, table) for table in (*TABLES, "openings", "escrows")] == [0] * 8


async def test_what_is_erased_is_not_opened(openings: Openings) -> None:
    """After the erasing there is no key and no room; whoever asks is told so."""
    c = await openings.world.latest()
    assert c.room is not None
    await run(openings.world.deps, "test")
    with pytest.raises(Refused) as caught:
        await openings.ask(openings.chiefs[0], c.room)
    assert caught.value.code is Code.NO_ESCROW
    assert await openings.verified() == []


async def test_whatever_happened_to_its_keys_goes_with_it(openings: Openings) -> None:
    """Hand-ons, re-deals, shares passed on and notices of one talk are erased with it, those of others stay; all of it holds."""
    one, two, three = openings.chiefs
    world = openings.world
    world.clock.move(SECOND)
    await world.ask_for()
    await world.accept(EVENING_1)
    await world.say(EVENING_1, "Det andra samtalet.")
    redeal = await openings.redeal_request(one)
    await openings.pass_on(two, redeal)
    await openings.redeal(one, redeal, await openings.dealt_again(one, redeal))
    await openings.hand_on(three, await openings.enrol(NEW))
    assert await openings.verified() == []
    assert [rows(openings, table) for table in ("passed_shares", "hand_ons", "redeals")] == [2, 2, 2]
    await run(world.deps, "test")
    assert [rows(openings, table) for table in ("passed_shares", "hand_ons", "redeals")] == [1, 1, 1]
    assert rows(openings, "openings") == 1  # of every room
    assert await openings.verified() == []
