"""Waking whoever is asked: nobody waits a whole step for somebody whose doorbell nobody heard."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import State
from bot.core.ids import OfferId, OrganisationId, PersonId
from bot.core.request import Outcome
from bot.core.waking import MOST_OF_ORGANISATION, MOST_TO_PERSON, Did, Means, Purpose
from bot.flow import door
from bot.flow.deliver import begin_due
from bot.flow.messages import Delivery
from bot.flow.ports import Tx
from bot.flow.records import Session
from bot.flow.timed import pass_timers
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from bot.flow.waking import What, being_called, seen, wake_person
from tests.flow.flow_world import CHANNEL, EVENING_1, EVENING_2, FARSTA_1, NIGHT, OFFICER, OFFICER_2, address
from tests.flow.waking_world import Woken, waking_night

SMS, VOICE = timedelta(seconds=20), timedelta(seconds=35)  # in policies/waking.yaml
SECOND = timedelta(seconds=1)
SENTENCE = "Samjour: någon söker dig. Öppna Samjour."
SPOKEN = "Det här är Samjour. Någon söker dig. Öppna Samjour."
MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")


@pytest.fixture
async def world(laid_out: Path, content: Content, folder: Path) -> AsyncIterator[Woken]:
    """Saturday night in Malmö, with a gateway."""
    async with waking_night(laid_out, folder, content) as begun:
        yield begun


async def asked(world: Woken) -> OfferId:
    """The officer asks; the first evening worker is rung."""
    c = await world.ask_for()
    assert [offer.person for offer in c.pending] == [EVENING_1]
    return c.pending[0].id


async def later(world: Woken, span: timedelta) -> None:
    world.clock.move(span)
    await world.work()


async def whole(world: Woken) -> None:
    """Everything that was recorded holds."""
    await sign_heads(world.deps)
    found = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert found.faults == ()


# ---- when nobody looks ----------------------------------------------------------------------------------------


async def test_an_sms_and_a_call_follow_before_the_step_is_over(world: Woken) -> None:
    """Twenty seconds without "Visa" bring an SMS, thirty-five a call, each to the second, and the step is not over."""
    offer = await asked(world)
    await later(world, SMS - SECOND)
    assert world.sms.asked == []
    await later(world, SECOND)
    assert world.sms.texts == [SENTENCE]
    assert world.voice.asked == []
    await later(world, VOICE - SMS - SECOND)
    assert world.voice.asked == []
    await later(world, SECOND)
    assert world.voice.texts == [SPOKEN]
    c = await world.latest()
    assert [(o.id, o.outcome) for o in c.offers] == [(offer, Outcome.PENDING)]
    await whole(world)


async def test_the_number_is_dialled_as_a_gateway_dials_it(world: Woken) -> None:
    """The telephone number of the person's own row, in E.164, for this sending alone."""
    await asked(world)
    await later(world, SMS)
    assert [message.address for message in world.sms.taken] == ["+46701740633"]


async def test_telegram_silent_changes_nothing_of_it(world: Woken) -> None:
    """While Telegram does not answer, the second channel has its turn at its second."""
    world.chats.answers[address(EVENING_1)] = Delivery.LATER
    await asked(world)
    await later(world, SMS)
    assert world.sms.texts == [SENTENCE]


async def test_gateway_silent_leaves_the_chain_as_it_was(world: Woken) -> None:
    """While the gateway does not answer, the doorbell rings and the step ends when it always did."""
    world.sms.answer = world.voice.answer = Delivery.LATER
    await asked(world)
    for _ in range(59):
        await later(world, SECOND)
    assert len(world.sms.asked) > 1, "it was not tried again"
    assert [o.person for o in (await world.latest()).pending] == [EVENING_1]
    await later(world, 2 * SECOND)
    c = await world.latest()
    assert [(o.person, o.outcome) for o in c.offers] == [
        (EVENING_1, Outcome.SILENT),
        (EVENING_2, Outcome.PENDING),
    ]
    tries = len(world.sms.asked)
    await later(world, 2 * SMS)
    assert world.sms.asked[tries:] == [m for m in world.sms.asked[tries:] if m.address != "+46701740633"]


