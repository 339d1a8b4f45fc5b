"""Grants: the keys of earlier epochs, given to a device that came later, on the room's own chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.seal.errors import Malformed, Tampered
from bot.seal.event import GRANT_KIND, Event, Head, sign_grant
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey, hash_sealed_key, open_room_key, seal_room_key
from bot.seal.symmetric import KEY
from bot.seal.wire import Reader, count, exact, lp

MAX_EPOCHS = 128  # in one grant; each takes 52 bytes of the body


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a grant says in clear: to which device, and epoch -> hash of the key sealed to it, ascending."""

    device_id: bytes  # 32 bytes
    keys: Mapping[int, bytes]

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        exact(self.device_id, DEVICE_ID)
        if not 1 <= len(self.keys) <= MAX_EPOCHS:
            raise Malformed("A grant gives some epochs, and at most 128.")
        for epoch, hashed in self.keys.items():
            count(epoch)
            exact(hashed, KEY)


def give_history(
    *, room_keys: Sequence[RoomKey], head: Head, secret: DeviceSecret, author: str, to: DevicePublic
) -> tuple[Event, dict[int, Sealed]]:
    """Seal the keys of earlier epochs to `to`; returns the event to append and epoch -> sealed key.

    Raises `Malformed` for a key of another room, or of an epoch that has not begun.
    """
    if any(key.room != head.room or key.epoch > head.epoch for key in room_keys):
        raise Malformed("A grant gives keys of its own room, of epochs that have begun.")
    sealed = {key.epoch: seal_room_key(key, to) for key in room_keys}
    grant = Grant(device_id=to.device_id, keys=_hashes(sealed, head.room, to.device_id))
    event = sign_grant(head=head, secret=secret, author=author, grant=grant_to_bytes(grant))
    return event, sealed


def read_grant(event: Event) -> Grant:
    """Return what a grant event gives. Raises `Malformed` for any other event, a body that is none, or future epochs."""
    if event.kind != GRANT_KIND:
        raise Malformed("Only a grant event gives keys.")
    grant = grant_from_bytes(event.ct)
    if max(grant.keys) > event.epoch:
        raise Malformed("A grant gives keys of epochs that have begun.")
    return grant


def check_grant(event: Event, sealed: Mapping[int, Sealed]) -> Grant:
    """Hold the sealed keys that came with a grant against what it signed; needs no secret. Raises `Tampered`."""
    grant = read_grant(event)
    if grant.keys != _hashes(sealed, event.room, grant.device_id):
        raise Tampered("The sealed keys are not those that the grant names.")
    return grant


def accept_granted_key(
    event: Event, sealed: Sealed, *, epoch: int, kc: bytes, secret: DeviceSecret
) -> RoomKey:
    """Open one's own key of a checked grant. `kc`: the commitment in that epoch's own event. Raises `Tampered`."""
    grant = read_grant(event)
    device_id = secret.public.device_id
    hashed = hash_sealed_key(sealed, room=event.room, epoch=epoch, device_id=device_id)
    if grant.device_id != device_id or grant.keys.get(epoch) != hashed:
        raise Tampered("The grant does not name this key for this device.")
    return open_room_key(sealed, room=event.room, epoch=epoch, kc=kc, secret=secret)


def grant_to_bytes(grant: Grant) -> bytes:
    """Write a grant's body; epochs ascend."""
    fields: list[bytes | int | str] = [grant.device_id, len(grant.keys)]
    for epoch, hashed in sorted(grant.keys.items()):
        fields += [epoch, hashed]
    return lp(Label.GRANT, *fields)


def grant_from_bytes(content: bytes) -> Grant:
    """Read a grant's body, or raise `Malformed`; another order or a repetition is not one."""
    reader = Reader(Label.GRANT, content)
    device_id = reader.exact(DEVICE_ID)
    keys = {}
    for _ in range(reader.number(most=MAX_EPOCHS)):
        epoch = reader.number()
        keys[epoch] = reader.exact(KEY)
    reader.end()
    grant = Grant(device_id=device_id, keys=keys)
    if grant_to_bytes(grant) != content:
        raise Malformed
    return grant


def _hashes(sealed: Mapping[int, Sealed], room: str, device_id: bytes) -> dict[int, bytes]:
    return {
        epoch: hash_sealed_key(blob, room=room, epoch=epoch, device_id=device_id)
        for epoch, blob in sealed.items()
    }
