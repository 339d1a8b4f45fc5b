"""Posts of every board, over all years."""

from sqlalchemy import Index, LargeBinary, Table, Text

from bot.store.metadata import METADATA, kept, key

posts = Table(
    "posts",
    METADATA,
    key("id", Text),
    kept("organisation", Text),
    kept("body", LargeBinary),
    Index(None, "organisation"),
)
