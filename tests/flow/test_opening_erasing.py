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
from bot.flow.opening_end import end_expired
from bot.flow.records_openings import Ended
from bot.flow.refusals import Code, Refused
from bot.flow.retention_restore import reapply
from bot.flow.retention_run import run
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from tests.flow.flow_world import EVENING_1, NIGHT, lay_out, night_of
from tests.flow.openings_world import Openings, opening_night
from tests.flow.retention_world import DAY, SECOND, close, read_decided
from tests.flow.test_retention_restore import back_up, restored

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
    async with opening_night(laid_out, tmp_path / "night", read_decided(), NIGHT + 8 * DAY) as begun:
        yield begun


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


async def test_erasing_and_opening_at_the_same_moment(openings: Openings) -> None:
    """Whichever comes first wins whole: an opening that was taken keeps the talk, an erased talk is not opened."""
    c = await openings.world.latest()
    assert c.room is not None
    asked, report = await asyncio.gather(
        openings.ask(openings.chiefs[0], c.room), run(openings.world.deps, "test"), return_exceptions=True
    )
    erased = (await openings.world.latest()).state is State.ERASED
    assert not isinstance(report, BaseException)
    assert len(report.certificates) == int(erased)
    if erased:
        assert isinstance(asked, Refused)
        assert asked.code is Code.NO_ESCROW
    else:
        assert not isinstance(asked, BaseException)
        assert rows(openings, "openings") == 1
    assert await openings.verified() == []


async def test_a_backup_from_the_middle_of_an_opening_gives_nothing_back(
    openings: Openings, laid_out: Path
) -> None:
    """The request, the shares passed on and the keys that a backup brings back go again with what was erased since."""
    del laid_out
    one, two, _ = openings.chiefs
    c = await openings.world.latest()
    assert c.room is not None
    opening = await openings.ask(one, c.room)
    await openings.pass_on(two, opening)
    backup = back_up(openings.folder)
    await openings.act(one, lambda tx, at: opening_end.end(tx, openings.world.deps, at, opening.id))
    openings.world.clock.move(DAY)
    report = await run(openings.world.deps, "test")
    assert len(report.certificates) >= 1
    async with restored(openings.folder, backup, read_decided(), openings.world.clock) as samjour:
        deps = samjour.deps
        before = await deps.store.read(lambda tx: tx.openings.under_way())
        assert [one_.id for one_ in before] == [opening.id]
        assert await reapply(deps, "test") == 1
        assert await deps.store.read(lambda tx: tx.openings.under_way()) == ()
        await sign_heads(deps)
        assert (await deps.store.read(lambda tx: verify(tx, signers(deps)))).faults == ()
    with closing(sqlite3.connect(openings.folder.with_name("again") / "samjour.db")) as file:
        counts = [
            file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own tables
            for table in (*TABLES, "openings", "escrows", "room_keys")
        ]
    assert counts == [0] * 9


async def test_an_opening_that_a_backup_brings_back_ends_in_time(openings: Openings) -> None:
    """What was not erased since is there again, the shares too; when its time is over the first look ends it for good."""
    one, two, _ = openings.chiefs
    c = await openings.world.latest()
    assert c.room is not None
    opening = await openings.ask(one, c.room)
    await openings.pass_on(two, opening)
    backup = back_up(openings.folder)
    await openings.act(one, lambda tx, at: opening_end.end(tx, openings.world.deps, at, opening.id))
    openings.later(61 * 60 * SECOND)
    async with restored(openings.folder, backup, read_decided(), openings.world.clock) as samjour:
        deps = samjour.deps
        assert await end_expired(deps) == 1
        found = await deps.store.read(lambda tx: tx.openings.get(opening.id))
        assert found is not None
        assert found.ended is Ended.EXPIRED
    with closing(sqlite3.connect(openings.folder.with_name("again") / "samjour.db")) as file:
        assert file.execute("SELECT count(*) FROM passed_shares WHERE blob IS NOT NULL").fetchone()[0] == 0
