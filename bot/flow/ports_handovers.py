"""What the flow needs in order to keep what was handed over, and what was promised."""

from collections.abc import Collection
from typing import Protocol

from bot.core.ids import ConsultationId, PersonId
from bot.core.promises import Promise
from bot.flow.records import Entry, Recorded
from bot.flow.records_handovers import Handed


class Handovers(Protocol):
    """Handovers and promises. Everything kept here is on the ledger, and erased with its consultation."""

    def put(self, handed: Handed, entry: Entry) -> None: ...
    def of(self, person: PersonId, limit: int) -> tuple[Handed, ...]:
        """What somebody gave or was given, the newest first."""
        ...

    def about(self, consultation: ConsultationId) -> tuple[Handed, ...]:
        """How a talk changed hands, in order."""
        ...

    def recorded(self, handed: Handed) -> Recorded | None:
        """Where the ledger says so."""
        ...

    def promise(
        self, consultation: ConsultationId, promises: Collection[Promise], by: PersonId, entry: Entry
    ) -> None:
        """Keep what is promised from now on, in the place of what was."""
        ...

    def said(self, consultation: ConsultationId) -> int:
        """How often anything was said of promises; the number of what stands."""
        ...

    def promised(self, consultation: ConsultationId, number: int | None = None) -> tuple[Promise, ...] | None:
        """What stands promised, or (by number) stood; None where nobody has said anything of it."""
        ...
