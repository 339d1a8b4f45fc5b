"""A server that lies to the Python client about a room: what it says is not believed, and nothing is sealed on its word."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.client import room_giving
from bot.client.api import Api, Json, Problem
from bot.client.audience import Overheard
from bot.client.device import sign_in
from bot.client.outgoing import Outgoing
from bot.client.room import Room, open_room
from bot.client.room_log import Unverified
from bot.client.room_trust import FRESH, Trust
from bot.core.errors import SamjourError, Unavailable
from bot.core.receipt import Came
from bot.flow.device_upkeep import renew_directories
from bot.seal.errors import SealError, Tampered
from bot.seal.event import from_bytes, hash_event
from bot.seal.wire import from_base64url, to_base64url
from tests.attacks.talking import JOUR_HOME, POLISEN, Talking, talking
from tests.attacks.town import CHIEF_1, JOUR, OFFICER, Town
from tests.stories.handsets import Handset, handsets, words

Answers = Callable[[str, Json], Json]  # what stands under a path, and what is said instead
Takes = Callable[[str, dict[str, object]], Json]  # a write that never arrives, and what is said of it


@dataclass(slots=True)
class Liar:
    """The server of a device: it answers reads otherwise, and swallows writes, where a test says so."""

    api: Api
    reads: Answers | None = None
    writes: Takes | None = None
    written: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.api.origin

    async def get(self, path: str, **query: str | int) -> Json:
        told = await self.api.get(path, **query)
        return told if self.reads is None else self.reads(path, told)

    async def post(self, path: str, body: dict[str, object], *, key: str | None = None) -> Json:
        self.written.append(path.rpartition("/")[2])
        return await self.api.post(path, body, key=key) if self.writes is None else self.writes(path, body)


@dataclass(slots=True)
class Deceived:
    """A device whose server can be made to lie."""

    liar: Liar
    room: Room


@pytest.fixture
async def talk(town: Town) -> AsyncIterator[Talking]:
    """An officer and a worker in a room, each on a device; whatever is tried, the server's own records verify."""
    async with handsets(town.deps, town.clock, town.folder) as devices:
        yield await talking(town, devices)
        assert await town.verified() == ""


async def deceived(talk: Talking, of: Handset) -> Deceived:
    """The same device as it was, before a server of which nothing is known; it has read the room once."""
    liar = Liar(of.api)
    trust = Trust(liar, of.device, lambda: talk.town.now)  # type: ignore[arg-type]  # it answers as an Api does
    path = of.device.folder / "deceived.json"
    outgoing = Outgoing(path, of.device.secret)
    room = open_room(liar, of.device, trust, outgoing, talk.id, draw=talk.town.deps.entropy.draw)  # type: ignore[arg-type]  # likewise
    await room.follow()
    return Deceived(liar, room)


def told_of(body: dict[str, object]) -> Json:
    """What an honest server says of an event that it has taken."""
    event = from_bytes(from_base64url(str(body["event"])))
    return {"head": {"epoch": event.epoch, "seq": event.seq, "hash": to_base64url(hash_event(event))}}


async def test_a_message_that_the_server_swallows_is_missed(talk: Talking) -> None:
    """Taken, says the server, and drops it: the next look at the room finds that it is not there."""
    officer = await deceived(talk, talk.officer)
    officer.liar.writes = lambda _, body: told_of(body)
    await officer.room.say("Det här försvinner.")
    assert officer.room.outgoing.waiting(talk.id) == ()
    shown = await officer.room.follow()
    assert [type(one) for one in shown] == [Unverified]
    with pytest.raises(Tampered):
        await officer.room.say("Och det här sägs inte.")
    again = await deceived(talk, talk.officer)  # the same files, after a restart
    assert again.room.log.broken == 4


