"""Checks before a shift: asked once on the first channel, then on the second, then those who oversee are told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.checks import Outcome
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.readiness import Found, Missing, reasons
from bot.core.roster import Override, OverrideId, Shift, ShiftId
from bot.core.waking import Did, Means
from bot.flow import checks, door
from bot.flow.changed import duty_changed
from bot.flow.checking import check
from bot.flow.enrol import put_person, put_roster
from bot.flow.messages import Delivery
from bot.flow.ports import Tx
from bot.flow.ports_timers import TimerKind
from bot.flow.ready import found_of, gap_finder
from bot.flow.record import fact
from bot.flow.records_readiness import Check
from bot.flow.refusals import Refused
from bot.flow.unreached import Unreached, Why, unreached
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from tests.flow.flow_world import DAY_1, EVENING_1, NIGHT, OFFICER, World, address, night_of

MALMO, CHIEF, COORDINATOR = OrganisationId("malmo"), "p-malmo-chef-1", "p-malmo-samordnare"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BEGINS = NIGHT + HOUR
ASKED = "Nås du? Tryck Jag nås."
UNREACHED = "Ett pass saknar någon som går att nå."
AGAIN = "Den som inte gick att nå har svarat."


@pytest.fixture
async def world(laid_out: Path, content: Content, folder: Path) -> AsyncIterator[World]:
    """Saturday night, the chief and the coordinator linked, and one shift an hour ahead."""
    async with night_of(laid_out, folder, content, NIGHT) as begun:
        for person in (CHIEF, COORDINATOR):
            code = await begun.deps.store.write(lambda tx, p=person: _code(tx, begun, p))  # type: ignore[misc]
            await begun.command(person, "start", code)
        await roster(begun, shift())
        yield begun


def _code(tx: Tx, world: World, person: str) -> str:
    return door.issue_code(tx, world.deps, PersonId(person))


def shift(person: str = DAY_1, minutes: int = 0) -> Shift:
    return Shift(
        id=ShiftId(f"{person}/{minutes}"),
        person=PersonId(person),
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        starts=BEGINS + minutes * MINUTE,
        ends=BEGINS + 6 * HOUR,
    )


async def roster(world: World, *shifts: Shift) -> None:
    await world.deps.store.write(lambda tx: put_roster(tx, world.deps, MALMO, "test", shifts, by="test"))


async def minutes(world: World, count: int) -> None:
    """Minute by minute, as the loop looks and timers are worked."""
    for _ in range(count):
        world.clock.move(MINUTE)
        await check(world.deps)
        await world.work()


def told(world: World, person: str, what: str) -> int:
    return sum(what in text for text in world.texts(person))


async def every(world: World, person: str = DAY_1) -> list[tuple[str, str]]:
    """Stage and outcome of every check of somebody, in the order in which they were asked."""

    def ask(tx: Tx) -> list[Check]:
        found = (tx.readiness.check(key) for key, _ in tx.audit.facts("readiness"))
        return [one for one in found if one is not None and one.person == person]

    known = sorted(await world.deps.store.read(ask), key=lambda one: (one.asked, one.id))
    return [(one.stage.value, one.outcome.value) for one in known]


async def asked(world: World, person: str = DAY_1) -> Check:
    (one,) = await world.deps.store.read(lambda tx: tx.readiness.open_checks(PersonId(person)))
    return one


async def holds(world: World) -> bool:
    await sign_heads(world.deps)
    found = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert found.faults == ()
    return found.ok


async def answers(world: World, person: str = DAY_1) -> None:
    await world.press_shown(person, f"r:{(await asked(world, person)).id}")


async def test_who_answers_is_asked_once(world: World) -> None:
    """At half past; not five minutes before, nor as it begins: whoever is at dinner is left alone."""
    await minutes(world, 29)
    assert await every(world) == []
    await minutes(world, 1)
    assert world.texts(DAY_1)[-1] == f"Samjour: ditt pass börjar om en stund. {ASKED}"
    await answers(world)
    assert world.texts(DAY_1)[-1] == "Tack. Samjour vet att du nås."
    await minutes(world, 40)
    assert await every(world) == [("t30", "answered"), ("t5", "proven"), ("start", "proven")]
    assert told(world, CHIEF, UNREACHED) == 0
    assert await holds(world)


async def test_who_goes_on_duty_by_a_button_has_shown_it(world: World) -> None:
    """The button was under a message of ours, and they have pressed it: nothing is asked, and it is on record."""
    await world.command(EVENING_1, "pass")
    await world.press(EVENING_1, "d:off")
    world.clock.move(MINUTE)
    before = len(world.texts(EVENING_1))
    await world.press(EVENING_1, "d:on")
    assert await every(world, EVENING_1) == [("start", "proven")]
    assert told(world, EVENING_1, ASKED) == 0
    assert len(world.texts(EVENING_1)) <= before + 1


async def test_who_is_put_on_duty_by_somebody_else_is_asked_at_once(world: World) -> None:
    """A shift that begins by a take-over that somebody else has entered is checked as it begins, not a minute later."""
    await world.deps.store.write(lambda tx: put_on(tx, world, DAY_1, by=COORDINATOR))
    await world.work()
    assert await every(world) == [("start", "asked")]
    assert world.texts(DAY_1)[-1] == f"Samjour: ditt pass har börjat. {ASKED}"


async def test_silence_is_told_to_those_who_oversee(world: World) -> None:
    """By function and shift, without a name, once for each stage; no gateway is set up, and that is on record."""
    await minutes(world, 30)
    await minutes(world, 9)
    assert told(world, CHIEF, UNREACHED) == 0
    await minutes(world, 1)
    for person in (CHIEF, COORDINATOR):
        (text,) = (text for text in world.texts(person) if UNREACHED in text)
        assert "Funktion: Socialsekreterare hos polisen. Organisation: Malmö stad." in text
        assert "kl. 23.40" in text
        assert "Dag" not in text
        assert DAY_1 not in text
    assert await every(world) == [("t30", "failed")]
    rings = await world.deps.store.read(
        lambda tx: tx.rings.of(next(key for key, _ in tx.audit.facts("readiness")))
    )
    assert {ring.did for ring in rings} == {Did.NO_GATEWAY}
    await minutes(world, 24)
    assert await every(world) == [("t30", "failed"), ("t5", "failed"), ("start", "failed")]
    assert told(world, CHIEF, UNREACHED) == 3
    assert await holds(world)


async def test_whoever_answers_late_is_told_of_too(world: World) -> None:
    """The button stays good; those who were told hear that it is mended, and nobody is counted as not reached."""
    await minutes(world, 30)
    ref = (await asked(world)).id
    await minutes(world, 33)
    assert [(one.person, one.why) for one in await not_reached(world)] == [(DAY_1, Why.NO_ANSWER)]
    await world.press_shown(DAY_1, f"r:{ref}")
    assert await not_reached(world) == []
    assert told(world, CHIEF, AGAIN) == 1


async def test_a_bell_that_is_refused_is_not_waited_for(world: World) -> None:
    """Whoever has blocked the bot is found out when asked, not ten minutes later."""
    world.chats.answers[address(DAY_1)] = Delivery.NEVER
    await minutes(world, 30)
    assert await every(world) == [("t30", "failed")]
    assert told(world, CHIEF, UNREACHED) == 1


async def test_whoever_has_no_channel_fails_at_once(world: World) -> None:
    """OneUptime#1809, HL-PR#2332: the roster says that they are there, and nothing rings: told when asked, and seen as one state."""
    await roster(world, shift("p-malmo-dag-2", 0))
    await minutes(world, 30)
    assert await every(world, "p-malmo-dag-2") == [("t30", "failed")]
    assert told(world, COORDINATOR, UNREACHED) == 1
    world.clock.move(31 * MINUTE)
    assert ("p-malmo-dag-2", Why.NO_CHANNEL) in [(one.person, one.why) for one in await not_reached(world)]


