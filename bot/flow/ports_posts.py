"""What the flow needs in order to keep the posts of boards."""

from typing import Protocol

from bot.core.ids import OrganisationId
from bot.core.staffing import Post, PostId
from bot.flow.records import Entry


class Posts(Protocol):
    """The posts of every board, over all years. Everything changed here is on the ledger."""

    def of(self, organisation: OrganisationId) -> tuple[Post, ...]:
        """Every post of one organisation, by its first day and its id."""
        ...

    def get(self, post: PostId) -> Post | None: ...
    def put(self, post: Post, entry: Entry) -> None: ...
    def drop(self, post: PostId, entry: Entry) -> None: ...
