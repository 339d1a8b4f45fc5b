"""The end of a shift in a chat: everything goes in one act or nothing does, and what nobody took is not forgotten."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.consultation import State
from bot.core.errors import BadInput, Denied, NotNow
from bot.core.events import Lapsed
from bot.core.ids import ConsultationId, PersonId
from bot.core.press import TakeOver, encode
from bot.core.promises import Promise, PromiseKind
from bot.core.roster import Override, OverrideId
from bot.core.standing import offer_of_holder
from bot.flow import promises, shift_handover
from bot.flow.advance import advance
from bot.flow.changed import duty_changed
from bot.flow.consult import signed_in_speaker
from bot.flow.door import issue_code, unlink
from bot.flow.handover_receipts import receipts
from bot.flow.look import look
from bot.flow.ports import Tx
from bot.flow.ports_timers import TimerKind
from bot.flow.record import fact
from bot.flow.records_handovers import Handed
from bot.flow.refusals import Code, Refused
from bot.flow.shift_handover import Part, held
from bot.flow.speaker import Speaker
from bot.flow.timed import pass_timers
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from bot.flow.wake import pass_deadlines
from tests.flow.flow_world import EVENING_1, EVENING_2, JOUR_3, JOUR_4, OFFICER, OFFICER_2, World

CHIEF = "p-malmo-chef-1"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CALL_ME = "c:lpo-malmo-norr:child:call_me:now"
FIRST, ANSWER = "Vi väntar vid porten.", "Jag kommer strax."


async def speaker(world: World, person: str) -> Speaker:
    """Somebody, now."""
    return signed_in_speaker(await world.facts(person), "sv", world.clock.now())


async def holds(world: World, person: str) -> list[str]:
    """Which open talks somebody holds."""
    found = await world.deps.store.read(lambda tx: tx.consultations.held_by(PersonId(person)))
    return [c.id for c in found]


async def parts_of(world: World, person: str) -> list[Part]:
    """What somebody would hand over."""
    talks = await world.deps.store.read(lambda tx: held(tx, world.deps, PersonId(person)))
    return [Part(room=talk.room.id) for talk in talks]


async def hand_over(world: World, giver: str, to: str, parts: list[Part] | None = None) -> tuple[Handed, ...]:
    """Hand over without a device."""
    who, named = await speaker(world, giver), await parts_of(world, giver) if parts is None else parts
    handed = await world.deps.store.write(
        lambda tx: shift_handover.hand_over(tx, world.deps, who, None, PersonId(to), named)
    )
    await world.work()
    return handed


async def refused(world: World, giver: str, to: str, parts: list[Part] | None = None) -> Code:
    """Why it is refused; nothing has changed."""
    before = await holds(world, giver)
    with pytest.raises(Refused) as refusal:
        await hand_over(world, giver, to, parts)
    assert await holds(world, giver) == before
    return refusal.value.code


async def two_talks(world: World) -> None:
    """Two officers in talks with the first of the evening: one written, one by telephone."""
    await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    await world.say(OFFICER, FIRST)
    await world.ask_for(OFFICER_2, CALL_ME)
    await world.accept(EVENING_1)


async def answered_talk(world: World) -> ConsultationId:
    """A talk in which nobody owes an answer."""
    c = await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    await world.say(EVENING_1, ANSWER)
    return c.id


async def take_over(world: World, person: str, id_: ConsultationId) -> None:
    """A colleague takes it from whoever has it."""
    c = await world.deps.store.read(lambda tx: tx.consultations.get(id_))
    taken = offer_of_holder(c) if c is not None else None
    assert taken is not None
    await world.press(person, encode(TakeOver(offer=taken.id)), world.messages(person)[-1].id)


async def faults(world: World) -> tuple[str, ...]:
    """What does not hold."""
    await sign_heads(world.deps)
    found = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    return tuple(str(fault) for fault in found.faults)


async def pass_time(world: World, span: timedelta) -> None:
    """Time passes, and what is due is done."""
    world.clock.move(span)
    await world.work()


async def link(world: World, person: str) -> None:
    """Somebody is reached on the channel."""
    code = await world.deps.store.write(lambda tx: issue_code(tx, world.deps, PersonId(person)))
    await world.command(person, "start", code)


# ---- by buttons ---------------------------------------------------------------------------------------------------


async def test_everything_goes_by_three_presses(world: World) -> None:
    """List, colleague, yes: both officers are told, the giver keeps the receipt, the receiver sees what waits and takes it up."""
    await two_talks(world)
    await world.command(EVENING_1, "pass")
    await world.press_shown(EVENING_1, "g:look")
    assert "Olästa: 1. Utlovat: inget." in world.texts(EVENING_1)[-1]
    await world.press_shown(EVENING_1, f"g:to:{EVENING_2}")
    await world.press(EVENING_1, give_button(world, EVENING_1))
    assert await holds(world, EVENING_1) == []
    assert len(await holds(world, EVENING_2)) == 2
    kept = world.texts(EVENING_1)[-1]
    assert "Överlämnat kl. 22.40" in kept
    assert "Kvitto" in kept
    assert any("har tagit din förfrågan" in text for text in world.texts(OFFICER))
    told = next(text for text in world.texts(EVENING_2) if "från en kollega" in text)
    assert "Olästa: 1" in told
    assert "senast kl. 22.45" in told
    await world.press_shown(EVENING_2, (await only_receipt(world, EVENING_2))[0])
    assert any("Jag har tagit över samtalet" in text for text in world.texts(OFFICER))
    assert not (await world.latest(OFFICER)).owed
    assert await faults(world) == ()


def give_button(world: World, person: str) -> str:
    """What the newest "yes" means."""
    return next(
        press
        for message in reversed(world.messages(person))
        for press in message.presses
        if ":give:" in press
    )


async def only_receipt(world: World, person: str) -> tuple[str, str | None]:
    """The one handover that somebody gave or was given: id, digest."""
    (found,) = await world.deps.store.read(lambda tx: receipts(tx, PersonId(person)))
    return found.id, found.digest.hex() if found.digest is not None else None


async def test_what_was_promised_is_pressed_and_goes_with_the_talk(world: World) -> None:
    """Kind and hour are chosen; "inget" takes it back; the receiver sees what stands."""
    c = await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    await world.command(EVENING_1, "pass")
    await world.press_shown(EVENING_1, "g:look")
    for press in (f"p:{c.id}", f"p:{c.id}:call", f"p:{c.id}:call:2300"):
        await world.press(EVENING_1, press)
    assert "Utlovat: ring upp kl. 23.00." in world.texts(EVENING_1)[-1]
    for press in (f"p:{c.id}:presence", f"p:{c.id}:presence:2330"):
        await world.press(EVENING_1, press)
    assert "Utlovat: ring upp kl. 23.00, närvaro kl. 23.30." in world.texts(EVENING_1)[-1]
    await hand_over(world, EVENING_1, EVENING_2)
    assert any("närvaro kl. 23.30" in text for text in world.texts(EVENING_2))
    await world.press(EVENING_2, f"p:{c.id}:nothing", world.messages(EVENING_2)[-1].id)
    stands = await world.deps.store.read(lambda tx: tx.handovers.promised(c.id))
    assert stands == ()
    (receipt,) = await world.deps.store.read(lambda tx: receipts(tx, PersonId(EVENING_1)))
    assert len(receipt.lines[0].promised) == 2, "the receipt says what was promised then"
    assert await faults(world) == ()


async def test_what_stood_on_the_page_is_what_goes(world: World) -> None:
    """A talk that came between the look and the press: nothing goes, and the page says so."""
    await two_talks(world)
    await world.press(EVENING_1, f"g:to:{EVENING_2}")
    press = give_button(world, EVENING_1)
    await world.press(EVENING_1, press.rpartition(":")[0] + ":00000000")
    assert len(await holds(world, EVENING_1)) == 2
    assert "har ändrats" in world.texts(EVENING_1)[-1]


# ---- all or none --------------------------------------------------------------------------------------------------


async def test_a_part_or_more_than_all_is_refused(world: World) -> None:
    """One room too few, one too many, one twice, none at all: nothing is handed over."""
    await two_talks(world)
    one, two = await parts_of(world, EVENING_1)
    for parts in ([one], [one, two, Part(room=one.room)], [one, two, Part(room=type(one.room)("r"))], []):
        assert await refused(world, EVENING_1, EVENING_2, parts) is Code.TALKS_CHANGED
    assert await refused(world, EVENING_2, EVENING_1, []) is Code.TALKS_CHANGED
    assert await faults(world) == ()


async def test_a_colleague_who_cannot_have_one_of_them_is_given_none(world: World) -> None:
    """Off duty, the officer themselves, one's own name, nobody: refused, and nothing has gone."""
    await two_talks(world)
    for to in ("p-malmo-dag-1", OFFICER, EVENING_1, "p-nobody"):
        assert await refused(world, EVENING_1, to) is Code.NOT_ELIGIBLE


