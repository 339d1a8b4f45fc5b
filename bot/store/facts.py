"""Facts: every change to people, addresses, devices and rosters, told to the ledger as it was stored.

The body of such an entry is made here and not by the flow, so that folding the bodies gives the rows by
construction. What the flow gives as the entry's body, one JSON object, says who did it and why.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import Fact, fact_body, instant_to_text, object_from_json, to_json
from bot.core.errors import BadInput
from bot.flow.records import Entry
from bot.seal.plain import Sealed
from bot.store.ledger import SqlLedger
from bot.store.tables import subjects

Columns = Mapping[str, Any]  # a row by column name, about to be stored or just read: of every column's type

_NEXT_VERSION = (
    upsert(subjects)
    .values(subject=bindparam("of"), version=1)
    .on_conflict_do_update(index_elements=[subjects.c.subject], set_={"version": subjects.c.version + 1})
    .returning(subjects.c.version)
)


_KINDS = {
    "people": "person",
    "addresses": "address",
    "devices": "device",
    "device_approvals": "approval",
    "device_roots": "root",
    "introductions": "introduction",
    "invitations": "invitation",
    "passkeys": "passkey",
    "shifts": "roster",
    "overrides": "override",
    "feeds": "feed",
    "feed_looks": "feed",
    "holds": "hold",
    "looks": "retention",
    "questions": "question",
    "question_counts": "question",
    "published": "published",
    "expiries": "freshness",
    "posts": "post",
    "swaps": "swap",
    "tokens": "token",
    "number_tests": "number",
    "summaries": "summary",
    "readiness": "readiness",
    "drills": "drill",
    "registers": "register",
    "forum_lists": "forum",
    "graves": "grave",
    "graves_told": "grave",
    "grave_copies": "grave",
}


ROWS: Final = 1_000  # of one entry: a year of many people stays under the ledger's bound of a body


class Facts:
    """Records changes over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction in which the rows are changed."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def record(
        self, entry: Entry, table: str, *, put: Mapping[str, object], dropped: Sequence[str] = ()
    ) -> None:
        """Append the change to the entry's ledger, a large one as several entries in a row.

        Raises BadInput when the entry's body is no JSON object.
        """
        act = object_from_json(entry.body)
        kind = _KINDS[table]
        for number, (rows, gone) in enumerate(_parts(put, dropped)):
            version: int = self._connection.execute(_NEXT_VERSION, {"of": table}).scalar_one()
            fact = Fact(table=table, version=version, at=entry.at, put=rows, dropped=gone, act=act)
            salt = entry.salt if number == 0 else _next_salt(entry.salt, number)
            self._ledger.append(replace(entry, kind=kind, salt=salt, body=fact_body(fact)))


def _parts(
    put: Mapping[str, object], dropped: Sequence[str]
) -> Iterator[tuple[dict[str, object], tuple[str, ...]]]:
    """The change in parts of at most ROWS rows each; an empty change is one empty part."""
    rows, gone = list(put.items()), list(dropped)
    for start in range(0, max(len(rows), len(gone), 1), ROWS):
        yield dict(rows[start : start + ROWS]), tuple(gone[start : start + ROWS])


def _next_salt(salt: bytes, number: int) -> bytes:
    """Each entry has a salt of its own; whoever knows a later one does not know the first."""
    return sha256(salt + number.to_bytes(8, "big")).digest()[: len(salt)]


def person_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a person: name and telephone number only as the row has them, encrypted."""
    told = {
        "facts": _read(row["facts"]),
        "name": _sealed(row["name"]),
        "phone": _sealed(row["phone"]),
    }
    return row["id"], told


def address_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an address, under its keyed hash; the language is left out."""
    told = {
        "person": row["person"],
        "sealed": base64_of(row["sealed"]),
        "linked_at": instant_to_text(row["linked_at"]),
    }
    return to_json([row["channel"], row["lookup"].hex()]).decode(), told


def shift_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a shift: where it stands, and all of it."""
    key = to_json([row["organisation"], row["source"], row["id"]]).decode()
    return key, _spanned(row)


def override_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an override: all of it."""
    return row["id"], _spanned(row)


def _spanned(row: Columns) -> object:
    # the columns repeat the body for the index: told apart, so that neither can be changed alone
    return {
        "starts": instant_to_text(row["starts"]),
        "ends": instant_to_text(row["ends"]),
        "body": _read(row["body"]),
    }


def _read(body: bytes) -> object:
    """What a body says. One that was damaged is told as it stands, which no ledger was: so its row is named."""
    try:
        return object_from_json(body)
    except BadInput:
        return repr(body)  # SQLite keeps text here too, if somebody puts it there


def _sealed(value: Sealed | None) -> str | None:
    return None if value is None else base64_of(value.content)


def base64_of(value: bytes) -> str:
    """Bytes as the ledger is told of them."""
    return b64encode(value).decode()
