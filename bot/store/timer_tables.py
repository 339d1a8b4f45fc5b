"""Timers: what is to be looked at, at an instant."""

from sqlalchemy import Index, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key

timers = Table(
    "timers",
    METADATA,
    key("kind", Text),
    key("ref", Text),
    kept("due", Instant),
    Index(None, "due"),
)
