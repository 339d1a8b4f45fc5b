from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError, StaleHead, Tampered
from bot.seal.event import (
    EPOCH_KIND,
    MAX_MANIFEST,
    Event,
    Head,
    _header,
    _message_key,
    _signed,
    check_event,
    from_bytes,
    genesis,
    hash_event,
    open_event,
    seal_event,
    to_bytes,
    to_sealed,
)
from bot.seal.keys import DeviceSecret
from bot.seal.labels import Label
from bot.seal.padding import MAX_PLAIN, pad
from bot.seal.plain import Plain
from bot.seal.room import RoomKey
from bot.seal.symmetric import encrypt
from bot.seal.wire import MAX_NUMBER, lp

Devices = dict[str, DeviceSecret]


@pytest.fixture(scope="module")
def say(room_key: RoomKey, devices: Devices) -> Callable[[Head, bytes], Event]:
    """Let the worker say something after a head."""

    def seal(head: Head, words: bytes) -> Event:
        return seal_event(
            room_key=room_key,
            head=head,
            secret=devices["worker"],
            author="p-worker",
            kind="said",
            plain=Plain(words),
            nonce=(b"%012d" % head.seq),
        )

    return seal


def test_said_checked_opened(event: Event, head: Head, room_key: RoomKey, devices: Devices) -> None:
    """What the officer says follows the head, holds, and opens for whoever has the key."""
    after = check_event(event, head, devices["officer"].public)
    assert (after.room, after.epoch, after.seq) == ("room-1", 1, head.seq + 1)
    assert after.hash == hash_event(event)
    assert open_event(room_key, event).reveal() == "Hej, är du på väg?".encode()
    assert b"Hej" not in to_bytes(event)


@settings(deadline=None, max_examples=40)
@given(texts=st.lists(st.binary(max_size=600), max_size=4))
def test_a_conversation_round_trips(
    texts: list[bytes], say: Callable[[Head, bytes], Event], head: Head, room_key: RoomKey, devices: Devices
) -> None:
    """Any texts, one after the other, through their bytes, are read as they were written."""
    at, heard = head, []
    for text in texts:
        event = from_bytes(to_bytes(say(at, text)))
        at = check_event(event, at, devices["worker"].public)
        heard.append(open_event(room_key, event).reveal())
    assert heard == texts
    assert at.seq == head.seq + len(texts)


def test_equal_texts_are_sealed_apart(say: Callable[[Head, bytes], Event], head: Head) -> None:
    """Nobody sees that the same was said twice, nor how long it was within a bucket."""
    one, two = say(head, b"ja"), say(replace(head, seq=2), b"nej, det gick inte")
    assert len(one.ct) == len(two.ct)
    assert one.ct != say(replace(head, seq=2), b"ja").ct


def test_any_flipped_byte_is_refused(
    event: Event, head: Head, devices: Devices, flips: Callable[[bytes], list[bytes]]
) -> None:
    """An event with one byte changed, wherever, is not an event or does not hold, and needs no key to find out."""
    for changed in flips(to_bytes(event)):
        with pytest.raises(SealError):
            check_event(from_bytes(changed), head, devices["officer"].public)


def test_only_the_key_holder_need_be_trusted(event: Event, room_key: RoomKey) -> None:
    """Each part of the header is under the cipher's tag: none can be exchanged even without the signature."""
    changes: list[dict[str, object]] = [
        {"seq": event.seq + 1},
        {"prev_hash": bytes(32)},
        {"device_id": bytes(32)},
        {"author": "p-else"},
        {"kind": "named"},
        {"nonce": bytes(12)},
        {"ct": bytes(len(event.ct))},
    ]
    for change in changes:
        with pytest.raises(Tampered):
            open_event(room_key, replace(event, **change))  # type: ignore[arg-type]  # one field each


