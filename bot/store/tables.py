"""The tables. Bodies that people wrote are `SealedBytes`; all else is ids, instants, fixed choices and hashes."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from bot.store.columns import Instant, SealedBytes

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _key(name: str, type_: Any, *more: Any) -> Column[Any]:  # noqa: ANN401 - SQLAlchemy's own types are this wide
    return Column(name, type_, *more, primary_key=True)


def _kept(name: str, type_: Any, *more: Any) -> Column[Any]:  # noqa: ANN401 - likewise
    return Column(name, type_, *more, nullable=False)


def _maybe(name: str, type_: Any) -> Column[Any]:  # noqa: ANN401 - likewise
    return Column(name, type_, nullable=True)


def _index_where(name: str, column: Column[Any], condition: ColumnElement[bool]) -> None:
    Index(name, column, sqlite_where=condition, postgresql_where=condition)


# ---- people and their ways in ------------------------------------------------------------------------

people = Table(
    "people",
    METADATA,
    _key("id", Text),
    _kept("name", SealedBytes),
    _maybe("phone", SealedBytes),
    _kept("facts", LargeBinary),  # JSON of everything but name and phone
)

addresses = Table(
    "addresses",
    METADATA,
    _key("channel", Text),
    _key("lookup", LargeBinary),  # keyed hash
    _kept("person", Text, ForeignKey("people.id")),
    _kept("sealed", LargeBinary),
    _kept("language", Text),
    _kept("linked_at", Instant),
    UniqueConstraint("person", "channel"),
)

tickets = Table(
    "tickets",
    METADATA,
    _key("digest", LargeBinary),
    _kept("purpose", Text),
    _kept("person", Text, ForeignKey("people.id")),
    _kept("expires", Instant),
    Index(None, "expires"),
)

sessions = Table(
    "sessions",
    METADATA,
    _key("digest", LargeBinary),
    _kept("person", Text, ForeignKey("people.id")),
    _kept("created", Instant),
    _kept("expires", Instant),
    Index(None, "expires"),
)

devices = Table(
    "devices",
    METADATA,
    _key("id", LargeBinary),
    _kept("kind", Text),
    _kept("organisation", Text),
    _maybe("person", Text),
    _kept("public", LargeBinary),
    _kept("active", Boolean),
    Index(None, "kind", "organisation"),
)

# ---- rosters -----------------------------------------------------------------------------------------

shifts = Table(
    "shifts",
    METADATA,
    _key("organisation", Text),  # whose roster it stands in
    _key("source", Text),
    _key("id", Text),
    _kept("starts", Instant),
    _kept("ends", Instant),
    _kept("body", LargeBinary),  # JSON
    Index(None, "starts", "ends"),
)

overrides = Table(
    "overrides",
    METADATA,
    _key("id", Text),
    _kept("starts", Instant),
    _kept("ends", Instant),
    _kept("body", LargeBinary),  # JSON
    Index(None, "ends", "starts"),
)

# ---- consultations -----------------------------------------------------------------------------------

consultations = Table(
    "consultations",
    METADATA,
    _key("id", Text),
    _kept("version", Integer),
    _kept("state", Text),
    _maybe("due", Instant),
    _maybe("officer", Text),
    _maybe("holder", Text),
    _kept("begun_at", Instant),
    _kept("body", LargeBinary),  # JSON of the whole; the columns above repeat what is searched for
)
IS_OPEN = consultations.c.state == literal_column(
    "'open'"
)  # written out, so that the index below is recognised
_index_where("ix_consultations_open", consultations.c.holder, IS_OPEN)
_index_where("ix_consultations_due", consultations.c.due, consultations.c.due.is_not(None))
Index("ix_consultations_officer", consultations.c.officer, consultations.c.begun_at)
Index("ix_consultations_holder", consultations.c.holder, consultations.c.begun_at)

offers = Table(
    "offers",
    METADATA,
    _key("id", Text),
    _kept("consultation", Text, ForeignKey("consultations.id")),
    _kept("person", Text),
    _kept("at", Instant),
    _kept("outcome", Text),
    Index(None, "consultation"),
    Index(None, "person", "at"),
    Index(None, "person", "outcome"),
)

# ---- sealed rooms ------------------------------------------------------------------------------------

rooms = Table(
    "rooms",
    METADATA,
    _key("id", Text),
    _kept("consultation", Text, ForeignKey("consultations.id")),
    _kept("organisation", Text),
    _kept("epoch", Integer),
    _kept("seq", Integer),
    _kept("head", LargeBinary),
)

room_events = Table(
    "room_events",
    METADATA,
    _key("room", Text, ForeignKey("rooms.id")),
    _key("seq", Integer),
    _kept("body", SealedBytes),
)

room_epochs = Table(
    "room_epochs",
    METADATA,
    _key("room", Text, ForeignKey("rooms.id")),
    _key("epoch", Integer),
    _kept("seq", Integer),  # of the event that began it
)

room_keys = Table(
    "room_keys",
    METADATA,
    _key("room", Text),
    _key("epoch", Integer),
    _key("device", LargeBinary),
    _kept("blob", SealedBytes),
    ForeignKeyConstraint(["room", "epoch"], ["room_epochs.room", "room_epochs.epoch"]),
)

escrows = Table(
    "escrows",
    METADATA,
    _key("room", Text),
    _key("epoch", Integer),
    _key("organisation", Text),
    _kept("blob", SealedBytes),
    ForeignKeyConstraint(["room", "epoch"], ["room_epochs.room", "room_epochs.epoch"]),
)

# ---- what came and what is to be said ----------------------------------------------------------------

inbox = Table(
    "inbox",
    METADATA,
    _key("position", Integer),  # order of arrival
    _kept("channel", Text),
    _kept("native_id", Text),
    _maybe("body", SealedBytes),  # gone once handled
    _kept("at", Instant),
    _kept("attempts", Integer),
    UniqueConstraint("channel", "native_id"),
    sqlite_autoincrement=True,
)
_index_where("ix_inbox_waiting", inbox.c.position, inbox.c.body.is_not(None))
_index_where("ix_inbox_handled", inbox.c.at, inbox.c.body.is_(None))

outbox = Table(
    "outbox",
    METADATA,
    _key("position", Integer),  # order of putting
    _kept("id", Text),
    _maybe("person", Text),
    _kept("channel", Text),
    _kept("kind", Text),
    _kept("ref", Text),
    _kept("key", Text),
    _kept("seq", Integer),
    _kept("params", LargeBinary),  # JSON of fixed choices
    _maybe("address", LargeBinary),  # encrypted
    _kept("due", Instant),
    _kept("fence", Integer),  # how often it was claimed
    _kept("free_at", Instant),  # due, or when its lease or its wait after a failure runs out
    _kept("leased", Boolean),
    UniqueConstraint("id"),
    Index(None, "person", "channel", "due", "position"),
    Index(None, "free_at"),
    sqlite_autoincrement=True,
)

spots = Table(
    "spots",
    METADATA,
    _key("person", Text),
    _key("channel", Text),
    _key("key", Text),
    _kept("native_id", Text),
    _kept("digest", LargeBinary),
    Index(None, "person", "channel", "native_id"),
)

# ---- the ledger --------------------------------------------------------------------------------------

ledgers = Table(
    "ledgers",
    METADATA,
    _key("organisation", Text),
    _kept("size", BigInteger),
)

entries = Table(
    "entries",
    METADATA,
    _key("organisation", Text),
    _key("number", BigInteger),  # from 0
    _kept("kind", Text),
    _kept("at", Instant),
    _kept("salt", LargeBinary),
    _kept("body", LargeBinary),  # JSON of ids, times and fixed choices
    _kept("leaf", LargeBinary),
)

nodes = Table(
    "nodes",
    METADATA,
    _key("organisation", Text),
    _key("level", Integer),  # from 1: the leaves stand in entries
    _key("number", BigInteger),
    _kept("hash", LargeBinary),
)

checkpoints = Table(
    "checkpoints",
    METADATA,
    _key("organisation", Text),
    _key("size", BigInteger),
    _kept("note", Text),
)

subjects = Table(
    "subjects",
    METADATA,
    _key("subject", Text),  # what the ledger's facts are about: "person:<id>"
    _kept("version", Integer),
)
