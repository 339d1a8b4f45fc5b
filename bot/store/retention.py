"""What may be erased, what stops it, and what says that it was."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Delete,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import decode_consultation, instant_to_text, object_from_json, to_json
from bot.core.consultation import Consultation
from bot.core.errors import BadInput, NotNow
from bot.core.ids import ConsultationId, OrganisationId, PersonId
from bot.flow.records import Entry, Recorded
from bot.flow.records_retention import About, Hold
from bot.store.facts import Columns, Facts
from bot.store.retention_tables import certificates, holds, looks
from bot.store.schema import METADATA
from bot.store.tables import IS_CLOSED, consultations, entries, outbox, rooms, spots

_AT_A_TIME: Final = 256  # rows in memory
ERASED: Final = "erased"  # the kind of an entry that has no body any more

# What an erased consultation leaves behind, and why. Whatever else names it, or a room of its, goes with it.
KEPT: Final[Mapping[str, str]] = {
    "consultations": "reduced by its last event to what `Erased` says",
    "holds": "none stands; whoever placed or removed one is on the ledger",
    "registers": "says of no person and no words; what a register keeps is decided by itself (policies/retention.yaml)",
}
GOING: Final = (
    *(
        table
        for table in reversed(METADATA.sorted_tables)
        if table not in (rooms, *(METADATA.tables[name] for name in KEPT))
        and ("room" in table.c or "consultation" in table.c)
    ),
    rooms,  # last: the others are found by it
)

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = (consultations.c.begun_at, consultations.c.id)
_PAST = (
    bindparam("since", type_=consultations.c.begun_at.type),
    bindparam("past", type_=consultations.c.id.type),
)
_CLOSED = (
    select(consultations.c.body)
    .where(IS_CLOSED, consultations.c.begun_at < bindparam("before"), tuple_(*_PLACE) > tuple_(*_PAST))
    .order_by(*_PLACE)
    .limit(bindparam("most"))
)
_ABOUT = (
    select(entries.c.organisation, entries.c.number, entries.c.leaf, entries.c.at)
    .where(entries.c.about == bindparam("of"))
    .order_by(entries.c.organisation, entries.c.number)
)
_RECORDED = (
    select(entries)
    .where(entries.c.about == bindparam("of"))
    .order_by(entries.c.organisation, entries.c.number)
)
_BEFORE = select(func.max(entries.c.at)).where(
    entries.c.organisation == bindparam("of"), entries.c.erased_by.is_(None)
)
_AT = _BEFORE.where(entries.c.number == bindparam("number"))
_LATEST = _BEFORE.where(entries.c.number < bindparam("number"))
_BLANK = (
    update(entries)
    .where(
        entries.c.organisation == bindparam("of"),
        entries.c.number == bindparam("at_number"),
        entries.c.erased_by.is_(None),
    )
    .values(kind=ERASED, salt=None, body=None, about=None, at=bindparam("when"), erased_by=bindparam("by"))
)
_ROOMS_OF = select(rooms.c.id).where(rooms.c.consultation == bindparam("of"))


def _drop(table: Table) -> Delete:
    if "room" in table.c:
        return delete(table).where(table.c.room.in_(_ROOMS_OF))
    return delete(table).where(table.c.consultation == bindparam("of"))


_DROPS = tuple(_drop(table) for table in GOING)
_PUT_CERTIFICATE = insert(certificates)
_NOTE = select(certificates.c.note).where(certificates.c.id == bindparam("of"))
_CERTIFICATES = select(certificates.c.id)
_NOTES = select(certificates).order_by(certificates.c.id)
_ERASED = (
    select(entries.c.number, entries.c.leaf)
    .where(entries.c.erased_by == bindparam("by"), entries.c.organisation == bindparam("of"))
    .order_by(entries.c.number)
)
_PUT_HOLD = insert(holds)
_HOLD = (holds.c.consultation == bindparam("of")) & (holds.c.decision == bindparam("by"))
_DROP_HOLD = delete(holds).where(_HOLD).returning(*holds.c)
_HOLDS = select(holds).order_by(holds.c.since, holds.c.consultation, holds.c.decision)
_IS_HELD = select(holds.c.decision).where(holds.c.consultation == bindparam("of")).limit(1)
_LOOKS = select(looks)
_PUT_LOOK = upsert(looks)
_PUT_LOOK = _PUT_LOOK.on_conflict_do_update(
    index_elements=[looks.c.organisation], set_={"at": _PUT_LOOK.excluded.at}
)
_SAID = select(outbox.c.position, outbox.c.ref, outbox.c.params)
_DROP_SAID = delete(outbox).where(outbox.c.position == bindparam("of"))
_SPOTS = select(spots.c.channel, spots.c.key).where(spots.c.person == bindparam("of"))
_DROP_SPOT = delete(spots).where(
    spots.c.person == bindparam("of"), spots.c.channel == bindparam("on"), spots.c.key == bindparam("named")
)


class SqlRetention:
    """Implements `RetentionNouns` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    # ---- what there is -------------------------------------------------------------------------------------

    def closed(
        self, begun_before: datetime, after: Consultation | None, limit: int
    ) -> tuple[Consultation, ...]:
        """Those closed and begun before then, the oldest first, from the one that follows `after`."""
        since = (after.begun_at or _BEGINNING, after.id) if after is not None else (_BEGINNING, "")
        named = {"before": begun_before, "since": since[0], "past": since[1], "most": limit}
        return tuple(decode_consultation(body) for body in self._connection.scalars(_CLOSED, named))

    def about(self, consultation: ConsultationId) -> tuple[About, ...]:
        """The entries about it that still have a body."""
        found = self._connection.execute(_ABOUT, {"of": consultation})
        return tuple(
            About(organisation=OrganisationId(row.organisation), number=row.number, leaf=row.leaf, at=row.at)
            for row in found
        )

    def recorded(self, consultation: ConsultationId) -> Iterator[Recorded]:
        """The same entries, whole."""
        for row in self._each(_RECORDED, of=consultation):
            entry = Entry(
                organisation=OrganisationId(row.organisation),
                kind=row.kind,
                body=row.body,
                salt=row.salt,
                at=row.at,
            )
            yield Recorded(entry=entry, index=row.number, leaf=row.leaf, about=consultation)

    def sampled_before(self, organisation: OrganisationId, number: int) -> datetime | None:
        """The latest time of some entries before that one."""
        numbers = {0, *(number - 2**step for step in range(number.bit_length()))} - {number}
        sampled = (self._connection.execute(_AT, {"of": organisation, "number": n}).scalar() for n in numbers)
        return max((at for at in sampled if at is not None), default=None)

    def latest_before(self, organisation: OrganisationId, number: int) -> datetime | None:
        """The latest time of all entries before that one."""
        found: datetime | None = self._connection.execute(
            _LATEST, {"of": organisation, "number": number}
        ).scalar()
        return found

    # ---- erasing -------------------------------------------------------------------------------------------

    def blank(self, entries: Collection[About], certificate: str, at: datetime) -> None:
        """Destroy salts and bodies. Raises NotNow when one was erased already."""
        for one in entries:
            named = {"of": one.organisation, "at_number": one.number, "when": at, "by": certificate}
            if self._connection.execute(_BLANK, named).rowcount != 1:
                raise NotNow("an entry was erased already")

    def remove(self, consultations: Collection[Consultation]) -> None:
        """Destroy every row that belongs to them but their own."""
        ids: set[str] = set()
        for c in consultations:
            ids |= {c.id, *(offer.id for offer in c.offers)}
            ids |= set(self._connection.scalars(_ROOMS_OF, {"of": c.id}))
        self._unsay(ids)
        self._unspot({person for c in consultations for person in _people_in(c)}, ids)
        for drop in _DROPS:
            self._connection.execute(drop, [{"of": c.id} for c in consultations])

    def put_certificate(self, certificate: str, note: str) -> None:
        """Keep it. Raises BadInput when it is kept already."""
        self._connection.execute(_PUT_CERTIFICATE, {"id": certificate, "note": note})

    def certificate(self, certificate: str) -> str | None:
        """The note of that id."""
        note: str | None = self._connection.execute(_NOTE, {"of": certificate}).scalar()
        return note

    def certificates(self) -> frozenset[str]:
        """The ids of all."""
        return frozenset(self._connection.scalars(_CERTIFICATES))

    # ---- holds and looks -----------------------------------------------------------------------------------

    def put_hold(self, hold: Hold, entry: Entry) -> None:
        """Keep a hold; BadInput when that decision holds it already, or there is no such consultation."""
        row = {"consultation": hold.consultation, "decision": hold.decision, "since": hold.since}
        row["by"] = hold.by
        self._connection.execute(_PUT_HOLD, row)
        key, told = hold_fact(row)
        self._facts.record(entry, "holds", put={key: told})

    def drop_hold(self, consultation: ConsultationId, decision: str, entry: Entry) -> None:
        """Take a hold away; BadInput when there is none by that decision."""
        found = self._connection.execute(_DROP_HOLD, {"of": consultation, "by": decision}).mappings().all()
        if not found:
            raise BadInput("there is no such hold")
        self._facts.record(entry, "holds", put={}, dropped=[hold_fact(dict(row))[0] for row in found])

    def holds(self) -> tuple[Hold, ...]:
        """Every hold, the oldest first."""
        return tuple(
            Hold(
                consultation=ConsultationId(row.consultation),
                decision=row.decision,
                since=row.since,
                by=row.by,
            )
            for row in self._connection.execute(_HOLDS)
        )

    def is_held(self, consultation: ConsultationId) -> bool:
        """Whether any hold stands."""
        return self._connection.execute(_IS_HELD, {"of": consultation}).first() is not None

    def looked(self) -> dict[OrganisationId, datetime]:
        """The latest instant that retention has believed."""
        return {OrganisationId(row.organisation): row.at for row in self._connection.execute(_LOOKS)}

    def put_look(self, organisation: OrganisationId, at: datetime, entry: Entry) -> None:
        """From now on it has believed that instant."""
        row = {"organisation": organisation, "at": at}
        self._connection.execute(_PUT_LOOK, row)
        key, told = look_fact(row)
        self._facts.record(entry, "looks", put={key: told})

    # ---- for `ledger verify` -------------------------------------------------------------------------------

    def notes(self) -> Iterator[tuple[str, str]]:
        """Every certificate: id, note."""
        for row in self._each(_NOTES):
            yield row.id, row.note

    def erased(self, certificate: str, organisation: OrganisationId) -> Iterator[tuple[int, bytes]]:
        """The entries of a ledger that name the certificate: number, leaf."""
        for row in self._each(_ERASED, by=certificate, of=organisation):
            yield row.number, row.leaf

    def _unsay(self, ids: set[str]) -> None:
        said = [
            {"of": row.position}
            for row in self._each(_SAID)
            if row.ref in ids or not ids.isdisjoint(map(str, object_from_json(row.params).values()))
        ]
        if said:
            self._connection.execute(_DROP_SAID, said)

    def _unspot(self, people: set[PersonId], ids: set[str]) -> None:
        for person in people:
            shown = [
                {"of": person, "on": row.channel, "named": row.key}
                for row in self._connection.execute(_SPOTS, {"of": person}).all()
                if not ids.isdisjoint(row.key.split(":"))
            ]
            if shown:
                self._connection.execute(_DROP_SPOT, shown)

    def _each(self, query: Select[Any], **named: object) -> Iterator[Any]:  # rows of whatever was asked for
        return iter(self._connection.execute(query.execution_options(yield_per=_AT_A_TIME), named))


def hold_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a hold: all of it."""
    key = to_json([row["consultation"], row["decision"]]).decode()
    return key, {"since": instant_to_text(row["since"]), "by": row["by"]}


def look_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a look: when."""
    return row["organisation"], {"at": instant_to_text(row["at"])}


def _people_in(c: Consultation) -> Iterator[PersonId]:
    yield from (person for person in (c.officer, c.holder) if person is not None)
    yield from (offer.person for offer in c.offers)
