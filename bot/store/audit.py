"""Everything the ledger answers for, row by row and in order, for `ledger verify`: nothing is judged here."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, bindparam, func, select, union

from bot.core.codec import decode_consultation, encode_consultation, object_from_json
from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.ids import ConsultationId, OrganisationId, RoomId
from bot.flow.records import Entry, Kept, Recorded, Room
from bot.flow.records_devices import Device
from bot.flow.records_talks import KeptKey, KeyRead
from bot.seal.plain import Sealed
from bot.store.consultations import consultation_row, offer_row
from bot.store.coverage import number_test_fact, summary_fact
from bot.store.coverage_tables import number_tests, summaries
from bot.store.device_facts import (
    approval_fact,
    as_now,
    device_fact,
    introduction_fact,
    invitation_fact,
    passkey_fact,
    root_fact,
)
from bot.store.device_tables import (
    device_approvals,
    device_roots,
    devices,
    directories,
    introductions,
    invitations,
    passkeys,
)
from bot.store.devices import device_of
from bot.store.facts import Columns, address_fact, override_fact, person_fact, shift_fact
from bot.store.feed_tables import feed_looks, feeds
from bot.store.feeds import feed_fact, feed_look_fact
from bot.store.grave_tables import forum_lists, grave_copies, graves, graves_told
from bot.store.graves import copy_fact, grave_fact, list_fact, told_fact
from bot.store.in_step import InStep, belonging, columns_of
from bot.store.opening_tables import escrow_seats, redeals
from bot.store.post_tables import posts
from bot.store.posts import post_fact
from bot.store.publishing import expiry_fact, published_fact
from bot.store.publishing_tables import expiries, published
from bot.store.question_tables import question_counts, questions
from bot.store.questions import count_fact, question_fact
from bot.store.readiness import check_fact, drill_fact
from bot.store.readiness_tables import drills, readiness
from bot.store.register_tables import registers
from bot.store.registers import register_fact
from bot.store.retention import hold_fact, look_fact
from bot.store.retention_tables import holds, looks
from bot.store.ring_tables import rings
from bot.store.rings import ring_told
from bot.store.rooms import key_of, room_of
from bot.store.swap_tables import swaps
from bot.store.swaps import swap_fact
from bot.store.tables import (
    addresses,
    checkpoints,
    consultations,
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
from bot.store.talk_tables import key_reads
from bot.store.talks import read_of
from bot.store.token_tables import tokens
from bot.store.tokens import token_fact
from bot.store.witness_tables import cosignatures

_AT_A_TIME: Final = 256  # rows in memory

_FACTS: Final[dict[str, tuple[Table, Callable[[Columns], tuple[str, object]]]]] = {
    "people": (people, person_fact),
    "addresses": (addresses, address_fact),
    "devices": (devices, device_fact),
    "device_approvals": (device_approvals, approval_fact),
    "device_roots": (device_roots, root_fact),
    "introductions": (introductions, introduction_fact),
    "invitations": (invitations, invitation_fact),
    "passkeys": (passkeys, passkey_fact),
    "shifts": (shifts, shift_fact),
    "overrides": (overrides, override_fact),
    "feeds": (feeds, feed_fact),
    "feed_looks": (feed_looks, feed_look_fact),
    "holds": (holds, hold_fact),
    "looks": (looks, look_fact),
    "questions": (questions, question_fact),
    "question_counts": (question_counts, count_fact),
    "published": (published, published_fact),
    "expiries": (expiries, expiry_fact),
    "posts": (posts, post_fact),
    "swaps": (swaps, swap_fact),
    "tokens": (tokens, token_fact),
    "number_tests": (number_tests, number_test_fact),
    "summaries": (summaries, summary_fact),
    "readiness": (readiness, check_fact),
    "drills": (drills, drill_fact),
    "registers": (registers, register_fact),
    "forum_lists": (forum_lists, list_fact),
    "graves": (graves, grave_fact),
    "graves_told": (graves_told, told_fact),
    "grave_copies": (grave_copies, copy_fact),
}
_ORGANISATIONS = union(
    *(select(table.c.organisation) for table in (ledgers, entries, nodes, checkpoints, cosignatures))
)
_ENTRIES = (
    select(
        *(entries.c.number, entries.c.kind, entries.c.at, entries.c.salt, entries.c.body),
        *(entries.c.leaf, entries.c.about, entries.c.erased_by),
    )
    .where(entries.c.organisation == bindparam("of"))
    .order_by(entries.c.number)
)
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
_CONSULTATION = belonging(select(consultations), consultations.c.id)
_CONSULTATIONS = select(consultations.c.id).order_by(consultations.c.id)
_OFFERS = belonging(select(offers), offers.c.consultation, offers.c.id)
_ROOMS = select(rooms).order_by(rooms.c.id)
_EVENTS = belonging(select(room_events.c.seq, room_events.c.body), room_events.c.room, room_events.c.seq)
_EPOCHS = belonging(select(room_epochs.c.epoch, room_epochs.c.seq), room_epochs.c.room, room_epochs.c.epoch)
_KEYS = belonging(select(room_keys), room_keys.c.room, room_keys.c.epoch, room_keys.c.device, room_keys.c.seq)
_KEY_READS = belonging(select(key_reads), key_reads.c.room, key_reads.c.epoch, key_reads.c.device)
# An escrow that was dealt again stands here as it was first: that is the one which the epoch's beginning names.
_ESCROWS = belonging(
    select(
        escrows.c.epoch,
        escrows.c.organisation,
        func.coalesce(redeals.c.old, escrows.c.blob).label("blob"),
    ).join(
        redeals,
        (redeals.c.room == escrows.c.room)
        & (redeals.c.epoch == escrows.c.epoch)
        & (redeals.c.organisation == escrows.c.organisation)
        & (redeals.c.number == 1),
        isouter=True,
    ),
    escrows.c.room,
    *(escrows.c.epoch, escrows.c.organisation),
)
_DEVICES = select(devices).order_by(devices.c.id)
_DIRECTORIES = select(directories).order_by(directories.c.organisation)
_STRAYS = (
    (device_approvals, device_approvals.c.device, devices.c.id),
    (offers, offers.c.consultation, consultations.c.id),
    (rooms, rooms.c.consultation, consultations.c.id),
    (room_events, room_events.c.room, rooms.c.id),
    (room_epochs, room_epochs.c.room, rooms.c.id),
    (room_keys, room_keys.c.room, rooms.c.id),
    (key_reads, key_reads.c.room, rooms.c.id),
    (escrows, escrows.c.room, rooms.c.id),
    (escrow_seats, escrow_seats.c.room, rooms.c.id),
)


class SqlAudit:
    """Implements `Audit` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in a transaction that sees one snapshot."""
        self._connection = connection
        self._consultations = InStep(connection, _CONSULTATION)
        self._offers = InStep(connection, _OFFERS)
        self._events = InStep(connection, _EVENTS)
        self._epochs = InStep(connection, _EPOCHS)
        self._keys = InStep(connection, _KEYS)
        self._key_reads = InStep(connection, _KEY_READS)
        self._escrows = InStep(connection, _ESCROWS)

    def organisations(self) -> tuple[OrganisationId, ...]:
        """Every organisation of which the ledger keeps any row."""
        return tuple(sorted(OrganisationId(name) for (name,) in self._connection.execute(_ORGANISATIONS)))

    def entries(self, organisation: OrganisationId) -> Iterator[Recorded]:
        """A ledger's entries by index."""
        for row in self._each(_ENTRIES, of=organisation):
            number, kind, at, salt, body, leaf, about, erased_by = tuple(row)
            gone = "" if erased_by is None and (salt is None or body is None) else erased_by
            entry = Entry(organisation=organisation, kind=kind, body=body or b"", salt=salt or b"", at=at)
            yield Recorded(entry=entry, index=number, leaf=leaf, about=about, erased_by=gone)

    def levels(self, organisation: OrganisationId) -> tuple[int, ...]:
        """The levels of the tree of which there are rows; the leaves stand in the entries."""
        return tuple(sorted(level for (level,) in self._connection.execute(_LEVELS, {"of": organisation})))

    def nodes(self, organisation: OrganisationId, level: int) -> Iterator[tuple[int, bytes]]:
        """A level's rows by index: index, hash."""
        for row in self._each(_NODES, of=organisation, at=level):
            number, hashed = tuple(row)
            yield number, hashed

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
        names = rows.columns.keys()
        for row in self._each(select(rows)):
            yield told(dict(zip(names, row, strict=True)))

    def rings(self) -> Iterator[tuple[str, object]]:
        """Every ring as the ledger was told of it: id, what."""
        names = rings.columns.keys()
        for row in self._each(select(rings)):
            yield ring_told(dict(zip(names, row, strict=True)))

    def as_now(self, table: str, told: object) -> object:
        """What an earlier version told of a row, as it would be told of that row today."""
        return as_now(table, told)

    def consultation(self, consultation: ConsultationId) -> Kept | None:
        """One consultation with what surrounds it."""
        row = next(self._consultations.of(consultation), None)
        if row is None:
            return None
        try:
            kept = decode_consultation(row.body)
        except BadInput:
            return Kept(consultation=None, agrees=False)
        return Kept(consultation=kept, agrees=self._agrees(kept, columns_of(row)))

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
        for row in self._events.of(room):
            number, body, *_ = tuple(row)
            yield number, body

    def epochs(self, room: RoomId) -> Iterator[tuple[int, int]]:
        """Which event began each epoch: epoch, number of the event."""
        for row in self._epochs.of(room):
            yield row.epoch, row.seq

    def keys(self, room: RoomId) -> Iterator[KeptKey]:
        """A room's sealed keys, by epoch, device and event."""
        for row in self._keys.of(room):
            yield key_of(row)

    def key_reads(self, room: RoomId) -> Iterator[KeyRead]:
        """To which devices a room's keys were handed out, by epoch and device."""
        for row in self._key_reads.of(room):
            yield read_of(row)

    def escrows(self, room: RoomId) -> Iterator[tuple[int, OrganisationId, Sealed]]:
        """A room's escrows, as its epochs name them: epoch, organisation, escrow."""
        for row in self._escrows.of(room):
            yield row.epoch, OrganisationId(row.organisation), row.blob

    def devices(self) -> Iterator[Device]:
        """Every device, active or not."""
        for row in self._each(_DEVICES):
            yield device_of(row)

    def directories(self) -> Iterator[tuple[OrganisationId, int, int]]:
        """Which directory is each organisation's newest: organisation, its number, number of its entry."""
        for row in self._each(_DIRECTORIES):
            yield OrganisationId(row.organisation), row.number, row.position

    def strays(self) -> Iterator[str]:
        """Rows that belong to nothing: table and what they name."""
        for table, named, wanted in _STRAYS:
            lost = select(named).distinct().where(named.not_in(select(wanted)))
            for (name,) in self._connection.execute(lost):
                yield f"{table.name} of {name}"

    def _agrees(self, kept: Consultation, row: Columns) -> bool:
        found = (columns_of(offer) for offer in self._offers.of(kept.id))
        told = {offer.id: offer_row(kept.id, offer) for offer in kept.offers}
        ours = consultation_row(kept)
        columns = {**ours, "body": row["body"]}  # of which `kept` was made
        same = {offer["id"]: offer for offer in found} == told and row == columns
        if not same or row == ours:
            return same
        return _is_spelled(object_from_json(row["body"]), object_from_json(encode_consultation(kept)))

    def _each(self, query: Select[Any], **named: object) -> Iterator[Row[Any]]:
        return iter(self._connection.execute(query.execution_options(yield_per=_AT_A_TIME), named))


def _is_spelled(stored: object, written: object) -> bool:
    """Whether what is stored is written as we write it now, but for fields that it is too old to have.

    One instant can be spelled in many ways: a body that means the same is not yet the body that was stored.
    """
    if isinstance(stored, dict) and isinstance(written, dict):
        return all(name in written and _is_spelled(stored[name], written[name]) for name in stored)
    if isinstance(stored, list) and isinstance(written, list):
        return len(stored) == len(written) and all(map(_is_spelled, stored, written))
    return stored == written
