"""What the flow needs in order to publish content: which is in force, what is under way, who was told of what."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Protocol

from bot.core.consultation import Consultation
from bot.core.ids import ArticleId
from bot.flow.records import Entry


class Publishing(Protocol):
    """The content in force, and notices about it. Everything changed here is on the ledger."""

    def digest(self) -> str | None:
        """The digest of the content in force; None before the first."""
        ...

    def put_digest(self, digest: str, at: datetime, entry: Entry) -> None: ...
    def unclosed(self) -> Iterator[Consultation]:
        """Every consultation that is neither closed nor erased."""
        ...

    def told(self) -> frozenset[tuple[ArticleId, date]]:
        """Of which articles somebody was told that they expired after which day."""
        ...

    def put_told(self, expired: Collection[tuple[ArticleId, date]], at: datetime, entry: Entry) -> None: ...
