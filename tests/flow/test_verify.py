"""Verify: whatever somebody with the database in hand changes, `ledger verify` says so."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Table, create_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import Tampered
from bot.core.ids import OrganisationId
from bot.flow.in_order import InOrder
from bot.flow.ports import Tx
from bot.flow.verify import Verdict, verify
from bot.flow.verify_ledger import Signers
from bot.seal import log
from bot.store.people import open_person
from bot.store.schema import METADATA
from bot.store.sqlite import SqliteStore
from bot.store.tx import SqlTx
from tests.store.small import (
    AT,
    CIPHER,
    MALMO,
    OFFICER,
    OTHER,
    POLISEN,
    SIGNERS,
    WORKER,
    address,
    entry,
    override,
    person,
    shift,
    sign,
    whole_night,
)

# Rows that the ledger does not answer for: they pass within minutes, or hold nothing but how to speak.
PASSING = {"inbox", "outbox", "spots", "tickets", "sessions", "challenges", "sendings", "alembic_version"}
PASSING |= {"questions_today", "question_counts_today", "timers"}
UNNOTICED_EDITS = {("addresses", "language"), ("passkeys", "signed")}
UNNOTICED_REMOVALS = {"cosignatures"}  # the ledger is whole without it; the witness has a copy

Value = int | str | bytes | None
RECORDED = {name: table for name, table in METADATA.tables.items() if name not in PASSING}
EDITS = [
    (name, column.name)
    for name, table in RECORDED.items()
    for column in table.columns
    if (name, column.name) not in UNNOTICED_EDITS
]


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a whole night, closed."""
    path = tmp_path_factory.mktemp("night") / "samjour.db"

    async def make() -> None:
        store = SqliteStore(path, cipher=CIPHER)
        await store.write(whole_night)
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
def path(night: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copy(night, tmp_path / "samjour.db"))


Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """What verify says of a database. One engine for all, so that SQLAlchemy prepares each statement once."""
    at: list[Path] = []
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(at[-1]), poolclass=NullPool)

    def ask(path: Path, *witnessed: str, signers: Signers = SIGNERS) -> Verdict:
        at.append(path)
        with engine.connect() as connection:
            return verify(SqlTx(connection, CIPHER, partial(open_person, CIPHER)), signers, witnessed)

    yield ask
    engine.dispose()


def alter(path: Path, act: Callable[[sqlite3.Connection], object]) -> None:
    """What an administrator with sqlite3 can do."""
    connection = sqlite3.connect(path)
    with connection:
        act(connection)
    connection.close()


def other_value(column: Column[Any], value: Value) -> Value:
    """Another value of the same type."""
    match value:
        case None:
            return "p-officer"
        case int():
            return 1 - value if isinstance(column.type, Boolean) else value + 1_000_003
        case str():
            return value + "x"
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
    raise AssertionError(value)


