"""The register: it says what talks say and nothing else, outlives them, and is shown to whoever answers for it alone."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.core.consultation import Consultation, State
from bot.core.disclosures import Direction, Disclosure, GroundId
from bot.core.errors import BadInput
from bot.core.events import Identified
from bot.core.ids import ConsultationId, PersonId
from bot.core.registers import Register, RegisterId, RegisterKind
from bot.core.retention import RetentionClass
from bot.flow import register
from bot.flow.advance import advance, moment
from bot.flow.ports import Tx
from bot.flow.register import page
from bot.flow.verify import verify
from bot.store.people import open_person
from bot.store.sqlite import SqliteStore
from bot.store.tx import SqlTx
from tests.flow.flow_world import EVENING_1, NIGHT, OFFICER, World, lay_out, night_of, read_content
from tests.flow.retention_world import DAY, MALMO, close, decided, faults, later, state_of
from tests.store import small
from tests.store.small import AT, CIPHER, MINUTE, SIGNERS, entry

GIVEN = Disclosure(direction=Direction.TO_POLICE, ground=GroundId("sol-15-7"))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a whole night in which two talks have been named and one erased."""
    return asyncio.run(_night(tmp_path_factory.mktemp("night")))


async def _night(folder: Path) -> Path:
    store = SqliteStore(folder / "samjour.db", cipher=CIPHER)
    await store.write(small.whole_night)
    await store.close()
    return folder / "samjour.db"


@pytest.fixture
def judged(night: Path, tmp_path: Path) -> Callable[[Callable[[Tx], object]], list[str]]:
    """What verify says of that night after an act of a server that lies."""

    def judge(act: Callable[[Tx], object]) -> list[str]:
        path = tmp_path / "samjour.db"
        path.write_bytes(night.read_bytes())
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with engine.begin() as connection:
            tx = SqlTx(connection, CIPHER, partial(open_person, CIPHER))
            act(tx)
            found = verify(tx, SIGNERS).faults
        engine.dispose()
        return [f"{fault.where}: {fault.what}" for fault in found]

    return judge


def made(id_: str, of: str, disclosure: Disclosure | None = None) -> Register:
    """An entry, as a server could make it."""
    kind = RegisterKind.IDENTIFIED if disclosure is None else RegisterKind.DISCLOSURE
    consultation = ConsultationId(of)
    return Register(
        id=RegisterId(id_),
        consultation=consultation,
        organisation=MALMO,
        at=AT,
        kind=kind,
        disclosure=disclosure,
    )


# ---- what verify accounts for ----------------------------------------------------------------------------------------


def test_what_stands_there_is_what_the_talks_say(
    judged: Callable[[Callable[[Tx], object]], list[str]],
) -> None:
    """Every naming and every disclosure of the night is entered, that of the erased talk too, and nothing is amiss."""
    assert judged(lambda _: None) == []


@pytest.mark.parametrize("disclosure", [None, GIVEN, replace(GIVEN, ground=GroundId("samtycke"))])
def test_an_entry_that_no_talk_accounts_for_is_named(
    judged: Callable[[Callable[[Tx], object]], list[str]], disclosure: Disclosure | None
) -> None:
    """A server that enters what was not said is found out, though its ledger says the same as its row."""
    told = judged(lambda tx: tx.registers.put(made("r-9", "c-3", disclosure), entry(MALMO, "register", AT)))
    assert told == ["registers r-9: nothing in its talk accounts for it"]


def test_a_disclosure_on_another_ground_than_the_device_signed_is_named(
    judged: Callable[[Callable[[Tx], object]], list[str]],
) -> None:
    """Direction and ground are the device's word: the server cannot enter the same disclosure a second time otherwise."""
    other = replace(GIVEN, direction=Direction.TO_SOCIAL)
    told = judged(lambda tx: tx.registers.put(made("r-9", "c-1", other), entry(MALMO, "register", AT)))
    assert told == ["registers r-9: nothing in its talk accounts for it"]
    again = judged(lambda tx: tx.registers.put(made("r-9", "c-1", GIVEN), entry(MALMO, "register", AT)))
    assert len(again) == 1
    assert again[0].endswith("nothing in its talk accounts for it")


