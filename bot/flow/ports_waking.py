"""What the flow needs from the store to know whom it has tried to wake, and how."""

from datetime import datetime
from typing import Protocol

from bot.core.ids import OrganisationId
from bot.core.waking import Ring
from bot.flow.records import Entry


class Rings(Protocol):
    """What was done to wake people, and what came of it. Everything added here is on the ledger; nothing changes."""

    def put(self, ring: Ring, entry: Entry) -> None: ...
    def get(self, ring: str) -> Ring | None: ...
    def of(self, ref: str) -> tuple[Ring, ...]:
        """Everything about one ringing, in order."""
        ...

    def calls_to(self, person: str, since: datetime) -> tuple[Ring, ...]:
        """How somebody was called after then, and what came of it."""
        ...

    def calls_by(self, organisation: OrganisationId, since: datetime) -> int:
        """How often an organisation has called anybody after then."""
        ...