def test_another_room_or_epoch_is_refused(
    event: Event, head: Head, room_key: RoomKey, devices: Devices
) -> None:
    """An event holds and opens in its own room and epoch alone."""
    public = devices["officer"].public
    for other in (replace(event, room="room-2"), replace(event, epoch=2)):
        with pytest.raises(Tampered):
            check_event(other, head, public)
        with pytest.raises(Tampered):
            open_event(room_key, other)
    for key in (replace(room_key, room="room-2"), replace(room_key, epoch=2)):
        with pytest.raises(Tampered):
            open_event(key, event)


def test_a_stale_head_is_its_own_error(
    say: Callable[[Head, bytes], Event], event: Event, head: Head, devices: Devices
) -> None:
    """Who sealed on an older head is told to seal again; so is who repeats an event."""
    late = say(head, b"samtidigt")
    after = check_event(event, head, devices["officer"].public)
    for old in (late, event):
        with pytest.raises(StaleHead):
            check_event(old, after, devices["worker"].public)
    check_event(say(after, b"samtidigt"), after, devices["worker"].public)


def test_a_signed_event_of_another_place_is_refused(
    say: Callable[[Head, bytes], Event], head: Head, room_key: RoomKey, devices: Devices
) -> None:
    """A member who signs for another room or number, on this room's head, does not get the event in."""
    worker = devices["worker"]
    elsewhere = seal_event(
        room_key=replace(room_key, room="room-2"),
        head=replace(head, room="room-2"),
        secret=worker,
        author="p-worker",
        kind="said",
        plain=Plain(b"x"),
        nonce=bytes(12),
    )
    skipping = say(replace(head, seq=head.seq + 1), b"x")
    for event in (elsewhere, skipping):
        with pytest.raises(Tampered):
            check_event(event, head, worker.public)


def test_a_device_cannot_sign_as_another(event: Event, head: Head, devices: Devices) -> None:
    """An event that names one device and is signed by another holds for neither."""
    header = _header(replace(event, device_id=devices["worker"].public.device_id))
    forged = _signed(header, event.ct, devices["officer"])
    for name in ("officer", "worker"):
        with pytest.raises(Tampered):
            check_event(forged, head, devices[name].public)


def test_a_member_cannot_lend_the_key_to_another_room(event: Event, room_key: RoomKey) -> None:
    """An event of another room does not open here, though a member encrypted it under this room's key."""
    header = _header(replace(event, room="room-2"))
    key = _message_key(room_key, event.device_id)
    ct = encrypt(key, event.nonce, pad(b"x"), aad=header)
    with pytest.raises(Tampered):
        open_event(room_key, replace(event, room="room-2", ct=ct))


def test_gaps_and_forks_are_tampering(event: Event, head: Head, devices: Devices) -> None:
    """An event that skips a number, or follows another history, does not hold."""
    public = devices["officer"].public
    with pytest.raises(Tampered):
        check_event(event, replace(head, seq=0, hash=genesis("room-1").hash), public)
    with pytest.raises(Tampered):
        check_event(event, replace(head, hash=bytes(32)), public)


def test_another_signer_is_refused(event: Event, head: Head, devices: Devices) -> None:
    """Only the device that is named signed, and its id names its keys."""
    with pytest.raises(Tampered):
        check_event(event, head, devices["worker"].public)
    claimed = replace(event, device_id=devices["worker"].public.device_id)
    with pytest.raises(Tampered):
        check_event(claimed, head, devices["worker"].public)


def test_a_message_needs_an_epoch(room_key: RoomKey, devices: Devices) -> None:
    """Nothing is said in a room before its first epoch, nor under a key of another room or epoch."""
    say_to = genesis("room-1"), Head(room="room-2", epoch=1, seq=1, hash=bytes(32))
    for head in say_to:
        with pytest.raises(Malformed):
            seal_event(
                room_key=room_key,
                head=head,
                secret=devices["worker"],
                author="p",
                kind="said",
                plain=Plain(b""),
                nonce=bytes(12),
            )