async def test_what_was_said_and_not_entered_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that names, or discloses, without an entry has made a ledger that says so."""
    monkeypatch.setattr(small, "register", lambda *_: None)
    store = SqliteStore(tmp_path / "samjour.db", cipher=CIPHER)
    await store.write(small.one_night)
    found = await store.read(lambda tx: verify(tx, SIGNERS))
    await store.close()
    assert [f"{fault.where}: {fault.what}" for fault in found.faults] == [
        "registers c-1-named: somebody was named, and it is not in the register",
        "consultation c-1: something was disclosed, and it is not in the register",
    ]


async def test_an_entry_is_added_once(tmp_path: Path) -> None:
    """Nothing in a register is written over."""
    store = SqliteStore(tmp_path / "samjour.db", cipher=CIPHER)
    for board in (MALMO, small.POLISEN):
        one = replace(made("r-1", "c-1"), organisation=board)
        put = partial(_put, one)
        if board == MALMO:
            await store.write(put)
        else:
            with pytest.raises(BadInput):
                await store.write(put)
    (kept,) = await store.read(lambda tx: tx.registers.of_talk(ConsultationId("c-1")))
    await store.close()
    assert kept.organisation == MALMO


def _put(one: Register, tx: Tx) -> None:
    tx.registers.put(one, entry(one.organisation, "register", AT))


# ---- erasing ---------------------------------------------------------------------------------------------------------


async def test_the_entry_outlives_the_talk_and_names_nobody(tmp_path: Path) -> None:
    """A talk that is erased by its decision leaves its entry: when, which board, and no person; the ledger still holds."""
    content = decided(read_content(), RetentionClass.IDENTIFIED)
    await lay_out(tmp_path / "seeded", content, NIGHT)
    async with night_of(tmp_path / "seeded", tmp_path / "night", content, NIGHT) as world:
        c = await named(world)
        assert [(await state_of(world, c)), *(await later(world, 9 * DAY)).staying] == [State.CLOSED]
        assert await state_of(world, c) is State.ERASED
        (kept,) = (await world.deps.store.read(lambda tx: page(tx, MALMO))).entries
        assert (kept.consultation, kept.kind, kept.organisation) == (c.id, RegisterKind.IDENTIFIED, MALMO)
        bodies = await world.deps.store.read(
            lambda tx: [one.entry.body for one in tx.audit.entries(MALMO) if one.entry.kind == "register"]
        )
        assert len(bodies) == 1
        assert set(json.loads(bodies[0])["act"]) == {"at", "content", "rules"}
        for person in (OFFICER, EVENING_1):
            assert person.encode() not in bodies[0]
        assert await faults(world.deps) == ()


async def named(world: World) -> Consultation:
    """A talk in which somebody was named, closed."""
    c = await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    deps = world.deps

    def name(tx: Tx) -> None:
        before = tx.consultations.get(c.id)
        assert before is not None
        at = moment(before, deps.clock.now())
        entered = register.new_id(deps, at)
        after = advance(tx, deps, before, Identified(at=at, by=PersonId(OFFICER), register=entered), ())
        register.enter(tx, deps, after, entered, at, ("test",))

    await deps.store.write(name)
    await world.work()
    return await close(world, c.id)


# ---- pages -----------------------------------------------------------------------------------------------------------


async def test_pages_follow_each_other_within_a_span(tmp_path: Path) -> None:
    """The oldest first, none twice, none left out, and nothing of another board's."""
    store = SqliteStore(tmp_path / "samjour.db", cipher=CIPHER)

    def put(tx: Tx) -> None:
        for number in range(7):
            one = replace(made(f"r-{number}", f"c-{number}"), at=AT + number * MINUTE)
            tx.registers.put(one, entry(MALMO, "register", AT))
        other = replace(made("r-3-other", "c-9"), organisation=small.POLISEN)
        tx.registers.put(other, entry(small.POLISEN, "register", AT))

    await store.write(put)
    ids: list[str] = []
    after, more = None, True
    while more:
        ask = partial(
            page, organisation=MALMO, since=AT + MINUTE, before=AT + 6 * MINUTE, after=after, limit=2
        )
        found = await store.read(ask)
        ids += [one.id for one in found.entries]
        after, more = found.entries[-1].id, found.more
    await store.close()
    assert ids == ["r-1", "r-2", "r-3", "r-4", "r-5"]
