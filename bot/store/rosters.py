"""Shifts and what people changed in them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import object_from_json, to_json
from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.roster import (
    MAX_SHIFT,
    Attendance,
    Listed,
    Override,
    OverrideId,
    Shift,
    ShiftId,
    lasting,
    numbered,
    on_duty,
    override_from_dict,
    override_to_dict,
    roster,
    shift_from_dict,
    shift_to_dict,
)
from bot.core.roster_preview import again
from bot.flow.records import Entry
from bot.store.facts import Columns, Facts, override_fact, shift_fact
from bot.store.known import known
from bot.store.tables import overrides, shifts

_OF_SOURCE = select(shifts).where(
    shifts.c.organisation == bindparam("of"), shifts.c.source == bindparam("by")
)
_DROP = delete(shifts).where(
    shifts.c.organisation == bindparam("of"),
    shifts.c.source == bindparam("by"),
    shifts.c.id == bindparam("named"),
)
_AHEAD = (
    select(shifts)
    .where(
        shifts.c.organisation == bindparam("of"),
        shifts.c.source == bindparam("by"),
        shifts.c.ends > bindparam("since"),
    )
    .order_by(shifts.c.starts, shifts.c.id)
)
_TOUCH = (
    shifts.c.starts > bindparam("earliest"),  # no shift is longer than MAX_SHIFT: an index's narrow range
    shifts.c.starts < bindparam("to"),
    shifts.c.ends > bindparam("since"),
)
_ORDER = (shifts.c.starts, shifts.c.organisation, shifts.c.source, shifts.c.id)
_SHIFTS = select(shifts).where(*_TOUCH).order_by(*_ORDER)
_OVERRIDES = (
    select(overrides.c.body)
    .where(overrides.c.ends > bindparam("since"), overrides.c.starts < bindparam("to"))
    .order_by(overrides.c.starts, overrides.c.id)
)
_BEGINS = select(func.min(shifts.c.starts)).where(shifts.c.starts > bindparam("after"))
_ENDS = select(func.min(shifts.c.ends)).where(
    shifts.c.starts > bindparam("earliest"),
    shifts.c.starts <= bindparam("after"),
    shifts.c.ends > bindparam("after"),
)
_PRESSED = select(func.min(overrides.c.starts)).where(
    overrides.c.ends > bindparam("after"), overrides.c.starts > bindparam("after")
)
_LET_GO = select(func.min(overrides.c.ends)).where(overrides.c.ends > bindparam("after"))
_EDGES = (_BEGINS, _ENDS, _PRESSED, _LET_GO)
_DUTIES = ("shifts", "overrides")
_INSTANT = timedelta(microseconds=1)
_PUT_OVERRIDE = upsert(overrides)
_PUT_OVERRIDE = _PUT_OVERRIDE.on_conflict_do_update(
    index_elements=[overrides.c.id],
    set_={name: _PUT_OVERRIDE.excluded[name] for name in ("starts", "ends", "body")},
)
_DROP_OVERRIDE = delete(overrides).where(overrides.c.id == bindparam("named"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lasting:
    """Who is on duty from one instant until another."""

    since: datetime
    until: datetime
    attendance: Attendance


class SqlRosters:
    """Implements `Rosters` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)
        self._known = known(connection)

    def replace(
        self,
        organisation: OrganisationId,
        source: str,
        shifts: tuple[Shift, ...],
        entry: Entry,
        since: datetime | None = None,
    ) -> None:
        """From now on the source says this and nothing else; only what differs is written and recorded.

        `since`: what had ended by then stays as it is, and what has its id gets another. Raises BadInput when two
        shifts have one id.
        """
        stored = self._connection.execute(_OF_SOURCE, {"of": organisation, "by": source}).mappings()
        rows = [dict(row) for row in stored]
        ended = frozenset(row["id"] for row in rows if since is not None and row["ends"] <= since)
        old = _by_id([row for row in rows if row["id"] not in ended])
        fresh = (replace(s, id=again(s.id, s.ends)) if s.id in ended else s for s in shifts)
        new = _by_id([_shift_row(organisation, source, shift) for shift in fresh])
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
        """Keep what somebody pressed, as the last of what they pressed in that instant; the same id again replaces it."""
        self.put_override(numbered(override, self.overrides(override.starts, override.ends)), entry)

    def put_override(self, override: Override, entry: Entry) -> None:
        """Keep it as it is, in its place among those of its instant; the same id again replaces it."""
        row = {
            "id": override.id,
            "starts": override.starts,
            "ends": override.ends,
            "body": to_json(override_to_dict(override)),
        }
        self._connection.execute(_PUT_OVERRIDE, row)
        self._facts.record(entry, "overrides", put=dict([override_fact(row)]))

    def drop_override(self, override: OverrideId, entry: Entry) -> None:
        """It never came to hold; harmless when it is not there."""
        self._connection.execute(_DROP_OVERRIDE, {"named": override})
        self._facts.record(entry, "overrides", put={}, dropped=[override])

    def shifts(self, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """Those that hold at some instant from `start` until before `end`, in order of beginning."""
        named = {"earliest": start - MAX_SHIFT, "since": start, "to": end}
        return tuple(_shift(row) for row in self._connection.execute(_SHIFTS, named))

    def listed(self, start: datetime, end: datetime) -> tuple[Listed, ...]:
        """The same shifts, each with the organisation and the source in whose roster it stands."""
        named = {"earliest": start - MAX_SHIFT, "since": start, "to": end}
        return tuple(
            Listed(organisation=OrganisationId(row.organisation), source=row.source, shift=_shift(row))
            for row in self._connection.execute(_SHIFTS, named)
        )

    def of_source(self, organisation: OrganisationId, source: str, since: datetime) -> tuple[Shift, ...]:
        """What of one source has not ended by then, in order of beginning."""
        named = {"of": organisation, "by": source, "since": since}
        return tuple(_shift(row) for row in self._connection.execute(_AHEAD, named))

    def overrides(self, start: datetime, end: datetime) -> tuple[Override, ...]:
        """Those that hold at some instant from `start` until before `end`, in order of beginning."""
        bodies = self._connection.scalars(_OVERRIDES, {"since": start, "to": end})
        return tuple(override_from_dict(object_from_json(body)) for body in bodies)

    def attendance(self, at: datetime) -> Attendance:
        """Who is on duty at that instant; it is the same until a shift or an override begins or ends."""
        found: _Lasting | None = self._known.get(_DUTIES, "")
        if found is not None and found.since <= at < found.until:
            return found.attendance
        shifts = self.shifts(at, at + _INSTANT)
        last = max((shift.ends for shift in shifts), default=at)  # until when each goes on to hold theirs
        attendance = on_duty(roster(shifts, self.overrides(at, last + _INSTANT)), at)
        if self._known.lasts:
            until = self.next_edge(at) or at + MAX_SHIFT
            self._known.put(_DUTIES, "", _Lasting(since=at, until=until, attendance=attendance))
        return attendance

    def next_edge(self, after: datetime) -> datetime | None:
        """The first instant after this one at which a shift or an override begins or ends."""
        named = {"after": after, "earliest": after - MAX_SHIFT}
        found = (self._connection.execute(query, named).scalar() for query in _EDGES)
        return min((edge for edge in found if edge is not None), default=None)

    def _drop(self, rows: list[Columns]) -> None:
        named = [{"of": row["organisation"], "by": row["source"], "named": row["id"]} for row in rows]
        if named:
            self._connection.execute(_DROP, named)

    def _add(self, rows: list[Columns]) -> None:
        if rows:
            self._connection.execute(insert(shifts), [dict(row) for row in rows])


def _shift(row: Row[Any]) -> Shift:  # SQLAlchemy types a row's columns no closer
    key = {"organisation": row.organisation, "source": row.source, "id": lasting(ShiftId(row.id))}
    return shift_from_dict({**object_from_json(row.body), "key": key})


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
