"""Checks sealed rooms without a key: chains, signatures, sealed keys and escrows, and what the ledger says of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.errors import Tampered
from bot.core.ids import RoomId
from bot.flow.findings import Findings
from bot.flow.ports import Audit
from bot.flow.records import Room
from bot.flow.verify_replay import RoomCourse, fold
from bot.seal import threshold
from bot.seal.epoch import check_epoch
from bot.seal.event import EPOCH_KIND, Event, Head, check_event, from_bytes, genesis
from bot.seal.keys import DevicePublic, public_from_bytes
from bot.seal.plain import Sealed
from bot.seal.threshold import Escrow

Devices = Mapping[bytes, DevicePublic]


def read_devices(audit: Audit, findings: Findings) -> Devices:
    """The public keys of every device, also of those no longer active: what they signed stays signed."""
    devices: dict[bytes, DevicePublic] = {}
    with findings.within("devices"):
        for device in audit.devices():
            with findings.within(f"device {device.id.hex()}"):
                public = public_from_bytes(device.public)
                if public.device_id != device.id:
                    raise Tampered("its id is not that of its keys")
                devices[device.id] = public
    return devices


def check_rooms(
    audit: Audit, told: Mapping[RoomId, RoomCourse], devices: Devices, findings: Findings
) -> None:
    """Compare every room with what the ledgers told of it."""
    missing = set(told)
    with findings.within("rooms"):
        for room in audit.rooms():
            missing.discard(room.id)
            with findings.within(f"room {room.id}"):
                _check_room(audit, room, told.get(room.id, RoomCourse()), devices)
    for id_ in sorted(missing):
        findings.add(f"room {id_}", "its row is missing")


@dataclass(slots=True)
class _Epochs:
    """What stands beside a room's epoch events, until they come by."""

    seqs: dict[int, int] = field(default_factory=dict)
    keys: defaultdict[int, dict[bytes, Sealed]] = field(default_factory=lambda: defaultdict(dict))
    escrows: defaultdict[int, dict[str, Escrow]] = field(default_factory=lambda: defaultdict(dict))


def _check_room(audit: Audit, room: Room, told: RoomCourse, devices: Devices) -> None:
    epochs = _read_epochs(audit, room.id)
    head, folded = genesis(room.id), bytes(32)
    for seq, sealed in audit.events(room.id):
        event = from_bytes(sealed.content)
        head = _follow(event, seq, head, devices)
        folded = fold(folded, head.hash)
        if event.kind == EPOCH_KIND:
            _check_epoch(event, epochs)
    if epochs.seqs or epochs.keys or epochs.escrows:
        raise Tampered("there are keys or escrows of an epoch that never began")
    if (head.epoch, head.seq, head.hash) != (room.epoch, room.seq, room.head):
        raise Tampered("its head is not its last event")
    if (room.consultation, room.organisation) != (told.consultation, told.organisation):
        raise Tampered("its owner is not whom the ledger names")
    if not told.order.complete or (told.order.count, told.folded) != (head.seq, folded):
        raise Tampered("its events are not those that the ledger names")


def _read_epochs(audit: Audit, room: RoomId) -> _Epochs:
    epochs = _Epochs(seqs=dict(audit.epochs(room)))
    for epoch, device, blob in audit.keys(room):
        epochs.keys[epoch][device] = blob
    for epoch, organisation, kept in audit.escrows(room):
        epochs.escrows[epoch][organisation] = threshold.from_bytes(kept.content)
    return epochs


def _follow(event: Event, seq: int, head: Head, devices: Devices) -> Head:
    device = devices.get(event.device_id)
    if device is None:
        raise Tampered(f"event {seq} is signed by a device that is not known")
    after = check_event(event, head, device)
    if after.seq != seq:
        raise Tampered(f"event {seq} stands under another number")
    return after


def _check_epoch(event: Event, epochs: _Epochs) -> None:
    if epochs.seqs.pop(event.epoch, None) != event.seq:
        raise Tampered(f"the beginning of epoch {event.epoch} is filed elsewhere")
    check_epoch(
        event,
        room_keys=epochs.keys.pop(event.epoch, {}),
        escrows=epochs.escrows.pop(event.epoch, {}),
    )
