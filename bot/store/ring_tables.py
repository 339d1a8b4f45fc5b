"""What was done to wake people, and what came of it."""

from sqlalchemy import Index, Integer, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key, maybe

rings = Table(
    "rings",
    METADATA,
    key("id", Text),
    kept("purpose", Text),
    kept("ref", Text),  # of an offer, or of what else somebody is woken for
    kept("number", Integer),  # among those of the same ref, from 1
    kept("person", Text),
    kept("organisation", Text),
    maybe("consultation", Text),  # with which it is erased
    kept("means", Text),
    kept("did", Text),
    kept("at", Instant),
    kept("of", Text),  # the call of which this is what came
    Index(None, "ref", "number"),
    Index(None, "person", "at"),
    Index(None, "organisation", "did", "at"),
    Index(None, "consultation"),
)