@pytest.mark.parametrize(
    "lie",
    [
        {"epoch": 1, "seq": 3, "hash": "own"},
        {"epoch": 1, "seq": 2, "hash": "own"},
        {"epoch": 1, "seq": 3, "hash": to_base64url(bytes(32))},
        {"epoch": 1, "seq": 99, "hash": to_base64url(bytes(32))},
    ],
)
async def test_a_message_is_not_sent_because_the_server_says_so(talk: Talking, lie: Json) -> None:
    """Taken before, says the server, as some other event: that must say the same on this device's word, or it waits on."""
    officer = await deceived(talk, talk.officer)
    real = officer.room.log.hash_of(int(lie["seq"]))
    hashed = to_base64url(real or b"") if lie["hash"] == "own" else lie["hash"]
    officer.liar.writes = lambda _path, _body: {"head": {**lie, "hash": hashed}}
    with pytest.raises(Tampered):
        await officer.room.say("Det här togs aldrig emot.")
    assert len(officer.room.outgoing.waiting(talk.id)) == 1
    officer.liar.writes = None
    assert await officer.room.flush() == 1
    assert (await talk.worker.heard(talk.id))[-1] == "Det här togs aldrig emot."


async def test_a_directory_that_is_withheld_is_not_believed_on(talk: Talking) -> None:
    """A server that gives no directory any more cannot keep a device on an old one."""
    officer = await deceived(talk, talk.officer)

    def withhold(path: str, told: Json) -> Json:
        if path.endswith("/directory"):
            raise Problem(403, {"code": "403"})
        return told

    officer.liar.reads = withhold
    talk.town.clock.move(timedelta(seconds=FRESH + 1))
    with pytest.raises(Problem):
        await officer.room.say("Hör någon som är spärrad?")
    assert officer.liar.written == []


async def test_a_revocation_is_seen_although_nobody_names_the_organisation(talk: Talking) -> None:
    """A server that no longer says whose devices are in the room hides no revocation: what was read is read again."""
    lost = await talk.devices.of(OFFICER, POLISEN)
    await lost.room(talk.id).say("Från den andra.")
    worker = await deceived(talk, talk.worker)
    await talk.devices.lose(lost)

    def blind(path: str, told: Json) -> Json:
        return {**told, "organisations": [], "plan": None} if path.endswith(talk.id) else told

    worker.liar.reads = blind
    talk.town.clock.move(timedelta(seconds=FRESH + 1))
    with pytest.raises(Tampered):
        await worker.room.say("Hör den borttappade det här?")
    assert worker.liar.written == []


async def test_no_history_goes_to_a_device_that_is_out(talk: Talking) -> None:
    """Whoever the server says waits for history: a revoked device, one outside and oneself are given none."""
    lost, outside = await talk.devices.of(OFFICER, POLISEN), await talk.devices.of(OFFICER, POLISEN)
    await lost.room(talk.id).say("Från den andra.")
    await talk.devices.lose(outside)
    await talk.worker.room(talk.id).rekey()
    worker = await deceived(talk, talk.worker)
    named = [lost.device.id, outside.device.id, worker.room.device.id]

    def waits(path: str, told: Json) -> Json:
        rows = [{"device": to_base64url(id_), "person": OFFICER, "epochs": [1]} for id_ in named]
        return {**told, "history": rows, "plan": None} if path.endswith(talk.id) else told

    await talk.devices.lose(lost)
    worker.liar.reads = waits
    talk.town.clock.move(timedelta(seconds=FRESH + 1))
    with pytest.raises((SealError, SamjourError)):
        await room_giving.give_missing(worker.room)
    named.pop(0)
    assert await room_giving.give_missing(worker.room) == 0
    assert worker.liar.written == []


async def test_no_talk_is_handed_to_devices_that_are_not_the_receivers(talk: Talking) -> None:
    """A receiver's devices are theirs, active and for rooms: not a revoked one, a stranger's, a keeper's, one of nobody's."""
    jour, lost = [await talk.devices.of(JOUR, JOUR_HOME) for _ in range(2)]
    await talk.devices.lose(lost)
    worker = await deceived(talk, talk.worker)
    chief = (await talk.town.seated(CHIEF_1)).device.id
    wrong = [
        (lost.device.id, JOUR_HOME),
        (talk.officer.device.id, POLISEN),
        (chief, "malmo"),
        (talk.town.deps.keys.bridge.public.device_id, POLISEN),
        (bytes(32), JOUR_HOME),
    ]
    for device, organisation in wrong:
        row: Json = {"device": to_base64url(device), "organisation": organisation, "epochs": [1]}
        told: Json = {"receivers": [{"person": JOUR, "grants": [row]}]}
        worker.liar.reads = lambda path, real, told=told: told if path.endswith("/handover") else real
        with pytest.raises(Tampered):
            await room_giving.hand_over(worker.room, JOUR)
    assert worker.liar.written == []
    worker.liar.reads = None
    await room_giving.hand_over(worker.room, JOUR)
    assert len(await jour.heard(talk.id)) == 2


