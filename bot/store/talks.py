"""Handed-out keys, and what was sent already."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from bot.core.ids import RoomId
from bot.flow.records import Entry
from bot.flow.records_talks import KeyRead, Sending
from bot.store.ledger import SqlLedger
from bot.store.talk_tables import key_reads, sendings

_ADD_READ = insert(key_reads)
_READ = select(key_reads.c.epoch).where(
    key_reads.c.room == bindparam("of"), key_reads.c.device == bindparam("by")
)
_ADD_SENDING = insert(sendings)
_SENDING = select(sendings).where(sendings.c.id == bindparam("of"))
_FORGET = delete(sendings).where(sendings.c.at < bindparam("before"))


class SqlKeyReads:
    """Implements `KeyReads` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def put(self, reads: Iterable[KeyRead], entry: Entry) -> None:
        """Keep that keys were handed out for the first time, with the one ledger entry that says so of all."""
        self._connection.execute(_ADD_READ, [_read_row(read) for read in reads])
        self._ledger.append(entry)

    def epochs(self, room: RoomId, device: bytes) -> frozenset[int]:
        """The epochs whose keys this device was handed before."""
        return frozenset(self._connection.scalars(_READ, {"of": room, "by": device}))


class SqlSendings:
    """Implements `Sendings` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection

    def get(self, id_: bytes) -> Sending | None:
        """What was answered, while it is remembered."""
        row = self._connection.execute(_SENDING, {"of": id_}).one_or_none()
        return None if row is None else Sending(id=row.id, what=row.what, answer=row.answer, at=row.at)

    def put(self, sending: Sending) -> None:
        """Remember an answer. Raises BadInput when there is one already."""
        row = {"id": sending.id, "what": sending.what, "answer": sending.answer, "at": sending.at}
        self._connection.execute(_ADD_SENDING, row)

    def forget(self, before: datetime) -> int:
        """Forget what was sent before then; returns how many."""
        return self._connection.execute(_FORGET, {"before": before}).rowcount


def read_of(row: Row[Any]) -> KeyRead:
    """A handing out of its row."""
    return KeyRead(room=row.room, epoch=row.epoch, device=row.device, person=row.person, at=row.at)


def _read_row(read: KeyRead) -> dict[str, object]:
    return {
        "room": read.room,
        "epoch": read.epoch,
        "device": read.device,
        "person": read.person,
        "at": read.at,
    }
