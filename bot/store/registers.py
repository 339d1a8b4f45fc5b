"""The register of talks in which somebody was named, and of what was disclosed in them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from bot.core.codec import instant_to_text
from bot.core.disclosures import Direction, Disclosure, GroundId
from bot.core.ids import ConsultationId, OrganisationId
from bot.core.registers import Register, RegisterId, RegisterKind
from bot.flow.records import Entry
from bot.store.facts import Columns, Facts
from bot.store.register_tables import registers

_PUT = insert(registers)
_OF_TALK = (
    select(registers)
    .where(registers.c.consultation == bindparam("of"))
    .order_by(registers.c.at, registers.c.kind.desc(), registers.c.id)  # of one instant, the naming is first
)


class SqlRegisters:
    """Implements `Registers` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def put(self, entry: Register, told: Entry) -> None:
        """Add an entry, on the ledger as `told`. Raises BadInput for an id that stands there already."""
        disclosed = entry.disclosure
        row = {
            "id": entry.id,
            "consultation": entry.consultation,
            "organisation": entry.organisation,
            "at": entry.at,
            "kind": entry.kind,
            "direction": disclosed.direction if disclosed is not None else None,
            "ground": disclosed.ground if disclosed is not None else None,
        }
        self._connection.execute(_PUT, row)
        self._facts.record(told, "registers", put=dict([register_fact(row)]))

    def of_talk(self, consultation: ConsultationId) -> tuple[Register, ...]:
        """The entries about one consultation, the oldest first."""
        return _read(self._connection.execute(_OF_TALK, {"of": consultation}))

    def of_board(
        self,
        organisation: OrganisationId,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        after: RegisterId | None = None,
        limit: int,
    ) -> tuple[Register, ...]:
        """An organisation's entries of a span of time, the oldest first, from the one that follows `after`."""
        asked = select(registers).where(registers.c.organisation == organisation)
        if since is not None:
            asked = asked.where(registers.c.at >= since)
        if before is not None:
            asked = asked.where(registers.c.at < before)
        if after is not None:
            asked = asked.where(registers.c.id > after)
        return _read(self._connection.execute(asked.order_by(registers.c.id).limit(limit)))


def register_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an entry in the register: all of it."""
    told = {name: row[name] for name in ("consultation", "organisation", "kind", "direction", "ground")}
    return row["id"], {**told, "at": instant_to_text(row["at"])}


def _read(rows: Iterable[Row[Any]]) -> tuple[Register, ...]:
    return tuple(_entry(row) for row in rows)


def _entry(row: Row[Any]) -> Register:
    disclosure = None
    if row.direction is not None and row.ground is not None:
        disclosure = Disclosure(direction=Direction(row.direction), ground=GroundId(row.ground))
    return Register(
        id=RegisterId(row.id),
        consultation=ConsultationId(row.consultation),
        organisation=OrganisationId(row.organisation),
        at=row.at,
        kind=RegisterKind(row.kind),
        disclosure=disclosure,
    )
