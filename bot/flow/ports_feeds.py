"""What the flow needs in order to fetch rosters: which feeds there are, what came of looking, and somebody who fetches."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.core.feed import Feed, FeedId, Look
from bot.core.ids import OrganisationId
from bot.flow.records import Entry


class Feeds(Protocol):
    """Feeds and the last looks at them. Everything changed here is on the ledger."""

    def put(self, feed: Feed, entry: Entry) -> None:
        """Add or change a feed."""
        ...

    def get(self, feed: FeedId) -> Feed | None: ...
    def all(self) -> tuple[Feed, ...]:
        """Every feed that has not ended, by id."""
        ...

    def of(self, organisation: OrganisationId) -> tuple[Feed, ...]: ...
    def look(self, feed: FeedId) -> Look | None:
        """What came of the last look that was written down."""
        ...

    def put_look(self, look: Look, entry: Entry) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a feed answered. `body` None: it is as it was."""

    body: bytes | None = field(repr=False)
    etag: str = ""
    modified: str = ""


class Fetcher(Protocol):
    """Fetches a roster."""

    async def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """What stands there. Raises NotFetched, whatever goes wrong."""
        ...
