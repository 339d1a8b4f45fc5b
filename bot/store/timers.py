"""Timers over SQL: one row for each kind and reference."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.flow.ports_timers import Timer, TimerKind
from bot.store.gathered import gathered
from bot.store.timer_tables import timers

_PUT = upsert(timers)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[timers.c.kind, timers.c.ref], set_={"due": _PUT.excluded.due}
)
_ONE = (timers.c.kind == bindparam("of")) & (timers.c.ref == bindparam("about"))
_DROP = delete(timers).where(_ONE)
_GET = select(timers).where(_ONE)
_KNOWN = or_(*(timers.c.kind == kind.value for kind in TimerKind))  # a row that was spoilt stops no other
_OVERDUE = (
    select(timers)
    .where(timers.c.due <= bindparam("now"), _KNOWN)
    .order_by(timers.c.due, timers.c.kind, timers.c.ref)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(timers.c.due).where(_KNOWN).order_by(timers.c.due).limit(1)


class SqlTimers:
    """Implements `Timers` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._gathered = gathered(connection)

    def put(self, timer: Timer) -> None:
        """Set it; if there was one of the same kind and reference, it is moved."""
        key = (timer.kind, timer.ref)
        self._gathered.leave(_DROP, key)
        self._gathered.put(_PUT, key, {"kind": timer.kind.value, "ref": timer.ref, "due": timer.due})

    def drop(self, kind: TimerKind, ref: str) -> None:
        """Forget it; nothing when there is none."""
        self._gathered.leave(_PUT, (kind, ref))
        self._gathered.put(_DROP, (kind, ref), {"of": kind.value, "about": ref})

    def get(self, kind: TimerKind, ref: str) -> Timer | None:
        """The timer, if it is set."""
        row = self._connection.execute(_GET, {"of": kind.value, "about": ref}).one_or_none()
        return _timer(row) if row is not None else None

    def overdue(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        """What is due, the longest overdue first."""
        rows = self._connection.execute(_OVERDUE, {"now": now, "most": limit})
        return tuple(_timer(row) for row in rows)

    def next_due(self) -> datetime | None:
        """When the first one is due."""
        due: datetime | None = self._connection.execute(_NEXT_DUE).scalar()
        return due


def _timer(row: Row[Any]) -> Timer:
    return Timer(kind=TimerKind(row.kind), ref=row.ref, due=row.due)
