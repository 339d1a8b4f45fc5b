"""The register of talks in which somebody was named, and of what was disclosed in them."""

from sqlalchemy import Index, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key, maybe

registers = Table(
    "registers",
    METADATA,
    key("id", Text),
    kept("consultation", Text),
    kept("organisation", Text),
    kept("at", Instant),
    kept("kind", Text),
    maybe("direction", Text),
    maybe("ground", Text),
    Index(None, "consultation"),
    Index(None, "organisation", "id"),
)
