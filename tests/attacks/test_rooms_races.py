"""Two things at once over HTTP: one of them happens, the other is told so, and the records hold."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest

from bot.client import talks
from bot.client.api import Problem
from bot.core.consultation import State
from bot.core.ids import ConsultationId, PersonId, RoomId
from bot.flow.ports import Tx
from bot.flow.room_chain import recipients_of
from tests.attacks.talking import JOUR_HOME, MALMO, POLISEN, Talking, talking
from tests.attacks.town import JOUR, OFFICER, WORKER, Town
from tests.stories.handsets import Handset, Handsets, handsets

JOUR_2 = "p-sj-malmo-4"


@pytest.fixture
async def devices(town: Town) -> AsyncIterator[Handsets]:
    """Devices of one night; in the end everything verifies."""
    async with handsets(town.deps, town.clock, town.folder) as found:
        yield found
        assert await town.verified() == ""


@pytest.fixture
async def talk(town: Town, devices: Handsets) -> Talking:
    """An officer and a worker in a room, each on a device."""
    return await talking(town, devices)


async def outcome(attempt: Awaitable[object]) -> str:
    """Empty where it was done, else why not."""
    try:
        await attempt
    except Problem as problem:
        return problem.code
    return ""


async def both(one: Awaitable[object], other: Awaitable[object]) -> tuple[str, str]:
    """What became of two that were sent at the same time."""
    first, second = await asyncio.gather(outcome(one), outcome(other))
    return first, second


async def holder(town: Town, consultation: str) -> tuple[State, PersonId | None]:
    found = await town.deps.store.read(lambda tx: tx.consultations.get(ConsultationId(consultation)))
    assert found is not None
    return found.state, found.holder


@pytest.mark.parametrize("first", ["accept", "cancel"])
async def test_accepting_and_cancelling_at_once(town: Town, devices: Handsets, first: str) -> None:
    """Either somebody has it, and it can no longer be withdrawn; or it is withdrawn, and nobody can take it."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(WORKER, MALMO)
    consultation = await officer.ask()
    accept, cancel = worker.accept(await worker.offered()), officer.do(consultation, "cancel")
    if first == "accept":
        accepted, cancelled = await both(accept, cancel)
    else:
        cancelled, accepted = await both(cancel, accept)
    assert (accepted == "") != (cancelled == "")
    state, taken_by = await holder(town, consultation)
    begun = await town.deps.store.read(lambda tx: tx.rooms.get(RoomId(consultation)))
    if accepted == "":
        assert (state, taken_by) == (State.OPEN, PersonId(WORKER))
        assert begun is not None
    else:
        assert accepted in ("taken", "not_yours")
        assert (state, taken_by, begun) == (State.CLOSED, None, None)


async def test_two_devices_of_one_person_accept_at_once(town: Town, devices: Handsets) -> None:
    """One of them begins the room, with both in it; the other is told that it is taken, and reads on."""
    officer = await devices.of(OFFICER, POLISEN)
    one, two = await devices.of(WORKER, MALMO), await devices.of(WORKER, MALMO)
    consultation = await officer.ask()
    offers = await one.offered(), await two.offered()
    results = await both(one.accept(offers[0]), two.accept(offers[1]))
    assert sorted(results) == ["", "taken"]
    assert await holder(town, consultation) == (State.OPEN, PersonId(WORKER))
    for device in (one, two):
        await device.room(consultation).say(f"Från {device.device.id.hex()[:4]}.")
    assert len(await officer.heard(consultation)) == 2
    assert officer.room(consultation).log.head.epoch == 1


async def test_two_people_accept_at_once(town: Town, devices: Handsets) -> None:
    """Both of the jour were asked: one has it, and only their device has a key."""
    officer = await devices.of(OFFICER, POLISEN)
    one, two = await devices.of(JOUR, JOUR_HOME), await devices.of(JOUR_2, JOUR_HOME)
    consultation = await talks.request(
        officer.api,
        town.deps.entropy.draw,
        district="lpo-malmo-norr",
        matter="child",
        need="decision",
        detail="aid",
        urgency="now",
    )
    room = str(consultation["consultation"])
    offers = await one.offered(), await two.offered()
    results = await both(one.accept(offers[0]), two.accept(offers[1]))
    assert sorted(results) == ["", "taken"]
    winner, loser = (one, two) if results[0] == "" else (two, one)
    assert await holder(town, room) == (State.OPEN, PersonId(winner.person))
    held = await town.deps.store.read(lambda tx: tx.rooms.holders(RoomId(room)))
    assert loser.device.id not in held
    assert await outcome(loser.room(room).follow()) == "not_yours"


