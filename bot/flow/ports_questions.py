"""What the flow needs from the store about questions kept for curators."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.ids import ArticleId, OrganisationId
from bot.core.questions import QuestionKind
from bot.flow.records import Entry
from bot.flow.records_questions import QuestionCount, SealedQuestion


class Questions(Protocol):
    """Questions. Those of a day go on the ledger when it is over, in an order that says nothing; so nobody's are told apart."""

    def put(self, copies: Sequence[SealedQuestion]) -> None:
        """Keep one question of today, sealed to each device."""
        ...

    def count(
        self, organisation: OrganisationId, day: str, kind: QuestionKind, article: ArticleId | None
    ) -> None:
        """Count one more question of today."""
        ...

    def kept_on(self, organisation: OrganisationId, day: str) -> int:
        """How many questions of a day that is not closed are kept."""
        ...

    def open_days(self, before: str) -> tuple[tuple[OrganisationId, str], ...]:
        """Days before that one which are not closed."""
        ...

    def close_day(self, organisation: OrganisationId, day: str, kept: Entry, counted: Entry) -> None:
        """Put what was kept and counted that day on the ledger."""
        ...

    def of_device(
        self, organisation: OrganisationId, device: bytes, after: tuple[str, bytes] | None, limit: int
    ) -> tuple[SealedQuestion, ...]:
        """The copies for one device of days that are closed, the newest day first."""
        ...

    def counts(self, organisation: OrganisationId, since: str) -> tuple[QuestionCount, ...]:
        """What was counted on closed days from that day on, day by day."""
        ...

    def days(self, organisation: OrganisationId) -> tuple[str, ...]:
        """The closed days of which questions are kept."""
        ...

    def erase(self, organisation: OrganisationId, day: str, entry: Entry) -> int:
        """Destroy every copy of a closed day's questions; the counts stay. Returns how many copies."""
        ...
