"""A device believes a room event by event, and shows not a line of what does not hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bot.client.room_log import Began, Given, Locked, Receipted, RoomLog, Said, Unverified
from bot.core.receipt import Came, Receipt
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.epoch import start_epoch
from bot.seal.errors import SealError, StaleHead, Tampered
from bot.seal.event import Event, Head, check_event, genesis, seal_event, to_bytes
from bot.seal.grant import give_history
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.plain import Plain, Sealed
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.threshold import Supervisor, make_escrow

ROOM = "room-1"
ME, YOU, NEW, BRIDGE, STRANGER = (make_device(bytes([n]) * 64) for n in range(1, 6))
CHIEFS = [make_device(bytes([n]) * 64) for n in range(10, 13)]
SEATS = [Supervisor(person=f"p-chief-{n}", devices=[chief.public]) for n, chief in enumerate(CHIEFS)]


def member(secret: DeviceSecret, person: str, rights: Right = Right.MEMBER) -> Member:
    return Member(organisation="malmo", person=person, rights=rights, public=secret.public, revoked_at=0)


MEMBERS: Mapping[bytes, Member] = {
    one.public.device_id: one
    for one in (
        member(ME, "p-me"),
        member(YOU, "p-you"),
        member(NEW, "p-you"),
        member(BRIDGE, "bridge", Right.BRIDGE),
    )
}


class Made:
    """A room as it is made, event by event."""

    def __init__(self) -> None:
        self.head: Head = genesis(ROOM)
        self.events: list[Event] = []
        self.sealed: dict[tuple[int, bytes], bytes] = {}
        self.keys: dict[int, RoomKey] = {}

    def begin(self, *inside: DeviceSecret, by: DeviceSecret = ME, author: str = "p-me") -> Event:
        key = RoomKey(room=ROOM, epoch=self.head.epoch + 1, key=bytes([self.head.epoch + 1]) * 32)
        keys = {one.public.device_id: seal_room_key(key, one.public) for one in inside}
        escrow = make_escrow(key, t=2, supervisors=SEATS, escrow_key=b"e" * 32, iv=b"i" * 12)
        event = start_epoch(
            room_key=key, head=self.head, secret=by, author=author, room_keys=keys, escrows={"malmo": escrow}
        )
        self.keys[key.epoch] = key
        self._add(event, by)
        self.sealed |= {(event.seq, id_): blob.content for id_, blob in keys.items()}
        return event

    def say(
        self, text: str, *, by: DeviceSecret = ME, author: str = "p-me", kind: str = "said", key: bytes = b""
    ) -> Event:
        known = self.keys[self.head.epoch]
        event = seal_event(
            room_key=replace(known, key=key) if key else known,
            head=self.head,
            secret=by,
            author=author,
            kind=kind,
            plain=Plain(text.encode()),
            nonce=b"%012d" % self.head.seq,
        )
        self._add(event, by)
        return event

    def give(self, to: DeviceSecret, *epochs: int) -> Event:
        event, sealed = give_history(
            room_keys=[self.keys[epoch] for epoch in epochs],
            head=self.head,
            secret=ME,
            author="p-me",
            to=to.public,
        )
        self._add(event, ME)
        self.given: dict[int, Sealed] = sealed
        return event

    def _add(self, event: Event, by: DeviceSecret) -> None:
        self.head = check_event(event, self.head, by.public)
        self.events.append(event)


def followed(made: Made, secret: DeviceSecret = ME, *, keys: bool = True) -> RoomLog:
    """What a device has of all that was made."""
    log = RoomLog(ROOM, secret)
    for event in made.events:
        log.take(to_bytes(event), MEMBERS)
    for (seq, device), blob in made.sealed.items():
        if keys and device == secret.public.device_id:
            log.take_key(made.events[seq - 1].epoch, seq, blob)
    return log


@pytest.fixture
def made() -> Made:
    """A person and a bridge in the first epoch; two people in the second."""
    room = Made()
    room.begin(ME, BRIDGE)
    room.say("Hej.")
    room.say("Hej själv.", by=BRIDGE, author="p-third")
    room.begin(ME, YOU)
    room.say("Nu är vi ensamma.", by=YOU, author="p-you")
    room.say("read 5", kind="receipt")
    return room


def test_a_room_is_shown_as_it_was_made(made: Made) -> None:
    """Who is in it before anything after; words with whether a bridge read them; receipts as what they say."""
    log = followed(made)
    assert log.show() == (
        Began(seq=1, epoch=1, people=("p-me",), bridges=1),
        Said(seq=2, author="p-me", bridged=False, text="Hej."),
        Said(seq=3, author="p-third", bridged=True, text="Hej själv."),
        Began(seq=4, epoch=2, people=("p-me", "p-you"), bridges=0),
        Said(seq=5, author="p-you", bridged=False, text="Nu är vi ensamma."),
        Receipted(seq=6, author="p-me", receipt=Receipt(came=Came.READ, seq=5)),
    )
    assert log.show(after=4) == log.show()[4:]
    assert (log.people, log.bridged, log.missing()) == (("p-me", "p-you"), False, frozenset())
    assert [log.hash_of(seq) for seq in (6, 7)] == [made.head.hash, None]


def test_a_newcomer_sees_that_history_is_on_its_way(made: Made) -> None:
    """What was said in an epoch whose key has not come is told by its number alone; a grant opens it."""
    made.begin(ME, YOU, NEW)
    made.say("Välkommen.")
    made.give(NEW, 1, 2)
    log = followed(made, NEW)
    assert [type(one) for one in log.show()] == [
        Began,
        Locked,
        Locked,
        Began,
        Locked,
        Locked,
        Began,
        Said,
        Given,
    ]
    assert log.missing() == {1, 2}
    for epoch, blob in made.given.items():
        log.take_key(epoch, made.head.seq, blob.content)
    assert [one.text for one in log.show() if isinstance(one, Said)] == [
        "Hej.",
        "Hej själv.",
        "Nu är vi ensamma.",
        "Välkommen.",
    ]


Breaks = Callable[[Made], bytes]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda made: to_bytes(made.say("Hej.", by=YOU, author="p-me")),
        lambda made: to_bytes(made.say("Hej.", by=BRIDGE, author="p-me")),
        lambda made: to_bytes(made.say("Hej.", by=NEW, author="p-you")),
        lambda made: to_bytes(made.say("Hej.", by=STRANGER, author="p-me")),
        lambda made: to_bytes(made.begin(ME, YOU, STRANGER)),
        lambda made: to_bytes(made.begin(ME, YOU, by=NEW, author="p-you")),
        lambda made: to_bytes(made.begin(ME, YOU, by=YOU, author="p-me")),
        lambda made: to_bytes(made.say("Hej."))[:-1],
        lambda made: to_bytes(made.say("Hej.")) + b"\0",
        lambda made: to_bytes(made.say("Hej."))[:-1] + b"\xff",
        lambda made: to_bytes((made.say("Ett."), made.say("Två."))[1]),
        lambda made: to_bytes(made.events[1]),
    ],
    ids=[
        "spoofed author",
        "a bridge that is out",
        "a device that is not in",
        "an unknown signer",
        "an unlisted recipient",
        "an epoch without its signer",
        "an epoch in another's name",
        "truncated",
        "trailing byte",
        "flipped",
        "a hole",
        "replayed",
    ],
)
def test_what_does_not_hold_ends_the_room_there(made: Made, wrong: Breaks) -> None:
    """It is told by its number; what stood before is still shown, and nothing after it is taken."""
    log, before = followed(made), made.head.seq
    shown = log.show()
    with pytest.raises(SealError):
        log.take(wrong(made), MEMBERS)
    assert log.broken == before + 1
    assert log.show() == (*shown, Unverified(seq=before + 1))
    assert log.head.seq == before


def test_what_does_not_open_is_told_by_its_number(made: Made) -> None:
    """Signed and chained, but sealed under another key, of an unknown kind, or no receipt: not shown, and the rest goes on."""
    made.say("Med fel nyckel.", key=b"x" * 32)
    made.say("Av okänt slag.", kind="named")
    made.say("läst", kind="receipt")
    made.say("Det här går.")
    log = followed(made)
    assert log.broken is None
    assert log.show(after=6) == (
        Unverified(seq=7),
        Unverified(seq=8),
        Unverified(seq=9),
        Said(seq=10, author="p-me", bridged=False, text="Det här går."),
    )


def test_a_key_is_believed_by_its_event_alone(made: Made) -> None:
    """Another epoch's, another device's, one that no event names, or named by words: refused, and none is kept."""
    log = followed(made, keys=False)
    mine = {seq: blob for (seq, device), blob in made.sealed.items() if device == ME.public.device_id}
    yours = made.sealed[4, YOU.public.device_id]
    for epoch, seq, blob in (
        (1, 4, mine[4]),
        (2, 1, mine[1]),
        (1, 1, mine[4]),
        (2, 4, yours),
        (1, 2, mine[1]),
        (1, 99, mine[1]),
        (9, 1, mine[1]),
        (1, 1, mine[1][:-1]),
    ):
        with pytest.raises(SealError):
            log.take_key(epoch, seq, blob)
    assert log.keys == {}


def test_a_wrong_key_by_grant_is_refused(made: Made) -> None:
    """A grant's key is held against what the epoch itself committed to."""
    made.begin(ME, YOU, NEW)
    right = made.keys[1]
    made.keys[1] = replace(right, key=b"w" * 32)
    made.give(NEW, 1)
    log = followed(made, NEW)
    with pytest.raises(Tampered):
        log.take_key(1, made.head.seq, made.given[1].content)
    assert log.missing() == {1, 2}


def test_a_device_asks_for_fresh_directories_before_it_disbelieves(made: Made) -> None:
    """Whether every device that an event names is listed can be asked without believing anything."""
    log = followed(made)
    fewer = {id_: one for id_, one in MEMBERS.items() if id_ != NEW.public.device_id}
    joined = to_bytes(made.begin(ME, YOU, NEW))
    assert not log.knows(joined, fewer)
    assert log.knows(joined, MEMBERS)
    assert log.knows(b"no event", fewer)
    assert not log.knows(to_bytes(made.say("Hej.", by=STRANGER, author="x")), MEMBERS)


def test_an_old_event_again_is_stale(made: Made) -> None:
    """A server that repeats an event has broken the room, for this device."""
    log = followed(made)
    with pytest.raises(StaleHead):
        log.take(to_bytes(made.events[-1]), MEMBERS)
