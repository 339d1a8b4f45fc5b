"""An epoch's beginning: the signed list of who holds the room's key, and of the escrows without which no room is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.seal import threshold
from bot.seal.errors import Malformed, Tampered
from bot.seal.event import EPOCH_KIND, Event, Head, sign_epoch
from bot.seal.hpke import SUITE
from bot.seal.keys import DEVICE_ID, DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey, commit, hash_sealed_key, open_room_key
from bot.seal.symmetric import KEY
from bot.seal.threshold import Escrow
from bot.seal.wire import Reader, exact, lp, name

MAX_RECIPIENTS = 64  # devices in a room
MAX_ESCROWS = 8  # organisations that keep an escrow of it

_HASH = KEY

Name = TypeVar("Name", bound=str)  # a caller's own identifier of an organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an epoch event says in clear: hashes and ids, nothing of what will be said.

    `recipients`: device id -> hash of the key sealed to it; `escrows`: organisation -> hash of its escrow. At
    least one of each.
    """

    kc: bytes  # 32 bytes; the commitment to the room's key
    recipients: Mapping[bytes, bytes]
    escrows: Mapping[str, bytes]

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        exact(self.kc, _HASH)
        if not 1 <= len(self.recipients) <= MAX_RECIPIENTS or not 1 <= len(self.escrows) <= MAX_ESCROWS:
            raise Malformed("A room needs recipients and an escrow, and has room for 64 and 8.")
        for device_id in self.recipients:
            exact(device_id, DEVICE_ID)
        for organisation in self.escrows:
            name(organisation)
        for hashed in (*self.recipients.values(), *self.escrows.values()):
            exact(hashed, _HASH)


def start_epoch(
    *,
    room_key: RoomKey,
    head: Head,
    secret: DeviceSecret,
    author: str,
    room_keys: Mapping[bytes, Sealed],
    escrows: Mapping[Name, Escrow],
) -> Event:
    """Sign the event that starts the epoch after the head's.

    `room_keys`: device id -> its sealed key, of every device in the room; `escrows`: organisation -> its escrow.
    Raises `Malformed` without recipients or escrow, or when the key is not of the next epoch.
    """
    if (room_key.room, room_key.epoch) != (head.room, head.epoch + 1):
        raise Malformed("An epoch starts with the key of the room's next epoch.")
    manifest = Manifest(
        kc=commit(room_key),
        recipients=_hash_keys(room_keys, room_key.room, room_key.epoch),
        escrows=_hash_escrows(escrows, room_key.room, room_key.epoch),
    )
    return sign_epoch(head=head, secret=secret, author=author, manifest=manifest_to_bytes(manifest))


def read_epoch(event: Event) -> Manifest:
    """Return what an epoch event binds. Raises `Malformed` for any other event or a manifest that is none."""
    if event.kind != EPOCH_KIND:
        raise Malformed("Only an epoch event has a manifest.")
    return manifest_from_bytes(event.ct)


def check_epoch(
    event: Event, *, room_keys: Mapping[bytes, Sealed], escrows: Mapping[Name, Escrow]
) -> Manifest:
    """Hold the sealed keys and escrows that came with an epoch event against what it signed; needs no secret.

    Whose devices and which supervisors they ought to be is for policy to say. Raises `Tampered` when one is
    missing, added or changed.
    """
    manifest = read_epoch(event)
    if manifest.recipients != _hash_keys(room_keys, event.room, event.epoch):
        raise Tampered("The sealed keys are not those that the epoch names.")
    if manifest.escrows != _hash_escrows(escrows, event.room, event.epoch):
        raise Tampered("The escrows are not those that the epoch names.")
    return manifest


def accept_room_key(event: Event, sealed: Sealed, secret: DeviceSecret) -> RoomKey:
    """Open one's own key as a recipient of the epoch. Raises `Tampered` unless the signed event names exactly it."""
    manifest = read_epoch(event)
    device_id = secret.public.device_id
    hashed = hash_sealed_key(sealed, room=event.room, epoch=event.epoch, device_id=device_id)
    if manifest.recipients.get(device_id) != hashed:
        raise Tampered("The epoch does not name this key for this device.")
    return open_room_key(sealed, room=event.room, epoch=event.epoch, kc=manifest.kc, secret=secret)


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """Write a manifest; recipients and escrows in ascending order of their ids' bytes."""
    recipients = sorted(manifest.recipients.items())
    escrows = sorted(manifest.escrows.items(), key=lambda item: item[0].encode())
    fields: list[bytes | int | str] = [SUITE, manifest.kc, len(recipients)]
    for device_id, hashed in recipients:
        fields += [device_id, hashed]
    fields.append(len(escrows))
    for organisation, hashed in escrows:
        fields += [organisation, hashed]
    return lp(Label.EPOCH, *fields)


def manifest_from_bytes(content: bytes) -> Manifest:
    """Read a manifest, or raise `Malformed`; another order or a repetition is not one."""
    reader = Reader(Label.EPOCH, content)
    reader.number(least=SUITE, most=SUITE)
    kc = reader.exact(_HASH)
    recipients = {}
    for _ in range(reader.number(most=MAX_RECIPIENTS)):
        device_id = reader.exact(DEVICE_ID)
        recipients[device_id] = reader.exact(_HASH)
    escrows = {}
    for _ in range(reader.number(most=MAX_ESCROWS)):
        organisation = reader.name()
        escrows[organisation] = reader.exact(_HASH)
    reader.end()
    manifest = Manifest(kc=kc, recipients=recipients, escrows=escrows)
    if manifest_to_bytes(manifest) != content:
        raise Malformed
    return manifest


def _hash_keys(room_keys: Mapping[bytes, Sealed], room: str, epoch: int) -> dict[bytes, bytes]:
    return {
        exact(device_id, DEVICE_ID): hash_sealed_key(sealed, room=room, epoch=epoch, device_id=device_id)
        for device_id, sealed in room_keys.items()
    }


def _hash_escrows(escrows: Mapping[Name, Escrow], room: str, epoch: int) -> dict[str, bytes]:
    for escrow in escrows.values():
        threshold.check_escrow(escrow, room=room, epoch=epoch)
    return {organisation: threshold.hash_escrow(escrow) for organisation, escrow in escrows.items()}
