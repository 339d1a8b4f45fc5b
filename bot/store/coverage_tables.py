"""Tests of telephone numbers, and which weeks were summed up for whom."""

from sqlalchemy import Integer, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key

number_tests = Table(
    "number_tests",
    METADATA,
    key("number", Text),
    key("at", Instant),
    kept("by", Text),
    kept("answered", Integer),  # 1 or 0: whatever else stands here was never put here
)

summaries = Table(
    "summaries",
    METADATA,
    key("organisation", Text),
    key("week", Text),  # ISO 8601, "2026-W48"
    kept("at", Instant),
)
