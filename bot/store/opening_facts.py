"""What the ledger is told of openings, seats and handovers: every row that was put, in the entry that says who did it and why."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from bot.core.codec import instant_to_text, object_from_json, to_json
from bot.flow.records import Entry, Recorded
from bot.seal.plain import Sealed
from bot.store.facts import Columns
from bot.store.ledger import SqlLedger

Rows = Mapping[str, Iterable[Columns]]  # table -> rows about to be stored


def record(ledger: SqlLedger, entry: Entry, rows: Rows) -> Recorded:
    """Append the entry with the rows that it leads to. Raises BadInput when its body is no JSON object."""
    told = {table: dict(FACTS[table](row) for row in put) for table, put in rows.items()}
    return ledger.append(replace(entry, body=to_json({**object_from_json(entry.body), "rows": told})))


def opening_fact(row: Columns) -> tuple[str, object]:
    """All of it; of the request its hash."""
    return row["id"], _told(row, ("id",))


def share_fact(row: Columns) -> tuple[str, object]:
    """What was signed, by its hash; the share itself is named in it, and goes when the opening ends."""
    return _key(row, "opening", "room", "epoch", "seat"), _told(
        row, ("opening", "room", "epoch", "seat", "blob")
    )


def wrong_fact(row: Columns) -> tuple[str, object]:
    """When it was said."""
    return _key(row, "opening", "room", "epoch", "seat"), _told(row, ("opening", "room", "epoch", "seat"))


def notice_fact(row: Columns) -> tuple[str, object]:
    """Of which consultation, and when."""
    return _key(row, "opening", "person"), _told(row, ("opening", "person"))


def hand_on_fact(row: Columns) -> tuple[str, object]:
    """All of it; of what was signed its hash."""
    return _key(row, *_NUMBERED), _told(row, _NUMBERED)


def redeal_fact(row: Columns) -> tuple[str, object]:
    """All of it; of what was signed, and of the old escrow, the hashes."""
    return _key(row, *_NUMBERED), _told(row, _NUMBERED)


def handover_fact(row: Columns) -> tuple[str, object]:
    """All of it."""
    return _key(row, "id", "consultation"), _told(row, ("id", "consultation"))


def promise_fact(row: Columns) -> tuple[str, object]:
    """All of it."""
    return _key(row, "consultation", "number", "kind"), _told(row, ("consultation", "number", "kind"))


_NUMBERED = ("room", "epoch", "organisation", "number")
FACTS = {
    "openings": opening_fact,
    "passed_shares": share_fact,
    "wrong_shares": wrong_fact,
    "opening_notices": notice_fact,
    "hand_ons": hand_on_fact,
    "redeals": redeal_fact,
    "handovers": handover_fact,
    "promises": promise_fact,
}
_HASHED = frozenset({"request", "statement", "sig", "content", "old"})
_INSTANTS = frozenset({"asked_at", "until", "opened_at", "ended_at", "at", "due"})


def _key(row: Columns, *names: str) -> str:
    return to_json([row[name] for name in names]).decode()


def _told(row: Columns, left_out: Iterable[str]) -> dict[str, object]:
    return {name: _plain(name, value) for name, value in row.items() if name not in left_out}


def _plain(name: str, value: Any) -> object:  # noqa: ANN401 - of every column's type
    if value is None:
        return None
    if name in _INSTANTS:
        return instant_to_text(value)
    content = value.content if isinstance(value, Sealed) else value
    if name in _HASHED:
        return sha256(content).hexdigest()
    return content.hex() if isinstance(content, bytes) else content