async def test_a_bridge_is_not_let_in_beside_two_devices(talk: Talking) -> None:
    """The bridge carries words for whoever has no device: beside two who have, it would only listen."""
    worker = await deceived(talk, talk.worker)
    bridge = talk.town.deps.keys.bridge.public.device_id

    def plans(path: str, told: Json) -> Json:
        if not path.endswith(talk.id):
            return told
        rows = [
            {"device": to_base64url(of.device.id), "organisation": of.device.known.organisation}
            | {"person": of.person}
            for of in (talk.officer, talk.worker)
        ]
        rows.append({"device": to_base64url(bridge), "organisation": POLISEN, "person": None, "bridge": True})  # type: ignore[dict-item]  # as the wire has it
        plan = {"room": talk.id, "head": told["head"], "recipients": rows, "escrows": []}
        return {**told, "plan": plan, "organisations": ["malmo", POLISEN]}

    worker.liar.reads = plans
    with pytest.raises(Tampered):
        await worker.room.rekey()
    assert worker.liar.written == []


async def test_words_wait_for_their_writer_when_others_would_hear_them(talk: Talking) -> None:
    """Written for one, then somebody else has it: held on this device until the writer has looked, then sent once."""
    officer = talk.officer
    origin, officer.api.origin = officer.api.origin, "http://localhost:9"
    await officer.room(talk.id).say("Bara till den jag talade med.")
    await officer.room(talk.id).say("Och det här också.")
    officer.api.origin = origin
    jour = await talk.devices.of(JOUR, JOUR_HOME)
    await talk.worker.hand_over(talk.id, jour.person)
    again = await talk.devices.again(officer)
    for _ in range(2):  # asking again changes nothing
        with pytest.raises(Overheard):
            await again.room(talk.id).flush()
    assert words(again.room(talk.id).log.show())[-1] == "Ett barn, i natt."
    assert jour.person in (again.room(talk.id).log.audience or pytest.fail("no epoch")).people
    assert len(await jour.heard(talk.id)) == 2
    assert await again.room(talk.id).say_anyway() == 2
    assert (await jour.heard(talk.id))[2:] == ["Bara till den jag talade med.", "Och det här också."]


async def test_an_answer_without_a_head_is_none(talk: Talking) -> None:
    """A server that says nothing of where the event stands has not said that it took it."""
    officer = await deceived(talk, talk.officer)
    officer.liar.writes = lambda _path, _body: {}
    await officer.room.say("Hej?")
    assert len(officer.room.outgoing.waiting(talk.id)) == 1
    with pytest.raises(Unavailable):
        await officer.room.confirm(Came.READ)


async def test_a_clock_that_jumps_stops_nobody_for_long(talk: Talking) -> None:
    """Set back or forward, what was signed seems to be of another time: nothing is said by it until it is signed anew."""
    officer = await deceived(talk, talk.officer)
    for jump in (timedelta(hours=-3), timedelta(hours=30), timedelta(hours=-1)):
        talk.town.clock.move(jump)
        for of in (talk.officer, talk.worker):
            await sign_in(of.api, of.device)  # a session lasts half a day
        with pytest.raises(Tampered):
            await officer.room.say("Vad är klockan?")
        assert officer.liar.written == []
        assert await renew_directories(talk.town.deps) > 0
        shown = await officer.room.follow()
        assert not any(isinstance(one, Unverified) for one in shown)
    assert await officer.room.flush() == 3
    assert (await talk.worker.heard(talk.id))[2:] == ["Vad är klockan?"] * 3
