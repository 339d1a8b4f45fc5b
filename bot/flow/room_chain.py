"""A room's chain on the server: what may be added to it and by whom, checked without a key, and recorded."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.core.ids import PersonId
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Room
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.seal.epoch import read_epoch
from bot.seal.errors import SealError, StaleHead
from bot.seal.event import EPOCH_KIND, Event, Head, check_event, from_bytes, to_sealed
from bot.seal.keys import DevicePublic, public_from_bytes

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A device that adds to a room. `person`: the only one it may speak for; None: a bridge, which speaks for others."""

    public: DevicePublic
    person: PersonId | None


def signer_of(device: Device) -> Signer:
    """Somebody's own device as a signer."""
    assert device.person is not None
    return Signer(public=public_from_bytes(device.public), person=device.person)


def bridge_of(deps: Deps) -> Signer:
    """The server's own bridge as a signer."""
    return Signer(public=deps.keys.bridge.public, person=None)


def head_of(room: Room) -> Head:
    """What the room's next event must follow."""
    return Head(room=room.id, epoch=room.epoch, seq=room.seq, hash=room.head)


def recipients_of(tx: Tx, room: Room) -> frozenset[bytes]:
    """The devices that hold the key of the present epoch; none before the first."""
    began = tx.rooms.epoch(room.id, room.epoch)
    return frozenset(read_epoch(from_bytes(began.content)).recipients) if began is not None else frozenset()


def append(tx: Tx, room: Room, event: Event, signer: Signer, recipients: frozenset[bytes]) -> Room:
    """Add an event; returns where the room stands then.

    `recipients`: of the epoch that the event is of or begins. Raises Refused when the room has moved on, when chain
    or signature do not hold, or when this device may not say that here (FORMAT.md 24, 25, 56).
    """
    head = checked(room, lambda: check_event(event, head_of(room), signer.public))
    stranger = signer.person is not None and event.author != signer.person
    if stranger or signer.public.device_id not in recipients:
        raise Refused(Code.BAD_SEAL)
    after = replace(room, epoch=head.epoch, seq=head.seq, head=head.hash)
    tx.rooms.append(room, after, to_sealed(event))
    return after


def told(tx: Tx, deps: Deps, room: Room, act: str, now: datetime, **facts: object) -> None:
    """Record the room's newest event, when it is not one that the consultation's own entry names."""
    named = {"room": room.id, "consultation": room.consultation}
    stands = {"epoch": room.epoch, "seq": room.seq, "hash": room.head.hex()}
    tx.ledger.append(fact(deps, room.organisation, "room", now, act=act, **named, **stands, **facts))


def checked(room: Room, check: Callable[[], T]) -> T:
    """What a check of the seals gives; what it refuses is Refused here."""
    try:
        return check()
    except StaleHead as error:
        raise Refused(Code.STALE_HEAD, room) from error
    except SealError as error:
        raise Refused(Code.BAD_SEAL) from error


def read_event(content: bytes, room: str) -> Event:
    """An event off the wire, of that room. Raises Refused."""
    try:
        event = from_bytes(content)
    except SealError as error:
        raise Refused(Code.BAD_SEAL) from error
    if event.room != room:
        raise Refused(Code.BAD_SEAL)
    return event


def begins(event: Event) -> bool:
    """Whether it begins an epoch."""
    return event.kind == EPOCH_KIND
