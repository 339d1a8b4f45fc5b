"""Shifts and what people changed in them."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import object_from_json, to_json
from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.roster import (
    MAX_SHIFT,
    Override,
    Shift,
    override_from_dict,
    override_to_dict,
    shift_from_dict,
    shift_to_dict,
)
from bot.flow.records import Entry
from bot.store.facts import Columns, Facts, override_fact, shift_fact
from bot.store.tables import overrides, shifts

_OF_SOURCE = select(shifts).where(
    shifts.c.organisation == bindparam("of"), shifts.c.source == bindparam("by")
)
_DROP = delete(shifts).where(
    shifts.c.organisation == bindparam("of"),
    shifts.c.source == bindparam("by"),
    shifts.c.id == bindparam("named"),
)
_SHIFTS = (
    select(shifts.c.body)
    .where(
        shifts.c.starts > bindparam("earliest"),  # no shift is longer than MAX_SHIFT: an index's narrow range
        shifts.c.starts < bindparam("to"),
        shifts.c.ends > bindparam("since"),
    )
    .order_by(shifts.c.starts, shifts.c.organisation, shifts.c.source, shifts.c.id)
)
_OVERRIDES = (
    select(overrides.c.body)
    .where(overrides.c.ends > bindparam("since"), overrides.c.starts < bindparam("to"))
    .order_by(overrides.c.starts, overrides.c.id)
)
_PUT_OVERRIDE = upsert(overrides)
_PUT_OVERRIDE = _PUT_OVERRIDE.on_conflict_do_update(
    index_elements=[overrides.c.id],
    set_={name: _PUT_OVERRIDE.excluded[name] for name in ("starts", "ends", "body")},
)


class SqlRosters:
    """Implements `Rosters` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def replace(
        self, organisation: OrganisationId, source: str, shifts: tuple[Shift, ...], entry: Entry
    ) -> None:
        """From now on the source says this and nothing else; only what differs is written and recorded.

        Raises BadInput when two shifts have one id.
        """
        new = _by_id([_shift_row(organisation, source, shift) for shift in shifts])
        stored = self._connection.execute(_OF_SOURCE, {"of": organisation, "by": source}).mappings()
        old = _by_id([dict(row) for row in stored])
        gone = [row for id_, row in old.items() if id_ not in new]
        changed = [row for id_, row in new.items() if old.get(id_) != row]
        self._drop([*gone, *(old[row["id"]] for row in changed if row["id"] in old)])
        self._add(changed)
        self._facts.record(
            entry,
            "shifts",
            put=dict(shift_fact(row) for row in changed),
            dropped=[shift_fact(row)[0] for row in gone],
        )

    def override(self, override: Override, entry: Entry) -> None:
        """Keep what somebody pressed; the same id again replaces it."""
        row = {
            "id": override.id,
            "starts": override.starts,
            "ends": override.ends,
            "body": to_json(override_to_dict(override)),
        }
        self._connection.execute(_PUT_OVERRIDE, row)
        self._facts.record(entry, "overrides", put=dict([override_fact(row)]))

    def shifts(self, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """Those that hold at some instant from `start` until before `end`, in order of beginning."""
        named = {"earliest": start - MAX_SHIFT, "since": start, "to": end}
        bodies = self._connection.scalars(_SHIFTS, named)
        return tuple(shift_from_dict(object_from_json(body)) for body in bodies)

    def overrides(self, start: datetime, end: datetime) -> tuple[Override, ...]:
        """Those that hold at some instant from `start` until before `end`, in order of beginning."""
        bodies = self._connection.scalars(_OVERRIDES, {"since": start, "to": end})
        return tuple(override_from_dict(object_from_json(body)) for body in bodies)

    def _drop(self, rows: list[Columns]) -> None:
        named = [{"of": row["organisation"], "by": row["source"], "named": row["id"]} for row in rows]
        if named:
            self._connection.execute(_DROP, named)

    def _add(self, rows: list[Columns]) -> None:
        if rows:
            self._connection.execute(insert(shifts), [dict(row) for row in rows])


def _shift_row(organisation: OrganisationId, source: str, shift: Shift) -> Columns:
    return {
        "organisation": organisation,
        "source": source,
        "id": shift.id,
        "starts": shift.starts,
        "ends": shift.ends,
        "body": to_json(shift_to_dict(shift)),
    }


def _by_id(rows: list[Columns]) -> dict[str, Columns]:
    found = {row["id"]: row for row in rows}
    if len(found) < len(rows):
        raise BadInput("two shifts of one roster have the same id")
    return found
