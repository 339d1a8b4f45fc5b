"""Checks of people before their duty, and drills of doorbells."""

from sqlalchemy import Index, Integer, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key, maybe

readiness = Table(
    "readiness",
    METADATA,
    key("id", Text),
    kept("person", Text),
    kept("starts", Instant),  # of the stint
    kept("stage", Text),
    kept("organisation", Text),
    kept("role", Text),
    kept("outcome", Text),
    kept("asked", Instant),
    kept("until", Instant),
    kept("means", Text),
    kept("called", Text),
    maybe("answered", Instant),
    kept("device", Text),
    maybe("skew", Integer),  # ms
    maybe("told", Instant),
    Index(None, "starts"),
    Index(None, "outcome", "until"),
    Index(None, "person", "answered"),
)

drills = Table(
    "drills",
    METADATA,
    key("organisation", Text),
    key("step", Text),
    key("day", Text),  # ISO 8601
    key("person", Text),  # empty: nobody was rung
    kept("at", Instant),
    kept("until", Instant),
    maybe("seen", Instant),
    kept("skipped", Text),
    Index(None, "day"),
)
