from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.epoch import (
    MAX_ESCROWS,
    MAX_RECIPIENTS,
    Manifest,
    accept_room_key,
    check_epoch,
    manifest_from_bytes,
    manifest_to_bytes,
    read_epoch,
    start_epoch,
)
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.event import MAX_MANIFEST, Event, Head, check_event, from_bytes, genesis, to_bytes
from bot.seal.keys import DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey, commit, seal_room_key
from bot.seal.threshold import Escrow, Supervisor, hash_escrow, make_escrow
from bot.seal.wire import lp

Devices = dict[str, DeviceSecret]
Keys = dict[bytes, Sealed]


def test_the_epoch_names_its_recipients(
    first: Event, room_key: RoomKey, room_keys: Keys, escrow: Escrow, devices: Devices
) -> None:
    """The signed event binds the commitment, every recipient and the escrow; each recipient opens the key."""
    manifest = check_epoch(from_bytes(to_bytes(first)), room_keys=room_keys, escrows={"malmo": escrow})
    assert manifest.kc == commit(room_key)
    assert manifest.escrows == {"malmo": hash_escrow(escrow)}
    for name in ("officer", "worker", "bridge"):
        device_id = devices[name].public.device_id
        assert accept_room_key(first, room_keys[device_id], devices[name]).key == room_key.key


def test_an_outsider_is_not_served(
    first: Event, room_key: RoomKey, room_keys: Keys, devices: Devices
) -> None:
    """A device that the epoch does not name accepts no key under it, though somebody sealed it one."""
    outsider = devices["chief-a"]
    with pytest.raises(Tampered):
        accept_room_key(first, seal_room_key(room_key, outsider.public), outsider)
    officer = devices["officer"]
    with pytest.raises(Tampered):
        accept_room_key(first, seal_room_key(room_key, officer.public), officer)
    with pytest.raises(Tampered):
        accept_room_key(first, room_keys[devices["worker"].public.device_id], officer)


def test_recipients_cannot_be_added_removed_or_exchanged(
    first: Event, room_key: RoomKey, room_keys: Keys, escrow: Escrow, devices: Devices
) -> None:
    """A server that drops, adds or swaps a sealed key is found out without any secret."""
    outsider, officer = devices["chief-a"].public, devices["officer"].public
    sealed = seal_room_key(room_key, outsider)
    for keys in (
        {},
        dict(list(room_keys.items())[1:]),
        {**room_keys, outsider.device_id: sealed},
        {**room_keys, officer.device_id: seal_room_key(room_key, officer)},
    ):
        with pytest.raises(Tampered):
            check_epoch(first, room_keys=keys, escrows={"malmo": escrow})


def test_the_escrow_cannot_be_left_out_or_exchanged(
    first: Event, room_key: RoomKey, room_keys: Keys, escrow: Escrow, supervisors: list[Supervisor]
) -> None:
    """A room comes with exactly the escrow that it was signed with, of its own room and epoch."""
    again = make_escrow(room_key, t=2, supervisors=supervisors, escrow_key=b"e" * 32, iv=b"i" * 12)
    for escrows in ({}, {"stockholm": escrow}, {"malmo": again}, {"malmo": replace(escrow, epoch=2)}):
        with pytest.raises(Tampered):
            check_epoch(first, room_keys=room_keys, escrows=escrows)


def test_no_room_without_escrow_or_recipient(
    room_key: RoomKey, room_keys: Keys, escrow: Escrow, devices: Devices
) -> None:
    """A room that nobody could open, or that no supervisors could, is not started."""
    for keys, escrows in ((room_keys, {}), ({}, {"malmo": escrow})):
        with pytest.raises(Malformed):
            start_epoch(
                room_key=room_key,
                head=genesis("room-1"),
                secret=devices["bridge"],
                author="p-worker",
                room_keys=keys,
                escrows=escrows,
            )


def test_a_second_epoch_follows_the_first(
    head: Head, room_key: RoomKey, supervisors: list[Supervisor], devices: Devices
) -> None:
    """When somebody leaves, the next epoch has a new key and the head moves on to it."""
    second = replace(room_key, epoch=2, key=b"2" * 32)
    worker = devices["worker"]
    keys = {worker.public.device_id: seal_room_key(second, worker.public)}
    escrow = make_escrow(second, t=2, supervisors=supervisors, escrow_key=b"f" * 32, iv=bytes(12))
    event = start_epoch(
        room_key=second, head=head, secret=worker, author="p", room_keys=keys, escrows={"malmo": escrow}
    )
    after = check_event(event, head, worker.public)
    assert (after.epoch, after.seq) == (2, 2)
    check_epoch(event, room_keys=keys, escrows={"malmo": escrow})
    with pytest.raises(Malformed):
        start_epoch(
            room_key=second, head=after, secret=worker, author="p", room_keys=keys, escrows={"malmo": escrow}
        )


