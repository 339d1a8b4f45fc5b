"""Forums' lists; notices of grave events, their sealed copies, and what each person answered."""

from sqlalchemy import Index, LargeBinary, Table, Text

from bot.store.columns import Instant, SealedBytes
from bot.store.metadata import METADATA, kept, key, maybe

forum_lists = Table(
    "forum_lists",
    METADATA,
    key("forum", Text),
    key("person", Text),
    kept("organisation", Text),
    kept("since", Instant),
    maybe("until", Instant),
)

graves = Table(
    "graves",
    METADATA,
    key("id", Text),
    kept("organisation", Text),
    kept("forum", Text),
    kept("sender", Text),
    kept("device", LargeBinary),
    kept("at", Instant),
    Index(None, "sender", "at"),
)

grave_copies = Table(
    "grave_copies",
    METADATA,
    key("grave", Text),
    key("device", LargeBinary),
    kept("person", Text),
    kept("blob", SealedBytes),
)

graves_told = Table(
    "graves_told",
    METADATA,
    key("grave", Text),
    key("person", Text),
    kept("answer", Text),
    kept("at", Instant),
    Index(None, "person"),
)
