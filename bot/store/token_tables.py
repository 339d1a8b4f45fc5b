"""Tokens of machines that ask who is on duty."""

from sqlalchemy import Index, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key, maybe

tokens = Table(
    "tokens",
    METADATA,
    key("id", Text),
    kept("organisation", Text),  # or the group
    kept("digest", Text),  # SHA-256 of the token, hex: the token itself is kept nowhere
    kept("scope", Text),
    kept("label", Text),
    kept("made", Instant),
    kept("by", Text),
    kept("until", Instant),
    maybe("revoked", Instant),
    Index(None, "digest"),
)
