from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.event import (
    GRANT_KIND,
    MAX_MANIFEST,
    Event,
    Head,
    check_event,
    from_bytes,
    open_event,
    to_bytes,
)
from bot.seal.grant import (
    MAX_EPOCHS,
    Grant,
    accept_granted_key,
    check_grant,
    give_history,
    grant_from_bytes,
    grant_to_bytes,
    read_grant,
)
from bot.seal.keys import DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey, commit, seal_room_key
from bot.seal.wire import lp

Devices = dict[str, DeviceSecret]


@pytest.fixture(scope="module")
def later(head: Head) -> Head:
    """The room in its third epoch, ten events on."""
    return replace(head, epoch=3, seq=10)


@pytest.fixture(scope="module")
def past(room_key: RoomKey) -> list[RoomKey]:
    """The keys of the room's first two epochs."""
    return [room_key, RoomKey(room="room-1", epoch=2, key=b"2" * 32)]


@pytest.fixture(scope="module")
def given_(past: list[RoomKey], later: Head, devices: Devices) -> tuple[Event, dict[int, Sealed]]:
    """The officer's device gives both to the worker's, in the third epoch."""
    return give_history(
        room_keys=past,
        head=later,
        secret=devices["officer"],
        author="p-officer",
        to=devices["worker"].public,
    )


def test_a_newcomer_opens_what_was_given(
    given_: tuple[Event, dict[int, Sealed]], past: list[RoomKey], later: Head, devices: Devices
) -> None:
    """The grant follows the head in its epoch, names each key, and each opens to the key of its epoch."""
    event, sealed = given_
    after = check_event(from_bytes(to_bytes(event)), later, devices["officer"].public)
    assert (after.epoch, after.seq, event.kind) == (3, 11, GRANT_KIND)
    grant = check_grant(event, sealed)
    assert grant.device_id == devices["worker"].public.device_id
    assert sorted(grant.keys) == [1, 2]
    for key in past:
        opened = accept_granted_key(
            event, sealed[key.epoch], epoch=key.epoch, kc=commit(key), secret=devices["worker"]
        )
        assert (opened.room, opened.epoch, opened.key) == ("room-1", key.epoch, key.key)


def test_nobody_else_is_served(
    given_: tuple[Event, dict[int, Sealed]], past: list[RoomKey], devices: Devices
) -> None:
    """Not another device, not under another epoch, not a key that somebody sealed beside the grant."""
    event, sealed = given_
    beside = seal_room_key(past[0], devices["worker"].public)
    for blob, epoch, kc, who in (
        (sealed[1], 1, commit(past[0]), "chief-a"),
        (sealed[1], 2, commit(past[1]), "worker"),
        (sealed[2], 1, commit(past[0]), "worker"),
        (sealed[1], 3, commit(past[0]), "worker"),
        (beside, 1, commit(past[0]), "worker"),
    ):
        with pytest.raises(Tampered):
            accept_granted_key(event, blob, epoch=epoch, kc=kc, secret=devices[who])


def test_a_key_that_the_epoch_did_not_commit_to_is_refused(
    past: list[RoomKey], later: Head, devices: Devices
) -> None:
    """A giver who gives another key than the room had is found out by the epoch's own commitment."""
    other = replace(past[0], key=b"o" * 32)
    event, sealed = give_history(
        room_keys=[other], head=later, secret=devices["officer"], author="p-o", to=devices["worker"].public
    )
    check_grant(event, sealed)
    with pytest.raises(Tampered):
        accept_granted_key(event, sealed[1], epoch=1, kc=commit(past[0]), secret=devices["worker"])


def test_the_sealed_keys_are_all_and_only_those_named(
    given_: tuple[Event, dict[int, Sealed]], past: list[RoomKey], devices: Devices
) -> None:
    """A server finds, without a secret, a key that is missing, added, exchanged or sealed anew."""
    event, sealed = given_
    again = seal_room_key(past[0], devices["worker"].public)
    for wrong in (
        {},
        {1: sealed[1]},
        {**sealed, 3: again},
        {1: sealed[2], 2: sealed[1]},
        {**sealed, 1: again},
    ):
        with pytest.raises(Tampered):
            check_grant(event, wrong)
    with pytest.raises(Malformed):
        check_grant(event, {**sealed, 1: Sealed(content=sealed[1].content[:-1])})


