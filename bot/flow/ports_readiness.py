"""What the flow needs in order to know that people can be reached: checks before their duty, and drills."""

from datetime import date, datetime
from typing import Protocol

from bot.core.checks import Stage
from bot.core.drills import Drill
from bot.core.ids import OrganisationId, PersonId
from bot.flow.records import Entry
from bot.flow.records_readiness import Check


class Readiness(Protocol):
    """Checks and drills. Everything changed here is on the ledger."""

    def put_check(self, check: Check, entry: Entry) -> None: ...
    def check(self, named: str) -> Check | None: ...
    def open_checks(self, person: PersonId | None = None) -> tuple[Check, ...]:
        """Those that nobody has answered yet, of one person or of all; the longest due first."""
        ...

    def begun(self, since: datetime) -> frozenset[tuple[PersonId, datetime, Stage]]:
        """What was begun of stints that begin at that instant or later."""
        ...

    def last_checks(self, since: datetime) -> dict[PersonId, Check]:
        """The last check of each person whose stint began then or later."""
        ...

    def shown(self, person: PersonId, since: datetime) -> bool:
        """Whether somebody has answered a check, or looked at an offer, at that instant or later."""
        ...

    def put_drill(self, drill: Drill, entry: Entry) -> None: ...
    def drills(self, organisation: OrganisationId, since: date) -> tuple[Drill, ...]:
        """Drills of one organisation from a day on, in order."""
        ...

    def drills_of(self, person: PersonId, day: date) -> tuple[Drill, ...]: ...
    def is_drilled(self, day: date) -> bool:
        """Whether any drill of that day has begun."""
        ...
