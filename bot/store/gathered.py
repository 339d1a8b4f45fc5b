"""Gathers the rows that an act writes, and writes those of a kind together: one statement for each takes far longer.

Only the writer's connection gathers. Whatever is executed there is preceded by all that was gathered, so that every
question is answered as if each row had been written at once. Two kinds of statement go ahead of it: a question about
tables of which no row waits, and those marked AHEAD, because whoever executes them has looked among the gathered first.
"""

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Delete,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    event,
)
from sqlalchemy.sql.visitors import iterate

from bot.core.errors import NotNow, Unavailable
from bot.store.known import Known, keep_known, known
from bot.store.metadata import METADATA

AHEAD: Final = "samjour_ahead"  # an execution option
MOST: Final = 2_000  # rows of one kind, before they are written
_NAME: Final = "samjour.gathered"
_Writing = Insert | Update | Delete
_Row = Mapping[str, Any]  # of every column's type
_READ: Final[WeakKeyDictionary[Executable, frozenset[str]]] = WeakKeyDictionary()  # tables, by question


class Gathered:
    """Rows that wait to be written, by statement and key: a later row of a key takes an earlier one's place."""

    def __init__(self, connection: Connection, most: int) -> None:
        """`most`: rows of one kind that wait; 1: each is written at once."""
        self._connection = connection
        self._most = most
        self._rows: dict[_Writing, dict[Hashable, _Row]] = {}
        self._is_lost = False  # rows were: the act must not be kept, whatever it has caught
        self.is_writing = False

    def put(self, statement: _Writing, key: Hashable, row: _Row) -> None:
        """Write this row before anything is asked, and at the end of the act."""
        rows = self._rows.setdefault(statement, {})
        rows[key] = row
        if len(rows) >= self._most:
            self.write()

    def leave(self, statement: _Writing, key: Hashable) -> None:
        """Do not write that row, if it waits: something else has become of it."""
        self._rows.get(statement, {}).pop(key, None)

    def get(self, statement: _Writing, key: Hashable) -> _Row | None:
        """A row that waits."""
        return self._rows.get(statement, {}).get(key)

    def concerns(self, question: Executable) -> bool:
        """Whether a row that waits could change the answer. Anything but a question is concerned by all of them."""
        if not isinstance(question, Select | CompoundSelect):
            return True
        tables = _tables(question)
        return any(rows and _table(statement) in tables for statement, rows in self._rows.items())

    def write(self) -> None:
        """Write them, those that others refer to first. Raises NotNow when a row to change is not there as it was."""
        if self._is_lost:
            raise Unavailable("what this act was to write was refused")
        if not self._rows:
            return
        waiting, self._rows = self._rows, {}
        self.is_writing = self._is_lost = True
        try:
            for statement in sorted(filter(waiting.get, waiting), key=_place):
                rows = waiting[statement]
                done = self._connection.execute(statement, list(rows.values()))
                if isinstance(statement, Update) and done.rowcount != len(rows):
                    raise NotNow("somebody else was faster")
            self._is_lost = False
        finally:
            self.is_writing = False

    def forget(self) -> None:
        """They are not to be written: the act has failed."""
        self._rows.clear()
        self._is_lost = False


def gather(connection: Connection, most: int = MOST) -> Gathered:
    """Let rows be gathered on the writer's connection, and what is read there be known until a row changes it."""
    found, kept = Gathered(connection, most), keep_known(connection)
    connection.info[_NAME] = found

    def first(_: Connection, statement: Executable, *rest: Any) -> None:  # noqa: ANN401 - parameters, of any shape
        if not found.is_writing:  # what was gathered is known already
            if not rest[-1].get(AHEAD) and found.concerns(statement):
                found.write()
            _note(kept, statement)

    event.listen(connection, "before_execute", first)
    event.listen(connection, "begin", lambda _: kept.begin())
    return found


def gathered(connection: Connection) -> Gathered:
    """Where to put rows on this connection; where nothing is gathered, each is written at once."""
    found: Gathered | None = connection.info.get(_NAME)
    return found if found is not None else Gathered(connection, 1)


def forget(connection: Connection) -> None:
    """What was gathered on this connection is not to be written, and what was learnt may not be so: an act was undone."""
    gathered(connection).forget()
    known(connection).undo()


@cache
def _order() -> Mapping[str, int]:
    """The tables, those first that others refer to; found once, for it takes longer than a question."""
    return {table.name: number for number, table in enumerate(METADATA.sorted_tables)}


def _place(statement: _Writing) -> int:
    return _order()[_table(statement)]


def _table(statement: _Writing) -> str:
    assert isinstance(statement.table, Table)
    return statement.table.name


def _tables(question: Select[Any] | CompoundSelect[Any]) -> frozenset[str]:
    """Those that it reads, in whatever part of it."""
    found = _READ.get(question)
    if found is None:
        found = frozenset(part.name for part in iterate(question) if isinstance(part, Table))
        _READ[question] = found
    return found


def _note(of: Known, statement: Executable) -> None:
    if statement.is_dml:
        of.changed(statement.table.name)  # type: ignore[attr-defined]  # every statement that changes rows has one
