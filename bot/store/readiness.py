"""Checks of people before their duty, and drills of doorbells."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.checks import OPEN, Outcome, Stage
from bot.core.codec import instant_to_text, to_json
from bot.core.drills import Drill, Skipped
from bot.core.ids import OrganisationId, PersonId, StepId
from bot.core.people import Role
from bot.core.waking import Did
from bot.flow.records import Entry
from bot.flow.records_readiness import Check
from bot.store.facts import Columns, Facts
from bot.store.readiness_tables import drills, readiness
from bot.store.ring_tables import rings

_TEXTS: Final = ("person", "stage", "organisation", "role", "outcome", "means", "called", "device")
_TIMES: Final = ("starts", "asked", "until", "answered", "told")
_OPEN: Final = or_(*(readiness.c.outcome == outcome.value for outcome in sorted(OPEN)))
_PUT_CHECK = upsert(readiness)
_PUT_CHECK = _PUT_CHECK.on_conflict_do_update(
    index_elements=[readiness.c.id],
    set_={column.name: _PUT_CHECK.excluded[column.name] for column in readiness.c if not column.primary_key},
)
_CHECK = select(readiness).where(readiness.c.id == bindparam("named"))
_OPEN_CHECKS = select(readiness).where(_OPEN).order_by(readiness.c.until, readiness.c.id)
_BEGUN = select(readiness.c.person, readiness.c.starts, readiness.c.stage).where(
    readiness.c.starts >= bindparam("since")
)
_LAST = (
    select(readiness)
    .where(readiness.c.starts >= bindparam("since"))
    .order_by(readiness.c.asked, readiness.c.id)
)
_ANSWERED = select(readiness.c.id).where(
    readiness.c.person == bindparam("of_person"), readiness.c.answered >= bindparam("since")
)
_LOOKED = select(rings.c.id).where(
    rings.c.person == bindparam("of_person"),
    rings.c.at >= bindparam("since"),
    rings.c.did == Did.SEEN.value,
)
_PUT_DRILL = upsert(drills)
_PUT_DRILL = _PUT_DRILL.on_conflict_do_update(
    index_elements=[drills.c.organisation, drills.c.step, drills.c.day, drills.c.person],
    set_={column.name: _PUT_DRILL.excluded[column.name] for column in drills.c if not column.primary_key},
)
_DRILLS = (
    select(drills)
    .where(drills.c.organisation == bindparam("of"), drills.c.day >= bindparam("since"))
    .order_by(drills.c.day, drills.c.step, drills.c.person)
)
_OF_PERSON = (
    select(drills)
    .where(drills.c.day == bindparam("on"), drills.c.person == bindparam("of_person"))
    .order_by(drills.c.organisation, drills.c.step)
)
_DRILLED = select(func.count()).select_from(drills).where(drills.c.day == bindparam("on"))


class SqlReadiness:
    """Implements `Readiness` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def put_check(self, check: Check, entry: Entry) -> None:
        """Keep it; the same id again replaces it."""
        row = {
            "id": check.id,
            **{name: str(getattr(check, name)) for name in _TEXTS},
            **{name: getattr(check, name) for name in (*_TIMES, "skew")},
        }
        self._connection.execute(_PUT_CHECK, row)
        self._facts.record(entry, "readiness", put=dict([check_fact(row)]))

    def check(self, named: str) -> Check | None:
        """One check."""
        row = self._connection.execute(_CHECK, {"named": named}).one_or_none()
        return None if row is None else _check(row)

    def open_checks(self, person: PersonId | None = None) -> tuple[Check, ...]:
        """Those that nobody has answered yet, of one person or of all; the longest due first."""
        found = (_check(row) for row in self._connection.execute(_OPEN_CHECKS))
        return tuple(one for one in found if person is None or one.person == person)

    def begun(self, since: datetime) -> frozenset[tuple[PersonId, datetime, Stage]]:
        """What was begun of stints that begin at that instant or later."""
        found = self._connection.execute(_BEGUN, {"since": since})
        return frozenset((PersonId(row.person), row.starts, Stage(row.stage)) for row in found)

    def last_checks(self, since: datetime) -> dict[PersonId, Check]:
        """The last check of each person whose stint began then or later."""
        found = (_check(row) for row in self._connection.execute(_LAST, {"since": since}))
        return {check.person: check for check in found}

    def shown(self, person: PersonId, since: datetime) -> bool:
        """Whether somebody has answered a check, or looked at an offer, at that instant or later."""
        named = {"of_person": person, "since": since}
        return any(
            self._connection.execute(asked, named).first() is not None for asked in (_ANSWERED, _LOOKED)
        )

    def put_drill(self, drill: Drill, entry: Entry) -> None:
        """Keep it; the same step, day and person again replace it."""
        row = {
            "organisation": drill.organisation,
            "step": drill.step,
            "day": drill.day.isoformat(),
            "person": drill.person,
            "at": drill.at,
            "until": drill.until,
            "seen": drill.seen,
            "skipped": str(drill.skipped or ""),
        }
        self._connection.execute(_PUT_DRILL, row)
        self._facts.record(entry, "drills", put=dict([drill_fact(row)]))

    def drills(self, organisation: OrganisationId, since: date) -> tuple[Drill, ...]:
        """Drills of one organisation from a day on, in order."""
        named = {"of": organisation, "since": since.isoformat()}
        return tuple(_drill(row) for row in self._connection.execute(_DRILLS, named))

    def drills_of(self, person: PersonId, day: date) -> tuple[Drill, ...]:
        """What one person was rung for on a day."""
        named = {"of_person": person, "on": day.isoformat()}
        return tuple(_drill(row) for row in self._connection.execute(_OF_PERSON, named))

    def is_drilled(self, day: date) -> bool:
        """Whether any drill of that day has begun."""
        count: int = self._connection.execute(_DRILLED, {"on": day.isoformat()}).scalar_one()
        return count > 0


def check_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a check: all of it."""
    told = {name: row[name] for name in (*_TEXTS, "skew")}
    return row["id"], told | {name: _text(row[name]) for name in _TIMES}


def drill_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a drill: all of it."""
    key = to_json([row["organisation"], row["step"], row["day"], row["person"]]).decode()
    return key, {"skipped": row["skipped"], **{name: _text(row[name]) for name in ("at", "until", "seen")}}


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_to_text(at)


def _check(row: Row[Any]) -> Check:  # SQLAlchemy types a row's columns no closer
    return Check(
        id=row.id,
        person=PersonId(row.person),
        starts=row.starts,
        stage=Stage(row.stage),
        organisation=OrganisationId(row.organisation),
        role=Role(row.role),
        outcome=Outcome(row.outcome),
        asked=row.asked,
        until=row.until,
        means=row.means,
        called=row.called,
        answered=row.answered,
        device=row.device,
        skew=row.skew,
        told=row.told,
    )


def _drill(row: Row[Any]) -> Drill:  # likewise
    return Drill(
        organisation=OrganisationId(row.organisation),
        step=StepId(row.step),
        day=date.fromisoformat(row.day),
        person=PersonId(row.person),
        at=row.at,
        until=row.until,
        seen=row.seen,
        skipped=Skipped(row.skipped) if row.skipped else None,
    )