def test_only_an_epoch_event_has_a_manifest(event: Event, first: Event) -> None:
    """A message's ciphertext is never read as a manifest."""
    with pytest.raises(Malformed):
        read_epoch(event)
    with pytest.raises(Malformed):
        read_epoch(replace(first, ct=b"garbage"))
    one = {bytes(32): bytes(32)}
    short = Manifest(kc=bytes(32), recipients=one, escrows={"m": bytes(32)})
    fill = 272 - len(manifest_to_bytes(short)) + 1
    disguised = manifest_to_bytes(replace(short, escrows={"m" * fill: bytes(32)}))
    with pytest.raises(Malformed):
        read_epoch(replace(event, ct=disguised))


def test_an_escrow_of_another_room_is_refused(
    first: Event, room_key: RoomKey, room_keys: Keys, escrow: Escrow, devices: Devices
) -> None:
    """An escrow that belongs elsewhere is neither bound nor accepted, not even when its hash was signed."""
    stray = replace(escrow, epoch=2)
    with pytest.raises(Tampered):
        start_epoch(
            room_key=room_key,
            head=genesis("room-1"),
            secret=devices["bridge"],
            author="p-worker",
            room_keys=room_keys,
            escrows={"malmo": stray},
        )
    signed = replace(read_epoch(first), escrows={"malmo": hash_escrow(stray)})
    event = replace(first, ct=manifest_to_bytes(signed))
    with pytest.raises(Tampered):
        check_epoch(event, room_keys=room_keys, escrows={"malmo": stray})


def test_any_flipped_byte_is_refused(
    first: Event, devices: Devices, flips: Callable[[bytes], list[bytes]]
) -> None:
    """An epoch event changed anywhere does not hold; its signature covers the manifest."""
    for changed in flips(to_bytes(first)):
        with pytest.raises(SealError):
            check_event(from_bytes(changed), genesis("room-1"), devices["bridge"].public)


IDS = st.binary(min_size=32, max_size=32)


@given(
    kc=IDS,
    recipients=st.dictionaries(IDS, IDS, min_size=1, max_size=5),
    escrows=st.dictionaries(st.text(min_size=1, max_size=20), IDS, min_size=1, max_size=3),
)
def test_manifest_round_trip(kc: bytes, recipients: dict[bytes, bytes], escrows: dict[str, bytes]) -> None:
    """What a manifest binds is read back, whatever order it was given in."""
    manifest = Manifest(kc=kc, recipients=recipients, escrows=escrows)
    content = manifest_to_bytes(manifest)
    assert manifest_from_bytes(content) == manifest
    backwards = Manifest(kc=kc, recipients=dict(reversed(recipients.items())), escrows=escrows)
    assert manifest_to_bytes(backwards) == content


def test_manifest_refuses_other_shapes() -> None:
    """Another suite or order, a repetition, nobody, too many, truncation, trailing bytes: no manifest."""
    a, b, h = b"a" * 32, b"b" * 32, b"h" * 32
    good = lp(Label.EPOCH, 1, h, 2, a, h, b, h, 1, "malmo", h)
    assert manifest_to_bytes(manifest_from_bytes(good)) == good
    for wrong in (
        b"",
        good[:-1],
        good + b"\0",
        lp(Label.EPOCH, 2, h, 2, a, h, b, h, 1, "malmo", h),
        lp(Label.EPOCH, 1, h, 2, b, h, a, h, 1, "malmo", h),
        lp(Label.EPOCH, 1, h, 2, a, h, a, h, 1, "malmo", h),
        lp(Label.EPOCH, 1, h, 1, a, h, b, h, 1, "malmo", h),
        lp(Label.EPOCH, 1, h, 2, a, h, b, h, 2, "malmo", h, "a", h),
        lp(Label.EPOCH, 1, h, 0, 1, "malmo", h),
        lp(Label.EPOCH, 1, h, 1, a, h, 0),
        lp(Label.EPOCH, 1, h, 1, a[:31], h, 1, "malmo", h),
        lp(Label.EPOCH, 1, h, MAX_RECIPIENTS + 1),
        lp(Label.EPOCH, 1, h, 1, a, h, MAX_ESCROWS + 1),
        lp(Label.EPOCH, 1, h, 1, a, h, 1, "", h),
    ):
        with pytest.raises(Malformed):
            manifest_from_bytes(wrong)


def test_the_largest_manifest_fits_an_event() -> None:
    """As many recipients and escrows as are allowed, with the longest names, fit in an epoch event."""
    recipients = {bytes([number]) * 32: bytes(32) for number in range(MAX_RECIPIENTS)}
    escrows = {f"{number}".rjust(255, "o"): bytes(32) for number in range(MAX_ESCROWS)}
    largest = Manifest(kc=bytes(32), recipients=recipients, escrows=escrows)
    assert len(manifest_to_bytes(largest)) <= MAX_MANIFEST
    with pytest.raises(Malformed):
        Manifest(kc=bytes(32), recipients={**recipients, b"x" * 32: bytes(32)}, escrows=escrows)
    with pytest.raises(Malformed):
        Manifest(kc=bytes(32), recipients=recipients, escrows={**escrows, "one more": bytes(32)})
    with pytest.raises(Malformed):
        Manifest(kc=bytes(32), recipients={b"short": bytes(32)}, escrows=escrows)
