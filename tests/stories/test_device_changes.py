"""A talk that changes hands between Telegram and devices, by lapse, handover, loss and naming: the bridge hears no more than it must."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.client import room_giving
from bot.client.api import Problem
from bot.client.audience import Overheard
from bot.client.room_log import Began, Locked, Shown
from bot.client.room_plan import read_plan
from bot.core.consultation import State
from bot.core.errors import NotNow
from bot.core.ids import PersonId, RoomId
from bot.flow.deps import Deps
from bot.seal.wire import to_base64url
from tests.attacks.talking import as_planned
from tests.stories.handsets import Handset, Handsets, handsets
from tests.stories.story import EVENING_1, EVENING_2, JOUR_3, OFFICER, Story

MALMO, POLISEN, JOUR = "malmo", "polisen", "socialjour-malmo"
FIRST, SECOND, THIRD = "Vi står vid porten.", "Jag kommer om en kvart.", "Vi väntar."
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def devices(night: Story) -> AsyncIterator[Handsets]:
    """Devices on a Saturday night in Malmö; in the end everything verifies."""
    night.hidden |= {FIRST, SECOND, THIRD}
    async with handsets(night.deps, night.clock, night.database.parent) as found:
        yield found
        await night.quiet()
        await night.verified()


async def bridged(deps: Deps, room: str) -> frozenset[int]:
    """The epochs whose keys the bridge has."""
    held = await deps.store.read(lambda tx: tx.rooms.holders(RoomId(room)))
    return held.get(deps.keys.bridge.public.device_id, frozenset())


def began(shown: tuple[Shown, ...]) -> list[tuple[tuple[str, ...], int]]:
    """Who was in each epoch, and how many bridges."""
    return [(one.people, one.bridges) for one in shown if isinstance(one, Began)]


async def refused(attempt: Awaitable[object]) -> str:
    """Why the server refused."""
    with pytest.raises(Problem) as problem:
        await attempt
    return problem.value.code


@pytest.fixture
async def officer(devices: Handsets) -> Handset:
    return await devices.of(OFFICER, POLISEN)


@pytest.fixture
async def worker(devices: Handsets) -> Handset:
    return await devices.of(EVENING_1, MALMO)


async def test_after_a_lapse_somebody_on_telegram_gets_an_epoch_and_no_history(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """The silent one is out, the bridge begins the next epoch for who takes it, and what was said before it cannot read."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say(FIRST)
    await night.pass_time(4 * MINUTE)
    assert (await night.latest()).state is State.OFFERED
    await night.accept(EVENING_2)
    await officer.room(room).follow()
    assert began(officer.room(room).log.show()) == [((EVENING_1, OFFICER), 0), ((OFFICER,), 1)]
    assert await refused(worker.room(room).follow()) == "not_yours"
    assert await bridged(night.deps, room) == {2}
    assert await officer.give_history(room) == 0  # a bridge is nobody to whom history is given
    await officer.room(room).say(SECOND)
    await night.phone(EVENING_2).wait_for_text(SECOND)
    assert not any(FIRST in shown.text for shown in night.phone(EVENING_2).messages)


async def test_after_a_lapse_on_telegram_a_device_gets_all_and_the_bridge_is_out(
    night: Story, devices: Handsets, officer: Handset
) -> None:
    """The officer has a device, the first worker only Telegram: the next one's device has no bridge beside it."""
    await officer.ask()
    await night.accept(EVENING_1)
    room = str((await night.latest()).room)
    await officer.room(room).follow()
    await officer.room(room).say(FIRST)
    await night.phone(EVENING_1).wait_for_text(FIRST)
    next_one = await devices.of(EVENING_2, MALMO)
    await night.pass_time(4 * MINUTE)
    await next_one.accept()
    assert await bridged(night.deps, room) == {1}
    assert [type(one) for one in next_one.room(room).log.show()] == []
    await next_one.room(room).follow()
    assert began(next_one.room(room).log.show())[-1] == ((EVENING_2, OFFICER), 0)
    assert any(isinstance(one, Locked) for one in next_one.room(room).log.show())
    await next_one.room(room).say(SECOND)
    assert await officer.give_history(room) == 1
    assert await next_one.heard(room) == [FIRST, SECOND]
    assert await bridged(night.deps, room) == {1}