async def test_whoever_never_signed_in_is_refused_and_named_as_such(world: World) -> None:
    """element-meta#1725: a colleague without device or channel is shown as one who cannot be given it, and is not given it."""
    await two_talks(world)
    await world.deps.store.write(lambda tx: unlink(tx, world.deps, "telegram", PersonId(EVENING_2)))
    who = await speaker(world, EVENING_1)
    found = await world.deps.store.read(lambda tx: shift_handover.leaving(tx, world.deps, who, None))
    assert EVENING_2 in {person.id for person in found.unreached}
    assert EVENING_2 not in {one.taker.person.id for one in found.colleagues}
    assert await refused(world, EVENING_1, EVENING_2) is Code.NOT_ELIGIBLE


async def test_promises_that_cannot_be_made_stop_all_of_it(world: World) -> None:
    """In the past, in two weeks, two of a kind, nothing and something, without an hour: refused, and nothing has gone."""
    await two_talks(world)
    one, two = await parts_of(world, EVENING_1)
    due = world.clock.now() + HOUR
    call = Promise(kind=PromiseKind.CALL, due=due)
    nothing = Promise(kind=PromiseKind.NOTHING)
    wrong: list[tuple[Promise, ...]] = [
        (),
        (call, call),
        (call, nothing),
        (Promise(kind=PromiseKind.CALL),),
        (Promise(kind=PromiseKind.NOTHING, due=due),),
        (Promise(kind=PromiseKind.CALL, due=due - 2 * HOUR),),
        (Promise(kind=PromiseKind.FEEDBACK, due=due + timedelta(days=14)),),
    ]
    for promised in wrong:
        with pytest.raises(BadInput):
            await hand_over(world, EVENING_1, EVENING_2, [one, Part(room=two.room, promised=promised)])
        assert len(await holds(world, EVENING_1)) == 2
    assert await world.deps.store.read(lambda tx: tx.handovers.promised(ConsultationId(two.room))) is None