def test_a_grant_of_another_room_or_device_does_not_hold(
    given_: tuple[Event, dict[int, Sealed]], devices: Devices
) -> None:
    """What a grant names is bound to its room and its device."""
    event, sealed = given_
    with pytest.raises(Tampered):
        check_grant(replace(event, room="room-2"), sealed)
    stolen = replace(read_grant(event), device_id=devices["chief-a"].public.device_id)
    with pytest.raises(Tampered):
        check_grant(replace(event, ct=grant_to_bytes(stolen)), sealed)


def test_only_past_and_present_epochs_of_the_room_are_given(
    past: list[RoomKey], later: Head, devices: Devices
) -> None:
    """Writer and reader refuse an epoch that has not begun; the writer refuses another room's key, and none at all."""

    def give(keys: list[RoomKey]) -> Event:
        return give_history(
            room_keys=keys, head=later, secret=devices["officer"], author="p", to=devices["worker"].public
        )[0]

    assert sorted(read_grant(give([replace(past[0], epoch=3)])).keys) == [3]
    for wrong in ([replace(past[0], epoch=4)], [replace(past[0], room="room-2")], []):
        with pytest.raises(Malformed):
            give(wrong)
    event = give(past)
    with pytest.raises(Malformed):
        read_grant(replace(event, epoch=1))


def test_only_a_grant_is_read_as_one_and_never_as_words(
    given_: tuple[Event, dict[int, Sealed]], first: Event, event: Event, room_key: RoomKey
) -> None:
    """A message or an epoch gives no keys, and a grant holds no message."""
    for other in (first, event):
        with pytest.raises(Malformed):
            read_grant(other)
    with pytest.raises(Malformed):
        open_event(room_key, given_[0])


def test_any_flipped_byte_is_refused(
    given_: tuple[Event, dict[int, Sealed]],
    later: Head,
    devices: Devices,
    flips: Callable[[bytes], list[bytes]],
) -> None:
    """A grant with one byte changed, wherever, is none or does not hold."""
    event, _ = given_
    for changed in flips(to_bytes(event)):
        with pytest.raises(SealError):
            check_event(from_bytes(changed), later, devices["officer"].public)


@settings(deadline=None, max_examples=50)
@given(
    keys=st.dictionaries(
        st.integers(1, 2**53 - 1), st.binary(min_size=32, max_size=32), min_size=1, max_size=20
    ),
    device_id=st.binary(min_size=32, max_size=32),
)
def test_a_body_round_trips(keys: dict[int, bytes], device_id: bytes) -> None:
    """Whatever is given is read as it was written, in one spelling only."""
    grant = Grant(device_id=device_id, keys=keys)
    content = grant_to_bytes(grant)
    assert grant_from_bytes(content) == grant
    for wrong in (content + b"\0", content[:-1], content[1:]):
        with pytest.raises(Malformed):
            grant_from_bytes(wrong)


def test_order_repetition_and_bounds() -> None:
    """A body is refused out of order, with a repetition, without an epoch, with 129 of them, or epoch 0."""
    one, two, device = b"1" * 32, b"2" * 32, bytes(32)
    for fields in (
        [device, 2, 2, two, 1, one],
        [device, 2, 1, one, 1, one],
        [device, 2, 1, one, 1, two],
        [device, 0],
        [device, 1, 0, one],
        [device, 1, 1, one[:-1]],
        [device[:-1], 1, 1, one],
        [device, 2, 1, one],
    ):
        with pytest.raises(Malformed):
            grant_from_bytes(lp(Label.GRANT, *fields))  # type: ignore[arg-type]  # what no writer would write
    many = dict.fromkeys(range(1, MAX_EPOCHS + 1), one)
    most = grant_to_bytes(Grant(device_id=device, keys=many))
    assert len(most) < MAX_MANIFEST
    assert grant_from_bytes(most).keys == many
    with pytest.raises(Malformed):
        Grant(device_id=device, keys={**many, MAX_EPOCHS + 1: one})
