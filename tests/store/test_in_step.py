"""Rows read in step with their owners: the same rows as looking each owner up, in whatever order they are asked for."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)

from bot.store.columns import Instant
from bot.store.in_step import InStep, belonging, columns_of

ROWS = Table("rows", MetaData(), Column("owner_id", Text), Column("number", Integer), Column("at", Instant))
BELONGING = belonging(select(ROWS), ROWS.c.owner_id, ROWS.c.number)
KEPT = {"a": [1, 2], "c": [3], "d": [4, 5, 6], "f": [7]}
OWNERS = st.sampled_from("abcdefg")


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        ROWS.metadata.create_all(connection)
        kept = [
            {"owner_id": owner, "number": n} for owner, numbers in KEPT.items() for n in reversed(numbers)
        ]
        connection.execute(insert(ROWS), kept)
        yield connection
    engine.dispose()


def numbers_of(rows: InStep, owner: str) -> list[int]:
    return [row.number for row in rows.of(owner)]


@given(asked=st.lists(st.tuples(OWNERS, st.integers(0, 4))))
def test_any_order_gives_each_owner_their_rows(connection: Connection, asked: list[tuple[str, int]]) -> None:
    """In step, backwards, twice, or left off in the middle: nobody gets less, more or another's rows."""
    rows = InStep(connection, BELONGING)
    for owner, taken in asked:
        some = rows.of(owner)
        found = [row.number for row, _ in zip(some, range(taken), strict=False)]
        assert found == KEPT.get(owner, [])[:taken]
    assert {owner: numbers_of(rows, owner) for owner in KEPT} == KEPT


def test_rows_taken_late_are_still_their_owner_s(connection: Connection) -> None:
    """Whoever asks for two owners and then takes the first one's rows gets them."""
    rows = InStep(connection, BELONGING)
    first, second = rows.of("a"), rows.of("d")
    assert [row.number for row in second] == KEPT["d"]
    assert [row.number for row in first] == KEPT["a"]


def test_in_step_there_is_one_query(connection: Connection) -> None:
    """A thousand owners asked for in their order cost one query."""
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
    rows = InStep(connection, BELONGING)
    assert {owner: numbers_of(rows, owner) for owner in KEPT} == KEPT
    assert len(asked) == 1


def test_a_row_that_cannot_be_read_is_its_own_owner_s_fault(connection: Connection) -> None:
    """One altered row ahead leaves all others readable."""
    connection.exec_driver_sql("INSERT INTO rows VALUES ('e', 9, 'no instant')")
    try:
        rows = InStep(connection, BELONGING)
        assert {owner: numbers_of(rows, owner) for owner in "abcd"} == {"b": []} | {o: KEPT[o] for o in "acd"}
        with pytest.raises(TypeError):
            numbers_of(rows, "e")
        assert numbers_of(rows, "f") == KEPT["f"]
    finally:
        connection.exec_driver_sql("DELETE FROM rows WHERE owner_id = 'e'")


def test_a_row_has_its_own_columns(connection: Connection) -> None:
    """The key that is read along is no column of the row."""
    rows = InStep(connection, BELONGING)
    assert [columns_of(row) for row in rows.of("c")] == [{"owner_id": "c", "number": 3, "at": None}]
