"""Retention: certificates of what was erased, holds that stop it, and when it last looked."""

from sqlalchemy import ForeignKey, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key

certificates = Table(
    "certificates",
    METADATA,
    key("id", Text),
    kept("note", Text),  # signed
)

holds = Table(
    "holds",
    METADATA,
    key("consultation", Text, ForeignKey("consultations.id")),
    key("decision", Text),  # its number
    kept("since", Instant),
    kept("by", Text),
)

looks = Table(
    "looks",
    METADATA,
    key("organisation", Text),
    kept("at", Instant),  # the latest instant that retention has believed
)
