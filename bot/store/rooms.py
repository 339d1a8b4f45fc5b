"""Sealed rooms: heads, sealed events, sealed keys, escrows."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.core.errors import BadInput, NotNow
from bot.core.ids import OrganisationId, RoomId
from bot.flow.records import Room
from bot.flow.records_openings import Place
from bot.flow.records_talks import KeptKey
from bot.seal.plain import Sealed
from bot.store.seats import seat_everybody
from bot.store.tables import escrows, room_epochs, room_events, room_keys, rooms

_CREATE = insert(rooms)
_GET = select(rooms).where(rooms.c.id == bindparam("of"))
_MOVE = update(rooms).where(
    rooms.c.id == bindparam("of"), rooms.c.seq == bindparam("old_seq"), rooms.c.head == bindparam("old_head")
)
_ADD_EVENT = insert(room_events)
_ADD_EPOCH = insert(room_epochs)
_EVENT = select(room_events.c.body).where(
    room_events.c.room == bindparam("of"), room_events.c.seq == bindparam("at_seq")
)
_EPOCH = (
    select(room_events.c.body)
    .join(
        room_epochs,
        (room_epochs.c.room == room_events.c.room) & (room_epochs.c.seq == room_events.c.seq),
    )
    .where(room_epochs.c.room == bindparam("of"), room_epochs.c.epoch == bindparam("at_epoch"))
)
_EVENTS = (
    select(room_events.c.seq, room_events.c.body)
    .where(room_events.c.room == bindparam("of"), room_events.c.seq > bindparam("after"))
    .order_by(room_events.c.seq)
    .limit(bindparam("most"))
)
_EPOCHS = (
    select(room_epochs.c.epoch, room_epochs.c.seq)
    .where(room_epochs.c.room == bindparam("of"))
    .order_by(room_epochs.c.epoch)
)
_PUT_KEY = insert(room_keys)
_KEYS = (
    select(room_keys)
    .where(room_keys.c.room == bindparam("of"), room_keys.c.device == bindparam("for"))
    .order_by(room_keys.c.epoch, room_keys.c.seq)
)
_HOLDERS = select(room_keys.c.device, room_keys.c.epoch).where(room_keys.c.room == bindparam("of")).distinct()
_PUT_ESCROW = insert(escrows)


class SqlRooms:
    """Implements `Rooms` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection

    def create(self, room: Room) -> None:
        """Begin a room of a kept consultation, before its first event. Raises BadInput when it is there already."""
        row = {
            "id": room.id,
            "consultation": room.consultation,
            "organisation": room.organisation,
            "epoch": room.epoch,
            "seq": room.seq,
            "head": room.head,
        }
        self._connection.execute(_CREATE, row)

    def get(self, room: RoomId) -> Room | None:
        """A room's head."""
        row = self._connection.execute(_GET, {"of": room}).one_or_none()
        return None if row is None else room_of(row)

    def append(self, before: Room, after: Room, event: Sealed) -> None:
        """Add the event at `after.seq`; raises NotNow when `before` is no longer the head.

        `after` is one event further, in the same epoch or the next; anything else is BadInput.
        """
        begins = after.epoch - before.epoch
        if (after.id, after.seq) != (before.id, before.seq + 1) or begins not in (0, 1):
            raise BadInput("one event at a time")
        head = {"epoch": after.epoch, "seq": after.seq, "head": after.head}
        named = {"of": before.id, "old_seq": before.seq, "old_head": before.head}
        if self._connection.execute(_MOVE, {**head, **named}).rowcount != 1:
            raise NotNow("the room has moved on")
        self._connection.execute(_ADD_EVENT, {"room": after.id, "seq": after.seq, "body": event})
        if begins:
            self._connection.execute(_ADD_EPOCH, {"room": after.id, "epoch": after.epoch, "seq": after.seq})

    def event(self, room: RoomId, seq: int) -> Sealed | None:
        """One event by number, from 1."""
        return _sealed(self._connection.execute(_EVENT, {"of": room, "at_seq": seq}).scalar())

    def epoch(self, room: RoomId, epoch: int) -> Sealed | None:
        """The event that began the epoch."""
        return _sealed(self._connection.execute(_EPOCH, {"of": room, "at_epoch": epoch}).scalar())

    def events(self, room: RoomId, after: int, limit: int) -> tuple[tuple[int, Sealed], ...]:
        """The events after a number, in order, at most so many: number, event."""
        found = self._connection.execute(_EVENTS, {"of": room, "after": after, "most": limit})
        return tuple((row.seq, row.body) for row in found)

    def epochs(self, room: RoomId) -> tuple[tuple[int, int], ...]:
        """Which event began each epoch: epoch, number of the event."""
        return tuple((row.epoch, row.seq) for row in self._connection.execute(_EPOCHS, {"of": room}))

    def put_key(self, room: RoomId, key: KeptKey) -> None:
        """Keep an epoch's key as it was sealed to one device. Raises BadInput when that event gave it one already."""
        row = {"room": room, "epoch": key.epoch, "device": key.device, "seq": key.seq, "blob": key.blob}
        self._connection.execute(_PUT_KEY, row)

    def keys(self, room: RoomId, device: bytes) -> tuple[KeptKey, ...]:
        """Every key that was sealed to one device, by epoch and event; of an epoch there may be several."""
        return tuple(key_of(row) for row in self._connection.execute(_KEYS, {"of": room, "for": device}))

    def holders(self, room: RoomId) -> dict[bytes, frozenset[int]]:
        """The epochs whose keys each device has."""
        found: dict[bytes, set[int]] = {}
        for device, epoch in self._connection.execute(_HOLDERS, {"of": room}):
            found.setdefault(device, set()).add(epoch)
        return {device: frozenset(epochs) for device, epochs in found.items()}

    def put_escrow(self, room: RoomId, epoch: int, organisation: OrganisationId, escrow: Sealed) -> None:
        """Keep an organisation's escrow of the epoch's key. Raises BadInput when one is kept already."""
        row = {"room": room, "epoch": epoch, "organisation": organisation, "blob": escrow}
        self._connection.execute(_PUT_ESCROW, row)
        seat_everybody(self._connection, Place(room=room, epoch=epoch), organisation, escrow)


def room_of(row: Row[Any]) -> Room:
    """A room's head of its row."""
    return Room(
        id=row.id,
        consultation=row.consultation,
        organisation=row.organisation,
        epoch=row.epoch,
        seq=row.seq,
        head=row.head,
    )


def key_of(row: Row[Any]) -> KeptKey:
    """A kept key of its row."""
    return KeptKey(epoch=row.epoch, device=row.device, seq=row.seq, blob=row.blob)


def _sealed(found: Sealed | None) -> Sealed | None:
    return found
