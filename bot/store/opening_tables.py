"""Openings of rooms, and who holds which seat of which escrow."""

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, Table, Text

from bot.store.columns import Instant, SealedBytes
from bot.store.metadata import METADATA, kept, key, maybe

openings = Table(
    "openings",
    METADATA,
    key("id", Text),
    kept("organisation", Text),
    maybe("room", Text),  # none: every room of the organisation
    maybe("consultation", Text),
    kept("person", Text),  # who asked
    kept("device", LargeBinary),  # on which: shares are passed to it alone
    kept("purpose", Text),
    kept("ground", Text),
    kept("gives", Text),
    kept("asked_at", Instant),
    kept("until", Instant),
    kept("epoch", Integer),  # the room's when it was asked: nothing later is handed out
    kept("seq", Integer),  # likewise
    kept("request", LargeBinary),  # signed
    maybe("opened_at", Instant),
    maybe("ended_at", Instant),
    maybe("ended", Text),  # how
    Index(None, "organisation", "asked_at"),
    Index(None, "room"),
)
_UNDER_WAY = openings.c.ended_at.is_(None)
Index(
    "ux_openings_room",
    openings.c.room,
    unique=True,
    sqlite_where=_UNDER_WAY,
    postgresql_where=_UNDER_WAY,
)
_EVERY_ROOM = openings.c.ended_at.is_(None) & openings.c.room.is_(None)
Index(
    "ux_openings_every_room",
    openings.c.organisation,
    unique=True,
    sqlite_where=_EVERY_ROOM,
    postgresql_where=_EVERY_ROOM,
)

passed_shares = Table(
    "passed_shares",
    METADATA,
    key("opening", Text, ForeignKey("openings.id")),
    key("room", Text),
    key("epoch", Integer),
    key("seat", Text),
    kept("person", Text),  # who held the seat and passed its share
    kept("device", LargeBinary),
    kept("statement", LargeBinary),  # what the device signed
    kept("sig", LargeBinary),
    maybe("blob", SealedBytes),  # the share; gone once the opening has ended
    kept("at", Instant),
    Index(None, "room"),
)

wrong_shares = Table(
    "wrong_shares",
    METADATA,
    key("opening", Text, ForeignKey("openings.id")),
    key("room", Text),
    key("epoch", Integer),
    key("seat", Text),
    kept("at", Instant),
    Index(None, "room"),
)

opening_notices = Table(
    "opening_notices",
    METADATA,
    key("opening", Text, ForeignKey("openings.id")),
    key("person", Text),  # whose talk it was
    kept("consultation", Text),
    kept("at", Instant),
    Index(None, "person", "at"),
    Index(None, "consultation"),
)

escrow_seats = Table(
    "escrow_seats",
    METADATA,
    key("room", Text),
    key("epoch", Integer),
    key("organisation", Text),
    key("seat", Text),
    key("device", LargeBinary),  # that has the seat's share
    kept("person", Text),  # whose device it is, and who holds the seat
    kept("needed", Integer),  # people that open the escrow
    Index(None, "organisation", "room", "epoch"),
    Index(None, "person", "organisation", "room", "epoch"),
)

hand_ons = Table(
    "hand_ons",
    METADATA,
    key("room", Text),
    key("epoch", Integer),
    key("organisation", Text),
    key("number", Integer),  # from 1, in the order in which they were made
    kept("escrow", LargeBinary),  # its hash
    kept("seat", Text),
    kept("person", Text),  # who holds the seat from then on
    kept("device", LargeBinary),  # which can open the share
    kept("content", SealedBytes),  # signed by the device that had it
    kept("at", Instant),
)

redeals = Table(
    "redeals",
    METADATA,
    key("room", Text),
    key("epoch", Integer),
    key("organisation", Text),
    key("number", Integer),  # from 1
    kept("opening", Text),
    kept("content", LargeBinary),  # signed
    kept("old", SealedBytes),  # the escrow that was replaced
    kept("at", Instant),
)
