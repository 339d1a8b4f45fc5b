"""Who can be asked changes while somebody waits: nobody is kept waiting for who has gone, or passed over who has come."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.request import Outcome, Request
from bot.core.roster import Shift, ShiftId
from bot.flow import door
from bot.flow.advance import overdue
from bot.flow.changed import can_be_reached
from bot.flow.enrol import put_roster
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Session
from bot.flow.situation import Situation, attendance, situation, worker
from bot.flow.wake import pass_edges
from tests.flow.flow_world import (
    DAY_1,
    EVENING_1,
    EVENING_2,
    JOUR_3,
    JOUR_4,
    NIGHT,
    OFFICER,
    OFFICER_2,
    World,
    read_content,
    through_gaps,
)

MINUTE = timedelta(minutes=1)
OFF, ON = "d:off", "d:on"


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, where whoever is on duty is asked though others have gone off."""
    return through_gaps(read_content())


MALMO = OrganisationId("malmo")
EVERYBODY = (EVENING_1, EVENING_2, JOUR_3, JOUR_4)


async def off(world: World, *people: str) -> None:
    for person in people:
        await world.press(person, OFF)


async def on(world: World, *people: str) -> None:
    for person in people:
        await world.press(person, ON)


async def phoned(world: World) -> Consultation:
    """A request for which there is nobody, only numbers."""
    await off(world, *EVERYBODY)
    world.clock.move(timedelta(seconds=1))
    c = await world.ask_for()
    assert (c.state, c.offers) == (State.PHONED, ())
    world.clock.move(timedelta(seconds=1))
    return c


def asked(c: Consultation) -> list[tuple[str, Outcome]]:
    return [(offer.person, offer.outcome) for offer in c.offers]


async def roster_without(world: World, person: str) -> None:
    """The organisation's roster comes again, and somebody does not stand in it any longer."""
    deps = world.deps
    shifts = await deps.store.read(
        lambda tx: tx.rosters.shifts(NIGHT - timedelta(days=2), NIGHT + timedelta(days=300))
    )
    kept = tuple(s for s in shifts if s.person != person and s.organisations[0] == MALMO)
    await deps.store.write(lambda tx: put_roster(tx, deps, MALMO, "demo", kept, by="test"))
    deps.bells.ring()
    await world.work()


# ---- who has gone (fault 0.3) -----------------------------------------------------------------------------


async def test_a_person_taken_off_the_roster_in_mid_shift_is_asked_no_longer(world: World) -> None:
    """The doorbell of somebody who no longer stands in the roster is taken back at once, and the next one is rung."""
    c = await world.ask_for()
    assert asked(c) == [(EVENING_1, Outcome.PENDING)]
    await roster_without(world, EVENING_1)
    c = await world.latest()
    assert asked(c) == [(EVENING_1, Outcome.WITHDRAWN), (EVENING_2, Outcome.PENDING)]
    assert world.texts(EVENING_1)[-1] == "Tillbakadragen. Du behöver inte göra något."


async def test_losing_the_posting_that_mattered_takes_the_doorbell_back(world: World) -> None:
    """Somebody who keeps another role, but not the one that was asked, is asked no longer."""
    await world.ask_for()
    person = await world.facts(EVENING_1)
    elsewhere = replace(person.postings[0], organisation=OrganisationId("farsta"))
    changed = replace(person, postings=(elsewhere,))
    await world.deps.store.write(lambda tx: door.change(tx, world.deps, changed, by="test"))
    await world.work()
    assert asked(await world.latest()) == [(EVENING_1, Outcome.WITHDRAWN), (EVENING_2, Outcome.PENDING)]


async def test_who_is_off_duty_when_they_press_yes_is_told_why_and_it_goes_on(world: World) -> None:
    """Accepting is judged anew in the same transaction: no room with somebody who is off duty by then."""
    c = await world.ask_for()
    await world.press_shown(EVENING_1, ":show")
    deps = world.deps
    kept = await deps.store.read(lambda tx: tx.rosters.shifts(NIGHT, NIGHT + MINUTE))
    ended = tuple(replace(s, ends=NIGHT + timedelta(seconds=20)) for s in kept if s.person == EVENING_1)
    rest = tuple(s for s in kept if s.person != EVENING_1 and s.organisations[0] == MALMO)

    def end_the_shift(tx: Tx) -> None:
        """As the store keeps it; without whatever else follows a change."""
        entry = fact(deps, MALMO, "roster", NIGHT, by="test")
        tx.rosters.replace(MALMO, "demo", (*ended, *rest), entry)

    await deps.store.write(end_the_shift)
    world.clock.move(timedelta(seconds=30))
    await world.press_shown(EVENING_1, ":yes")
    c = await world.latest()
    assert asked(c) == [(EVENING_1, Outcome.WITHDRAWN), (EVENING_2, Outcome.PENDING)]
    assert "du är inte i tjänst längre" in world.texts(EVENING_1)[-1]


