"""Rooms with one leg on Telegram, and rooms that change from one to the other: the bridge is in exactly while it must be."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.client.api import Problem
from bot.client.audience import Overheard
from bot.client.room_log import Began, Shown
from bot.content import Content
from bot.core.channels_policy import ChannelPolicy
from bot.core.consultation import State
from bot.core.ids import PersonId, RoomId
from bot.flow.deps import Deps
from tests.stories.conftest import Begin
from tests.stories.handsets import Handsets, handsets
from tests.stories.story import EVENING_1, EVENING_2, JOUR_3, OFFICER, Story

MALMO, POLISEN, JOUR = "malmo", "polisen", "socialjour-malmo"
FIRST, SECOND, THIRD = "Vi står vid porten.", "Jag kommer om en kvart.", "Vi väntar."


@pytest.fixture
async def devices(night: Story) -> AsyncIterator[Handsets]:
    """Devices on a Saturday night in Malmö."""
    night.hidden |= {FIRST, SECOND, THIRD}
    async with handsets(night.deps, night.clock, night.database.parent) as found:
        yield found


async def bridged(deps: Deps, room: str) -> frozenset[int]:
    """The epochs whose keys the bridge has."""
    held = await deps.store.read(lambda tx: tx.rooms.holders(RoomId(room)))
    return held.get(deps.keys.bridge.public.device_id, frozenset())


def began(shown: tuple[Shown, ...]) -> list[tuple[tuple[str, ...], int]]:
    """Who was in each epoch, and how many bridges."""
    return [(one.people, one.bridges) for one in shown if isinstance(one, Began)]


async def test_two_with_devices_who_meet_on_telegram_talk_on_their_devices(
    night: Story, devices: Handsets
) -> None:
    """Accepted by a button, the room waits for a device to begin it: the bridge never has a key, and carries no word."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(EVENING_1, MALMO)
    await night.open_talk()
    await night.phone(EVENING_1).wait_for_text("skriv där")
    room = str((await night.latest()).room)
    assert (await worker.room(room).look())["head"]["epoch"] == 0
    assert await bridged(night.deps, room) == frozenset()
    await night.verified()
    await night.phone(EVENING_1).say("Hej, är det bråttom?")
    await night.phone(EVENING_1).wait_for_text("Telegram får inte föra samtalet här")
    await officer.room(room).say(FIRST)
    assert await worker.heard(room) == [FIRST]
    assert await bridged(night.deps, room) == frozenset()
    await night.verified()


async def test_where_telegram_may_not_talk_no_bridge_is_ever_in(begin: Begin, malmo: Content) -> None:
    """Two without devices telephone, and the room stays empty; as soon as both have devices they talk in it."""
    silent = replace(malmo, channels=ChannelPolicy(rules=(), talks={}))
    async with begin(files=silent) as story:
        await story.ask_for(story.phone(OFFICER))
        await story.accept(EVENING_1)
        await story.phone(EVENING_1).wait_for_text("Telegram får inte föra samtalet här")
        room = str((await story.latest()).room)
        assert story.rows("room_epochs") == 0
        await story.verified()
        story.hidden |= {FIRST, SECOND}
        async with handsets(story.deps, story.clock, story.database.parent) as devices:
            worker = await devices.of(EVENING_1, MALMO)
            await worker.room(room).say(FIRST)
            officer = await devices.of(OFFICER, POLISEN)
            await officer.room(room).say(SECOND)
            assert await worker.give_history(room) == 1
            assert await officer.heard(room) == [FIRST, SECOND]
        assert await bridged(story.deps, room) == frozenset()
        await story.verified()


async def test_a_device_enrolled_in_the_middle_of_a_talk_takes_the_bridges_place(
    night: Story, devices: Handsets
) -> None:
    """The bridge gives the history at once; from then on Telegram carries nothing of that person's."""
    await night.open_talk()
    await night.phone(OFFICER).say(FIRST)
    await night.phone(EVENING_1).wait_for_text(FIRST)
    room = str((await night.latest()).room)
    officer = await devices.of(OFFICER, POLISEN)
    assert await officer.heard(room) == [FIRST]
    assert began(officer.room(room).log.show()) == [((), 1), ((OFFICER,), 1)]
    await night.phone(OFFICER).say("Skrivet på fel ställe.")
    await night.phone(OFFICER).wait_for_text("Telegram får inte föra samtalet här")
    await officer.room(room).say(SECOND)
    await night.phone(EVENING_1).wait_for_text(SECOND)
    worker = await devices.of(EVENING_1, MALMO)
    assert await worker.heard(room) == [FIRST, SECOND]
    await worker.room(room).say(THIRD)
    assert await officer.heard(room) == [FIRST, SECOND, THIRD]
    assert began(officer.room(room).log.show())[-1] == ((EVENING_1, OFFICER), 0)
    await night.quiet()
    assert not any(THIRD in shown.text for shown in night.phone(OFFICER).messages)
    await night.verified()


