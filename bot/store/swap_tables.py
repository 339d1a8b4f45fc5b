"""Proposals to exchange shifts."""

from sqlalchemy import LargeBinary, Table, Text

from bot.store.metadata import METADATA, index_where, kept, key

swaps = Table(
    "swaps",
    METADATA,
    key("id", Text),
    kept("state", Text),
    kept("body", LargeBinary),
)
index_where("ix_swaps_waiting", swaps.c.id, swaps.c.state == "proposed")
