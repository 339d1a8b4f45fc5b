"""Handovers of talks, and what was promised in each."""

from sqlalchemy import ForeignKey, Index, Integer, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key, maybe

handovers = Table(
    "handovers",
    METADATA,
    key("id", Text),
    key("consultation", Text, ForeignKey("consultations.id")),
    kept("giver", Text),
    maybe("receiver", Text),  # nobody: a shift ended, and the talk was left
    kept("at", Instant),
    kept("talks", Integer),  # that went in the same act
    kept("unread", Integer),
    kept("promised", Integer),  # what was said last of promises; 0: nothing
    Index(None, "consultation"),
    Index(None, "giver"),
    Index(None, "receiver"),
)

promises = Table(
    "promises",
    METADATA,
    key("consultation", Text, ForeignKey("consultations.id")),
    key("number", Integer),  # of what was said of it, from 1; the last one stands
    key("kind", Text),
    maybe("due", Instant),
    kept("by", Text),
    kept("at", Instant),
)