async def test_only_whoever_has_a_talk_promises_in_it(world: World) -> None:
    """Neither the officer, nor a colleague, nor anybody once it is over."""
    c = await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    said = (Promise(kind=PromiseKind.NOTHING),)
    for person in (OFFICER, EVENING_2):
        who = await speaker(world, person)
        with pytest.raises(Refused):
            await world.deps.store.write(lambda tx, w=who: promises.make(tx, world.deps, w, c.id, said))  # type: ignore[misc]
    await world.press(OFFICER, f"k:{c.id}:close:advice", world.messages(OFFICER)[-1].id)
    who = await speaker(world, EVENING_1)
    with pytest.raises(NotNow):
        await world.deps.store.write(lambda tx: promises.make(tx, world.deps, who, c.id, said))


async def test_an_officer_has_no_shift_to_hand_over(world: World) -> None:
    """No rule lets them."""
    who = await speaker(world, OFFICER)
    with pytest.raises(Denied):
        await world.deps.store.write(
            lambda tx: shift_handover.hand_over(tx, world.deps, who, None, PersonId(EVENING_1), [])
        )


# ---- at the same time as something else -----------------------------------------------------------------------------


async def test_two_handovers_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    """GL#2556, SD#1490: pressed on two telephones for two colleagues, everything is with one of them."""
    await two_talks(world)
    parts = await parts_of(world, EVENING_1)
    done = await asyncio.gather(
        hand_over(world, EVENING_1, EVENING_2, parts),
        hand_over(world, EVENING_1, JOUR_3, parts),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Refused) for one in done) == 1
    counts = {person: len(await holds(world, person)) for person in (EVENING_1, EVENING_2, JOUR_3)}
    assert sorted(counts.values()) == [0, 0, 2]
    assert await faults(world) == ()


