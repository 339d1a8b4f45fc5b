"""Rings: kept as they happened, each with the ledger entry that says the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select

from bot.core.codec import instant_to_text
from bot.core.ids import OrganisationId
from bot.core.waking import Did, Means, Purpose, Ring
from bot.flow.records import Entry
from bot.store.facts import Columns
from bot.store.ledger import SqlLedger
from bot.store.ring_tables import rings

_PUT = insert(rings)
_GET = select(rings).where(rings.c.id == bindparam("named"))
_OF_REF = select(rings).where(rings.c.ref == bindparam("about")).order_by(rings.c.number)
# Calls and what came of them: never more than the cap lets be, however many were kept from being made.
_OF_CALLS = or_(rings.c.did == Did.CALLED.value, rings.c.of != "")
_OF_PERSON = (
    select(rings)
    .where(rings.c.person == bindparam("of_person"), rings.c.at > bindparam("since"), _OF_CALLS)
    .order_by(rings.c.at, rings.c.id)
)
_CALLS = (
    select(func.count())
    .select_from(rings)
    .where(
        rings.c.organisation == bindparam("by"),
        rings.c.did == Did.CALLED.value,
        rings.c.purpose != Purpose.GRAVE.value,  # which has a bound of its own, and takes nobody's
        rings.c.at > bindparam("since"),
    )
)


class SqlRings:
    """Implements `Rings` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def put(self, ring: Ring, entry: Entry) -> None:
        """Keep it, with the entry that says so. Raises BadInput when there is one of that id."""
        row = {
            "id": ring.id,
            "purpose": ring.purpose.value,
            "ref": ring.ref,
            "number": ring.number,
            "person": ring.person,
            "organisation": ring.organisation,
            "consultation": ring.consultation,
            "means": ring.means.value,
            "did": ring.did.value,
            "at": ring.at,
            "of": ring.of,
        }
        self._connection.execute(_PUT, row)
        self._ledger.append(entry)

    def get(self, ring: str) -> Ring | None:
        """One of them."""
        row = self._connection.execute(_GET, {"named": ring}).one_or_none()
        return None if row is None else _ring(row)

    def of(self, ref: str) -> tuple[Ring, ...]:
        """Everything about one ringing, in order."""
        return tuple(_ring(row) for row in self._connection.execute(_OF_REF, {"about": ref}))

    def calls_to(self, person: str, since: datetime) -> tuple[Ring, ...]:
        """How somebody was called after then, and what came of it."""
        found = self._connection.execute(_OF_PERSON, {"of_person": person, "since": since})
        return tuple(_ring(row) for row in found)

    def calls_by(self, organisation: OrganisationId, since: datetime) -> int:
        """How often an organisation has called anybody after then."""
        count: int = self._connection.execute(_CALLS, {"by": organisation, "since": since}).scalar_one()
        return count


def ring_told(row: Columns) -> tuple[str, object]:
    """A row as the ledger was told of it (`waking.told`), and whose ledger that is; nothing is read into it."""
    told = {name: row[name] for name in ("purpose", "ref", "number", "person", "means", "did", "of")}
    told |= {"ring": row["id"], "at": instant_to_text(row["at"])}
    told |= {"consultation": row["consultation"]} if row["consultation"] is not None else {}
    return row["id"], {"organisation": row["organisation"], "told": told}


def _ring(row: Row[Any]) -> Ring:
    return Ring(
        id=row.id,
        purpose=Purpose(row.purpose),
        ref=row.ref,
        number=row.number,
        person=row.person,
        organisation=OrganisationId(row.organisation),
        consultation=row.consultation,
        means=Means(row.means),
        did=Did(row.did),
        at=row.at,
        of=row.of,
    )
