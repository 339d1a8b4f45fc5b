"""Handovers and promises over SQL: added to, never changed; they go with their consultation."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select

from bot.core.codec import object_from_json
from bot.core.ids import ConsultationId, PersonId
from bot.core.promises import Promise, PromiseKind
from bot.flow.records import Entry, Recorded
from bot.flow.records_handovers import Handed, HandoverId
from bot.store.handover_tables import handovers, promises
from bot.store.ledger import SqlLedger
from bot.store.opening_facts import record
from bot.store.tables import entries

KIND = "handover"  # of the entry
_PUT = insert(handovers)
_OF = (
    select(handovers)
    .where(or_(handovers.c.giver == bindparam("of"), handovers.c.receiver == bindparam("of")))
    .order_by(handovers.c.at.desc(), handovers.c.id.desc(), handovers.c.consultation)
    .limit(bindparam("most"))
)
_ABOUT = (
    select(handovers)
    .where(handovers.c.consultation == bindparam("of"))
    .order_by(handovers.c.at, handovers.c.id)
)
_ENTRIES = (
    select(entries)
    .where(entries.c.about == bindparam("of"), entries.c.kind == KIND)
    .order_by(entries.c.organisation, entries.c.number)
)
_PROMISE = insert(promises)
_LAST = select(func.coalesce(func.max(promises.c.number), 0)).where(
    promises.c.consultation == bindparam("of")
)
_PROMISED = (
    select(promises)
    .where(promises.c.consultation == bindparam("of"), promises.c.number == bindparam("at_number"))
    .order_by(promises.c.due, promises.c.kind)
)


class SqlHandovers:
    """Implements `Handovers` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def put(self, handed: Handed, entry: Entry) -> None:
        """Keep it. Raises BadInput when that talk went in that handover already."""
        row = {
            "id": handed.id,
            "consultation": handed.consultation,
            "giver": handed.giver,
            "receiver": handed.receiver,
            "at": handed.at,
            "talks": handed.talks,
            "unread": handed.unread,
            "promised": handed.promised,
        }
        self._connection.execute(_PUT, row)
        record(self._ledger, entry, {"handovers": [row]})

    def of(self, person: PersonId, limit: int) -> tuple[Handed, ...]:
        """What somebody gave or was given, the newest first."""
        return tuple(_handed(row) for row in self._connection.execute(_OF, {"of": person, "most": limit}))

    def about(self, consultation: ConsultationId) -> tuple[Handed, ...]:
        """How a talk changed hands, in order."""
        return tuple(_handed(row) for row in self._connection.execute(_ABOUT, {"of": consultation}))

    def recorded(self, handed: Handed) -> Recorded | None:
        """Where the ledger says so; None where its body is gone."""
        found = self._connection.execute(_ENTRIES, {"of": handed.consultation})
        return next((_recorded(row) for row in found if _names(row.body, handed.id)), None)

    def promise(
        self, consultation: ConsultationId, promises: Collection[Promise], by: PersonId, entry: Entry
    ) -> None:
        """Keep what is promised from now on, in the place of what was."""
        number = self.said(consultation) + 1
        shared = {"consultation": consultation, "number": number, "by": by, "at": entry.at}
        rows = [{**shared, "kind": one.kind.value, "due": one.due} for one in promises]
        self._connection.execute(_PROMISE, rows)
        record(self._ledger, entry, {"promises": rows})

    def said(self, consultation: ConsultationId) -> int:
        """How often anything was said of promises; the number of what stands."""
        number: int = self._connection.execute(_LAST, {"of": consultation}).scalar_one()
        return number

    def promised(self, consultation: ConsultationId, number: int | None = None) -> tuple[Promise, ...] | None:
        """What stands promised, or (by number) stood, by when it is due; None where nobody has said anything of it."""
        wanted = self.said(consultation) if number is None else number
        rows = self._connection.execute(_PROMISED, {"of": consultation, "at_number": wanted}).all()
        said = tuple(Promise(kind=PromiseKind(row.kind), due=row.due) for row in rows)
        return tuple(one for one in said if one.kind is not PromiseKind.NOTHING) if said else None


def _handed(row: Row[Any]) -> Handed:
    return Handed(
        id=HandoverId(row.id),
        consultation=ConsultationId(row.consultation),
        giver=PersonId(row.giver),
        receiver=PersonId(row.receiver) if row.receiver is not None else None,
        at=row.at,
        talks=row.talks,
        unread=row.unread,
        promised=row.promised,
    )


def _names(body: bytes | None, handover: HandoverId) -> bool:
    return body is not None and object_from_json(body).get("handover") == handover


def _recorded(row: Row[Any]) -> Recorded:
    entry = Entry(organisation=row.organisation, kind=row.kind, body=row.body, salt=row.salt, at=row.at)
    return Recorded(entry=entry, index=row.number, leaf=row.leaf, about=row.about)
