from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.keys import DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey, check_commitment, commit, hash_sealed_key, open_room_key, seal_room_key
from bot.seal.symmetric import derive

Devices = dict[str, DeviceSecret]


def test_a_device_opens_its_key(room_key: RoomKey, devices: Devices) -> None:
    """The key that is sealed to a device opens there, as the key of that room and epoch."""
    sealed = seal_room_key(room_key, devices["officer"].public)
    opened = open_room_key(sealed, room="room-1", epoch=1, kc=commit(room_key), secret=devices["officer"])
    assert (opened.room, opened.epoch, opened.key) == ("room-1", 1, room_key.key)


def test_another_device_room_or_epoch_is_refused(room_key: RoomKey, devices: Devices) -> None:
    """A sealed key cannot be carried to another device, room or epoch."""
    sealed, kc = seal_room_key(room_key, devices["officer"].public), commit(room_key)
    for room, epoch, who in (("room-1", 1, "worker"), ("room-2", 1, "officer"), ("room-1", 2, "officer")):
        with pytest.raises(Tampered):
            open_room_key(sealed, room=room, epoch=epoch, kc=kc, secret=devices[who])


def test_any_flipped_byte_is_refused(
    room_key: RoomKey, devices: Devices, flips: Callable[[bytes], list[bytes]]
) -> None:
    """A changed sealed key does not open, nor one of another length."""
    content, kc = seal_room_key(room_key, devices["officer"].public).content, commit(room_key)
    for changed in [*flips(content), b"", content[:-1], content + b"\0"]:
        with pytest.raises(SealError):
            open_room_key(Sealed(content=changed), room="room-1", epoch=1, kc=kc, secret=devices["officer"])


def test_a_key_that_was_not_committed_to_is_refused(room_key: RoomKey, devices: Devices) -> None:
    """A sealer who gives one member another key than the rest is found out."""
    other = replace(room_key, key=b"o" * 32)
    sealed = seal_room_key(other, devices["officer"].public)
    with pytest.raises(Tampered):
        open_room_key(sealed, room="room-1", epoch=1, kc=commit(room_key), secret=devices["officer"])


def test_the_commitment_is_of_key_room_and_epoch(room_key: RoomKey) -> None:
    """The commitment follows sealing.md section 3 and changes with each of the three."""
    assert commit(room_key) == derive(room_key.key, Label.ROOM_COMMIT, "room-1", 1)
    others = [replace(room_key, key=b"o" * 32), replace(room_key, room="r"), replace(room_key, epoch=2)]
    for other in others:
        with pytest.raises(Tampered):
            check_commitment(other, commit(room_key))


def test_bounds(room_key: RoomKey) -> None:
    """A key has 32 bytes, a named room and an epoch from 1; a sealed key has one length."""
    for wrong in ({"key": bytes(31)}, {"room": ""}, {"epoch": 0}):
        with pytest.raises(Malformed):
            replace(room_key, **wrong)
    with pytest.raises(Malformed):
        hash_sealed_key(Sealed(content=b""), room="room-1", epoch=1, device_id=bytes(32))


def test_the_key_is_not_shown(room_key: RoomKey) -> None:
    """The repr of a room key has no key."""
    assert repr(room_key) == "RoomKey(room='room-1', epoch=1)"