async def test_two_colleagues_who_hand_over_to_each_other_at_once(world: World) -> None:
    """Each gives what they had when it came to them: nobody ends with less than somebody gave, and no talk without a holder."""
    await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    await world.ask_for(OFFICER_2)
    await world.press_shown(EVENING_1, ":show")
    await world.press_shown(EVENING_1, ":busy")
    await world.accept(EVENING_2)
    mine, theirs = await parts_of(world, EVENING_1), await parts_of(world, EVENING_2)
    done = await asyncio.gather(
        hand_over(world, EVENING_1, EVENING_2, mine),
        hand_over(world, EVENING_2, EVENING_1, theirs),
        return_exceptions=True,
    )
    assert [type(one) for one in done if isinstance(one, BaseException)] == [Refused]
    assert sorted([len(await holds(world, EVENING_1)), len(await holds(world, EVENING_2))]) == [0, 2]
    assert await faults(world) == ()


@pytest.mark.parametrize("what", ["close", "lapse", "take_over", "could_not"])
async def test_what_changed_since_the_look_stops_all_of_it(world: World, what: str) -> None:
    """Closed, lapsed, taken over by another or given up: what is left is looked at anew, and then goes."""
    await two_talks(world)
    parts = await parts_of(world, EVENING_1)
    c = await world.latest(OFFICER)
    if what == "close":
        await world.press(OFFICER, f"k:{c.id}:close:advice", world.messages(OFFICER)[-1].id)
    elif what == "lapse":
        world.clock.move(4 * MINUTE)
        await world.deps.store.write(lambda tx: advance(tx, world.deps, c, Lapsed(at=world.clock.now())))
    elif what == "take_over":
        await take_over(world, EVENING_2, c.id)
        assert (await world.latest(OFFICER)).holder == PersonId(EVENING_2)
    else:
        await world.press(EVENING_1, f"k:{c.id}:could_not", world.messages(EVENING_1)[-1].id)
    assert await refused(world, EVENING_1, EVENING_2, parts) is Code.TALKS_CHANGED
    assert len(await holds(world, EVENING_1)) == 1
    await hand_over(world, EVENING_1, JOUR_4)
    assert await holds(world, EVENING_1) == []
    assert await faults(world) == ()


async def test_a_receiver_who_stays_silent_loses_it_and_the_chain_goes_on(world: World) -> None:
    """Five minutes, then it lapses: the officer is told, somebody else is asked, and what was promised stays with it."""
    c = await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    who = await speaker(world, EVENING_1)
    due = Promise(kind=PromiseKind.PRESENCE, due=world.clock.now() + HOUR)
    await world.deps.store.write(lambda tx: promises.make(tx, world.deps, who, c.id, (due,)))
    await hand_over(world, EVENING_1, EVENING_2)
    await pass_time(world, 4 * MINUTE)
    assert (await world.latest()).holder == PersonId(EVENING_2)
    await pass_time(world, MINUTE)
    assert (await world.latest()).state is State.OFFERED
    await world.accept(JOUR_3)
    talks = await world.deps.store.read(lambda tx: held(tx, world.deps, PersonId(JOUR_3)))
    assert [talk.promised for talk in talks] == [(due,)]