async def test_both_silent_and_the_next_one_is_asked(world: Woken) -> None:
    """With Telegram and the gateway both away nobody waits longer than the steps take: numbers come in the end."""
    world.sms.answer = world.voice.answer = Delivery.LATER
    for person in (EVENING_1, EVENING_2, "p-sj-malmo-3", "p-sj-malmo-4"):
        world.chats.answers[address(person)] = Delivery.LATER
    await asked(world)
    for _ in range(3):
        await later(world, timedelta(seconds=61))
    assert (await world.latest()).state is State.PHONED
    await whole(world)


async def test_a_try_again_carries_the_same_key(world: Woken) -> None:
    """Each try of one call names it alike, so that a gateway which took it before need not send it twice."""
    world.sms.answer = Delivery.LATER
    await asked(world)
    await later(world, SMS)
    await later(world, 3 * SECOND)
    keys = {message.key for message in world.sms.asked}
    assert len(world.sms.asked) > 1
    assert len(keys) == 1
    assert keys != {""}


async def test_the_officer_can_be_told_that_more_is_tried(world: Woken) -> None:
    """What the officer's card needs: by which second channel somebody is being called, and that nobody is once they looked."""
    await asked(world)

    async def tried() -> Means | None:
        c = await world.latest()
        return await world.deps.store.read(lambda tx: being_called(tx, c))

    assert await tried() is None
    await later(world, SMS)
    assert await tried() is Means.SMS
    await later(world, VOICE - SMS)
    assert await tried() is Means.VOICE
    await world.press_shown(EVENING_1, ":show")
    assert await tried() is None


# ---- when somebody looks --------------------------------------------------------------------------------------


async def test_visa_stops_the_second_channel(world: Woken) -> None:
    """Whoever has looked is awake: no telephone rings for it, and that they looked is kept."""
    offer = await asked(world)
    await later(world, SMS - SECOND)
    await world.press_shown(EVENING_1, ":show")
    await later(world, VOICE)
    assert world.sms.asked == world.voice.asked == []
    assert await world.told(offer) == [("telegram", "seen")]
    await whole(world)


async def test_visa_after_the_sms_stops_the_call(world: Woken) -> None:
    """An SMS that woke somebody is not followed by a call."""
    offer = await asked(world)
    await later(world, SMS)
    await world.press_shown(EVENING_1, ":show")
    await later(world, VOICE)
    assert world.voice.asked == []
    assert await world.told(offer) == [("sms", "called"), ("sms", "taken"), ("telegram", "seen")]


async def test_visa_while_the_gateway_hangs_ends_the_trying(world: Woken) -> None:
    """A call that was not taken yet is not made once somebody has looked."""
    world.sms.answer = Delivery.LATER
    await asked(world)
    await later(world, SMS)
    await world.press_shown(EVENING_1, ":show")
    tries = len(world.sms.asked)
    world.sms.answer = Delivery.SENT
    await later(world, SMS)
    assert world.sms.asked[tries:] == []


async def test_looking_twice_is_kept_once(world: Woken) -> None:
    """A thumb that presses "Visa" twice leaves one receipt."""
    offer = await asked(world)
    await world.press_shown(EVENING_1, ":show")
    c = await world.latest()
    what = What(
        purpose=Purpose.OFFER, ref=offer, organisation=MALMO, until=c.pending[0].until, consultation=c.id
    )
    await world.deps.store.write(lambda tx: seen(tx, world.deps, what, PersonId(EVENING_1), Means.DEVICE))
    assert await world.told(offer) == [("telegram", "seen")]


async def test_a_decline_before_the_sms_calls_nobody(world: Woken) -> None:
    """Whoever has answered is left in peace; the next one has seconds of their own."""
    await asked(world)
    await world.press_shown(EVENING_1, ":show")
    await world.press_shown(EVENING_1, ":no:busy")
    await later(world, SMS - SECOND)
    assert world.sms.asked == []
    await later(world, SECOND)
    assert [message.address for message in world.sms.taken] == ["+46701740634"]


