"""Rooms of device identities: to whom keys were handed out, and what was sent already."""

from sqlalchemy import ForeignKeyConstraint, Index, Integer, LargeBinary, Table, Text

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key

key_reads = Table(
    "key_reads",
    METADATA,
    key("room", Text),
    key("epoch", Integer),
    key("device", LargeBinary),
    kept("person", Text),  # whose device it was
    kept("at", Instant),  # the first time
    ForeignKeyConstraint(["room", "epoch"], ["room_epochs.room", "room_epochs.epoch"]),
)

sendings = Table(
    "sendings",
    METADATA,
    key("id", LargeBinary),  # hash of the sender and of the key that they chose
    kept("what", LargeBinary),  # hash of what was asked, as far as a repetition must ask the same
    kept("answer", LargeBinary),  # JSON of ids, instants and fixed choices
    kept("at", Instant),
    Index(None, "at"),
)
