"""What the flow needs in order to keep the register of talks in which somebody was named."""

from datetime import datetime
from typing import Protocol

from bot.core.ids import ConsultationId, OrganisationId
from bot.core.registers import Register, RegisterId
from bot.flow.records import Entry


class Registers(Protocol):
    """The registers of every organisation: entries are added, and nothing changes or takes one away."""

    def put(self, entry: Register, told: Entry) -> None:
        """Add an entry, on the ledger as `told`. Raises BadInput for an id that stands there already."""
        ...

    def of_talk(self, consultation: ConsultationId) -> tuple[Register, ...]:
        """The entries about one consultation, the oldest first."""
        ...

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
        ...