async def test_handing_over_and_speaking_at_once(talk: Talking) -> None:
    """What is said meanwhile stands before or is told otherwise; nobody loses a word, and the receiver hears them all."""
    jour = await talk.devices.of(JOUR, JOUR_HOME)
    spoken, handed = await both(
        talk.officer.room(talk.id).say("Samtidigt."), talk.worker.hand_over(talk.id, JOUR)
    )
    assert handed == ""
    assert spoken == ""
    assert (await jour.heard(talk.id)).count("Samtidigt.") == 1
    assert await holder(talk.town, talk.id) == (State.OPEN, PersonId(JOUR))
    assert await outcome(talk.worker.room(talk.id).follow()) == "not_yours"


async def test_two_handovers_at_once(talk: Talking) -> None:
    """From two devices of the holder to two people: one of them has it, the other got no key."""
    second = await talk.devices.of(WORKER, MALMO)
    await talk.worker.room(talk.id).rekey()
    await talk.worker.give_history(talk.id)
    one, two = await talk.devices.of(JOUR, JOUR_HOME), await talk.devices.of(JOUR_2, JOUR_HOME)
    results = await both(talk.worker.hand_over(talk.id, JOUR), second.hand_over(talk.id, JOUR_2))
    assert sorted(results) == ["", "not_yours"]
    winner, loser = (one, two) if results[0] == "" else (two, one)
    assert await holder(talk.town, talk.id) == (State.OPEN, PersonId(winner.person))
    held = await talk.town.deps.store.read(lambda tx: tx.rooms.holders(RoomId(talk.id)))
    assert held[winner.device.id] == frozenset({1, 2})
    assert loser.device.id not in held


async def test_revoking_and_rekeying_at_once(talk: Talking) -> None:
    """Whichever comes first: in the end the lost device is out, and hears nothing that is said after."""
    lost = await talk.devices.of(OFFICER, POLISEN)
    await lost.room(talk.id).follow()

    async def say(of: Handset, text: str) -> None:
        await of.room(talk.id).say(text)

    spoken, _ = await both(say(talk.worker, "Ett."), talk.devices.lose(lost))
    assert spoken in ("", "plan_stale", "rekey_needed")
    await talk.worker.room(talk.id).flush()
    await say(talk.officer, "Två.")
    present = await talk.town.deps.store.read(lambda tx: _present(tx, talk.id))
    assert present == {talk.officer.device.id, talk.worker.device.id}
    assert await outcome(lost.room(talk.id).follow()) == "401"
    assert (await talk.worker.heard(talk.id))[-2:] == ["Ett.", "Två."]


async def test_naming_and_losing_a_device_at_once(talk: Talking) -> None:
    """The identified phase and a lost device: no bridge comes in, whichever is first."""
    named, _ = await both(talk.officer.do(talk.id, "identify"), talk.devices.lose(talk.worker))
    assert named in ("", "401", "device_missing", "rekey_needed", "403")
    bridge = talk.town.deps.keys.bridge.public.device_id
    if named == "":
        await talk.officer.room(talk.id).rekey()
    held = await talk.town.deps.store.read(lambda tx: tx.rooms.holders(RoomId(talk.id)))
    assert bridge not in held


async def test_one_key_sent_twice_at_once(talk: Talking) -> None:
    """The same act under the same key, twice in the same moment, is done once and answered twice."""
    room, key = talk.room(talk.officer), talk.fresh()
    event = talk.seal(talk.officer, "En gång.")
    first, second = await asyncio.gather(
        talk.put(talk.officer, event, key=key), talk.put(talk.officer, event, key=key)
    )
    assert first == second
    await room.follow()
    assert (await talk.worker.heard(talk.id)).count("En gång.") == 1


def _present(tx: Tx, room: str) -> frozenset[bytes]:
    found = tx.rooms.get(RoomId(room))
    assert found is not None
    return recipients_of(tx, found)