async def test_a_shift_that_ends_takes_its_doorbell_with_it(world: World) -> None:
    """Nobody waits out a minute for somebody who went home at its beginning."""
    end = NIGHT.replace(hour=0, minute=0) + timedelta(days=1)  # 01.00 in Malmö: the first evening duty ends
    world.clock.move(end - NIGHT - timedelta(seconds=10))
    c = await world.ask_for()
    assert asked(c) == [(EVENING_1, Outcome.PENDING)]
    before = world.clock.now()
    world.clock.move(timedelta(seconds=10))
    assert await pass_edges(world.deps, before, world.clock.now())
    await world.work()
    assert asked(await world.latest()) == [(EVENING_1, Outcome.WITHDRAWN), (EVENING_2, Outcome.PENDING)]


# ---- who has come (fault 0.2) -----------------------------------------------------------------------------


async def test_whoever_comes_on_duty_is_offered_what_was_left_to_the_telephone(world: World) -> None:
    """The officer is telephoning; somebody presses on duty: their doorbell rings at once, and the officer hears of it."""
    await phoned(world)
    await on(world, EVENING_1)
    c = await world.latest()
    assert (c.state, asked(c)) == (State.OFFERED, [(EVENING_1, Outcome.PENDING)])
    assert "Samjour: någon söker dig. Tryck Visa." in world.texts(EVENING_1)
    assert any("Någon har kommit i tjänst" in text for text in world.texts(OFFICER))
    live = next(m for m in world.messages(OFFICER) if "Ring ändå" in m.text)
    assert f"k:{c.id}:answered:0" in live.presses
    await world.accept(EVENING_1)
    assert (await world.latest()).holder == EVENING_1


async def test_nobody_is_woken_once_a_number_has_answered(world: World) -> None:
    """What the telephone has solved is left in peace."""
    c = await phoned(world)
    await world.press_shown(OFFICER, ":answered:0")
    await on(world, EVENING_1)
    assert (await world.latest()).version == c.version + 1
    assert (await world.latest()).offers == ()


async def test_a_number_that_answers_lets_whoever_is_asked_go(world: World) -> None:
    """The officer presses that a number answered while a doorbell rings: it is taken back, and stays so."""
    await phoned(world)
    await on(world, EVENING_1)
    await world.press_shown(OFFICER, ":answered:0")
    c = await world.latest()
    assert (c.state, asked(c)) == (State.PHONED, [(EVENING_1, Outcome.WITHDRAWN)])
    world.clock.move(2 * MINUTE)
    await world.work()
    assert (await world.latest()).state is State.PHONED


async def test_who_is_silent_then_leaves_the_numbers_standing(world: World) -> None:
    """Whoever came and said nothing leaves it where it was: at the numbers, with the next one to call."""
    await phoned(world)
    await world.press_shown(OFFICER, ":silent:0")
    await on(world, EVENING_1)
    world.clock.move(2 * MINUTE)
    await world.work()
    c = await world.latest()
    assert (c.state, asked(c)) == (State.PHONED, [(EVENING_1, Outcome.SILENT)])
    assert len(c.tried) == 1


async def test_whoever_comes_on_duty_while_another_is_asked_is_asked_too(world: World) -> None:
    """Somebody of a step whose turn it is does not wait for another's minute to be over; whose turn is later does."""
    await off(world, EVENING_1, JOUR_3)
    world.clock.move(timedelta(seconds=1))
    c = await world.ask_for()
    assert asked(c) == [(EVENING_2, Outcome.PENDING)]
    world.clock.move(timedelta(seconds=1))
    await on(world, EVENING_1, JOUR_3)
    c = await world.latest()
    assert asked(c) == [(EVENING_2, Outcome.PENDING), (EVENING_1, Outcome.PENDING)]


async def test_a_shift_that_begins_is_offered_what_waits(world: World) -> None:
    """Going on duty by the roster counts as much as pressing it."""
    c = await phoned(world)
    now = world.clock.now()
    deps, starts = world.deps, now + MINUTE
    begins = Shift(
        id=ShiftId("late"),
        person=PersonId(DAY_1),
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        starts=starts,
        ends=starts + timedelta(hours=4),
        source="late",
    )
    await deps.store.write(lambda tx: put_roster(tx, deps, MALMO, "late", (begins,), by="test"))
    assert (await world.latest()).state is State.PHONED
    world.clock.move(MINUTE)
    assert await pass_edges(deps, now, world.clock.now())
    await world.work()
    assert asked(await world.latest()) == [(DAY_1, Outcome.PENDING)]
    assert (await world.latest()).id == c.id


