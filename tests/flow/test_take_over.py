"""A talk changes hands because a colleague takes it: on the channel, judged as when somebody is asked, exactly one wins."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.core.consultation import Consultation, State
from bot.core.errors import NotNow, SamjourError
from bot.core.events import (
    Accepted,
    Because,
    Closed,
    CouldNotAttend,
    Ending,
    Event,
    HandedOver,
    Lapsed,
    Offered,
    Referred,
    TakenOver,
)
from bot.core.ids import ConsultationId, OfferId, PersonId, RoomId
from bot.core.people import Person, VettingState
from bot.core.request import Offer, Outcome
from bot.flow import take_over
from bot.flow.advance import advance
from bot.flow.consult import signed_in_speaker
from bot.flow.enrol import put_person
from bot.flow.look import look
from bot.flow.opening_people import took_part
from bot.flow.ports import Tx
from bot.flow.record import happen
from bot.flow.take_over import Takeable, takeable
from bot.flow.upkeep import signers
from bot.flow.verify import verify
from tests.flow.flow_world import DAY_1, EVENING_1, EVENING_2, JOUR_3, NIGHT, OFFICER, OFFICER_2, World

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


async def taken_by(world: World, person: str = EVENING_1) -> Consultation:
    """A request that somebody has taken, and owes an answer."""
    await world.ask_for()
    await world.accept(person)
    return await world.latest()


async def list_of(world: World, person: str) -> tuple[Takeable, ...]:
    """What somebody may take over now."""
    who, content = await world.facts(person), world.deps.content()
    return await world.deps.store.read(lambda tx: takeable(tx, content, who, world.clock.now()))


async def press_take(world: World, person: str) -> None:
    """See the list, and press the first of it."""
    (one, *_) = await list_of(world, person)
    await world.command(person, "status")
    await world.press_shown(person, f"v:{one.taken.id}")


async def test_a_colleague_takes_what_is_owed_and_all_three_are_told(world: World) -> None:
    """The colleague has it and its time begins anew; whoever had it is out; the officer is told in a message of its own."""
    before = await taken_by(world)
    world.clock.move(2 * MINUTE)
    await press_take(world, EVENING_2)
    c = await world.latest()
    assert (c.holder, c.state, c.owed, c.room) == (EVENING_2, State.OPEN, True, before.room)
    assert c.due is not None
    assert before.due is not None
    assert c.due > before.due
    assert [o.outcome for o in c.offers] == [Outcome.TAKEN_OVER, Outcome.ACCEPTED]
    assert world.texts(OFFICER)[-1].startswith("Någon annan har nu din förfrågan. ")
    assert any(text.startswith("En kollega (") for text in world.texts(EVENING_1))
    assert any("Du har förfrågan" in text for text in world.texts(EVENING_2))
    await world.say(EVENING_1, "Jag är kvar.")
    assert not any("Jag är kvar." in text for text in world.texts(OFFICER))
    await world.say(EVENING_2, "Jag tar det nu.")
    assert any("Jag tar det nu." in text for text in world.texts(OFFICER))
    assert not (await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))).faults


async def test_a_talk_whose_holder_went_off_duty_can_be_taken_though_nothing_is_owed(world: World) -> None:
    """Their shift ends at one; from then on the colleague sees it, and not a minute before."""
    await taken_by(world)
    await world.say(EVENING_1, "Jag kommer.")
    assert not (await world.latest()).owed
    world.clock.move(HOUR)
    await world.say(EVENING_1, "Jag är på väg.")
    world.clock.move(HOUR + 19 * MINUTE)  # 00.59: the shift ends in a minute
    assert not await list_of(world, EVENING_2)
    world.clock.move(MINUTE)
    (one,) = await list_of(world, EVENING_2)
    assert one.because is Because.OFF_DUTY
    await world.command(EVENING_2, "status")
    assert any("Den som har den är inte i tjänst längre." in text for text in world.texts(EVENING_2))
    await world.press_shown(EVENING_2, f"v:{one.taken.id}")
    assert (await world.latest()).holder == EVENING_2


@pytest.mark.parametrize("person", [EVENING_1, JOUR_3, OFFICER, OFFICER_2])
async def test_who_does_not_see_it_cannot_take_it(world: World, person: str) -> None:
    """Not whoever has it, not another function, not the officer who asked, not any other officer."""
    c = await taken_by(world)
    assert not await list_of(world, person)
    await world.press(person, f"v:{c.offers[0].id}")
    assert (await world.latest()).holder == EVENING_1
    assert "Det går inte längre" in world.texts(person)[-1]


@pytest.mark.parametrize("fault", ["off", "unposted", "unvetted", "suspended", "full"])
async def test_a_colleague_is_judged_as_when_somebody_is_asked(world: World, fault: str) -> None:
    """Off duty, without the posting, not vetted, suspended or with as many talks as they can have: not in the list, and refused."""
    c = await taken_by(world)
    person = await world.facts(EVENING_2)
    match fault:
        case "off":
            await world.command(EVENING_2, "pass")
            await world.press_shown(EVENING_2, "d:off")
        case "full":
            await world.deps.store.write(lambda tx: _fill(tx, world, EVENING_2))
        case _:
            changed = {
                "unposted": replace(person, postings=()),
                "unvetted": replace(person, vetting=replace(person.vetting, state=VettingState.REVOKED)),
                "suspended": replace(person, active=False),
            }[fault]
            await world.deps.store.write(lambda tx: put_person(tx, world.deps, changed, by="test"))
    assert not await list_of(world, EVENING_2)
    await world.press(EVENING_2, f"v:{c.offers[0].id}")
    assert (await world.latest()).holder == EVENING_1


@pytest.mark.parametrize("press", ["v:" + "0" * 32])
async def test_what_is_no_talk_cannot_be_taken(world: World, press: str) -> None:
    """An id that was made up is refused as what is over is."""
    await world.press(EVENING_2, press)
    assert "Det går inte längre" in world.texts(EVENING_2)[-1]


def _lapse(c: Consultation) -> Event:
    assert c.due is not None
    return Lapsed(at=c.due)


RIVALS: dict[str, Callable[[Consultation], Event]] = {
    "lapse": _lapse,
    "officer closes": lambda c: Closed(at=_now(c), by=c.officer, ending=Ending.NOTHING),
    "holder closes": lambda c: Closed(at=_now(c), by=c.holder, ending=Ending.ADVICE),
    "could not": lambda c: CouldNotAttend(at=_now(c), by=PersonId(EVENING_1)),
    "handover": lambda c: HandedOver(
        at=_now(c), to=PersonId(JOUR_3), answer_by=_now(c) + MINUTE, offer=OfferId("f" * 32)
    ),
    "another colleague": lambda c: TakenOver(
        at=_now(c),
        to=PersonId(JOUR_3),
        answer_by=_now(c) + MINUTE,
        offer=OfferId("f" * 32),
        because=Because.OWED,
    ),
}


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("first", ["take over", "rival"])
async def test_of_two_at_the_same_moment_exactly_one_wins(world: World, rival: str, first: str) -> None:
    """Take-over against lapse, close, could-not, handover or another colleague, each from what both saw: the first has its way."""
    c = await taken_by(world)
    assert c.due is not None
    world.clock.move(c.due - world.clock.now())
    mine = TakenOver(
        at=_now(c),
        to=PersonId(EVENING_2),
        answer_by=_now(c) + MINUTE,
        offer=OfferId("e" * 32),
        because=Because.OWED,
    )
    events = [mine, RIVALS[rival](c)] if first == "take over" else [RIVALS[rival](c), mine]
    deps = world.deps
    await deps.store.write(lambda tx: advance(tx, deps, c, events[0]))
    won = await world.latest()
    with pytest.raises(NotNow):
        await deps.store.write(lambda tx: advance(tx, deps, c, events[1]))
    assert await world.latest() == won
    assert (won.holder == EVENING_2) is (first == "take over")


async def test_many_colleagues_press_and_one_gets_it(world: World) -> None:
    """Handed to the store at the same moment: one TakenOver, and everybody else is told that it is too late."""
    c = await taken_by(world)
    deps, people = world.deps, [await world.facts(EVENING_2)] * 20

    def press(tx: Tx, person: Person) -> bool:
        who = signed_in_speaker(person, "sv", world.clock.now())
        try:
            take_over.show(tx, deps, who, c.offers[0].id)
        except SamjourError:
            return False
        take_over.pressed(tx, deps, who, c.offers[0].id)
        return True

    won = await asyncio.gather(*(deps.store.write(partial(press, person=person)) for person in people))
    assert won.count(True) == 1
    assert len((await world.latest()).offers) == 2


async def test_nobody_takes_from_whoever_was_faster_by_the_same_press(world: World) -> None:
    """A third colleague who saw it as the first one's comes too late, though the winner owes an answer; seen anew, it can be taken."""
    c = await taken_by(world)
    third = await world.facts(DAY_1)
    postings = (await world.facts(EVENING_1)).postings
    put = partial(put_person, deps=world.deps, person=replace(third, postings=postings), by="test")
    await world.deps.store.write(put)
    await world.command(DAY_1, "pass")
    await world.press_shown(DAY_1, "d:on")
    await press_take(world, EVENING_2)
    await world.press(DAY_1, f"v:{c.offers[0].id}")
    assert (await world.latest()).holder == EVENING_2
    assert "Det går inte längre" in world.texts(DAY_1)[-1]
    await press_take(world, DAY_1)
    assert (await world.latest()).holder == DAY_1