async def test_a_talk_that_comes_back_is_heard_again(world: World) -> None:
    """agents#457: given away and given back, both hear each other in the same room."""
    c = await world.ask_for(OFFICER)
    await world.accept(EVENING_1)
    await hand_over(world, EVENING_1, EVENING_2)
    await hand_over(world, EVENING_2, EVENING_1)
    await world.say(OFFICER, FIRST)
    assert any(FIRST in text for text in world.texts(EVENING_1))
    assert not any(FIRST in text for text in world.texts(EVENING_2))
    await world.say(EVENING_1, ANSWER)
    assert any(ANSWER in text for text in world.texts(OFFICER))
    assert (await world.latest()).id == c.id
    assert await faults(world) == ()


# ---- the end of the shift -------------------------------------------------------------------------------------------


async def test_a_quarter_before_the_end_the_holder_gets_the_list(world: World) -> None:
    """At 00.45 whoever goes at 01.00 is told to hand over, and not a minute before; whoever has nothing is told nothing."""
    await answered_talk(world)
    await pass_time(world, timedelta(hours=1, minutes=50))
    await say_something(world)
    await pass_time(world, timedelta(minutes=14))
    assert not any("Ditt pass slutar" in text for text in world.texts(EVENING_1))
    await pass_time(world, MINUTE)
    assert any("Ditt pass slutar kl. 01.00" in text for text in world.texts(EVENING_1))
    assert not any("Ditt pass slutar" in text for text in world.texts(EVENING_2))


async def say_something(world: World) -> None:
    """Both say something, so that the talk is not ended for its silence."""
    await world.say(OFFICER, FIRST)
    await world.say(EVENING_1, ANSWER)


async def left_at_one(world: World) -> ConsultationId:
    """A talk that nobody took when its holder went at 01.00."""
    await link(world, CHIEF)
    id_ = await answered_talk(world)
    await pass_time(world, timedelta(hours=1, minutes=50))
    await say_something(world)
    await pass_time(world, timedelta(minutes=29))
    await pass_time(world, MINUTE)
    return id_


async def test_what_nobody_took_is_shown_to_those_who_answer_for_it_at_once(world: World) -> None:
    """CW#9587: at 01.00 the chief, the holder and whoever is on duty and may take it are told, once; at 01.05 the officer has the number."""
    id_ = await left_at_one(world)
    for person, words in (
        (CHIEF, "ingen har tagit över"),
        (EVENING_1, "du har kvar"),
        (EVENING_2, "en kollegas pass".capitalize()),
    ):
        assert sum(words in text for text in world.texts(person)) == 1, person
    assert not any("gått av sitt pass" in text for text in world.texts(OFFICER))
    await world.deps.store.write(
        lambda tx: duty_changed(tx, world.deps, world.clock.now())
    )  # a restart, midnight
    await pass_time(world, 5 * MINUTE)
    assert sum("ingen har tagit över" in text for text in world.texts(CHIEF)) == 1
    assert sum("gått av sitt pass" in text for text in world.texts(OFFICER)) == 1
    chief = await world.facts(CHIEF)
    now, content = world.clock.now(), world.deps.content()
    (shown,) = (await world.deps.store.read(lambda tx: look(tx, content, chief, "sv", now))).left
    assert (shown.id, shown.sentence.partition("sedan")[2]) == (id_, " passet slutade kl. 01.00")
    (left,) = await world.deps.store.read(lambda tx: tx.handovers.about(id_))
    assert (left.giver, left.receiver) == (PersonId(EVENING_1), None)
    assert await faults(world) == ()


async def test_what_is_taken_in_time_is_told_to_nobody_else(world: World) -> None:
    """Handed over before the end: no chief is told; taken over after it, the officer gets no number."""
    await link(world, CHIEF)
    await answered_talk(world)
    await hand_over(world, EVENING_1, EVENING_2)
    await world.say(EVENING_2, ANSWER)
    await pass_time(world, timedelta(hours=1, minutes=50))
    await world.say(EVENING_2, ANSWER)
    await pass_time(world, timedelta(minutes=40))
    assert not any("ingen har tagit över" in text for text in world.texts(CHIEF))
    assert await holds(world, EVENING_2) != []


