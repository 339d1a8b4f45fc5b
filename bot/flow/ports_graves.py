"""What the flow needs in order to keep notices of grave events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.graves import GraveId
from bot.core.ids import PersonId
from bot.core.referrals import EntryId
from bot.flow.records import Entry
from bot.flow.records_graves import Copy, Grave, Listed, Told


class Graves(Protocol):
    """Forums' lists and notices. Everything changed here is on the ledger."""

    def listed(self, forum: EntryId) -> tuple[Listed, ...]:
        """Everybody who was ever on a forum's list, in the order of their ids."""
        ...

    def put_listed(self, listed: Listed, entry: Entry) -> None: ...
    def put(
        self, grave: Grave, told: Sequence[Told], copies: Sequence[Copy], entries: tuple[Entry, Entry, Entry]
    ) -> None:
        """Keep a new notice, whom it was told, and its copies."""
        ...

    def get(self, grave: GraveId) -> Grave | None: ...
    def told(self, grave: GraveId) -> tuple[Told, ...]: ...
    def copy(self, grave: GraveId, device: bytes) -> Copy | None: ...
    def answer(self, told: Told, entry: Entry) -> None: ...
    def sent_by(self, person: PersonId, since: datetime) -> tuple[Grave, ...]: ...
    def told_to(self, person: PersonId, since: datetime) -> tuple[Grave, ...]:
        """The notices that somebody was told, newest first."""
        ...
