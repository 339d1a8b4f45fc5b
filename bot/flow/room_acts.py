"""What a device does in a room: says, begins epochs, gives history. The server checks all of it without a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.disclosures import Disclosure, disclosed_in
from bot.core.errors import BadInput
from bot.core.events import Said
from bot.core.ids import RoomId
from bot.core.policy import Act
from bot.core.receipt import KIND as RECEIPT
from bot.flow import register
from bot.flow.advance import advance, moment, quiet_until
from bot.flow.bridge_epochs import bridge_id, give_history
from bot.flow.deps import FIRST_ANSWER, Deps
from bot.flow.disclosing import check_chosen
from bot.flow.grants import take_grant
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.flow.room_chain import append, read_event, recipients_of, signer_of, told
from bot.flow.room_epochs import Opening, begin, plan_for
from bot.flow.room_members import members, own_devices
from bot.flow.rooms import MESSAGE
from bot.flow.speaker import Speaker, may
from bot.seal.event import Event, from_bytes
from bot.seal.plain import Sealed

RECEIPTS = 2  # of one device since anything else happened in the room: it has come, it was read


@dataclass(frozen=True, slots=True, kw_only=True)
class InRoom:
    """Somebody with a device of their own, in a room that is theirs; `rules` let them."""

    who: Speaker
    device: Device
    room: Room
    c: Consultation
    rules: tuple[str, ...]

    @property
    def now(self) -> datetime:
        """When it happens in this consultation."""
        return moment(self.c, self.who.now)


def enter(tx: Tx, deps: Deps, who: Speaker, device: Device, room_id: RoomId, act: Act) -> InRoom:
    """Let somebody into a room, if it is theirs now and this is an approved device of theirs.

    Raises Refused, the same for a room that is not theirs and for one that is not; Denied where no rule lets them.
    """
    room = tx.rooms.get(room_id)
    c = tx.consultations.get(room.consultation) if room is not None else None
    if room is None or c is None or c.state is State.ERASED or who.person.id not in (c.officer, c.holder):
        raise Refused(Code.NOT_YOURS)
    check_device(tx, who, device)
    rules = may(deps, who, act, consultation=c)
    return InRoom(who=who, device=device, room=room, c=c, rules=rules)


def check_device(tx: Tx, who: Speaker, device: Device) -> None:
    """Raise Refused unless it is a device of theirs that may be in rooms."""
    if device.id not in {own.id for own in own_devices(tx, who.person.id)}:
        raise Refused(Code.DEVICE_NEEDED)


def check_private(tx: Tx, deps: Deps, c: Consultation) -> None:
    """Raise Refused unless the two, and nobody else, hold the key of their open room, each on a device of their own."""
    room = tx.rooms.get(c.room) if c.room is not None else None
    if c.state is not State.OPEN or room is None:
        raise Refused(Code.NOT_OPEN)
    present, wanted = recipients_of(tx, room), members(tx, deps.content(), c, c.holder)
    if bridge_id(deps) in present:
        raise Refused(Code.BRIDGE_IN_ROOM, room)
    if {c.officer, c.holder} - set(wanted.devices.values()):
        raise Refused(Code.DEVICE_MISSING, room)
    if present != wanted.recipients(bridge_id(deps)):
        raise Refused(Code.REKEY_NEEDED, room)


def check_open(inside: InRoom) -> None:
    """Raise Refused unless somebody has the consultation now."""
    if inside.c.state is not State.OPEN:
        raise Refused(Code.NOT_OPEN)


def put_event(tx: Tx, deps: Deps, inside: InRoom, content: bytes) -> Room:
    """Add what a device has sealed: words, a disclosure or a receipt; returns where the room stands then."""
    check_open(inside)
    event = read_event(content, inside.room.id)
    if event.seq <= inside.room.seq:
        raise Refused(Code.STALE_HEAD, inside.room)
    recipients, disclosure, rules = _present(tx, deps, inside), _disclosed(event), inside.rules
    if event.kind == RECEIPT:
        _refuse_more_receipts(tx, inside)
    elif disclosure is not None:
        rules = check_chosen(deps, inside.who, inside.c, disclosure)
        check_private(tx, deps, inside.c)
    elif event.kind != MESSAGE:
        raise Refused(Code.BAD_SEAL)
    after = append(tx, inside.room, event, signer_of(inside.device), recipients)
    if event.kind == RECEIPT:
        told(tx, deps, after, RECEIPT, inside.now)
    else:
        _said(tx, deps, inside, after)
    if disclosure is not None:
        register.enter(tx, deps, inside.c, register.new_id(deps, inside.now), inside.now, rules, disclosure)
    return after


def begin_epoch(tx: Tx, deps: Deps, inside: InRoom, opening: Opening) -> Room:
    """Begin a new epoch, because who must hold the key has changed; returns where the room stands then."""
    check_open(inside)
    if opening.event.seq <= inside.room.seq:
        raise Refused(Code.STALE_HEAD, inside.room)
    plan = plan_for(tx, deps, inside.c, inside.c.holder)
    if plan.recipients == recipients_of(tx, inside.room):
        raise Refused(Code.REKEY_UNNEEDED, inside.room)
    after = begin(tx, deps, plan, opening, signer_of(inside.device), inside.now)
    if bridge_id(deps) in plan.recipients:
        after = give_history(tx, deps, after, plan.members.devices, inside.who.person.id, inside.now)
    return after


def give(tx: Tx, deps: Deps, inside: InRoom, content: bytes, keys: Mapping[int, Sealed]) -> Room:
    """Give keys of earlier epochs to a device of one of the two; returns where the room stands then."""
    check_open(inside)
    event, recipients = read_event(content, inside.room.id), recipients_of(tx, inside.room)
    return take_grant(
        tx,
        deps,
        inside.room,
        event,
        keys,
        signer=signer_of(inside.device),
        recipients=recipients,
        targets=members(tx, deps.content(), inside.c, inside.c.holder).devices,
        now=inside.now,
    )


def _present(tx: Tx, deps: Deps, inside: InRoom) -> frozenset[bytes]:
    """Who holds the key, when that is exactly those who should; nothing is said to anybody else, or past anybody."""
    present = recipients_of(tx, inside.room)
    if present != members(tx, deps.content(), inside.c, inside.c.holder).recipients(bridge_id(deps)):
        raise Refused(Code.REKEY_NEEDED, inside.room)
    return present


def _disclosed(event: Event) -> Disclosure | None:
    try:
        return disclosed_in(event.kind)
    except BadInput as error:
        raise Refused(Code.BAD_SEAL) from error


def _said(tx: Tx, deps: Deps, inside: InRoom, after: Room) -> None:
    by_officer = inside.who.person.id == inside.c.officer
    said = Said(
        at=inside.now,
        author=inside.who.person.id,
        seq=after.seq,
        digest=after.head.hex(),
        due=inside.now + FIRST_ANSWER if by_officer else quiet_until(inside.c, inside.now),
    )
    advance(tx, deps, inside.c, said, inside.rules)


def _refuse_more_receipts(tx: Tx, inside: InRoom) -> None:
    """Nobody fills a room with receipts: a device has two for whatever else happened."""
    seq, own = inside.room.seq, 0
    while (last := _event(tx, inside.room, seq)) is not None and last.kind == RECEIPT:
        own += last.device_id == inside.device.id
        if own == RECEIPTS:
            raise Refused(Code.RECEIPTS_ENOUGH, inside.room)
        seq -= 1


def _event(tx: Tx, room: Room, seq: int) -> Event | None:
    kept = tx.rooms.event(room.id, seq)
    return from_bytes(kept.content) if kept is not None else None