async def test_a_colleague_takes_what_was_left_and_the_officer_needs_no_number(world: World) -> None:
    """The rescue path is the take-over by another: after it nothing more is told."""
    id_ = await left_at_one(world)
    await take_over(world, EVENING_2, id_)
    assert (await world.latest()).holder == PersonId(EVENING_2)
    await world.say(EVENING_2, ANSWER)
    await pass_time(world, 6 * MINUTE)
    assert not any("gått av sitt pass" in text for text in world.texts(OFFICER))
    chief = await world.facts(CHIEF)
    now, content = world.clock.now(), world.deps.content()
    assert (await world.deps.store.read(lambda tx: look(tx, content, chief, "sv", now))).left == ()


async def test_a_shift_that_is_cut_short_is_seen_at_once(world: World) -> None:
    """Taken off by somebody else in mid-shift: what they hold is shown to the chief within one tick."""
    await link(world, CHIEF)
    await answered_talk(world)
    now = world.clock.now()
    off = Override(
        id=OverrideId("o-sick"),
        person=PersonId(EVENING_1),
        on_duty=False,
        starts=now,
        ends=now + 8 * HOUR,
        by=PersonId(CHIEF),
        made=now,
    )

    def act(tx: Tx) -> None:
        tx.rosters.override(off, fact(world.deps, world.deps.home, "override", now))
        duty_changed(tx, world.deps, now, (PersonId(EVENING_1),))

    await world.deps.store.write(act)
    await world.work()
    assert any("ingen har tagit över" in text for text in world.texts(CHIEF))


async def test_a_shift_that_goes_on_in_the_next_is_no_end(world: World) -> None:
    """Another duty begins where this one ends: nobody is told anything at the seam."""
    await answered_talk(world)
    now = world.clock.now()
    more = Override(
        id=OverrideId("o-more"),
        person=PersonId(EVENING_1),
        on_duty=True,
        starts=now,
        ends=now + 6 * HOUR,
        by=PersonId(EVENING_1),
        made=now,
        role=(await world.facts(EVENING_1)).postings[0].role,
        organisations=((await world.facts(EVENING_1)).postings[0].organisation,),
    )

    def act(tx: Tx) -> None:
        tx.rosters.override(more, fact(world.deps, world.deps.home, "override", now))
        duty_changed(tx, world.deps, now, (PersonId(EVENING_1),))

    await world.deps.store.write(act)
    await pass_time(world, timedelta(hours=1, minutes=50))
    await say_something(world)
    await pass_time(world, timedelta(minutes=40))
    assert not any("Ditt pass" in text for text in world.texts(EVENING_1))


async def test_timers_that_were_lost_cost_no_more_than_the_quarter(world: World) -> None:
    """Every timer deleted: the end of the shift itself is seen, since whoever goes off duty is looked at."""
    await link(world, CHIEF)
    await answered_talk(world)
    await world.deps.store.write(lambda tx: tx.timers.drop(TimerKind.SHIFT_ENDS, EVENING_1))
    await pass_time(world, timedelta(hours=1, minutes=50))
    await say_something(world)
    world.clock.move(timedelta(minutes=31))
    await pass_deadlines(world.deps)
    assert await pass_timers(world.deps) == 0
    now = world.clock.now()
    await world.deps.store.write(
        lambda tx: duty_changed(tx, world.deps, now, (PersonId(EVENING_1),))
    )  # as the edge does
    await world.work()
    assert any("ingen har tagit över" in text for text in world.texts(CHIEF))


async def test_a_decision_goes_to_nobody_who_may_not_decide_it(world: World) -> None:
    """A colleague without the delegation cannot be given it at the end of a shift; the other of the jour can."""
    await world.ask_for(OFFICER, "c:lpo-malmo-norr:child:decision@lvu_6:now")
    await world.accept(JOUR_3)
    who = await speaker(world, JOUR_3)
    found = await world.deps.store.read(lambda tx: shift_handover.leaving(tx, world.deps, who, None))
    assert {one.taker.person.id for one in found.colleagues} == {PersonId(JOUR_4)}
    assert await refused(world, JOUR_3, EVENING_1) is Code.NOT_ELIGIBLE
    await hand_over(world, JOUR_3, JOUR_4)
    assert len(await holds(world, JOUR_4)) == 1