async def test_a_lost_device_in_a_bridged_room_is_out_at_once(night: Story, devices: Handsets) -> None:
    """The bridge holds the key and stays: it begins the next epoch in the same moment, before anybody speaks."""
    await night.ask_for(night.phone(OFFICER))
    worker, lost = await devices.of(EVENING_1, MALMO), await devices.of(EVENING_1, MALMO)
    room = (await worker.accept()).log.room
    await devices.lose(lost)
    await worker.room(room).follow()
    assert worker.room(room).log.head.epoch == 2
    assert lost.device.id not in worker.room(room).log.recipients
    await night.phone(OFFICER).say(FIRST)
    await night.quiet()
    assert await worker.heard(room) == [FIRST]
    await night.verified()


async def test_a_bridge_does_not_let_itself_in(night: Story, devices: Handsets) -> None:
    """Somebody who has lost their only device is on Telegram again when the other's device has let the bridge in."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(EVENING_1, MALMO)
    await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say(FIRST)
    await devices.lose(officer)
    await night.phone(OFFICER).say("Jag har bara Telegram nu.")
    await night.phone(OFFICER).wait_for_text("byter nycklar")
    with pytest.raises(Overheard):
        await worker.room(room).say(SECOND)  # it was written before the bridge came in
    assert began(worker.room(room).log.show())[-1] == ((EVENING_1,), 1)
    assert await worker.heard(room) == [FIRST]
    assert await worker.room(room).say_anyway() == 1
    await night.phone(OFFICER).wait_for_text(SECOND)
    await night.phone(OFFICER).say(THIRD)
    await night.quiet()
    assert await worker.heard(room) == [FIRST, SECOND, THIRD]
    assert await bridged(night.deps, room) == {2}
    await night.verified()


async def test_a_talk_is_handed_over_to_somebody_on_telegram(night: Story, devices: Handsets) -> None:
    """The bridge begins the next epoch at once, without the giver; what was said before it cannot read."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(EVENING_1, MALMO)
    await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say(FIRST)
    await worker.hand_over(room, JOUR_3)
    await night.phone(JOUR_3).wait_for_text("Du har förfrågan")
    await night.phone(JOUR_3).say(SECOND)
    await night.quiet()
    assert await officer.heard(room) == [FIRST, SECOND]
    assert began(officer.room(room).log.show())[-1] == ((OFFICER,), 1)
    assert await bridged(night.deps, room) == {2}
    await officer.room(room).say(THIRD)
    await night.phone(JOUR_3).wait_for_text(THIRD)
    await night.verified()


async def test_after_somebody_was_named_nobody_comes_in_by_telegram(night: Story, devices: Handsets) -> None:
    """The next to take it on Telegram telephones: the officer's device is alone in the room, and the bridge has no key."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(EVENING_1, MALMO)
    consultation = await officer.ask()
    room = (await worker.accept()).log.room
    await officer.do(consultation, "identify")
    await officer.room(room).say(FIRST)
    await worker.do(consultation, "could-not-attend")
    await night.accept(EVENING_2)
    await night.phone(EVENING_2).wait_for_text("Telegram får inte föra samtalet här")
    taken = await night.latest()
    assert (taken.state, taken.holder, taken.identified) == (State.OPEN, PersonId(EVENING_2), True)
    await officer.room(room).say(SECOND)
    assert began(officer.room(room).log.show())[-1] == ((OFFICER,), 0)
    with pytest.raises(Problem):
        await officer.hand_over(room, JOUR_3)
    assert await bridged(night.deps, room) == frozenset()
    await night.verified()


async def test_the_jour_on_a_device_follows_a_talk_on_telegram(night: Story, devices: Handsets) -> None:
    """When one on Telegram cannot come, the next on a device gets the history from the bridge with the new epoch."""
    await night.open_talk()
    await night.phone(OFFICER).say(FIRST)
    await night.phone(EVENING_1).wait_for_text(FIRST)
    await night.phone(EVENING_1).press("Jag kan inte komma")
    await night.phone(OFFICER).wait_for_text("kan inte komma")
    next_one = await devices.of(EVENING_2, MALMO)
    room = (await next_one.accept()).log.room
    assert await next_one.heard(room) == [FIRST]
    await next_one.room(room).say(SECOND)
    await night.phone(OFFICER).wait_for_text(SECOND)
    await night.verified()
