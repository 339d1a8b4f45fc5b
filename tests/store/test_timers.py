"""Timers: one for each kind and reference, the longest overdue first."""

import pytest

from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.store.sqlite import SqliteStore
from bot.store.timer_tables import timers
from bot.store.tx import SqlTx
from tests.store.small import AT, HOUR, MINUTE, SECOND

KIND = TimerKind.RING_AGAIN


def at(ref: str, minutes: int) -> Timer:
    """A timer so many minutes from the beginning."""
    return Timer(kind=KIND, ref=ref, due=AT + minutes * MINUTE)


async def put(store: SqliteStore, *some: Timer) -> None:
    """All of them, in one act."""

    def act(tx: Tx) -> None:
        for each in some:
            tx.timers.put(each)

    await store.write(act)


async def test_the_longest_overdue_comes_first(store: SqliteStore) -> None:
    """What is due is told in the order in which it became due, at most so many; the rest waits for its instant."""
    await put(store, at("b", 2), at("a", 1), at("c", 3), at("d", 60))
    assert await store.read(lambda tx: tx.timers.overdue(AT + 3 * MINUTE, 9)) == (
        at("a", 1),
        at("b", 2),
        at("c", 3),
    )
    assert await store.read(lambda tx: tx.timers.overdue(AT + 3 * MINUTE, 2)) == (at("a", 1), at("b", 2))
    assert await store.read(lambda tx: tx.timers.overdue(AT + MINUTE - SECOND, 9)) == ()
    assert await store.read(lambda tx: tx.timers.next_due()) == AT + MINUTE


async def test_a_second_one_of_the_same_reference_moves_it(store: SqliteStore) -> None:
    """There is one timer for a thing: set again it is moved, dropped it is gone, and both may be done twice."""
    await put(store, at("a", 1), at("a", 5))
    assert await store.read(lambda tx: tx.timers.get(KIND, "a")) == at("a", 5)
    assert await store.read(lambda tx: tx.timers.overdue(AT + HOUR, 9)) == (at("a", 5),)
    for _ in range(2):
        await store.write(lambda tx: tx.timers.drop(KIND, "a"))
    assert await store.read(lambda tx: tx.timers.get(KIND, "a")) is None
    assert await store.read(lambda tx: tx.timers.next_due()) is None


@pytest.mark.parametrize("kind", ["", "no such kind"])
async def test_a_row_of_no_known_kind_stops_no_other(store: SqliteStore, kind: str) -> None:
    """A row that somebody spoilt is passed over: what else is due is found, and nothing is looked for in vain."""

    def spoil(tx: Tx) -> None:
        assert isinstance(tx, SqlTx)
        tx.timers._connection.execute(timers.insert(), {"kind": kind, "ref": "x", "due": AT})

    await store.write(spoil)
    assert await store.read(lambda tx: tx.timers.next_due()) is None
    await put(store, at("a", 1))
    assert await store.read(lambda tx: tx.timers.overdue(AT + HOUR, 9)) == (at("a", 1),)
