"""Rows that belong to others, read in step with them: one query for all of them, instead of one for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam

_AT_A_TIME: Final = 256  # rows in memory
_OWNER: Final = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """How to read the rows of one owner ("of"), and those of that owner and all after it, the owner's key last."""

    one: Select[Any]  # SQLAlchemy types a row's columns no closer
    onwards: Select[Any]


def belonging(query: Select[Any], to: ColumnElement[str], *order: ColumnElement[Any]) -> Belonging:
    """The rows of a query by the owner's key, in this order for each."""
    few = query.execution_options(yield_per=_AT_A_TIME)
    onwards = few.add_columns(to.label(_OWNER)).where(to >= bindparam("of")).order_by(to, *order)
    return Belonging(one=few.where(to == bindparam("of")).order_by(*order), onwards=onwards)


def columns_of(row: Row[Any]) -> dict[str, Any]:
    """A row's own columns by name."""
    columns = row._asdict()
    columns.pop(_OWNER, None)
    return columns


class InStep:
    """Hands out each owner's rows to whoever asks for the owners in the order of their keys.

    Asked in another order it looks them up, and also after a row somewhere ahead could not be read: that is for its
    own owner to tell.
    """

    def __init__(self, connection: Connection, rows: Belonging) -> None:
        """`connection`: in a transaction that sees one snapshot."""
        self._connection = connection
        self._queries = rows
        self._is_open = False
        self._rows: Iterator[Row[Any]] = iter(())
        self._next: Row[Any] | None = None
        self._at = ""  # the owner asked for last
        self._is_broken = False

    def of(self, owner: str) -> Iterator[Row[Any]]:
        """The owner's rows, to be taken before the next owner's are asked for. Raises Unavailable."""
        if self._is_broken or owner <= self._at:
            return self._look_up(owner)
        self._at = owner
        return self._given(owner)

    def _given(self, owner: str) -> Iterator[Row[Any]]:
        if owner != self._at:  # taken only after another was asked for
            yield from self._look_up(owner)
            return
        given = 0
        try:
            self._seek(owner)
            while self._next is not None and self._next[-1] == owner:
                row, self._next = self._next, next(self._rows, None)
                yield row
                given += 1
        except Exception:  # noqa: BLE001 - whatever an altered row provokes, here or further on
            self._is_broken = True
            yield from islice(self._look_up(owner), given, None)

    def _seek(self, owner: str) -> None:
        if not self._is_open:
            self._is_open = True
            self._rows = self._each(self._queries.onwards, owner)
            self._next = next(self._rows, None)
        while self._next is not None and self._next[-1] < owner:
            self._next = next(self._rows, None)

    def _look_up(self, owner: str) -> Iterator[Row[Any]]:
        return self._each(self._queries.one, owner)

    def _each(self, query: Select[Any], owner: str) -> Iterator[Row[Any]]:
        return iter(self._connection.execute(query, {"of": owner}))
