"""Everything the ledger answers for, row by row and in order, for `ledger verify`: nothing is judged here."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, bindparam, select, union

from bot.core.codec import decode_consultation
from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.ids import ConsultationId, OrganisationId, RoomId
from bot.flow.records import Device, Entry, Kept, Recorded, Room
from bot.seal.plain import Sealed
from bot.store.consultations import consultation_row, offer_row
from bot.store.facts import Columns, address_fact, device_fact, override_fact, person_fact, shift_fact
from bot.store.people import device_of
from bot.store.rooms import room_of
from bot.store.tables import (
    addresses,
    checkpoints,
    consultations,
    devices,
    entries,
    escrows,
    ledgers,
    nodes,
    offers,
    overrides,
    people,
    room_epochs,
    room_events,
    room_keys,
    rooms,
    shifts,
    subjects,
)

_AT_A_TIME: Final = 256  # rows in memory

_FACTS: Final[dict[str, tuple[Table, Callable[[Columns], tuple[str, object]]]]] = {
    "people": (people, person_fact),
    "addresses": (addresses, address_fact),
    "devices": (devices, device_fact),
    "shifts": (shifts, shift_fact),
    "overrides": (overrides, override_fact),
}
_ORGANISATIONS = union(*(select(table.c.organisation) for table in (ledgers, entries, nodes, checkpoints)))
_ENTRIES = select(entries).where(entries.c.organisation == bindparam("of")).order_by(entries.c.number)
_LEVELS = select(nodes.c.level).distinct().where(nodes.c.organisation == bindparam("of"))
_NODES = (
    select(nodes.c.number, nodes.c.hash)
    .where(nodes.c.organisation == bindparam("of"), nodes.c.level == bindparam("at"))
    .order_by(nodes.c.number)
)
_CHECKPOINTS = (
    select(checkpoints.c.size, checkpoints.c.note)
    .where(checkpoints.c.organisation == bindparam("of"))
    .order_by(checkpoints.c.size)
)
_VERSIONS = select(subjects.c.subject, subjects.c.version)
_CONSULTATION = select(consultations).where(consultations.c.id == bindparam("of"))
_CONSULTATIONS = select(consultations.c.id).order_by(consultations.c.id)
_OFFERS = select(offers).where(offers.c.consultation == bindparam("of"))
_ROOMS = select(rooms).order_by(rooms.c.id)
_EVENTS = (
    select(room_events.c.seq, room_events.c.body)
    .where(room_events.c.room == bindparam("of"))
    .order_by(room_events.c.seq)
)
_EPOCHS = (
    select(room_epochs.c.epoch, room_epochs.c.seq)
    .where(room_epochs.c.room == bindparam("of"))
    .order_by(room_epochs.c.epoch)
)
_KEYS = (
    select(room_keys.c.epoch, room_keys.c.device, room_keys.c.blob)
    .where(room_keys.c.room == bindparam("of"))
    .order_by(room_keys.c.epoch, room_keys.c.device)
)
_ESCROWS = (
    select(escrows.c.epoch, escrows.c.organisation, escrows.c.blob)
    .where(escrows.c.room == bindparam("of"))
    .order_by(escrows.c.epoch, escrows.c.organisation)
)
_DEVICES = select(devices).order_by(devices.c.id)
_STRAYS = (
    (offers, offers.c.consultation, consultations.c.id),
    (rooms, rooms.c.consultation, consultations.c.id),
    (room_events, room_events.c.room, rooms.c.id),
    (room_epochs, room_epochs.c.room, rooms.c.id),
    (room_keys, room_keys.c.room, rooms.c.id),
    (escrows, escrows.c.room, rooms.c.id),
)


class SqlAudit:
    """Implements `Audit` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in a transaction that sees one snapshot."""
        self._connection = connection

    def organisations(self) -> tuple[OrganisationId, ...]:
        """Every organisation of which the ledger keeps any row."""
        return tuple(sorted(OrganisationId(name) for (name,) in self._connection.execute(_ORGANISATIONS)))

    def entries(self, organisation: OrganisationId) -> Iterator[Recorded]:
        """A ledger's entries by index."""
        for row in self._each(_ENTRIES, of=organisation):
            entry = Entry(organisation=organisation, kind=row.kind, body=row.body, salt=row.salt, at=row.at)
            yield Recorded(entry=entry, index=row.number, leaf=row.leaf)

    def levels(self, organisation: OrganisationId) -> tuple[int, ...]:
        """The levels of the tree of which there are rows; the leaves stand in the entries."""
        return tuple(sorted(level for (level,) in self._connection.execute(_LEVELS, {"of": organisation})))

    def nodes(self, organisation: OrganisationId, level: int) -> Iterator[tuple[int, bytes]]:
        """A level's rows by index: index, hash."""
        for row in self._each(_NODES, of=organisation, at=level):
            yield row.number, row.hash

    def checkpoints(self, organisation: OrganisationId) -> Iterator[tuple[int, str]]:
        """A ledger's checkpoints by size: size, signed note."""
        for row in self._each(_CHECKPOINTS, of=organisation):
            yield row.size, row.note

    def fact_versions(self) -> dict[str, int]:
        """How often each table of facts was changed."""
        return {row.subject: row.version for row in self._connection.execute(_VERSIONS)}

    def facts(self, table: str) -> Iterator[tuple[str, object]]:
        """The rows of a table of facts as the ledger was told of them: key, row."""
        rows, told = _FACTS[table]
        for row in self._connection.execute(select(rows).execution_options(yield_per=_AT_A_TIME)).mappings():
            yield told(dict(row))

    def consultation(self, consultation: ConsultationId) -> Kept | None:
        """One consultation with what surrounds it."""
        row = self._connection.execute(_CONSULTATION, {"of": consultation}).mappings().one_or_none()
        if row is None:
            return None
        try:
            kept = decode_consultation(row["body"])
        except BadInput:
            return Kept(consultation=None, agrees=False)
        return Kept(consultation=kept, agrees=self._agrees(kept, dict(row)))

    def consultations(self) -> Iterator[ConsultationId]:
        """The id of every stored consultation."""
        for row in self._each(_CONSULTATIONS):
            yield ConsultationId(row.id)

    def rooms(self) -> Iterator[Room]:
        """Every room's head."""
        for row in self._each(_ROOMS):
            yield room_of(row)

    def events(self, room: RoomId) -> Iterator[tuple[int, Sealed]]:
        """A room's events by number: number, event."""
        for row in self._each(_EVENTS, of=room):
            yield row.seq, row.body

    def epochs(self, room: RoomId) -> Iterator[tuple[int, int]]:
        """Which event began each epoch: epoch, number of the event."""
        for row in self._each(_EPOCHS, of=room):
            yield row.epoch, row.seq

    def keys(self, room: RoomId) -> Iterator[tuple[int, bytes, Sealed]]:
        """A room's sealed keys: epoch, device, key."""
        for row in self._each(_KEYS, of=room):
            yield row.epoch, row.device, row.blob

    def escrows(self, room: RoomId) -> Iterator[tuple[int, OrganisationId, Sealed]]:
        """A room's escrows: epoch, organisation, escrow."""
        for row in self._each(_ESCROWS, of=room):
            yield row.epoch, OrganisationId(row.organisation), row.blob

    def devices(self) -> Iterator[Device]:
        """Every device, active or not."""
        for row in self._each(_DEVICES):
            yield device_of(row)

    def strays(self) -> Iterator[str]:
        """Rows that belong to nothing: table and what they name."""
        for table, named, wanted in _STRAYS:
            lost = select(named).distinct().where(named.not_in(select(wanted)))
            for (name,) in self._connection.execute(lost):
                yield f"{table.name} of {name}"

    def _agrees(self, kept: Consultation, row: Columns) -> bool:
        found = self._connection.execute(_OFFERS, {"of": kept.id}).mappings()
        told = {offer.id: offer_row(kept.id, offer) for offer in kept.offers}
        columns = {**consultation_row(kept), "body": row["body"]}  # of which `kept` was made
        return {offer["id"]: dict(offer) for offer in found} == told and dict(row) == columns

    def _each(self, query: Select[Any], **named: object) -> Iterator[Row[Any]]:
        return iter(self._connection.execute(query.execution_options(yield_per=_AT_A_TIME), named))
