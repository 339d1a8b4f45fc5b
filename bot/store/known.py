"""What the writer has read and nobody has changed since: one process alone writes, so it need not ask again."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

MOST: Final = 10_000  # things known of the same tables; then all of them are forgotten
_NAME: Final = "samjour.known"
_Tables = tuple[str, ...]


class Known:
    """Kept with the writer's connection. Each thing is forgotten when any table changes that it was read from."""

    def __init__(self, *, lasts: bool = False) -> None:
        """Nothing yet. `lasts`: whether anything is kept at all."""
        self.lasts = lasts
        self._kept: dict[_Tables, dict[Hashable, Any]] = {}  # of whatever type was read
        self._learnt: list[tuple[_Tables, Hashable]] = []  # in the transaction that is under way

    def of(self, tables: _Tables, key: Hashable, read: Callable[[], T]) -> T:
        """What is known under that key, read if it is not."""
        found = self._kept.get(tables, {})
        if key not in found:
            self.put(tables, key, value := read())
            return value
        known: T = found[key]
        return known

    def put(self, tables: _Tables, key: Hashable, value: object) -> None:
        """It is so from now on; also to be said of what was changed in its place."""
        if not self.lasts:
            return
        self._learnt.append((tables, key))
        found = self._kept.setdefault(tables, {})
        if len(found) >= MOST:
            found.clear()
        found[key] = value

    def get(self, tables: _Tables, key: Hashable) -> Any:  # noqa: ANN401 - whatever was put
        """What is known under that key; None: nothing."""
        return self._kept.get(tables, {}).get(key)

    def changed(self, table: str) -> None:
        """Forget what was read from that table."""
        for tables in [those for those in self._kept if table in those]:
            del self._kept[tables]

    def begin(self) -> None:
        """A transaction begins: what is known is durable."""
        self._learnt.clear()

    def undo(self) -> None:
        """Forget what was learnt in this transaction: something of it has been taken back."""
        for tables, key in self._learnt:
            self._kept.get(tables, {}).pop(key, None)
        self._learnt.clear()


def keep_known(connection: Connection) -> Known:
    """Let what is read on this connection be remembered. Only for the one through which everything is written."""
    found: Known = connection.info.setdefault(_NAME, Known(lasts=True))
    return found


def known(connection: Connection) -> Known:
    """What is known on this connection; nothing, and nothing is kept, where others may write."""
    found: Known | None = connection.info.get(_NAME)
    return found if found is not None else Known()