async def test_a_request_that_is_withdrawn_calls_nobody(world: Woken) -> None:
    """What nobody needs any more wakes nobody."""
    await asked(world)
    await world.press_shown(OFFICER, ":cancel")
    await later(world, VOICE)
    assert world.sms.asked == world.voice.asked == []


async def test_somebody_elses_visa_is_nobodys_look(world: Woken) -> None:
    """A doorbell that was forwarded, and pressed by another, stops no call to whoever was asked."""
    offer = await asked(world)
    await world.press(EVENING_2, f"o:{offer}:show", "0")
    assert await world.told(offer) == []
    await later(world, SMS)
    assert world.sms.texts == [SENTENCE]


async def test_visa_on_an_old_doorbell_is_no_look(world: Woken) -> None:
    """What was pressed when the time was out says nothing of the next request."""
    offer = await asked(world)
    await later(world, timedelta(seconds=61))
    await world.press(EVENING_1, f"o:{offer}:show", "0")
    assert "seen" not in [did for _, did in await world.told(offer)]


async def test_a_yes_pressed_on_a_copy_of_the_page_stops_it_too(world: Woken) -> None:
    """However they took it: whoever has it is called no more."""
    offer = await asked(world)
    await world.press(EVENING_1, f"o:{offer}:yes", "0")
    assert (await world.latest()).holder == EVENING_1
    await later(world, VOICE)
    assert world.sms.asked == world.voice.asked == []


# ---- what comes to nothing ------------------------------------------------------------------------------------


async def test_what_the_gateway_refuses_goes_on_at_once(world: Woken) -> None:
    """A refused SMS is followed by the call in the same second, and both are kept."""
    world.sms.answer = Delivery.REFUSED
    offer = await asked(world)
    await later(world, SMS)
    assert world.voice.texts == [SPOKEN]
    assert await world.told(offer) == [
        ("sms", "called"),
        ("sms", "refused"),
        ("voice", "called"),
        ("voice", "taken"),
    ]
    await whole(world)


async def test_a_report_that_it_failed_goes_on_at_once(world: Woken) -> None:
    """An SMS that did not arrive is followed by the call when that is known."""
    offer = await asked(world)
    await later(world, SMS)
    await later(world, SECOND)
    await world.report(await world.called(offer), Did.FAILED)
    assert world.voice.texts == [SPOKEN]


async def test_a_report_that_it_arrived_does_not_stop_the_call(world: Woken) -> None:
    """That a telephone has an SMS says nothing of whoever sleeps beside it."""
    offer = await asked(world)
    await later(world, SMS)
    await world.report(await world.called(offer), Did.DELIVERED)
    await later(world, VOICE - SMS)
    assert world.voice.texts == [SPOKEN]


async def test_a_report_that_comes_twice_is_kept_once(world: Woken) -> None:
    """Reports are repeated by their senders: the second one changes nothing, and calls nobody again."""
    offer = await asked(world)
    await later(world, SMS)
    for did in (Did.FAILED, Did.FAILED, Did.DELIVERED, Did.DELIVERED):
        await world.report(await world.called(offer), did)
    assert [did for _, did in await world.told(offer)] == [
        "called",
        "taken",
        "failed",
        "called",
        "taken",
        "delivered",
    ]
    assert len(world.voice.asked) == 1
    await whole(world)


async def test_a_late_report_after_the_yes_changes_nothing(world: Woken) -> None:
    """The talk goes on; that the SMS failed is kept, and nobody is called."""
    offer = await asked(world)
    await later(world, SMS)
    await world.accept(EVENING_1)
    before = await world.latest()
    await world.report(await world.called(offer), Did.FAILED)
    await later(world, VOICE)
    assert world.voice.asked == []
    assert await world.latest() == before
    assert ("sms", "failed") in await world.told(offer)
    await whole(world)