async def test_a_lapse_that_comes_after_finds_another_deadline(world: World) -> None:
    """The deadline that was to lapse has moved: what comes next is the colleague's own."""
    await taken_by(world)
    world.clock.move(3 * MINUTE - SECOND)
    await press_take(world, EVENING_2)
    world.clock.move(SECOND)
    await world.work()
    assert (await world.latest()).holder == EVENING_2
    world.clock.move(3 * MINUTE)
    await world.work()
    c = await world.latest()
    assert (c.holder, c.offers[1].outcome) == (None, Outcome.LAPSED)
    assert EVENING_1 not in {offer.person for offer in c.pending}


async def test_the_next_one_rings_though_somebody_had_it_before(world: World) -> None:
    """After a lapse the officer is told of whoever takes it next in a new message, not in an old one that does not ring."""
    await taken_by(world)
    world.clock.move(3 * MINUTE)
    await world.work()
    before = len(world.messages(OFFICER))
    await world.accept(EVENING_2)
    assert any("har tagit din förfrågan" in text for text in world.texts(OFFICER)[before:])


def _now(c: Consultation) -> datetime:
    assert c.due is not None
    return c.due


def _fill(tx: Tx, world: World, person: str) -> None:
    """As many talks as the step lets somebody have."""
    model = tx.consultations.of_officer(PersonId(OFFICER), 1)[0]
    assert model.organisation is not None
    assert model.area is not None
    assert model.request is not None
    for n in range(3):
        id_ = ConsultationId(f"{n:032x}")
        referred = Referred(at=NIGHT, organisation=model.organisation, area=model.area, request=model.request)
        offer = Offer(
            id=OfferId(f"{n + 10:032x}"),
            person=PersonId(person),
            step=model.offers[0].step,
            at=NIGHT,
            until=NIGHT + HOUR,
        )
        c = happen(tx, world.deps, Consultation(id=id_), referred)
        c = happen(tx, world.deps, c, Offered(at=NIGHT, offer=offer))
        accepted = Accepted(at=NIGHT, offer=offer.id, room=RoomId(id_), answer_by=NIGHT + HOUR)
        happen(tx, world.deps, c, accepted)