async def test_whoever_can_be_reached_again_is_offered_what_waits(world: World) -> None:
    """On duty without a channel is nobody to ask; with a channel linked they are, at once."""

    def unlink(tx: Tx) -> None:
        for person in EVERYBODY:
            door.unlink(tx, world.deps, "telegram", PersonId(person))

    await world.deps.store.write(unlink)
    c = await world.ask_for()
    assert c.state is State.PHONED

    def issue(tx: Tx) -> str:
        return door.issue_code(tx, world.deps, PersonId(JOUR_3))

    code = await world.deps.store.write(issue)
    await world.command(JOUR_3, "start", code)
    assert asked(await world.latest()) == [(JOUR_3, Outcome.PENDING)]


async def test_whoever_has_two_roles_goes_on_duty_in_both(world: World) -> None:
    """Social worker at the police and SIG coordinator in one: pressing on duty is being on duty as both (fault 0.10)."""
    person = await world.facts(DAY_1)
    sig = replace(person.postings[0], role=Role.SIG_COORDINATOR)
    both = replace(person, postings=(*person.postings, sig))
    await world.deps.store.write(lambda tx: door.change(tx, world.deps, both, by="test"))
    await on(world, DAY_1)
    found = await world.deps.store.read(lambda tx: attendance(tx, world.clock.now()))
    assert [duty.role for duty in found.present[both.id]] == [Role.SOCIAL_WORKER, Role.SIG_COORDINATOR]
    await off(world, DAY_1)
    found = await world.deps.store.read(lambda tx: attendance(tx, world.clock.now()))
    assert both.id not in found.present


async def test_a_sig_coordinator_is_a_worker(world: World) -> None:
    """Whoever a chain can ask has the pages of whoever is asked."""
    person = await world.facts(DAY_1)
    only = replace(person, postings=(replace(person.postings[0], role=Role.SIG_COORDINATOR),))
    await world.deps.store.write(lambda tx: door.change(tx, world.deps, only, by="test"))
    await world.command(DAY_1, "start")
    assert ON in world.messages(DAY_1)[-1].presses


async def test_whoever_signs_in_on_a_device_can_be_reached_again(world: World) -> None:
    """No channel, but a device where offers are seen: what waits is offered as soon as its person is there."""

    def unlink(tx: Tx) -> None:
        for person in EVERYBODY:
            door.unlink(tx, world.deps, "telegram", PersonId(person))

    await world.deps.store.write(unlink)
    assert (await world.ask_for()).state is State.PHONED
    now = world.clock.now()
    session = Session(
        digest=bytes(32), person=PersonId(JOUR_3), created=now, expires=now + MINUTE, device=bytes(16)
    )
    await world.deps.store.write(lambda tx: tx.people.open_session(session))
    await can_be_reached(world.deps, PersonId(JOUR_3))
    assert asked(await world.latest()) == [(JOUR_3, Outcome.PENDING)]


# ---- what they carry (fault 0.7) --------------------------------------------------------------------------


async def test_doorbells_count_in_the_load(world: World) -> None:
    """Five requests at once do not all ring at one person whose limit is three: whoever rings may be accepted."""
    await off(world, EVENING_2, JOUR_3, JOUR_4)
    for officer in (OFFICER, OFFICER_2):
        world.clock.move(timedelta(seconds=1))
        await world.ask_for(officer)
    world.clock.move(timedelta(seconds=1))
    rung = await world.deps.store.read(lambda tx: tx.consultations.doorbells())
    assert rung == {EVENING_1: 2}


async def test_a_full_person_is_not_rung_and_is_when_a_talk_has_ended(world: World) -> None:
    """Three doorbells or talks are the limit; when one ends, what was left to the telephone rings at once."""
    await off(world, EVENING_2, JOUR_3, JOUR_4)
    talks = []
    for n in range(3):
        world.clock.move(timedelta(seconds=1))
        talks.append(await world.ask_for((OFFICER, OFFICER_2)[n % 2]))
        await world.accept(EVENING_1)
    world.clock.move(timedelta(seconds=1))
    waiting = await world.ask_for(OFFICER_2, "c:lpo-malmo-soder:violence:presence:now")
    assert (waiting.state, waiting.offers) == (State.PHONED, ())
    world.clock.move(timedelta(seconds=1))
    await world.press(EVENING_1, f"k:{talks[0].id}:close:advice")
    found = await world.deps.store.read(lambda tx: tx.consultations.get(waiting.id))
    assert found is not None
    assert asked(found) == [(EVENING_1, Outcome.PENDING)]


