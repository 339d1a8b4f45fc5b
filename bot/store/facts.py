"""Facts: every change to people, addresses, devices and rosters, told to the ledger as it was stored.

The body of such an entry is made here and not by the flow, so that folding the bodies gives the rows by
construction. What the flow gives as the entry's body, one JSON object, says who did it and why.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import Fact, fact_body, instant_to_text, object_from_json, to_json
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
    "shifts": "roster",
    "overrides": "override",
}


class Facts:
    """Records changes over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction in which the rows are changed."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def record(
        self, entry: Entry, table: str, *, put: Mapping[str, object], dropped: Sequence[str] = ()
    ) -> None:
        """Append the change to the entry's ledger. Raises BadInput when the entry's body is no JSON object."""
        act = object_from_json(entry.body)
        version: int = self._connection.execute(_NEXT_VERSION, {"of": table}).scalar_one()
        fact = Fact(table=table, version=version, at=entry.at, put=dict(put), dropped=tuple(dropped), act=act)
        self._ledger.append(replace(entry, kind=_KINDS[table], body=fact_body(fact)))


def person_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a person: name and telephone number only as the row has them, encrypted."""
    told = {
        "facts": object_from_json(row["facts"]),
        "name": _sealed(row["name"]),
        "phone": _sealed(row["phone"]),
    }
    return row["id"], told


def address_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an address, under its keyed hash; the language is left out."""
    told = {
        "person": row["person"],
        "sealed": _base64(row["sealed"]),
        "linked_at": instant_to_text(row["linked_at"]),
    }
    return to_json([row["channel"], row["lookup"].hex()]).decode(), told


def device_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a device."""
    told = {
        "kind": row["kind"],
        "organisation": row["organisation"],
        "person": row["person"],
        "public": _base64(row["public"]),
        "active": row["active"],
    }
    return row["id"].hex(), told


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
        "body": object_from_json(row["body"]),
    }


def _sealed(value: Sealed | None) -> str | None:
    return None if value is None else _base64(value.content)


def _base64(value: bytes) -> str:
    return b64encode(value).decode()