async def test_readiness_knows_who_is_not_reached(world: World) -> None:
    """The organisation's own state says so: WAKING, as long as it is so."""
    before = await missing(world)  # of those whom this small world gives no telephone
    await minutes(world, 62)
    assert await missing(world) == before + 1
    await world.deps.store.write(lambda tx: take_off(tx, world, {PersonId(DAY_1)}))
    assert await missing(world) == before


async def test_who_goes_off_duty_again_is_nobodys_alarm(world: World) -> None:
    """Sick between the question and the answer: the check is over, and those who oversee are not told of it."""
    await minutes(world, 30)
    await roster(world)
    await minutes(world, 15)
    assert await every(world) == [("t30", "over")]
    assert told(world, CHIEF, UNREACHED) == 0


async def test_a_lost_timer_costs_at_most_a_minute(world: World) -> None:
    """Timers are not on the ledger: without any of them the loop finds what is late."""
    await minutes(world, 30)
    check_id = (await asked(world)).id
    await world.deps.store.write(lambda tx: tx.timers.drop(TimerKind.CHECK, check_id))
    await minutes(world, 10)
    assert await every(world) == [("t30", "failed")]


async def test_after_an_outage_each_is_asked_once_and_in_order(world: World) -> None:
    """Nobody was there for an hour: the last stage of each, the longest overdue first, and no stage that is past."""
    await roster(world, shift(DAY_1, -10), shift(EVENING_1, 20), shift("p-malmo-dag-2", -40))
    world.clock.move(HOUR)
    due = await world.deps.store.read(lambda tx: checks.due_now(tx, world.clock.now()))
    assert [(one.stint.person, one.stage.value) for one in due] == [
        ("p-malmo-dag-2", "start"),
        (DAY_1, "start"),
    ]
    assert await check(world.deps) == len(due)
    assert await check(world.deps) == 0
    assert await every(world) == [("start", "asked")]


