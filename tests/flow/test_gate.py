"""The gate: until an organisation is ready its officers get the number at once, with a reason; then people are asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content import Content
from bot.core.consultation import State
from bot.core.ids import OrganisationId, PersonId
from bot.core.places import NumberId
from bot.core.readiness import TESTED_WITHIN, Missing
from bot.core.roster import Override, OverrideId
from bot.flow.changed import duty_changed
from bot.flow.enrol import put_person
from bot.flow.gates import KEPT, Gates
from bot.flow.numbers_tested import keep_test
from bot.flow.ports import Tx
from bot.flow.ready import shut
from bot.flow.record import fact
from tests.flow.flow_world import NIGHT, OFFICER, OFFICER_2, World, lay_out, night_of

MALMO, POLICE = OrganisationId("malmo"), OrganisationId("polisen")


async def shut_by(world: World, organisation: OrganisationId = MALMO) -> Missing | None:
    return await world.deps.store.read(lambda tx: shut(tx, world.deps, organisation, world.clock.now()))


async def rung(world: World, number: str, *, answered: bool) -> None:
    await world.deps.store.write(
        lambda tx: keep_test(tx, world.deps, NumberId(number), answered=answered, by="p")
    )


async def test_the_demo_is_ready(world: World) -> None:
    """Supervisors are enrolled, numbers tested, the next day is covered: people are asked."""
    assert await shut_by(world) is None
    assert (await world.ask_for()).state is State.OFFERED


async def test_a_number_that_does_not_answer_shuts_and_opens_again(world: World) -> None:
    """At once, both ways: the officer gets numbers and nobody is rung; once it answers, people are asked."""
    await rung(world, "malmo-jour", answered=False)
    c = await world.ask_for()
    assert (c.state, c.unready, c.offers) == (State.PHONED, True, ())
    assert c.numbers == ("malmo-jour", "malmo-tib", "malmo-befal")
    assert await shut_by(world) is Missing.NUMBERS
    world.clock.move(timedelta(seconds=1))
    await rung(world, "malmo-jour", answered=True)
    assert (await world.ask_for(OFFICER_2)).state is State.OFFERED


async def test_numbers_that_nobody_has_tried_for_a_month_shut(world: World) -> None:
    """Without anybody doing anything: the day comes on which the last test is too old."""
    world.clock.move(TESTED_WITHIN + timedelta(days=1))
    assert await shut_by(world) is Missing.NUMBERS
    assert (await world.ask_for()).state is State.PHONED
    await world.ring_numbers()
    assert await shut_by(world) is None


async def test_a_gap_within_a_day_shuts(world: World) -> None:
    """Whoever is on duty now is not asked when tomorrow nobody would be: so the organisations have it, by default."""
    gone = await world.deps.store.write(lambda tx: everybody_off(tx, world, NIGHT + timedelta(hours=20)))
    assert gone
    assert await shut_by(world) is Missing.COVER
    assert (await world.ask_for()).state is State.PHONED


async def test_too_few_supervisors_shut(world: World) -> None:
    """A room could not be opened: nobody is woken for one."""
    await world.deps.store.write(lambda tx: suspend(tx, world, "p-malmo-chef-1"))
    assert await shut_by(world) is Missing.SUPERVISORS
    assert (await world.ask_for()).state is State.PHONED


async def test_what_an_organisation_does_not_need_does_not_shut_it(
    laid_out: Path, content: Content, folder: Path
) -> None:
    """Its file says so: with supervisors alone, people are asked in spite of numbers and gaps."""
    async with night_of(laid_out, folder, needing(content, Missing.SUPERVISORS), NIGHT) as world:
        await rung(world, "malmo-jour", answered=False)
        await world.deps.store.write(lambda tx: everybody_off(tx, world, NIGHT + timedelta(hours=20)))
        assert await shut_by(world) is None
        assert (await world.ask_for()).state is State.OFFERED


async def test_what_nobody_asks_is_never_shut(world: World) -> None:
    """The police have no chain: numbers are given for another reason, and nothing is said of readiness."""
    assert await shut_by(world, POLICE) is None
    c = await world.ask_for(press="c:annan-kommun:child:advice:now")
    assert (c.state, c.unready) == (State.PHONED, False)


async def test_the_demo_is_ready_on_any_day(content: Content, tmp_path: Path) -> None:
    """However old the dates in its files have become: it rings its numbers when it is laid out."""
    later = datetime(2027, 5, 17, 12, 0, tzinfo=UTC)
    await lay_out(tmp_path / "later", content, later)
    async with night_of(tmp_path / "later", tmp_path / "night", content, later) as world:
        for own in ("malmo", "farsta"):
            assert await shut_by(world, OrganisationId(own)) is None


async def test_the_officer_reads_why(world: World) -> None:
    """One sentence, with the number: not that nobody is there, for somebody is."""
    await rung(world, "malmo-jour", answered=False)
    await world.ask_for()
    assert any("inte redo i Samjour" in text and "070-1740605" in text for text in world.texts(OFFICER))


def test_what_was_found_stands_for_a_minute_at_most() -> None:
    """Under the same content, until the clock is a minute on, has jumped back, or somebody says that it has changed."""
    gates = Gates()
    assert not gates.is_known(MALMO, NIGHT, "a")
    gates.put(MALMO, NIGHT, "a", Missing.COVER)
    assert gates.missing(MALMO) is Missing.COVER
    instant = timedelta(microseconds=1)
    for at, content, known in (
        (NIGHT + KEPT - instant, "a", True),
        (NIGHT + KEPT, "a", False),
        (NIGHT - instant, "a", False),
        (NIGHT, "b", False),
    ):
        assert gates.is_known(MALMO, at, content) is known
    gates.forget()
    assert not gates.is_known(MALMO, NIGHT, "a")


def needing(content: Content, *needs: Missing) -> Content:
    """The content in which Malmö needs these."""
    own = replace(content.structure.organisations[MALMO], ready_needs=needs)
    organisations = {**content.structure.organisations, MALMO: own}
    return replace(content, structure=replace(content.structure, organisations=organisations))


def everybody_off(tx: Tx, world: World, at: datetime) -> int:
    """Whoever has a shift then is off for an hour; returns how many."""
    now, end = world.clock.now(), at + timedelta(hours=1)
    gone = {shift.person for shift in tx.rosters.shifts(at, end)}
    for person in gone:
        off = Override(
            id=OverrideId(f"off-{person}"),
            person=person,
            on_duty=False,
            starts=at,
            ends=end,
            by=person,
            made=now,
        )
        tx.rosters.override(off, fact(world.deps, MALMO, "override", now))
    duty_changed(tx, world.deps, now, gone)
    return len(gone)


def suspend(tx: Tx, world: World, person: str) -> None:
    known = tx.people.get(PersonId(person))
    assert known is not None
    put_person(tx, world.deps, replace(known, active=False), by="p")
