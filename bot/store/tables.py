"""The tables. Bodies that people wrote are `SealedBytes`; all else is ids, instants, fixed choices and hashes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from bot.store.columns import Instant, SealedBytes
from bot.store.metadata import METADATA, index_where, kept, key, maybe

# ---- people and their ways in ------------------------------------------------------------------------

people = Table(
    "people",
    METADATA,
    key("id", Text),
    kept("name", SealedBytes),
    maybe("phone", SealedBytes),
    kept("facts", LargeBinary),  # JSON of everything but name and phone
)

addresses = Table(
    "addresses",
    METADATA,
    key("channel", Text),
    key("lookup", LargeBinary),  # keyed hash
    kept("person", Text, ForeignKey("people.id")),
    kept("sealed", LargeBinary),
    kept("language", Text),
    kept("linked_at", Instant),
    UniqueConstraint("person", "channel"),
)

tickets = Table(
    "tickets",
    METADATA,
    key("digest", LargeBinary),
    kept("purpose", Text),
    kept("person", Text, ForeignKey("people.id")),
    kept("expires", Instant),
    Index(None, "expires"),
)

sessions = Table(
    "sessions",
    METADATA,
    key("digest", LargeBinary),
    kept("person", Text, ForeignKey("people.id")),
    kept("created", Instant),
    kept("expires", Instant),
    maybe("device", LargeBinary),  # which signed in
    Index(None, "expires"),
    Index(None, "device"),
)

# ---- rosters -----------------------------------------------------------------------------------------

shifts = Table(
    "shifts",
    METADATA,
    key("organisation", Text),  # whose roster it stands in
    key("source", Text),
    key("id", Text),
    kept("starts", Instant),
    kept("ends", Instant),
    kept("body", LargeBinary),  # JSON
    Index(None, "starts", "ends"),
)

overrides = Table(
    "overrides",
    METADATA,
    key("id", Text),
    kept("starts", Instant),
    kept("ends", Instant),
    kept("body", LargeBinary),  # JSON
    Index(None, "ends", "starts"),
)

# ---- consultations -----------------------------------------------------------------------------------

consultations = Table(
    "consultations",
    METADATA,
    key("id", Text),
    kept("version", Integer),
    kept("state", Text),
    maybe("due", Instant),
    maybe("officer", Text),
    maybe("holder", Text),
    kept("begun_at", Instant),
    kept("body", LargeBinary),  # JSON of the whole; the columns above repeat what is searched for
)
IS_OPEN = consultations.c.state == literal_column(
    "'open'"
)  # written out, so that the index below is recognised
IS_CLOSED = consultations.c.state == literal_column("'closed'")  # likewise
index_where("ix_consultations_open", consultations.c.holder, IS_OPEN)
index_where("ix_consultations_closed", consultations.c.begun_at, IS_CLOSED)
index_where("ix_consultations_due", consultations.c.due, consultations.c.due.is_not(None))
Index("ix_consultations_officer", consultations.c.officer, consultations.c.begun_at)
Index("ix_consultations_holder", consultations.c.holder, consultations.c.begun_at)

offers = Table(
    "offers",
    METADATA,
    key("id", Text),
    kept("consultation", Text, ForeignKey("consultations.id")),
    kept("person", Text),
    kept("at", Instant),
    kept("outcome", Text),
    Index(None, "consultation"),
    Index(None, "person", "at"),
    Index(None, "person", "outcome"),
)

# ---- sealed rooms ------------------------------------------------------------------------------------

rooms = Table(
    "rooms",
    METADATA,
    key("id", Text),
    kept("consultation", Text, ForeignKey("consultations.id")),
    kept("organisation", Text),
    kept("epoch", Integer),
    kept("seq", Integer),
    kept("head", LargeBinary),
    Index(None, "consultation"),
)

room_events = Table(
    "room_events",
    METADATA,
    key("room", Text, ForeignKey("rooms.id")),
    key("seq", Integer),
    kept("body", SealedBytes),
)

room_epochs = Table(
    "room_epochs",
    METADATA,
    key("room", Text, ForeignKey("rooms.id")),
    key("epoch", Integer),
    kept("seq", Integer),  # of the event that began it
)

room_keys = Table(
    "room_keys",
    METADATA,
    key("room", Text),
    key("epoch", Integer),
    key("device", LargeBinary),
    kept("blob", SealedBytes),
    key("seq", Integer),  # of the event that names it: the epoch's beginning, or a grant
    ForeignKeyConstraint(["room", "epoch"], ["room_epochs.room", "room_epochs.epoch"]),
)

escrows = Table(
    "escrows",
    METADATA,
    key("room", Text),
    key("epoch", Integer),
    key("organisation", Text),
    kept("blob", SealedBytes),
    ForeignKeyConstraint(["room", "epoch"], ["room_epochs.room", "room_epochs.epoch"]),
)

# ---- what came and what is to be said ----------------------------------------------------------------

inbox = Table(
    "inbox",
    METADATA,
    key("position", Integer),  # order of arrival
    kept("channel", Text),
    kept("native_id", Text),
    maybe("body", SealedBytes),  # gone once handled
    kept("at", Instant),
    kept("attempts", Integer),
    UniqueConstraint("channel", "native_id"),
    sqlite_autoincrement=True,
)
index_where("ix_inbox_waiting", inbox.c.position, inbox.c.body.is_not(None))
index_where("ix_inbox_handled", inbox.c.at, inbox.c.body.is_(None))

outbox = Table(
    "outbox",
    METADATA,
    key("position", Integer),  # order of putting
    kept("id", Text),
    maybe("person", Text),
    kept("channel", Text),
    kept("kind", Text),
    kept("ref", Text),
    kept("key", Text),
    kept("seq", Integer),
    kept("params", LargeBinary),  # JSON of fixed choices
    maybe("address", LargeBinary),  # encrypted
    kept("due", Instant),
    kept("fence", Integer),  # how often it was claimed
    kept("free_at", Instant),  # due, or when its lease or its wait after a failure runs out
    kept("leased", Boolean),
    UniqueConstraint("id"),
    Index(None, "person", "channel", "due", "position"),
    Index(None, "free_at"),
    sqlite_autoincrement=True,
)

spots = Table(
    "spots",
    METADATA,
    key("person", Text),
    key("channel", Text),
    key("key", Text),
    kept("native_id", Text),
    kept("digest", LargeBinary),
    Index(None, "person", "channel", "native_id"),
)

# ---- the ledger --------------------------------------------------------------------------------------

ledgers = Table(
    "ledgers",
    METADATA,
    key("organisation", Text),
    kept("size", BigInteger),
)

entries = Table(
    "entries",
    METADATA,
    key("organisation", Text),
    key("number", BigInteger),  # from 0
    kept("kind", Text),
    kept("at", Instant),
    maybe("salt", LargeBinary),  # gone once erased
    maybe("body", LargeBinary),  # JSON of ids, times and fixed choices; likewise
    kept("leaf", LargeBinary),
    maybe("about", Text),  # the consultation that the body is about
    maybe("erased_by", Text),  # certificate
)
index_where("ix_entries_about", entries.c.about, entries.c.about.is_not(None))
Index(
    "ix_entries_erased_by",
    entries.c.erased_by,
    entries.c.organisation,
    entries.c.number,
    sqlite_where=entries.c.erased_by.is_not(None),
    postgresql_where=entries.c.erased_by.is_not(None),
)

nodes = Table(
    "nodes",
    METADATA,
    key("organisation", Text),
    key("level", Integer),  # from 1: the leaves stand in entries
    key("number", BigInteger),
    kept("hash", LargeBinary),
)

checkpoints = Table(
    "checkpoints",
    METADATA,
    key("organisation", Text),
    key("size", BigInteger),
    kept("note", Text),
)

subjects = Table(
    "subjects",
    METADATA,
    key("subject", Text),  # what the ledger's facts are about: "person:<id>"
    kept("version", Integer),
)
