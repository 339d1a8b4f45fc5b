"""Evenings on devices: two people in a sealed room that the server carries and cannot read."""

from collections.abc import AsyncIterator

import pytest

from bot.client.api import Problem
from bot.client.room_log import Began, Given, Locked, Receipted
from bot.core.consultation import State
from bot.core.ids import PersonId, RoomId
from bot.core.receipt import Came, Receipt
from bot.seal.errors import Tampered
from tests.stories.handsets import Handset, Handsets, handsets
from tests.stories.story import EVENING_1, EVENING_2, JOUR_3, MINUTE, OFFICER, SECOND, STEP, Story

MALMO, POLISEN = "malmo", "polisen"


@pytest.fixture
async def devices(night: Story) -> AsyncIterator[Handsets]:
    """Devices on a Saturday night in Malmö."""
    async with handsets(night.deps, night.clock, night.database.parent) as found:
        yield found


@pytest.fixture
async def officer(devices: Handsets) -> Handset:
    return await devices.of(OFFICER, POLISEN)


@pytest.fixture
async def worker(devices: Handsets) -> Handset:
    return await devices.of(EVENING_1, MALMO)


async def code_of(refused: object) -> str:
    """Why the server refused."""
    with pytest.raises(Problem) as problem:
        await refused  # type: ignore[misc]  # whatever is awaited here must fail
    return problem.value.code


