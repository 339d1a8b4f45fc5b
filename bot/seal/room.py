"""A room's key: one per room and epoch, sealed to each device that is in the room."""

import hmac
from dataclasses import dataclass, field

from bot.seal.errors import Tampered
from bot.seal.hpke import OVERHEAD, open_with, seal_to
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.symmetric import KEY, derive, digest
from bot.seal.wire import count, exact, lp, name

SEALED_KEY = KEY + OVERHEAD  # bytes of a room key sealed to one device


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoomKey:
    """The 32 bytes that open one epoch of one room."""

    room: str
    epoch: int  # from 1
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        name(self.room)
        count(self.epoch)
        exact(self.key, KEY)


def commit(room_key: RoomKey) -> bytes:
    """Return `kc`, 32 bytes that stand for the key: AES-GCM alone would let one ciphertext open under two keys."""
    return derive(room_key.key, Label.ROOM_COMMIT, room_key.room, room_key.epoch)


def check_commitment(room_key: RoomKey, kc: bytes) -> None:
    """Raise `Tampered` unless `kc` is this key's commitment."""
    if not hmac.compare_digest(commit(room_key), kc):
        raise Tampered("This key is not the one that the room committed to.")


def seal_room_key(room_key: RoomKey, device: DevicePublic) -> Sealed:
    """Seal the key to one device."""
    info = _info(room_key.room, room_key.epoch, device)
    return Sealed(content=seal_to(device.kem, room_key.key, info=info))


def open_room_key(sealed: Sealed, *, room: str, epoch: int, kc: bytes, secret: DeviceSecret) -> RoomKey:
    """Open what `seal_room_key` made for this device, and hold it against the epoch's commitment.

    Raises `Tampered` for another device, room or epoch, for changed bytes, or for a key that `kc` does not name.
    """
    blob = exact(sealed.content, SEALED_KEY)
    key = open_with(secret.kem, blob, info=_info(room, epoch, secret.public))
    room_key = RoomKey(room=room, epoch=epoch, key=key)
    check_commitment(room_key, kc)
    return room_key


def hash_sealed_key(sealed: Sealed, *, room: str, epoch: int, device_id: bytes) -> bytes:
    """Return the 32 bytes by which an epoch event names one sealed key."""
    return digest(Label.ROOM_KEY_HASH, room, epoch, device_id, exact(sealed.content, SEALED_KEY))


def _info(room: str, epoch: int, device: DevicePublic) -> bytes:
    return lp(Label.ROOM_KEY, room, epoch, device.device_id)
