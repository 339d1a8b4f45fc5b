"""A talk that a colleague takes over on a device: a new epoch without whoever had it, and the history from the officer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest

from bot.client.answers import rows_of
from bot.client.api import Problem
from bot.core.consultation import State
from bot.core.ids import RoomId
from bot.core.request import Outcome
from tests.stories.handsets import Handset, Handsets, handsets
from tests.stories.story import EVENING_1, EVENING_2, JOUR_3, OFFICER, Story

MALMO, POLISEN, JOUR = "malmo", "polisen", "socialjour-malmo"
FIRST, SECOND, THIRD = "Vi står vid porten.", "Jag tar över nu.", "Tack, vi väntar."
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def devices(night: Story) -> AsyncIterator[Handsets]:
    """Devices on a Saturday night in Malmö; in the end everything verifies."""
    night.hidden |= {FIRST, SECOND, THIRD}
    async with handsets(night.deps, night.clock, night.database.parent) as found:
        yield found
        await night.quiet()
        await night.verified()


@pytest.fixture
async def officer(devices: Handsets) -> Handset:
    return await devices.of(OFFICER, POLISEN)


@pytest.fixture
async def worker(devices: Handsets) -> Handset:
    return await devices.of(EVENING_1, MALMO)


@pytest.fixture
async def colleague(devices: Handsets) -> Handset:
    return await devices.of(EVENING_2, MALMO)


async def refused(attempt: Awaitable[object]) -> str:
    """Why the server refused."""
    with pytest.raises(Problem) as problem:
        await attempt
    return problem.value.code


async def taken(officer: Handset, worker: Handset) -> tuple[str, str]:
    """A talk that the worker has, and in which the officer waits: consultation and room."""
    consultation = await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say(FIRST)
    return consultation, room


async def test_a_colleague_takes_over_on_a_device_with_history_and_without_whoever_had_it(
    night: Story, officer: Handset, worker: Handset, colleague: Handset
) -> None:
    """The new epoch's key is sealed to the officer and the colleague alone; whoever had it reads nothing new, and may not."""
    _, room = await taken(officer, worker)
    assert await worker.heard(room) == [FIRST]
    (held,) = await colleague.takeable()
    await colleague.take_over(held)
    c = await night.latest()
    assert (c.holder, c.state, c.owed) == (EVENING_2, State.OPEN, True)
    assert [o.outcome for o in c.offers] == [Outcome.TAKEN_OVER, Outcome.ACCEPTED]
    await colleague.room(room).follow()
    await colleague.room(room).say(SECOND)
    assert await officer.give_history(room) == 1
    assert await colleague.heard(room) == [FIRST, SECOND]
    await officer.room(room).say(THIRD)
    assert await officer.heard(room) == [FIRST, SECOND, THIRD]
    assert await refused(worker.room(room).follow()) == "not_yours"
    keys = await night.deps.store.read(lambda tx: tx.rooms.holders(RoomId(room)))
    assert keys[worker.device.id] == frozenset({1})
    assert keys[colleague.device.id] == frozenset({1, 2})
    assert await colleague.takeable() == []


async def test_of_two_devices_that_take_over_at_once_one_gets_it(
    night: Story, devices: Handsets, officer: Handset, worker: Handset, colleague: Handset
) -> None:
    """Two devices of colleagues press together: one epoch, one holder, the other is told that it is taken."""
    _, room = await taken(officer, worker)
    (held,) = await colleague.takeable()
    again = await devices.of(EVENING_2, MALMO)
    outcomes = await asyncio.gather(colleague.take_over(held), again.take_over(held), return_exceptions=True)
    problems = [one.code for one in outcomes if isinstance(one, Problem)]
    assert problems == ["taken"]
    assert len((await night.latest()).offers) == 2
    await officer.room(room).follow()
    assert officer.room(room).log.head.epoch == 2


async def test_what_another_function_or_nobody_may_take_is_refused_on_a_device(
    night: Story, devices: Handsets, officer: Handset, worker: Handset, colleague: Handset
) -> None:
    """The jour is another organisation; the holder and the officer have it; once answered it is nobody's but the holder's."""
    _, room = await taken(officer, worker)
    (held,) = await colleague.takeable()
    jour = await devices.of(JOUR_3, JOUR)
    for handset in (jour, worker, officer):
        assert await handset.takeable() == []
        assert await refused(handset.take_over(held)) == "taken"
    await worker.room(room).say(SECOND)
    assert await colleague.takeable() == []
    assert await refused(colleague.take_over(held)) == "taken"
    assert (await night.latest()).holder == EVENING_1


async def test_a_talk_on_telegram_is_taken_over_by_the_bridge_with_what_it_heard(
    night: Story, worker: Handset, colleague: Handset
) -> None:
    """The officer has only Telegram: the colleague's device begins the epoch with the bridge in it, which gives the history."""
    await night.ask_for(night.phone(OFFICER))
    room = (await worker.accept()).log.room
    await night.phone(OFFICER).say(FIRST)
    await night.quiet()
    (held,) = await colleague.takeable()
    await colleague.take_over(held)
    assert await colleague.heard(room) == [FIRST]
    await colleague.room(room).say(SECOND)
    await night.phone(OFFICER).wait_for_text(SECOND)
    assert any("Någon annan har nu din förfrågan." in shown.text for shown in night.phone(OFFICER).messages)


async def test_the_officer_reads_to_what_they_were_referred(night: Story, worker: Handset) -> None:
    """Closed on a device with a target of that place: the officer has its name and the way there, on the card and in a message."""
    await night.ask_for(night.phone(OFFICER))
    room = (await worker.accept()).log.room
    consultation = str((await night.latest()).id)
    listed = await worker.api.get(f"/api/v1/consultations/{consultation}/targets")
    named = [str(one["target"]) for one in rows_of(listed, "targets", 64)]
    assert named[0] == "sspf-malmo"  # for children, so before what is for others
    assert await refused(worker.do(consultation, "close", ending="advice", target=named[0])) == "400"
    assert await refused(worker.do(consultation, "close", ending="referred", target="borta")) == "400"
    answer = await worker.do(consultation, "close", ending="referred", target=named[0])
    target = answer["target"]
    assert isinstance(target, dict)
    assert (target["label"], bool(target["reach"])) == ("SSPF Malmö", True)
    await night.phone(OFFICER).wait_for_text("Avslutad: hänvisad till SSPF Malmö. Nå dit")
    assert (await night.latest()).target == "sspf-malmo"
    assert room
