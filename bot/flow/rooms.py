"""Rooms as the bridge speaks and hears in them for whoever has no device."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.consultation import State
from bot.core.errors import NotNow, Unavailable
from bot.core.ids import PersonId, RoomId
from bot.core.receipt import KIND as RECEIPT
from bot.core.receipt import Came, Receipt, receipt_to_text
from bot.flow.bridge_epochs import begin_as_bridge, bridge_id, room_key
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.refusals import Code, Refused
from bot.flow.room_chain import append, bridge_of, head_of, recipients_of, told
from bot.flow.room_epochs import plan_for
from bot.flow.room_members import members
from bot.seal import event
from bot.seal.errors import SealError
from bot.seal.plain import Plain
from bot.seal.symmetric import NONCE

MESSAGE = "said"  # the kind of an event that holds a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message as the bridge opens it. `by_device`: no guard of ours has seen it yet."""

    author: PersonId
    text: Plain
    by_device: bool


def say(tx: Tx, deps: Deps, room_id: RoomId, author: PersonId, text: Plain) -> tuple[int, str]:
    """Seal one message as the room's next event; returns its number and hash (hex).

    Raises NotNow where the bridge is not to be, Refused while a device of one of the two has to begin a new epoch.
    """
    after = _put(tx, deps, _standing(tx, deps, _room(tx, room_id), author), author, MESSAGE, text)
    return after.seq, after.head.hex()


def hear(tx: Tx, deps: Deps, room_id: RoomId, seq: int) -> Heard:
    """Open one message for delivery. Raises Unavailable if it does not verify, or was not for the bridge."""
    room = _room(tx, room_id)
    kept = tx.rooms.event(room_id, seq)
    if kept is None:
        raise Unavailable("that message is no longer kept")
    try:
        said = event.from_bytes(kept.content)
        plain = event.open_event(room_key(tx, deps, room, said.epoch), said)
    except SealError as error:
        raise Unavailable("that message could not be opened") from error
    if (said.room, said.seq) != (room_id, seq):
        raise Unavailable("that message is not the one it should be")
    return Heard(author=PersonId(said.author), text=plain, by_device=said.device_id != bridge_id(deps))


def stopped(tx: Tx, deps: Deps, room_id: RoomId, seq: int, reader: PersonId, now: datetime) -> None:
    """Say in the room that one message of a device could not be passed on to its reader, where that can be said."""
    room, kept = tx.rooms.get(room_id), tx.rooms.event(room_id, seq)
    c = tx.consultations.get(room.consultation) if room is not None else None
    if room is None or kept is None or c is None or c.state is not State.OPEN:
        return
    if reader not in (c.officer, c.holder) or event.from_bytes(kept.content).device_id == bridge_id(deps):
        return  # who wrote on a channel is told there
    wanted = members(tx, deps.content(), c, c.holder).recipients(bridge_id(deps))
    if bridge_id(deps) in wanted and wanted == recipients_of(tx, room):
        text = Plain(receipt_to_text(Receipt(came=Came.STOPPED, seq=seq)).encode())
        told(tx, deps, _put(tx, deps, room, reader, RECEIPT, text), RECEIPT, now)


def _standing(tx: Tx, deps: Deps, room: Room, author: PersonId) -> Room:
    """The room with exactly those in it who should be: the bridge sees to that where it holds the key itself."""
    c, bridge = tx.consultations.get(room.consultation), bridge_id(deps)
    if c is None or c.state is not State.OPEN:
        raise NotNow("nobody is in a talk there")
    wanted, present = members(tx, deps.content(), c, c.holder), recipients_of(tx, room)
    if not wanted.spoken_for:
        raise NotNow("this channel does not carry the talk any more")
    if present == wanted.recipients(bridge):
        return room
    if bridge not in present and wanted.devices:
        raise Refused(Code.REKEY_NEEDED, room)  # a bridge does not let itself in where a device can
    return begin_as_bridge(tx, deps, plan_for(tx, deps, c, c.holder), author, deps.clock.now())


def _put(tx: Tx, deps: Deps, room: Room, author: PersonId, kind: str, text: Plain) -> Room:
    sealed = event.seal_event(
        room_key=room_key(tx, deps, room, room.epoch),
        head=head_of(room),
        secret=deps.keys.bridge,
        author=author,
        kind=kind,
        plain=text,
        nonce=deps.entropy.draw(NONCE),
    )
    return append(tx, room, sealed, bridge_of(deps), recipients_of(tx, room))


def _room(tx: Tx, room_id: RoomId) -> Room:
    room = tx.rooms.get(room_id)
    if room is None:
        raise NotNow("there is no such room")
    return room
