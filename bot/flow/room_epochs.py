"""Epochs: who must hold a room's next key, and what begins it, whoever's device does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.ids import PersonId, RoomId
from bot.core.members import Members
from bot.flow.deps import Deps
from bot.flow.escrows import Seats, check_seats, seats_for
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Room
from bot.flow.records_devices import Device
from bot.flow.records_talks import KeptKey
from bot.flow.refusals import Code, Refused
from bot.flow.room_chain import Signer, append, checked, told
from bot.flow.room_members import members
from bot.seal import threshold
from bot.seal.epoch import accept_room_key, check_epoch, read_epoch
from bot.seal.errors import SealError
from bot.seal.event import EPOCH_KIND, Event, from_bytes, genesis
from bot.seal.plain import Sealed
from bot.seal.threshold import Escrow


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the next epoch must be: after this head, for these devices, with these escrows; nothing more or less."""

    room: Room
    members: Members
    recipients: frozenset[bytes]
    escrows: tuple[Seats, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What begins an epoch: its event, the key sealed to each device, the escrow of each organisation."""

    event: Event
    keys: Mapping[bytes, Sealed]
    escrows: Mapping[str, Escrow]


def opening_from(content: bytes, keys: Mapping[bytes, bytes], escrows: Mapping[str, bytes]) -> Opening:
    """What begins an epoch, off the wire. Raises Refused."""
    try:
        return Opening(
            event=from_bytes(content),
            keys={device: Sealed(content=blob) for device, blob in keys.items()},
            escrows={name: threshold.from_bytes(escrow) for name, escrow in escrows.items()},
        )
    except SealError as error:
        raise Refused(Code.BAD_SEAL) from error


def plan_for(tx: Tx, deps: Deps, c: Consultation, holder: PersonId | None) -> Plan:
    """Plan the next epoch for when this person holds the consultation.

    Raises Unavailable where the owner can keep no escrow: there is no room without.
    """
    assert c.organisation is not None
    room = tx.rooms.get(room_id(c)) or _unbegun(c)
    found = members(tx, deps.content(), c, holder)
    recipients = found.recipients(deps.keys.bridge.public.device_id)
    seats = seats_for(tx, deps, c.organisation)
    return Plan(room=room, members=found, recipients=recipients, escrows=seats)


def room_id(c: Consultation) -> RoomId:
    """The room of a consultation, begun or not: each has one, so two who accept at once cannot make two."""
    return c.room if c.room is not None else RoomId(c.id)


def ensure(tx: Tx, plan: Plan) -> None:
    """Make the room known, if it is not. Its first entry on the ledger is up to the caller."""
    if tx.rooms.get(plan.room.id) is None:
        tx.rooms.create(plan.room)


def leave_to_devices(tx: Tx, deps: Deps, plan: Plan, now: datetime) -> None:
    """Nobody is here who could begin: the room waits for a device of one of the two."""
    if plan.room.seq == 0 and tx.rooms.get(plan.room.id) is None:
        ensure(tx, plan)
        named = {"room": plan.room.id, "consultation": plan.room.consultation}
        tx.ledger.append(fact(deps, plan.room.organisation, "room", now, act="waits", **named))


def begin(tx: Tx, deps: Deps, plan: Plan, opening: Opening, signer: Signer, now: datetime) -> Room:
    """Begin the epoch, if it is the one that was planned; returns where the room stands then.

    Raises Refused when the plan is another by now, or something does not hold (FORMAT.md 17, 24, 25, 56).
    """
    event, room = opening.event, plan.room
    if event.kind != EPOCH_KIND:
        raise Refused(Code.BAD_SEAL)
    if event.seq <= room.seq:
        raise Refused(Code.STALE_HEAD, room)
    if frozenset(checked(room, lambda: read_epoch(event)).recipients) != plan.recipients:
        raise Refused(Code.PLAN_STALE, room)
    check_seats(plan.escrows, opening.escrows)
    checked(room, lambda: check_epoch(event, room_keys=opening.keys, escrows=opening.escrows))
    _try_own_key(deps, room, opening)
    ensure(tx, plan)
    after = append(tx, room, event, signer, plan.recipients)
    for device, blob in opening.keys.items():
        tx.rooms.put_key(room.id, KeptKey(epoch=after.epoch, device=device, seq=after.seq, blob=blob))
    for seats in plan.escrows:
        kept = threshold.to_sealed(opening.escrows[seats.organisation])
        tx.rooms.put_escrow(room.id, after.epoch, seats.organisation, kept)
    told(tx, deps, after, "epoch", now, device=signer.public.device_id.hex())
    return after


def devices_of(tx: Tx, plan: Plan) -> tuple[Device, ...]:
    """The recipients as devices, by id; a bridge that nobody has vouched for is among them too."""
    found = (tx.devices.get(id_) for id_ in sorted(plan.recipients))
    return tuple(device for device in found if device is not None)


def _unbegun(c: Consultation) -> Room:
    assert c.organisation is not None
    start = genesis(room_id(c))
    return Room(
        id=room_id(c), consultation=c.id, organisation=c.organisation, epoch=0, seq=0, head=start.hash
    )


def _try_own_key(deps: Deps, room: Room, opening: Opening) -> None:
    """A bridge that could not open its key would be deaf: whoever sealed it is told at once."""
    bridge = deps.keys.bridge
    blob = opening.keys.get(bridge.public.device_id)
    if blob is not None:
        checked(room, lambda: accept_room_key(opening.event, blob, bridge))