async def test_nobody_else_can_answer(world: World) -> None:
    """Not a colleague, and not an officer: the check stays open."""
    await minutes(world, 30)
    ref = (await asked(world)).id
    for person in (EVENING_1, OFFICER):
        await world.command(person, "start")
        await world.press(person, f"r:{ref}")
    with pytest.raises(Refused):
        await world.deps.store.write(
            lambda tx: checks.answer(tx, world.deps, PersonId(EVENING_1), ref, Means.TELEGRAM)
        )
    assert (await asked(world)).outcome is Outcome.ASKED


async def test_a_suspended_person_is_not_asked(world: World) -> None:
    """An account that is closed has nothing to answer with."""
    facts = await world.facts(DAY_1)
    await world.deps.store.write(
        lambda tx: put_person(tx, world.deps, replace(facts, active=False), by="test")
    )
    await minutes(world, 30)
    assert await every(world) == []


async def not_reached(world: World) -> list[Unreached]:
    """Of Malmö's social workers, whom nothing reaches."""
    found = await world.deps.store.read(lambda tx: unreached(tx, world.clock.now()))
    return [one for one in found if one.organisations == (MALMO,) and one.role is Role.SOCIAL_WORKER]


async def missing(world: World) -> int:
    now = world.clock.now()

    def ask(tx: Tx) -> Found:
        content = world.deps.content()
        own = content.structure.organisations[MALMO]
        return found_of(tx, content, own, now, gap_finder(tx, tx.people.all(), now))

    found = await world.deps.store.read(ask)
    assert (Missing.WAKING in reasons(found)) is (found.unreached > 0)
    return found.unreached


def put_on(tx: Tx, world: World, person: str, *, by: str) -> None:
    change(tx, world, PersonId(person), by=PersonId(by), on=True)


def take_off(tx: Tx, world: World, people: set[PersonId]) -> None:
    for person in people:
        change(tx, world, person, by=person, on=False)


def change(tx: Tx, world: World, person: PersonId, *, by: PersonId, on: bool) -> None:
    now = world.clock.now()
    made = Override(
        id=OverrideId(f"{person}-{on}-{now.timestamp()}"),
        person=person,
        on_duty=on,
        starts=now,
        ends=now + 8 * HOUR,
        by=by,
        made=now,
        role=Role.SOCIAL_WORKER if on else None,
        organisations=(MALMO,) if on else (),
    )
    tx.rosters.override(made, fact(world.deps, MALMO, "override", now))
    duty_changed(tx, world.deps, now, (person,))


async def test_a_telephone_is_called_before_anybody_is_alarmed(world: World) -> None:
    """With a gateway: an SMS after ten minutes of silence, and those who oversee only ten minutes after that."""
    deps = replace(world.deps, means=frozenset({Means.SMS, Means.VOICE}))
    world.clock.move(30 * MINUTE)
    await check(deps)
    world.clock.move(10 * MINUTE)
    await check(deps)
    called = await asked(world)
    assert (called.outcome, called.called) == (Outcome.CALLED, "sms:called")
    assert await every(world) == [("t30", "called")]
    await deps.store.write(lambda tx: checks.answer(tx, deps, PersonId(DAY_1), called.id, Means.TELEGRAM))
    world.clock.move(10 * MINUTE)
    await check(deps)
    assert await every(world) == [("t30", "answered")]


async def test_a_call_that_comes_to_nothing_is_not_waited_for(world: World) -> None:
    """The gateway is away: voice after SMS, and then those who oversee, in the same minute."""
    world.deps = replace(world.deps, means=frozenset({Means.SMS, Means.VOICE}))
    await minutes(world, 40)
    assert await every(world) == [("t30", "failed")]
    (key,) = await world.deps.store.read(lambda tx: [key for key, _ in tx.audit.facts("readiness")])
    rings = await world.deps.store.read(lambda tx: tx.rings.of(key))
    assert [(ring.means, ring.did) for ring in rings if ring.did is Did.CALLED] == [
        (Means.SMS, Did.CALLED),
        (Means.VOICE, Did.CALLED),
    ]
    assert told(world, CHIEF, UNREACHED) == 1


async def test_whoever_links_a_channel_afterwards_is_reached(world: World) -> None:
    """A check that failed for want of a channel does not stand against who has one now: they linked it themselves."""
    person = "p-malmo-dag-2"
    await roster(world, shift(person))
    await minutes(world, 62)
    assert person in [one.person for one in await not_reached(world)]
    code = await world.deps.store.write(lambda tx: _code(tx, world, person))
    await world.command(person, "start", code)
    assert person not in [one.person for one in await not_reached(world)]