async def test_a_report_of_a_call_that_nobody_made_is_passed_by(world: Woken) -> None:
    """A ring that is not known, or no call, is nothing to report of."""
    offer = await asked(world)
    await world.press_shown(EVENING_1, ":show")
    for ring in await world.rings(offer):
        await world.report(ring, Did.FAILED)
        await world.report(replace(ring, id="0" * 32), Did.FAILED)
    assert await world.told(offer) == [("telegram", "seen")]


@pytest.mark.parametrize("phone", [None, "112", "12-345"])
async def test_no_phone_is_told_and_goes_on(world: Woken, phone: str | None) -> None:
    """Whoever has no number that can be dialled is not called, which stands in the record (OneUptime#1809)."""
    await world.give_phone(EVENING_1, phone)
    offer = await asked(world)
    await later(world, SMS)
    assert await world.told(offer) == [("sms", "no_phone"), ("voice", "no_phone")]
    await later(world, VOICE)
    assert world.sms.asked == world.voice.asked == []
    await whole(world)


async def test_without_a_gateway_everything_else_is_as_it_was(
    laid_out: Path, content: Content, folder: Path
) -> None:
    """Off, which it is from the start: that nobody could be called is kept, and the chain goes on in its time."""
    async with waking_night(laid_out, folder, content, frozenset()) as world:
        offer = await asked(world)
        await later(world, SMS)
        assert await world.told(offer) == [("sms", "no_gateway"), ("voice", "no_gateway")]
        await later(world, timedelta(seconds=41))
        assert [o.person for o in (await world.latest()).pending] == [EVENING_2]
        await whole(world)


async def test_a_gateway_that_only_sends_text_lets_the_call_be(
    laid_out: Path, content: Content, folder: Path
) -> None:
    """Without a recording nothing is played to anybody: the SMS goes, the call is told as not possible."""
    async with waking_night(laid_out, folder, content, frozenset({Means.SMS})) as world:
        offer = await asked(world)
        await later(world, SMS)
        await later(world, VOICE - SMS)
        assert await world.told(offer) == [("sms", "called"), ("sms", "taken"), ("voice", "no_gateway")]


async def test_a_doorbell_that_is_refused_brings_the_sms_at_once(world: Woken) -> None:
    """Where Telegram will not take the doorbell, nobody waits twenty seconds for it."""
    world.chats.answers[address(EVENING_1)] = Delivery.REFUSED
    offer = await asked(world)
    assert world.sms.texts == [SENTENCE]
    assert (await world.told(offer))[0] == ("telegram", "refused")


async def test_who_has_no_bell_is_sent_the_sms_at_once(world: Woken) -> None:
    """Somebody who is signed in on a device and linked nowhere: a page that stands open rings for nobody."""
    now = world.clock.now()
    session = Session(
        digest=bytes(32),
        person=PersonId(EVENING_1),
        created=now,
        expires=now + timedelta(hours=1),
        device=bytes(16),
    )

    def act(tx: Tx) -> None:
        tx.people.open_session(session)
        door.unlink(tx, world.deps, CHANNEL, PersonId(EVENING_1))

    await world.deps.store.write(act)
    offer = await asked(world)
    assert world.sms.texts == [SENTENCE]
    assert await world.told(offer) == [("sms", "called"), ("sms", "taken")]


async def test_a_gateway_that_was_taken_away_refuses_what_was_left(world: Woken) -> None:
    """A call that was put out before a restart without the gateway is given up at once, and told."""
    offer = await asked(world)
    world.clock.move(SMS)
    await pass_timers(world.deps)
    await asyncio.gather(*await begin_due(world.deps, {CHANNEL: world.chats}))
    assert (await world.told(offer))[:2] == [("sms", "called"), ("sms", "refused")]
    assert await world.deps.store.read(lambda tx: tx.outbox.next_due()) is not None, (
        "the next means has its turn"
    )


async def test_an_organisation_that_has_not_decided_calls_nobody(world: Woken) -> None:
    """Silence in the policy is the doorbell alone, whoever asks."""
    what = What(purpose=Purpose.READINESS, ref="s-1", organisation=FARSTA, until=NIGHT + SMS)
    did = await world.deps.store.write(
        lambda tx: wake_person(tx, world.deps, PersonId(FARSTA_1), Means.SMS, what)
    )
    await world.work()
    assert did is Did.NOT_ALLOWED
    assert world.sms.asked == []