async def test_whoever_had_it_took_part_though_nothing_was_said(world: World) -> None:
    """A supervisor who had a talk for a minute, and wrote nothing, is no stranger to it: neither taken over from nor handing over."""
    await taken_by(world)
    await press_take(world, EVENING_2)
    handed = HandedOver(
        at=world.clock.now(),
        to=PersonId(JOUR_3),
        answer_by=world.clock.now() + MINUTE,
        offer=OfferId("f" * 32),
    )
    over = await world.latest()
    await world.deps.store.write(lambda tx: advance(tx, world.deps, over, handed))
    moved = await world.latest()
    found = await world.deps.store.read(lambda tx: took_part(tx, moved))
    assert {OFFICER, EVENING_1, EVENING_2, JOUR_3} <= found


async def test_the_page_shows_a_colleague_what_waits_and_nobody_else(world: World) -> None:
    """On the status page of whoever may take it: where, what about, and that the officer waits; the holder and the officer see none."""
    await taken_by(world)
    for person, count in ((EVENING_2, 1), (EVENING_1, 0), (JOUR_3, 0), (OFFICER, 0)):
        who, now = await world.facts(person), world.clock.now()
        page = partial(look, content=world.deps.content(), person=who, language="sv", now=now)
        status = await world.deps.store.read(page)
        assert len(status.takeable) == count
        assert all(one.sentence.startswith("Polisen väntar på svar, senast") for one in status.takeable)
