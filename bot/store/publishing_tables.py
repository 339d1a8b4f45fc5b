"""Publishing: which contents were in force, and of which expired articles somebody was told."""

from sqlalchemy import Integer, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key

published = Table(
    "published",
    METADATA,
    key("digest", Text),  # hex
    kept("number", Integer),  # the highest is in force: a clock can be set back
    kept("at", Instant),  # since when it was in force, the last time
)

expiries = Table(
    "expiries",
    METADATA,
    key("article", Text),
    key("last", Text),  # the last day on which it was given, ISO 8601
    kept("at", Instant),  # when its owner was told
)
