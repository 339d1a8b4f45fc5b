"""The ledger: one RFC 9162 tree per organisation, kept as rows that are only added."""

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.errors import BadInput, Tampered
from bot.core.ids import ConsultationId, OrganisationId
from bot.core.retention_subject import named_in
from bot.flow.records import Entry, Recorded
from bot.seal import log
from bot.seal.errors import SealError
from bot.store.gathered import gathered
from bot.store.known import known
from bot.store.tables import checkpoints, entries, ledgers, nodes, rooms

_GROW = upsert(ledgers)
_GROW = _GROW.on_conflict_do_update(
    index_elements=[ledgers.c.organisation], set_={"size": _GROW.excluded.size}
)
_ADD_ENTRY = insert(entries)
_ADD_NODE = insert(nodes)
_OF_ROOM = select(rooms.c.consultation).where(rooms.c.id == bindparam("of"))
_ADD_CHECKPOINT = upsert(checkpoints).on_conflict_do_nothing()
_LEAF = select(entries.c.leaf).where(
    entries.c.organisation == bindparam("organisation"), entries.c.number == bindparam("at")
)
_NODE = select(nodes.c.hash).where(
    nodes.c.organisation == bindparam("organisation"),
    nodes.c.level == bindparam("at_level"),
    nodes.c.number == bindparam("at"),
)
_SIZE = select(ledgers.c.size).where(ledgers.c.organisation == bindparam("organisation"))
_SIGNED = (
    select(checkpoints.c.size)
    .where(checkpoints.c.organisation == ledgers.c.organisation, checkpoints.c.size >= ledgers.c.size)
    .exists()
)
_CHECKPOINT = select(checkpoints.c.note).where(
    checkpoints.c.organisation == bindparam("organisation"), checkpoints.c.size == bindparam("at")
)
_LAST = (
    select(checkpoints.c.note)
    .where(checkpoints.c.organisation == bindparam("organisation"))
    .order_by(checkpoints.c.size.desc())
    .limit(1)
)
_NEWEST = (
    select(entries.c.number, entries.c.at, entries.c.salt, entries.c.body, entries.c.leaf)
    .where(
        entries.c.organisation == bindparam("organisation"),
        entries.c.number >= bindparam("since"),
        entries.c.kind == bindparam("of_kind"),
        entries.c.body.is_not(None),
    )
    .order_by(entries.c.number.desc())
    .limit(1)
)
_UNSIGNED = select(ledgers.c.organisation).where(~_SIGNED).order_by(ledgers.c.organisation)
_SIZES, _LAST_ROWS = ("ledgers",), ("entries", "nodes")


class SqlLedger:
    """Implements `Ledger` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._gathered = gathered(connection)
        self._known = known(connection)

    def append(self, entry: Entry) -> Recorded:
        """Add one entry: its row, and the tree rows it completes. Reads and writes O(log size) rows.

        Raises BadInput for a salt that is not 16 bytes.
        """
        owner = entry.organisation
        index = self._known.of(_SIZES, owner, lambda: self.size(owner))
        try:
            leaf = log.leaf_hash(kind=entry.kind, salt=entry.salt, body=entry.body)
        except SealError as error:
            raise BadInput("an entry needs a kind and 16 bytes of salt") from error
        rows = log.append(index, leaf, lambda level, at: self._last(owner, level, at))
        self._gathered.put(_GROW, owner, {"organisation": owner, "size": index + 1})
        self._gathered.put(
            _ADD_ENTRY,
            (owner, index),
            {
                "organisation": owner,
                "number": index,
                "kind": entry.kind,
                "at": entry.at,
                "salt": entry.salt,
                "body": entry.body,
                "leaf": leaf,
                "about": self._about(entry.body),
            },
        )
        for row in rows[1:]:
            node = {"organisation": owner, "level": row.level, "number": row.index, "hash": row.hash}
            self._gathered.put(_ADD_NODE, (owner, row.level, row.index), node)
        for row in rows:
            self._known.put(_LAST_ROWS, (owner, row.level), row)
        self._known.put(_SIZES, owner, index + 1)
        return Recorded(entry=entry, index=index, leaf=leaf)

    def _last(self, organisation: OrganisationId, level: int, index: int) -> bytes:
        """A hash that the next entry is joined to: always the last of its level."""
        kept: log.Row | None = self._known.get(_LAST_ROWS, (organisation, level))
        return kept.hash if kept is not None and kept.index == index else self.row(organisation, level, index)

    def _about(self, body: bytes) -> ConsultationId | None:
        """The consultation that a body is about, so that erasing it finds the entry whoever wrote it."""
        consultation, room = named_in(body)
        if consultation is None and room is not None:
            consultation = self._connection.execute(_OF_ROOM, {"of": room}).scalar()
        return consultation

    def size(self, organisation: OrganisationId) -> int:
        """How many entries it has; 0 for one that has none."""
        return self._connection.execute(_SIZE, {"organisation": organisation}).scalar() or 0

    def root(self, organisation: OrganisationId, size: int | None = None) -> bytes:
        """The tree's root now, or when it had that size, 32 bytes; SHA-256 of nothing when it is empty."""
        of = self.size(organisation) if size is None else size
        return log.root(of, lambda level, at: self.row(organisation, level, at))

    def newest(self, organisation: OrganisationId, kind: str, since: int = 0) -> Recorded | None:
        """The newest entry of a kind, from number `since` on; looks back through the ledger until there is one."""
        asked = {"organisation": organisation, "of_kind": kind, "since": since}
        row = self._connection.execute(_NEWEST, asked).first()
        if row is None:
            return None
        number, at, salt, body, leaf = row
        entry = Entry(organisation=organisation, kind=kind, body=body, salt=salt, at=at)
        return Recorded(entry=entry, index=number, leaf=leaf)

    def checkpoint(self, organisation: OrganisationId, size: int) -> str | None:
        """The checkpoint of that size, as it was signed."""
        named = {"organisation": organisation, "at": size}
        note: str | None = self._connection.execute(_CHECKPOINT, named).scalar()
        return note

    def last_checkpoint(self, organisation: OrganisationId) -> str | None:
        """The checkpoint of the greatest size, as it was signed."""
        note: str | None = self._connection.execute(_LAST, {"organisation": organisation}).scalar()
        return note

    def unsigned(self) -> tuple[OrganisationId, ...]:
        """Those whose newest entries stand under no checkpoint yet."""
        return tuple(OrganisationId(name) for name in self._connection.scalars(_UNSIGNED))

    def put_checkpoint(self, organisation: OrganisationId, size: int, note: str) -> None:
        """Keep a signed checkpoint; the first of each size stays. Raises BadInput for a size it has not reached."""
        if not 0 < size <= self.size(organisation):
            raise BadInput("the ledger has not reached that size")
        self._connection.execute(_ADD_CHECKPOINT, {"organisation": organisation, "size": size, "note": note})

    def row(self, organisation: OrganisationId, level: int, index: int) -> bytes:
        """A hash of the tree; level 0 are the leaves. Raises Tampered when it is missing."""
        named = {"organisation": organisation, "at": index}
        if level == 0:
            return _hash(self._connection.execute(_LEAF, named).scalar())
        return _hash(self._connection.execute(_NODE, {**named, "at_level": level}).scalar())


def _hash(stored: bytes | None) -> bytes:
    if stored is None:
        raise Tampered("a row of the ledger's tree is missing")
    return stored