async def test_two_devices_talk_and_the_server_holds_no_key(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """Asked, accepted on a device, fifty messages both ways, receipts, an outcome; the bridge never was in the room."""
    consultation = await officer.ask()
    room = await worker.accept()
    here = room.log.room
    assert here == consultation
    said = [f"Rad {number} av samtalet om natten." for number in range(50)]
    night.hidden |= set(said)
    for number, text in enumerate(said):
        await (officer if number % 2 else worker).room(here).say(text)
    assert await officer.heard(here) == said
    assert await worker.heard(here) == said
    began = officer.room(here).log.show()[0]
    assert isinstance(began, Began)
    assert (began.people, began.bridges) == ((EVENING_1, OFFICER), 0)
    await officer.room(here).confirm(Came.READ)
    await room.follow()
    read = Receipt(came=Came.READ, seq=51)
    assert [one.receipt for one in room.log.show() if isinstance(one, Receipted)] == [read]
    answered = await worker.do(consultation, "close", ending="advice")
    assert (answered["state"], answered["ending"]) == ("closed", "advice")
    held = await night.deps.store.read(lambda tx: tx.rooms.holders(RoomId(here)))
    assert held.keys() == {officer.device.id, worker.device.id}
    assert await worker.heard(here) == said
    assert await code_of(room.say("För sent.")) == "not_open"
    await night.verified()


async def test_each_device_of_both_hears_all(night: Story, devices: Handsets, officer: Handset) -> None:
    """A second telephone of either is in the room from the start, and says things in the same name."""
    second, worker = await devices.of(OFFICER, POLISEN), await devices.of(EVENING_1, MALMO)
    await officer.ask()
    room = (await worker.accept()).log.room
    await second.room(room).say("Från den andra telefonen.")
    night.hidden.add("Från den andra telefonen.")
    for one in (officer, second, worker):
        assert await one.heard(room) == ["Från den andra telefonen."]
    await night.verified()


async def test_a_telegram_officer_talks_with_a_device(night: Story, worker: Handset) -> None:
    """The bridge is a visible member for the one leg on Telegram: words go both ways, the guard stands before Telegram."""
    await night.ask_for(night.phone(OFFICER))
    room = await worker.accept()
    began = (await room.follow(), room.log.show()[0])[1]
    assert isinstance(began, Began)
    assert (began.people, began.bridges) == ((EVENING_1,), 1)
    await night.phone(OFFICER).wait_for_text("har tagit din förfrågan")
    await room.say("Vad har hänt?")
    await night.phone(OFFICER).wait_for_text("Vad har hänt?")
    await night.phone(OFFICER).say("Ett barn är ensamt ute.")
    await night.quiet()
    assert await worker.heard(room.log.room) == ["Vad har hänt?", "Ett barn är ensamt ute."]
    await night.phone(EVENING_1).wait_for_text("något nytt i ett samtal")
    assert not any("ensamt ute" in shown.text for shown in night.phone(EVENING_1).messages)
    await room.say("Ring mamman på 070-174 06 05.")
    night.hidden |= {"Vad har hänt?", "Ring mamman på 070-174 06 05."}
    await night.phone(OFFICER).wait_for_text("kan inte visas här")
    await night.quiet()
    assert not any("mamman" in shown.text for shown in night.phone(OFFICER).messages)
    await room.follow()
    stopped = [one.receipt for one in room.log.show() if isinstance(one, Receipted)]
    assert [receipt.came for receipt in stopped] == [Came.STOPPED]
    await night.verified()


async def test_whoever_has_a_device_does_not_talk_in_telegram(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """Telegram rings the device's owner without a word of it, and takes none: what is written there is not passed on."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await night.phone(OFFICER).wait_for_text("Öppna")
    await night.phone(OFFICER).say("Det här skrivs på fel ställe.")
    await night.phone(OFFICER).wait_for_text("Telegram får inte föra samtalet här")
    await night.quiet()
    assert await worker.heard(room) == []


async def test_after_a_lapse_the_next_one_gets_the_history_from_the_officer(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Silence lapses; the next one begins an epoch without the first, reads nothing older until the officer's device gives it."""
    consultation = await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say("Hur långt är det kvar?")
    night.hidden |= {"Hur långt är det kvar?", "Jag är här nu.", "Bra, kom till porten."}
    next_one = await devices.of(EVENING_2, MALMO)
    await night.pass_time(4 * MINUTE)
    assert (await night.latest()).state is State.OFFERED
    mine = await next_one.accept()
    assert mine.log.room == room
    assert await next_one.heard(room) == []
    assert any(isinstance(one, Locked) for one in mine.log.show())
    waiting = (await mine.look())["history"]
    assert [row["epochs"] for row in waiting] == [[1]]
    await mine.say("Jag är här nu.")
    assert await officer.give_history(room) == 1
    assert await officer.give_history(room) == 0
    assert await next_one.heard(room) == ["Hur långt är det kvar?", "Jag är här nu."]
    assert any(isinstance(one, Given) for one in mine.log.show())
    assert await code_of(worker.room(room).follow()) == "not_yours"
    await officer.room(room).say("Bra, kom till porten.")
    assert await next_one.heard(room) == [
        "Hur långt är det kvar?",
        "Jag är här nu.",
        "Bra, kom till porten.",
    ]
    assert (await officer.do(consultation, "close", ending="present"))["state"] == "closed"
    await night.verified()


async def test_a_talk_is_handed_over_with_its_keys(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """The receiver reads all of it at once, what is owed is theirs, and the next words are sealed without the giver."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await officer.room(room).say("Vi väntar på besked.")
    await worker.room(room).say("Min kollega tar över nu.")
    other = await devices.of(JOUR_3, "socialjour-malmo")
    await worker.hand_over(room, JOUR_3)
    night.hidden |= {"Vi väntar på besked.", "Min kollega tar över nu.", "Jag har läst allt."}
    assert await other.heard(room) == ["Vi väntar på besked.", "Min kollega tar över nu."]
    now = await night.latest()
    assert (now.holder, now.owed) == (PersonId(JOUR_3), True)
    assert await code_of(worker.room(room).follow()) == "not_yours"
    await other.room(room).say("Jag har läst allt.")
    assert (await officer.heard(room))[-1] == "Jag har läst allt."
    assert worker.device.id not in officer.room(room).log.recipients
    await night.verified()
    await night.pass_time(STEP * 200)
    await night.verified()


async def test_a_lost_device_hears_nothing_more(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Revoked in the middle of a talk: nothing more is said before there is a new key, which the lost one does not get."""
    lost = await devices.of(OFFICER, POLISEN)
    await officer.ask()
    room = (await worker.accept()).log.room
    await lost.room(room).say("Jag tappar den snart.")
    night.hidden |= {"Jag tappar den snart.", "Nya nycklar.", "Till den nya också."}
    await devices.lose(lost)
    assert await code_of(lost.room(room).follow()) == "401"
    await worker.room(room).say("Nya nycklar.")
    assert lost.device.id not in worker.room(room).log.recipients
    assert worker.room(room).log.head.epoch == 2
    assert await officer.heard(room) == ["Jag tappar den snart.", "Nya nycklar."]
    new = await devices.of(OFFICER, POLISEN)
    await new.room(room).say("Till den nya också.")
    assert await officer.give_history(room) == 2
    assert await new.heard(room) == ["Jag tappar den snart.", "Nya nycklar.", "Till den nya också."]
    await night.verified()


async def test_nobody_is_named_while_a_bridge_listens(
    night: Story, devices: Handsets, worker: Handset
) -> None:
    """The identified phase is refused with the reason, until both have devices in a room without a bridge."""
    await night.ask_for(night.phone(OFFICER))
    room = (await worker.accept()).log.room
    assert await code_of(worker.do(room, "identify")) == "bridge_in_room"
    await worker.room(room).follow()
    await worker.room(room).say("Skaffa en enhet, så kan vi tala.")
    night.hidden |= {"Skaffa en enhet, så kan vi tala.", "Nu namnger jag."}
    await night.quiet()
    officer = await devices.of(OFFICER, POLISEN)
    assert await code_of(worker.do(room, "identify")) == "bridge_in_room"
    await worker.room(room).rekey()
    await officer.room(room).follow()
    assert not officer.room(room).log.bridged
    assert await officer.heard(room) == ["Skaffa en enhet, så kan vi tala."]
    assert (await officer.do(room, "identify"))["identified"] is True
    await officer.room(room).say("Nu namnger jag.")
    await devices.lose(officer)
    with pytest.raises(Problem):
        await officer.room(room).follow()
    told = await worker.room(room).look()
    assert [member["bridged"] for member in told["members"]] == [False, False]
    await worker.room(room).say("Är du där?")
    night.hidden.add("Är du där?")
    assert not worker.room(room).log.bridged
    await night.verified()


async def test_between_two_devices_naming_is_allowed_at_once(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """Both have approved devices and no bridge is in: the worker can say that somebody is identified."""
    await officer.ask()
    room = (await worker.accept()).log.room
    assert (await worker.do(room, "identify"))["identified"] is True
    assert (await officer.do(room, "identify"))["identified"] is True  # the second press changes nothing
    assert (await night.latest()).identified
    await night.verified()


async def test_of_many_devices_that_accept_one_wins(
    night: Story, devices: Handsets, officer: Handset
) -> None:
    """Both of the jour are asked at once and accept at once: one has it, the other is told that it is taken."""
    one, two = (
        await devices.of(JOUR_3, "socialjour-malmo"),
        await devices.of("p-sj-malmo-4", "socialjour-malmo"),
    )
    await officer.ask(need="decision", detail="aid")
    offers = [await one.offered(), await two.offered()]
    assert len(set(offers)) == 2
    room = await one.accept()
    assert await code_of(two.api.get(f"/api/v1/offers/{offers[1]}")) == "taken"
    assert room.log.room == (await night.latest()).room
    await night.verified()


async def test_words_wait_while_the_server_is_away(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """What could not be sent stands sealed on disk, is sent after a restart, in order, and once each."""
    await officer.ask()
    room = (await worker.accept()).log.room
    texts = ["Första utan nät.", "Andra utan nät."]
    night.hidden |= set(texts)
    api, officer.room(room).api.origin = officer.room(room).api.origin, "http://localhost:9"
    for text in texts:
        await officer.room(room).say(text)
    assert await worker.heard(room) == []
    kept = (officer.device.folder / "outgoing.json").read_bytes()
    assert not any(text.encode() in kept for text in texts)
    officer.api.origin = api
    again = await devices.again(officer)
    assert await again.room(room).flush() == 2
    assert await again.room(room).flush() == 0
    assert await worker.heard(room) == texts
    await night.verified()


async def test_a_room_that_is_shown_otherwise_is_not_believed(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """Where the server leaves out or exchanges what was seen once, the device says so, and says nothing more itself."""
    await officer.ask()
    room = (await worker.accept()).log.room
    await worker.room(room).say("Ett.")
    await officer.room(room).follow()
    await worker.room(room).say("Två.")
    night.hidden |= {"Ett.", "Två."}
    log = officer.room(room).log
    event = await night.deps.store.read(lambda tx: tx.rooms.event(RoomId(room), 3))
    assert event is not None
    changed = event.content[:-1] + bytes([event.content[-1] ^ 1])
    with pytest.raises(Tampered):
        log.take(changed, officer.trust.members)
    assert log.broken == 3
    with pytest.raises(Tampered):
        await officer.room(room).say("Hör ni mig?")
    night.clock.move(SECOND)