# ---- an interview at a given time (fault 0.6) -------------------------------------------------------------


async def booked(world: World, hour: str) -> Consultation:
    """An interview that evening worker 1 has taken, said something about, and owes nothing."""
    c = await world.ask_for(press=f"c:lpo-malmo-norr:suspect:interview@{hour}:now")
    await world.accept(c.offers[0].person)
    await world.say(c.offers[0].person, "Det går bra, vi ses då.")
    return await world.latest()


async def test_an_interview_later_tonight_is_not_over_before_it_has_begun(world: World) -> None:
    """Booked at 22.40 for 01.30: nobody closes the talk as quiet at 00.40; both are reminded at 01.15 and 01.30."""
    await off(world, EVENING_1)
    c = await booked(world, "0130")
    assert (c.holder, c.due) == (EVENING_2, NIGHT + timedelta(hours=2, minutes=35))
    live = next(m.text for m in world.messages(OFFICER) if "bokad till förhöret kl. 01.30" in m.text)
    assert "Ni påminns båda" in live
    told = "Påminnelse: förhöret börjar kl. 01.30."
    for minutes, times in ((154, 0), (155, 1), (169, 1), (170, 2)):
        world.clock.move(NIGHT + timedelta(minutes=minutes) - world.clock.now())
        await world.work()
        for person in (OFFICER, EVENING_2):
            assert world.texts(person).count(told) == times
    c = await world.latest()
    assert c.state is State.OPEN
    world.clock.move(timedelta(hours=2))
    await world.work()
    assert (await world.latest()).state is State.CLOSED


async def test_an_interview_goes_to_whoever_is_on_duty_then(world: World) -> None:
    """At 22.40 for 02.00: who goes home at 01.00 is passed over for who is there, also at a later step."""
    c = await world.ask_for(press="c:lpo-malmo-norr:suspect:interview@0200:now")
    assert asked(c) == [(EVENING_2, Outcome.PENDING)]


async def test_an_interview_when_nobody_is_left_who_is_there_then(world: World) -> None:
    """For tomorrow noon nobody on duty tonight is there: they are asked all the same, rather than nobody."""
    c = await world.ask_for(press="c:lpo-malmo-norr:suspect:interview@1200:now")
    assert c.state is State.OFFERED


async def test_every_hour_of_the_next_day_and_night_can_be_chosen(world: World) -> None:
    """Half-hours while it is near, then whole hours, each of them once: tomorrow's interview is booked tonight."""
    await world.command(OFFICER, "konsultera")
    await world.press(OFFICER, "c:lpo-malmo-norr:suspect:interview")
    hours = [press.rpartition("@")[2] for press in world.messages(OFFICER)[-1].presses]
    assert hours[:7] == ["now", "2300", "2330", "0000", "0030", "0100", "0200"]
    assert hours[-1] == "2100"
    assert len(set(hours)) == len(hours) == 26


def stand(tx: Tx, found: Situation, request: Request) -> list[tuple[int, int, datetime | None]]:
    """What everybody on duty carries, and when they were last asked."""
    everybody = (worker(tx, found, person, request) for person in sorted(found.attendance.present))
    return [(one.open_rooms, one.pending, one.last_offered) for one in everybody if one is not None]


async def test_what_an_act_has_read_once_stays_true_through_all_it_does(world: World) -> None:
    """The situation that many deadlines share is, after each of them, what would be read anew."""
    made = []
    for officer in (OFFICER, OFFICER_2):
        made.append((await world.ask_for(officer)).id)
        world.clock.move(timedelta(seconds=1))
    await world.accept(EVENING_1)
    world.clock.move(5 * MINUTE)

    def work_off(tx: Tx) -> list[State]:
        found: Situation | None = situation(tx, world.clock.now())
        states = []
        for _ in range(4):
            for id_ in made:
                c = tx.consultations.get(id_)
                assert c is not None
                if c.due is None or c.state is State.PHONED:
                    continue
                after, found = overdue(tx, world.deps, c, max(c.due, world.clock.now()), found)
                assert found is not None
                assert c.request is not None
                anew = situation(tx, world.clock.now())
                assert stand(tx, found, c.request) == stand(tx, anew, c.request)
                states.append(after.state)
                world.clock.move(2 * MINUTE)
        return states

    states = await world.deps.store.write(work_off)
    assert State.OFFERED in states
    assert states[-1] is State.PHONED
