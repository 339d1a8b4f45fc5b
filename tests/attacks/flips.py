"""Flips single bits of what a database stores, and asks `ledger verify` each time."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Integer, RowMapping, Table, literal_column, select

from bot.core.errors import SamjourError
from bot.core.ids import OrganisationId
from bot.flow.findings import Fault, Findings
from bot.flow.ports import Audit
from bot.flow.ports_openings import OpeningAudit
from bot.flow.records import Recorded
from bot.flow.verify import verify
from bot.flow.verify_ledger import check_ledger
from bot.flow.verify_openings import check_openings
from bot.flow.verify_rooms import check_rooms
from bot.seal import signing
from bot.store import connect
from bot.store.audit import _FACTS
from bot.store.opening_facts import FACTS as OPENING_FACTS
from bot.store.people import open_person
from bot.store.schema import METADATA
from bot.store.sqlite import PATIENCE
from bot.store.tx import SqlTx
from tests.store.small import CIPHER, SIGNERS

Value = int | str | bytes

LEDGERS: Final = frozenset({"entries", "nodes", "checkpoints"})
ROOMS: Final = frozenset({"rooms", "room_events", "room_epochs", "room_keys", "escrows"})
OPENINGS: Final = frozenset({*OPENING_FACTS, "escrow_seats"})

_OPEN_PERSON: Final = partial(open_person, CIPHER)
_ROWID: Final = literal_column("rowid", Integer)
_SIZES: Final = (1, 2, 3, 4, 6, 8)  # bytes that SQLite gives an integer (file format, 2.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One stored value: where it is, how many bytes it takes, and what verify calls its row, if it does."""

    table: str
    column: str
    rowid: int
    kind: str  # "integer", "text", "blob"
    size: int
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One bit of one byte of one value."""

    cell: Cell
    at: int

    def __str__(self) -> str:
        return f"{self.cell.table}.{self.cell.column} of row {self.cell.rowid}, byte {self.at}"


class Bench:
    """One database, to be harmed and made good again, over the connection that the store itself writes with."""

    def __init__(self, path: Path) -> None:
        """`path`: of a copy of its own, in which nothing is wrong."""
        self._connection = connect.writing(path, PATIENCE)
        self._raw = connect.driver(self._connection)
        self._raw.execute("PRAGMA foreign_keys = OFF")  # whoever has the file needs none
        self._told_of_ledgers: list[tuple[OrganisationId, dict[str, Any]]] = []  # likewise, each ledger
        self._told_of_rooms: tuple[Any, ...] = ()  # what verify hands to the part that judges rooms
        self._told_of_openings: Mapping[tuple[str, str], bytes] = {}  # likewise, openings

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def unnoticed(self, flips: Sequence[Flip]) -> list[Flip]:
        """Those flips, made all at once, that verify does not name; each of these is made alone then."""
        faults = self._after(self._quick(flips[0].cell.table), *flips)
        return [flip for flip in flips if not _names(faults, flip.cell.place) and not self.faults(flip)]

    def faults(self, *flips: Flip) -> tuple[Fault, ...]:
        """What verify finds with these bits flipped; the database is as before after it."""
        return self._after(self._faults, *flips)

    def cells(self, outside: Collection[str]) -> Iterator[Cell]:
        """Every value that takes a byte, but those of tables ("table") and columns ("table.column") outside the promise."""
        with self._connection.begin() as transaction:
            for name, table in METADATA.tables.items():
                if name not in outside:
                    places = dict(self._places(table))
                    for column in table.columns:
                        if f"{name}.{column.name}" not in outside:
                            yield from self._of_column(table, column.name, places)
            transaction.rollback()

    def tables(self) -> set[str]:
        """Every table that the file has."""
        return {row[0] for row in self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def _of_column(self, table: Table, column: str, places: Mapping[int, str]) -> Iterator[Cell]:
        query = (
            f'SELECT rowid, typeof("{column}"), "{column}" FROM "{table.name}" WHERE "{column}" IS NOT NULL'  # noqa: S608
        )
        named = not table.columns[column].primary_key  # a row under another key has another name
        for rowid, kind, value in self._raw.execute(query).fetchall():
            place = places.get(rowid) if named else None
            size = len(_to_bytes(value))
            if size == 0:
                continue  # an empty text has no byte to flip
            yield Cell(table=table.name, column=column, rowid=rowid, kind=kind, size=size, place=place)

    def _places(self, table: Table) -> Iterator[tuple[int, str]]:
        for row in self._connection.execute(select(table, _ROWID)).mappings():
            place = _place(table, row)
            if place is not None:
                yield row["rowid"], place

    def _after(self, ask: Callable[[], tuple[Fault, ...]], *flips: Flip) -> tuple[Fault, ...]:
        with self._connection.begin() as transaction:
            try:
                for flip in flips:
                    self._flip(flip)
                return ask()
            except SamjourError:  # it could not run, which is no finding
                return ()
            finally:
                transaction.rollback()

    def _quick(self, table: str) -> Callable[[], tuple[Fault, ...]]:
        """The part of verify that reads the table: what it names, the whole names too."""
        if table in LEDGERS:
            return self._ledger_faults
        if table in ROOMS:  # an escrow that was dealt again is judged with the openings
            return lambda: self._rooms_faults() or (self._opening_faults() if table == "escrows" else ())
        return self._opening_faults if table in OPENINGS else self._faults

    def _faults(self) -> tuple[Fault, ...]:
        return verify(self._tx(), SIGNERS).faults

    def _ledger_faults(self) -> tuple[Fault, ...]:
        """The part of verify that reads these tables by themselves, with what the whole hands it."""
        audit, findings = self._tx().audit, Findings()
        for organisation, handed in self._told_of_ledgers:
            for _ in check_ledger(audit, organisation, **{**handed, "findings": findings}):
                pass
        return findings.faults

    def _rooms_faults(self) -> tuple[Fault, ...]:
        """The part of verify that reads these tables, with what the whole hands it: no other row has changed."""
        if not self._told_of_rooms:
            raise AssertionError("`look_closely` comes first")
        findings = Findings()
        part: Callable[..., object] = check_rooms
        part(self._tx().audit, *self._told_of_rooms, findings)
        return findings.faults

    def _opening_faults(self) -> tuple[Fault, ...]:
        """Likewise, the part that reads openings and seats."""
        if not self._told_of_openings:
            raise AssertionError("`look_closely` comes first")
        tx, findings = self._tx(), Findings()
        check_openings(tx.audit, tx.opening_audit, self._told_of_openings, findings)
        return findings.faults

    def look_closely(self) -> None:
        """Overhear, while nothing is wrong, what verify hands to the parts that judge ledgers, rooms and openings."""

        def overhear_ledger(
            audit: Audit,
            organisation: OrganisationId,
            **handed: Any,  # noqa: ANN401 - whatever it hands on
        ) -> Iterator[Recorded]:
            self._told_of_ledgers.append((organisation, handed))
            return check_ledger(audit, organisation, **handed)

        def overhear(*handed: Any) -> list[Any]:  # noqa: ANN401 - whatever it hands on
            _, *told, _ = handed
            self._told_of_rooms = tuple(told)
            return list(check_rooms(*handed))

        def overhear_openings(
            audit: Audit, kept: OpeningAudit, told: Mapping[tuple[str, str], bytes], findings: Findings
        ) -> None:
            self._told_of_openings = dict(told)
            check_openings(audit, kept, told, findings)

        with (
            patch("bot.flow.verify.check_ledger", overhear_ledger),
            patch("bot.flow.verify.check_rooms", overhear),
            patch("bot.flow.verify.check_openings", overhear_openings),
        ):
            assert self._after(self._faults) == ()

    def _tx(self) -> SqlTx:
        return SqlTx(self._connection, CIPHER, _OPEN_PERSON)

    def _flip(self, flip: Flip) -> None:
        cell = flip.cell
        query = f'SELECT CAST("{cell.column}" AS BLOB) FROM "{cell.table}" WHERE rowid = ?'  # noqa: S608
        stored = self._raw.execute(query, (cell.rowid,)).fetchone()[0]
        cast = "CAST(? AS TEXT)" if cell.kind == "text" else "?"
        update = f'UPDATE "{cell.table}" SET "{cell.column}" = {cast} WHERE rowid = ?'  # noqa: S608
        for bit in range(8):
            new = _flipped(stored, cell.kind, flip.at, (flip.at + cell.rowid + bit) % 8)
            try:
                self._raw.execute(update, (new, cell.rowid))
            except sqlite3.IntegrityError:  # another row has that key already
                continue
            return
        raise AssertionError(f"no bit can be flipped in {flip}")


def remember_signatures() -> None:
    """Ask only once whether a signature holds: the same bytes hold or do not."""
    signing.verify = lru_cache(2**16)(signing.verify)


def _names(faults: Sequence[Fault], place: str | None) -> bool:
    """Whether the place is among those told; of what has none, whether anything is told."""
    if place is None:
        return bool(faults)
    return any(place == fault.where or f"{place} " in fault.what for fault in faults)


def _place(table: Table, row: RowMapping) -> str | None:
    """What verify calls a row that it judges by itself; None where it judges more as a whole, or the row has no name.

    An entry is compared with its own leaf and time, a hash of the tree with what the leaves make it, a checkpoint with
    the tree, a fact with the digest of what the ledgers told of it, a consultation with what they lead to: no other
    row of the same table has a part in that.
    """
    match table.name:
        case "entries":
            return f"{row['organisation']}/{row['number']}"
        case "nodes":
            return f"{row['organisation']}/tree/{row['level']}/{row['number']}"
        case "checkpoints":
            return f"{row['organisation']}/checkpoint/{row['size']}"
        case "cosignatures":
            return f"{row['organisation']}/cosignature/{row['size']}"
        case "consultations":
            return f"consultation {row['id']}"
        case name if name in OPENING_FACTS:
            return f"{name} {OPENING_FACTS[name]({column.name: row[column.name] for column in table.columns})[0]}"
        case name if name in _FACTS:
            return f"{name} {_FACTS[name][1]({column.name: row[column.name] for column in table.columns})[0]}"
    return None


def _flipped(stored: bytes, kind: str, at: int, bit: int) -> Value:
    raw = bytearray(_to_bytes(int(stored)) if kind == "integer" else stored)
    raw[at] ^= 1 << bit
    return int.from_bytes(raw, "big", signed=True) if kind == "integer" else bytes(raw)


def _to_bytes(value: Value) -> bytes:
    """The bytes that a value takes in a row, an integer at least one."""
    if isinstance(value, int):
        size = next(size for size in _SIZES if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1)
        return value.to_bytes(size, "big", signed=True)
    return value.encode() if isinstance(value, str) else value