async def test_once_somebody_was_named_a_talk_is_handed_to_devices_alone(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Whoever has only Telegram is not among the receivers, and asked for all the same is refused; a device is taken."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say(FIRST)
    assert JOUR_3 in {row["person"] for row in await room_giving.receivers(worker.room(room))}
    await worker.do(room, "identify")
    assert JOUR_3 not in {row["person"] for row in await room_giving.receivers(worker.room(room))}
    path, body = f"/api/v1/rooms/{room}/handover", {"to": JOUR_3, "grants": []}
    key = worker.room(room).fresh_key()
    assert await refused(worker.api.post(path, body, key=key)) == "not_eligible"
    jour = await devices.of(JOUR_3, JOUR)
    await worker.hand_over(room, JOUR_3)
    assert await jour.heard(room) == [FIRST]
    await jour.room(room).say(SECOND)
    assert await officer.heard(room) == [FIRST, SECOND]
    assert await bridged(night.deps, room) == frozenset()


async def test_somebody_with_a_device_and_telegram_takes_it_on_telegram(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """Pressed in Telegram, held on the device: Telegram rings without a word, and the bridge never has a key."""
    await officer.ask()
    await night.accept(EVENING_1)
    room = str((await night.latest()).room)
    await worker.room(room).rekey()
    await worker.room(room).say(FIRST)
    assert await officer.heard(room) == [FIRST]
    await officer.room(room).say(SECOND)
    await night.phone(EVENING_1).say("Fel ställe.")
    await night.phone(EVENING_1).wait_for_text("Telegram får inte föra samtalet här")
    await night.quiet()
    assert not any(SECOND in shown.text for shown in night.phone(EVENING_1).messages)
    assert await worker.heard(room) == [FIRST, SECOND]
    assert await bridged(night.deps, room) == frozenset()


async def test_the_identified_phase_takes_both_on_devices_and_a_room_without_a_bridge(
    night: Story, devices: Handsets, worker: Handset
) -> None:
    """Refused while a bridge has the key, also when the officer has just got a device; and never unsaid afterwards."""
    await night.ask_for(night.phone(OFFICER))
    room = (await worker.accept()).log.room
    assert await refused(worker.do(room, "identify")) == "bridge_in_room"
    officer = await devices.of(OFFICER, POLISEN)
    assert await refused(officer.do(room, "identify")) == "bridge_in_room"
    await officer.room(room).rekey()
    third = await devices.of(EVENING_1, MALMO)
    assert await refused(officer.do(room, "identify")) == "rekey_needed"
    await third.room(room).rekey()
    await officer.room(room).follow()
    assert (await officer.do(room, "identify"))["identified"] is True
    await devices.lose(worker)
    await devices.lose(third)
    told = await officer.room(room).look()
    assert [one["bridged"] for one in told["members"]] == [False, False]
    await officer.room(room).say(FIRST)
    await night.phone(EVENING_1).say("Jag har bara Telegram nu.")
    await night.phone(EVENING_1).wait_for_text("Telegram får inte föra samtalet här")
    assert began(officer.room(room).log.show())[-1] == ((OFFICER,), 0)
    assert await bridged(night.deps, room) == {1}


async def test_a_room_is_not_named_by_somebody_whose_counterpart_lost_their_device(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """A bridge would have to come in for them: the phase is refused before and after it does."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await devices.lose(officer)
    assert await refused(worker.do(room, "identify")) == "device_missing"
    await worker.room(room).rekey()
    assert await bridged(night.deps, room) == {2}
    assert await refused(worker.do(room, "identify")) == "bridge_in_room"


async def test_words_written_without_net_do_not_reach_a_bridge_that_came_meanwhile(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Hours without coverage, and the other has lost their telephone: nothing is sent to Telegram before the writer looked."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await worker.room(room).follow()
    origin, worker.api.origin = worker.api.origin, "http://localhost:9"
    await worker.room(room).say(FIRST)
    await devices.lose(officer)
    worker.api.origin = origin
    again = await devices.again(worker)
    with pytest.raises(Overheard):
        await again.room(room).flush()
    await night.quiet()
    assert not any(FIRST in shown.text for shown in night.phone(OFFICER).messages)
    assert again.room(room).log.bridged
    assert await again.room(room).say_anyway() == 1
    await night.phone(OFFICER).wait_for_text(FIRST)


async def test_words_that_wait_are_sent_before_the_talk_is_handed_over(
    devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Nothing that somebody wrote is dropped by handing over: it goes first, and while it cannot, nothing is handed over."""
    await officer.ask()
    room = (await worker.accept()).log.room
    mine, jour = worker.room(room), await devices.of(JOUR_3, JOUR)
    await mine.follow()
    origin, worker.api.origin = worker.api.origin, "http://localhost:9"
    await mine.say(FIRST)
    with pytest.raises(NotNow):
        await worker.hand_over(room, jour.person)
    assert len(mine.outgoing.waiting(room)) == 1
    worker.api.origin = origin
    await worker.hand_over(room, jour.person)
    assert await jour.heard(room) == await officer.heard(room) == [FIRST]


async def test_words_that_wait_when_the_talk_is_over_go_nowhere(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Away until it was over and the next talk began: they are refused for good, and stand in no other room's way."""
    consultation = await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).follow()
    origin, officer.api.origin = officer.api.origin, "http://localhost:9"
    await officer.room(room).say(FIRST)
    officer.api.origin = origin
    await worker.do(consultation, "close", ending="advice")
    again = await devices.again(officer)
    assert await refused(again.room(room).flush()) == "not_open"
    await again.ask()
    other = (await worker.accept()).log.room
    await again.room(other).follow()
    await again.room(other).say(SECOND)
    assert await worker.heard(other) == [SECOND]
    assert await worker.heard(room) == []
    again.outgoing.forget(room)
    assert again.outgoing.waiting(room) == ()
    assert (await night.latest()).holder == PersonId(EVENING_1)


async def test_a_bridge_that_could_not_hear_is_not_let_in(night: Story, worker: Handset) -> None:
    """A device that seals something else than the key to the bridge is told at once: nobody on Telegram would hear it."""
    await night.ask_for(night.phone(OFFICER))
    offer = await worker.offered()
    planned = read_plan((await worker.api.get(f"/api/v1/offers/{offer}"))["plan"])
    await worker.trust.check(planned.organisations)
    honest, own = as_planned(planned, worker), worker.device.secret
    deaf = replace(honest, sealed_for=tuple(own.public for _ in honest.recipients))
    path, draw = f"/api/v1/offers/{offer}/accept", night.deps.entropy.draw
    for made, refusal in ((deaf, "bad_seal"), (honest, "")):
        key, body = to_base64url(draw(16)), made.body(own, EVENING_1, draw)
        if refusal:
            assert await refused(worker.api.post(path, body, key=key)) == refusal
            assert night.rows("room_epochs") == 0
        else:
            await worker.api.post(path, body, key=key)
    room = str((await night.latest()).room)
    await night.phone(OFFICER).say(FIRST)
    await night.quiet()
    assert await worker.heard(room) == [FIRST]
