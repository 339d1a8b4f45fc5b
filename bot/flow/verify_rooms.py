"""Checks sealed rooms without a key: chains, signatures, who may say what, sealed keys and escrows, and the ledger's word.

That a room's recipients were those who ought to be in it is judged when an epoch begins; here it is checked that nobody
but them has spoken, and that nothing was added, exchanged or removed since.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.codec import instant_to_text
from bot.core.disclosures import Disclosure, disclosed_in
from bot.core.errors import Tampered
from bot.core.ids import ConsultationId, RoomId
from bot.flow.findings import Findings
from bot.flow.ports import Audit
from bot.flow.records import Room
from bot.flow.room_chain import Signer
from bot.flow.verify_replay import RoomCourse, fold
from bot.seal import threshold
from bot.seal.enrolment import Right
from bot.seal.epoch import check_epoch
from bot.seal.event import EPOCH_KIND, GRANT_KIND, Event, Head, check_event, from_bytes, genesis
from bot.seal.grant import check_grant
from bot.seal.keys import public_from_bytes
from bot.seal.plain import Sealed
from bot.seal.threshold import Escrow

Devices = Mapping[bytes, Signer]


def read_devices(audit: Audit, findings: Findings) -> Devices:
    """Every device, also of those no longer active: what they signed stays signed. A bridge is nobody's."""
    devices: dict[bytes, Signer] = {}
    with findings.within("devices"):
        for device in audit.devices():
            with findings.within(f"device {device.id.hex()}"):
                public = public_from_bytes(device.public)
                if public.device_id != device.id:
                    raise Tampered("its id is not that of its keys")
                is_bridge = bool(device.rights & Right.BRIDGE)
                devices[device.id] = Signer(public=public, person=None if is_bridge else device.person)
    return devices


def check_rooms(
    audit: Audit, told: Mapping[RoomId, RoomCourse], devices: Devices, findings: Findings
) -> list[tuple[ConsultationId, Disclosure]]:
    """Compare every room with what the ledgers told of it; returns what was disclosed in those that hold."""
    missing, disclosed = set(told), list[tuple[ConsultationId, Disclosure]]()
    with findings.within("rooms"):
        for room in audit.rooms():
            missing.discard(room.id)
            with findings.within(f"room {room.id}"):
                course = told.get(room.id, RoomCourse())
                disclosed += [(room.consultation, one) for one in _check_room(audit, room, course, devices)]
                _check_reads(audit, room, course)
    for id_ in sorted(missing):
        findings.add(f"room {id_}", "its row is missing")
    return disclosed


@dataclass(slots=True)
class _Beside:
    """What stands beside a room's events, until the event that names it comes by. Keys by the event's number."""

    seqs: dict[int, int] = field(default_factory=dict)
    keys: defaultdict[int, dict[tuple[int, bytes], Sealed]] = field(default_factory=lambda: defaultdict(dict))
    escrows: defaultdict[int, dict[str, Escrow]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def left(self) -> bool:
        """Whether anything was named by no event."""
        return bool(self.seqs or self.keys or self.escrows)


def _check_room(audit: Audit, room: Room, told: RoomCourse, devices: Devices) -> list[Disclosure]:
    """What was disclosed in it."""
    beside, recipients, disclosed = _read_beside(audit, room.id), frozenset[bytes](), list[Disclosure]()
    head, folded = genesis(room.id), bytes(32)
    for seq, sealed in audit.events(room.id):
        event = from_bytes(sealed.content)
        head = _follow(event, seq, head, devices)
        folded = fold(folded, head.hash)
        if event.kind == EPOCH_KIND:
            recipients = _check_epoch(event, beside)
        elif event.kind == GRANT_KIND:
            _check_grant(event, beside)
        elif (disclosure := disclosed_in(event.kind)) is not None:
            disclosed.append(disclosure)
        if event.device_id not in recipients:
            raise Tampered(f"event {seq} is signed by a device that is not in the room")
    if beside.left:
        raise Tampered("there are keys or escrows that no event names")
    if (head.epoch, head.seq, head.hash) != (room.epoch, room.seq, room.head):
        raise Tampered("its head is not its last event")
    if (room.consultation, room.organisation) != (told.consultation, told.organisation):
        raise Tampered("its owner is not whom the ledger names")
    if not told.order.complete or (told.order.count, told.folded) != (head.seq, folded):
        raise Tampered("its events are not those that the ledger names")
    return disclosed


def _check_reads(audit: Audit, room: Room, told: RoomCourse) -> None:
    kept = {
        (read.epoch, read.device.hex()): (read.person, instant_to_text(read.at))
        for read in audit.key_reads(room.id)
    }
    if kept != told.reads:
        raise Tampered("its keys were not handed out as the ledger says")


def _read_beside(audit: Audit, room: RoomId) -> _Beside:
    beside = _Beside(seqs=dict(audit.epochs(room)))
    for kept in audit.keys(room):
        beside.keys[kept.seq][kept.epoch, kept.device] = kept.blob
    for epoch, organisation, escrow in audit.escrows(room):
        beside.escrows[epoch][organisation] = threshold.from_bytes(escrow.content)
    return beside


def _follow(event: Event, seq: int, head: Head, devices: Devices) -> Head:
    signer = devices.get(event.device_id)
    if signer is None:
        raise Tampered(f"event {seq} is signed by a device that is not known")
    after = check_event(event, head, signer.public)
    if after.seq != seq:
        raise Tampered(f"event {seq} stands under another number")
    if signer.person not in (None, event.author):
        raise Tampered(f"event {seq} is said for somebody else")
    return after


def _check_epoch(event: Event, beside: _Beside) -> frozenset[bytes]:
    """Who holds the key from now on."""
    if beside.seqs.pop(event.epoch, None) != event.seq:
        raise Tampered(f"the beginning of epoch {event.epoch} is filed elsewhere")
    found = beside.keys.pop(event.seq, {})
    keys = {device: blob for (epoch, device), blob in found.items() if epoch == event.epoch}
    if len(keys) != len(found):
        raise Tampered(f"a key of epoch {event.epoch} is filed elsewhere")
    manifest = check_epoch(event, room_keys=keys, escrows=beside.escrows.pop(event.epoch, {}))
    return frozenset(manifest.recipients)


def _check_grant(event: Event, beside: _Beside) -> None:
    found = beside.keys.pop(event.seq, {})
    grant = check_grant(event, {epoch: blob for (epoch, _), blob in found.items()})
    if {device for _, device in found} != {grant.device_id}:
        raise Tampered(f"a key that event {event.seq} gives is filed elsewhere")
