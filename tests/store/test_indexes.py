"""Indexes: no question that is asked while somebody waits reads a whole table."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from sqlalchemy import Delete, Select, Update, create_engine
from sqlalchemy.dialects import sqlite

from bot.store import (
    consultations,
    facts,
    handovers,
    inbox,
    ledger,
    outbox,
    people,
    readiness,
    retention,
    rings,
    rooms,
    rosters,
    timers,
    witness,
)
from bot.store.schema import METADATA

MODULES = (
    consultations,
    facts,
    handovers,
    inbox,
    ledger,
    outbox,
    people,
    readiness,
    retention,
    rings,
    rooms,
    rosters,
    timers,
    witness,
)
WHOLE = {
    "people._ALL",  # everybody is what is asked for
    "people._REACHABLE",  # likewise
    "people._MENTIONED",  # roles stand within the facts; rows that do not name them are passed over unopened
    "consultations._LAST_OFFERED",  # everybody, and one look into the index of offers for each
    "consultations._DOORBELLS",  # likewise
    "consultations._OPEN_ROOMS",  # over an index of those that are open
    "consultations._HELD",  # likewise
    "inbox._WAITING",  # over an index of what waits
    "ledger._UNSIGNED",  # one row an organisation
    "outbox._RELEASE",  # once, when the file is opened
    "retention._SAID",  # what waits to be said, once for each certificate
    "retention._CERTIFICATES",  # all are asked for
    "retention._NOTES",  # likewise
    "retention._HOLDS",  # likewise
    "retention._LOOKS",  # one row an organisation
}


def statements() -> Iterator[tuple[str, "Select[object] | Update | Delete"]]:
    """Every statement that the store keeps ready and that reads."""
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, Select | Update | Delete) and name != "_BODY":  # of which others are made
                yield f"{_short(module)}.{name}", value


def _short(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


@pytest.mark.parametrize(("name", "statement"), [pytest.param(n, s, id=n) for n, s in statements()])
def test_statement_searches(name: str, statement: "Select[object] | Update | Delete") -> None:
    """SQLite's own plan searches by key or index; the few that read all rows are named above, with the reason."""
    compiled = statement.compile(dialect=sqlite.dialect())
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute(f"EXPLAIN QUERY PLAN {compiled}", [1 for _ in compiled.positiontup or ()])
        scans = [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN")]
    engine.dispose()
    assert bool(scans) is (name in WHOLE), scans
    assert not any("offers" in scan for scan in scans)