def rows(connection: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    """Row ids and columns."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return connection.execute(f'SELECT rowid, {names} FROM "{table.name}" ORDER BY rowid').fetchall()  # noqa: S608


async def test_whole_night_holds(path: Path) -> None:
    """A night as the store recorded it has no fault, whichever table is looked at."""
    store = SqliteStore(path, cipher=CIPHER)
    verdict = await store.read(lambda tx: verify(tx, SIGNERS))
    await store.close()
    assert verdict.faults == ()
    assert verdict.ok
    assert verdict.entries > 50


def test_every_recorded_table_has_rows(path: Path) -> None:
    """The tamper tests below reach every table that the ledger answers for, with two rows at least."""
    connection = sqlite3.connect(path)
    few = {name for name, table in RECORDED.items() if len(rows(connection, table)) < 2}
    connection.close()
    assert few == set()


@pytest.mark.parametrize(("name", "column"), EDITS)
def test_edit_is_noticed(path: Path, name: str, column: str, judge: Judge) -> None:
    """One value changed in any row that the ledger answers for is noticed."""
    table = RECORDED[name]

    def edit(connection: sqlite3.Connection) -> None:
        found = rows(connection, table)
        row = found[len(found) // 2]
        value = other_value(table.columns[column], row[1 + table.columns.keys().index(column)])
        connection.execute(f'UPDATE "{name}" SET "{column}" = ? WHERE rowid = ?', (value, row[0]))  # noqa: S608

    alter(path, edit)
    assert judge(path).faults


@pytest.mark.parametrize(
    "kind",
    [
        *("consultation", "person", "address", "device", "roster", "override", "room", "read", "published"),
        *("erasure", "hold", "retention", "question", "feed"),
    ],
)
@pytest.mark.parametrize("column", ["at", "body"])
def test_edit_of_each_kind_of_entry_is_noticed(path: Path, kind: str, column: str, judge: Judge) -> None:
    """An entry of whatever kind answers for everything that it says, its time included."""

    def edit(connection: sqlite3.Connection) -> None:
        query = f"SELECT rowid, {column} FROM entries WHERE kind = ? ORDER BY rowid DESC"  # noqa: S608
        row = connection.execute(query, (kind,)).fetchone()
        value = other_value(RECORDED["entries"].columns[column], row[1])
        connection.execute(f"UPDATE entries SET {column} = ? WHERE rowid = ?", (value, row[0]))  # noqa: S608

    alter(path, edit)
    assert judge(path).faults


@pytest.mark.parametrize("name", sorted(set(RECORDED) - UNNOTICED_REMOVALS))
@pytest.mark.parametrize("which", [0, -1])
def test_removal_is_noticed(path: Path, name: str, which: int, judge: Judge) -> None:
    """A row removed from any table that the ledger answers for is noticed, the first or the last."""

    def remove(connection: sqlite3.Connection) -> None:
        row = rows(connection, RECORDED[name])[which]
        connection.execute(f'DELETE FROM "{name}" WHERE rowid = ?', (row[0],))  # noqa: S608

    alter(path, remove)
    assert judge(path).faults


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_emptied_table_is_noticed(path: Path, name: str, judge: Judge) -> None:
    """A table without any row left is noticed; of the cosignatures, by their witness or nobody."""
    alter(path, lambda connection: connection.execute(f'DELETE FROM "{name}"'))  # noqa: S608
    assert bool(judge(path).faults) is (name not in UNNOTICED_REMOVALS)


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_copy_is_noticed(path: Path, name: str, judge: Judge) -> None:
    """A row copied under another key of the same table is noticed."""
    table = RECORDED[name]
    last_key = list(table.primary_key.columns)[-1]
    unique = {"addresses": "person"}.get(name)  # nobody has two addresses on a channel

    def copy(connection: sqlite3.Connection) -> None:
        row = list(rows(connection, table)[-1])[1:]
        for column in (last_key.name, unique):
            if column is not None:
                at = table.columns.keys().index(column)
                row[at] = other_value(table.columns[column], row[at])
        marks = ", ".join("?" * len(row))
        connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', row)  # noqa: S608

    alter(path, copy)
    assert judge(path).faults


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_exchange_is_noticed(path: Path, name: str, judge: Judge) -> None:
    """Two rows that exchange everything but their keys are noticed."""
    table = RECORDED[name]
    keys = {column.name for column in table.primary_key.columns}
    rest = [column.name for column in table.columns if column.name not in keys]

    def exchange(connection: sqlite3.Connection) -> None:
        found = rows(connection, table)
        names = table.columns.keys()
        first = found[0]
        second = next(row for row in found if _but(row, names, keys) != _but(first, names, keys))
        if name == "addresses":
            connection.execute("UPDATE addresses SET person = 'nobody' WHERE rowid = ?", (second[0],))
        settings = ", ".join(f'"{column}" = ?' for column in rest)
        for target, source in ((first, second), (second, first)):
            values = [source[1 + names.index(column)] for column in rest]
            connection.execute(f'UPDATE "{name}" SET {settings} WHERE rowid = ?', (*values, target[0]))  # noqa: S608

    alter(path, exchange)
    assert judge(path).faults


def _but(row: tuple[Any, ...], names: list[str], keys: set[str]) -> list[Any]:
    return [value for name, value in zip(names, row[1:], strict=True) if name not in keys]


PEOPLE = (OFFICER, WORKER, OTHER)
LEDGERS = st.sampled_from((MALMO, POLISEN))
ACTS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(PEOPLE), LEDGERS),
    st.tuples(st.just("link"), st.sampled_from(PEOPLE), LEDGERS, st.sampled_from((b"1" * 32, b"2" * 32))),
    st.tuples(st.just("unlink"), st.sampled_from(PEOPLE), LEDGERS),
    st.tuples(st.just("roster"), st.sets(st.sampled_from("abcd")), LEDGERS, st.sampled_from(PEOPLE)),
    st.tuples(st.just("override"), st.sampled_from(("o-1", "o-2")), LEDGERS, st.booleans()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ACTS, max_size=12))
def test_whatever_was_done_through_the_store_holds(acts: list[tuple[Any, ...]]) -> None:
    """However people, addresses and rosters are changed, from whichever ledger and at one instant, replay gives the rows."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        tx = SqlTx(connection, CIPHER, partial(open_person, CIPHER))
        for who in PEOPLE:
            tx.people.put(person(who), entry(MALMO))
        for act in acts:
            _do(tx, *act)
        assert verify(tx, SIGNERS).faults == ()
    engine.dispose()


def _do(tx: Tx, act: str, what: Any, ledger: OrganisationId, more: Any = None) -> None:  # noqa: ANN401 - of each act
    match act:
        case "put":
            tx.people.put(person(what, name=f"Prov {ledger}"), entry(ledger))
        case "link":
            tx.people.link(address(what, more), entry(ledger))
        case "unlink":
            tx.people.unlink("telegram", what, entry(ledger))
        case "roster":
            tx.rosters.replace(ledger, "file", tuple(shift(id_, more) for id_ in sorted(what)), entry(ledger))
        case "override":
            tx.rosters.override(override(what, on_duty=more), entry(ledger))


def test_rewritten_ledger_is_noticed(path: Path, judge: Judge) -> None:
    """Whoever rewrites an entry and computes leaf and tree anew still has no checkpoint over it."""

    def rewrite(connection: sqlite3.Connection) -> None:
        query = (
            "SELECT rowid, kind, salt, body, leaf FROM entries WHERE organisation = 'malmo' ORDER BY number"
        )
        entries = connection.execute(query).fetchall()
        connection.execute("DELETE FROM nodes WHERE organisation = 'malmo'")
        last: dict[int, bytes] = {}
        for number, (rowid, kind, salt, body, leaf) in enumerate(entries):
            if body is not None:  # not erased
                forged = body.replace(b"p-worker", b"p-other_")
                leaf = log.leaf_hash(kind=kind, salt=salt, body=forged)  # noqa: PLW2901 - that of the forgery
                told = (forged, leaf, rowid)
                connection.execute("UPDATE entries SET body = ?, leaf = ? WHERE rowid = ?", told)
            for row in log.append(number, leaf, lambda level, _: last[level]):
                last[row.level] = row.hash
                if row.level:
                    node = ("malmo", row.level, row.index, row.hash)
                    connection.execute("INSERT INTO nodes VALUES (?, ?, ?, ?)", node)

    alter(path, rewrite)
    where = [fault.where for fault in judge(path).faults]
    assert [place for place in where if "/tree/" in place] == []
    assert [place for place in where if "/checkpoint/" in place] != []


async def test_witnessed_checkpoint_notices_the_past(night: Path, tmp_path: Path, judge: Judge) -> None:
    """A database put back to an earlier hour is whole in itself; a checkpoint kept elsewhere says what is missing."""
    later = Path(shutil.copy(night, tmp_path / "later.db"))
    store = SqliteStore(later, cipher=CIPHER)

    def go_on(tx: Tx) -> str:
        tx.people.link(address(OTHER, b"n" * 32), entry(MALMO, "address", AT))
        return sign(tx, MALMO)

    note = await store.write(go_on)
    await store.close()
    assert (judge(later, note)).ok
    assert (judge(night)).ok
    assert [fault.what for fault in (judge(night, note)).faults] == ["entries that were signed are missing"]


async def test_witnessed_checkpoint_of_another_key_is_a_fault(path: Path, judge: Judge) -> None:
    """A note that none of the ledger's keys has signed proves nothing, and that is said."""
    store = SqliteStore(path, cipher=CIPHER)
    note = await store.write(lambda tx: (tx.ledger.append(entry(POLISEN)), sign(tx, POLISEN))[1])
    await store.close()
    strangers = Signers(origin=SIGNERS.origin, publics=(b"\x07" * 32,))
    faults = judge(path, note, signers=strangers).faults
    assert ("witnessed checkpoint", "no ledger here has signed it") in {(f.where, f.what) for f in faults}
    assert judge(path, note).ok


def test_former_key_still_counts(path: Path, judge: Judge) -> None:
    """After the ledger's key has changed, what the former one signed still holds."""
    both = replace(SIGNERS, publics=(b"\x07" * 32, *SIGNERS.publics))
    assert judge(path, signers=both).ok


def test_faults_tell_no_content(path: Path, judge: Judge) -> None:
    """A fault names rows, never what stands in them."""
    alter(path, lambda connection: connection.execute("UPDATE people SET facts = X'00'"))
    alter(path, lambda connection: connection.execute("UPDATE shifts SET body = '{}'"))
    alter(path, lambda connection: connection.execute("UPDATE consultations SET due = 'soon'"))
    faults = judge(path).faults
    assert faults
    assert not any("Provsson" in fault.what + fault.where for fault in faults)


def test_faults_are_bounded(path: Path, judge: Judge) -> None:
    """However much is wrong, the list ends."""
    alter(path, lambda connection: connection.execute("UPDATE entries SET salt = X'00'"))
    assert 0 < len(judge(path).faults) <= 1000


def test_in_order_waits_for_what_is_missing() -> None:
    """Numbered things come out in order, and a hole holds back what follows it."""
    order: InOrder[str] = InOrder()
    assert list(order.take(2, "b")) == []
    assert not order.complete
    assert list(order.take(1, "a")) == ["a", "b"]
    assert order.complete
    assert order.count == 2


@pytest.mark.parametrize("number", [1, 2, 4])
def test_in_order_refuses_a_number_twice(number: int) -> None:
    """A number that has been handed out, or waits, is not taken again."""
    order: InOrder[str] = InOrder()
    for taken in (1, 2, 4):
        list(order.take(taken, "x"))
    with pytest.raises(Tampered):
        list(order.take(number, "y"))