# ---- storms ---------------------------------------------------------------------------------------------------


async def test_two_offers_within_a_minute_ring_the_phone_once(world: Woken) -> None:
    """Two officers ask at the same time: one SMS and one call wake whoever is asked for both."""
    first = await asked(world)
    second = (await world.ask_for(OFFICER_2)).pending[0]
    assert second.person == EVENING_1
    await later(world, VOICE)
    assert len(world.sms.taken) == len(world.voice.taken) == 1
    both = [await world.told(offer) for offer in (first, second.id)]
    assert sorted(did for told in both for _, did in told) == [
        "called",
        "called",
        "just_rung",
        "just_rung",
        "taken",
        "taken",
    ]


def call(world: Woken, tx: Tx, person: str, number: int, means: Means = Means.SMS) -> Did:
    what = What(
        purpose=Purpose.READINESS, ref=f"s-{number}", organisation=MALMO, until=world.clock.now() + SMS
    )
    return wake_person(tx, world.deps, PersonId(person), means, what)


async def test_a_flood_never_makes_more_calls_to_a_person_than_the_cap(world: Woken) -> None:
    """However often somebody is to be woken within an hour, their telephone rings as often as it may and no more."""
    for number in range(3 * MOST_TO_PERSON):
        await world.deps.store.write(lambda tx, n=number: call(world, tx, EVENING_1, n))  # type: ignore[misc]
        await world.work()
        await later(world, timedelta(seconds=61))
    assert len(world.sms.taken) == MOST_TO_PERSON
    await later(world, timedelta(hours=1))
    assert await world.deps.store.write(lambda tx: call(world, tx, EVENING_1, 100)) is Did.CALLED


async def test_a_flood_never_makes_more_calls_of_an_organisation_than_the_cap(world: Woken) -> None:
    """Nor does an organisation, whomever it calls, and by whatever means."""
    people = [p for p in await world.deps.store.read(lambda tx: tx.people.all()) if p.phone]
    told = []
    for number, person in enumerate(people * 4):
        means = (Means.SMS, Means.VOICE)[number // len(people) % 2]
        told.append(
            await world.deps.store.write(
                lambda tx, p=person, n=number, m=means: call(world, tx, p.id, n, m)  # type: ignore[misc]
            )
        )
        await world.work()
        world.clock.move(3 * SECOND)
    assert told.count(Did.CALLED) == MOST_OF_ORGANISATION
    assert len(world.sms.asked) + len(world.voice.asked) == MOST_OF_ORGANISATION


async def test_capped_is_told_once_and_ends_the_trying(world: Woken) -> None:
    """Where the cap is reached the record says so, and nothing else is tried for that offer."""
    for number in range(MOST_TO_PERSON):
        await world.deps.store.write(lambda tx, n=number: call(world, tx, EVENING_1, n))  # type: ignore[misc]
        await world.work()
        await later(world, timedelta(seconds=61))
    offer = await asked(world)
    await later(world, VOICE)
    assert await world.told(offer) == [("sms", "capped")]
    assert (await world.latest()).state is State.OFFERED


# ---- what is kept where ---------------------------------------------------------------------------------------


def files_in(folder: Path) -> list[Path]:
    """The database's files."""
    return list(folder.glob("samjour.db*"))


async def test_no_number_stands_anywhere_in_clear(world: Woken, folder: Path) -> None:
    """Neither the outbox, nor the rings, nor the ledger holds a telephone number, in any spelling."""
    world.sms.answer = Delivery.LATER
    await asked(world)
    await later(world, SMS)
    held = b"".join(
        [await asyncio.to_thread(p.read_bytes) for p in await asyncio.to_thread(files_in, folder)]
    )
    for spelled in (b"070-1740633", b"0701740633", b"46701740633", b"701740633"):
        assert spelled not in held