def test_epoch_events_are_not_messages(first: Event, room_key: RoomKey, head: Head, devices: Devices) -> None:
    """The kind whose body is in clear cannot be sealed by mistake, nor opened as a message."""
    with pytest.raises(Malformed):
        seal_event(
            room_key=room_key,
            head=head,
            secret=devices["worker"],
            author="p",
            kind=EPOCH_KIND,
            plain=Plain(b""),
            nonce=bytes(12),
        )
    with pytest.raises(Malformed):
        open_event(room_key, first)


def test_an_epoch_event_must_raise_the_epoch(event: Event, first: Event, head: Head) -> None:
    """The kind decides the epoch: only an epoch event starts one, and it starts exactly the next."""
    device_free = head, replace(head, epoch=5)
    for at in device_free:
        follow = replace(first, seq=head.seq + 1, prev_hash=head.hash)
        with pytest.raises(Tampered):
            check_event(follow, at, None)  # type: ignore[arg-type]  # refused before any key is looked at
    with pytest.raises(Tampered):
        check_event(event, replace(head, epoch=0), None)  # type: ignore[arg-type]  # likewise


@pytest.mark.parametrize(
    "wrong",
    [
        {"room": ""},
        {"room": "r" * 256},
        {"author": ""},
        {"kind": "\ud800"},
        {"epoch": 0},
        {"seq": 0},
        {"seq": MAX_NUMBER + 1},
        {"prev_hash": bytes(31)},
        {"device_id": bytes(33)},
        {"nonce": bytes(11)},
        {"sig": bytes(65)},
        {"sig": b"\x02" + bytes(64)},
        {"sig": b"\x01" + bytes(63)},
        {"ct": b""},
        {"ct": bytes(256)},
        {"ct": bytes(273)},
        {"kind": EPOCH_KIND},
        {"kind": EPOCH_KIND, "nonce": bytes(12), "ct": bytes(MAX_MANIFEST + 1)},
    ],
)
def test_bounds(event: Event, wrong: dict[str, object]) -> None:
    """Every part has its size and range, and one that has not makes no event."""
    with pytest.raises(Malformed):
        replace(event, **wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_text_has_a_longest(say: Callable[[Head, bytes], Event], head: Head, room_key: RoomKey) -> None:
    """The longest text is sealed and opened; a longer one is refused."""
    longest = bytes(MAX_PLAIN)
    assert open_event(room_key, from_bytes(to_bytes(say(head, longest)))).reveal() == longest
    with pytest.raises(Malformed):
        say(head, bytes(MAX_PLAIN + 1))


def test_parser_refuses_other_shapes(event: Event) -> None:
    """Truncated, extended, relabelled, or with another header than the writer's: not an event."""
    content = to_bytes(event)
    header = lp(Label.EVENT, "room-1")
    wrong = [
        b"",
        content[:-1],
        content + b"\0",
        content[23:],
        lp(Label.EVENT_BYTES, header, event.ct, event.sig),
    ]
    wrong.append(lp(Label.EVENT_BYTES, _header(event) + b"\0", event.ct, event.sig))
    wrong.append(lp(Label.EVENT_BYTES, bytes(3000), event.ct, event.sig))
    wrong.append(lp(Label.EVENT_BYTES, header, bytes(2**17), event.sig))
    for other in wrong:
        with pytest.raises(Malformed):
            from_bytes(other)


@given(content=st.binary(max_size=400))
def test_parser_never_fails_otherwise(content: bytes) -> None:
    """Arbitrary bytes are refused as malformed, never with another error."""
    with pytest.raises(Malformed):
        from_bytes(content)


def test_the_longest_header_is_read(event: Event, head: Head, devices: Devices, room_key: RoomKey) -> None:
    """Names of the greatest length still round-trip."""
    longest = "r" * 255
    long = seal_event(
        room_key=replace(room_key, room=longest),
        head=replace(head, room=longest),
        secret=devices["worker"],
        author=longest,
        kind=longest,
        plain=Plain(b""),
        nonce=bytes(12),
    )
    assert from_bytes(to_bytes(long)) == long
    assert to_sealed(event).content == to_bytes(event)
