"""The inbox: each native update once, in the order of arrival, and no body kept once it is handled."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

from bot.flow.ports import Tx
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, MINUTE, arrival


async def _waiting(store: SqliteStore, limit: int = 9) -> list[str]:
    return [a.native_id for a in await store.read(lambda tx: tx.inbox.waiting(limit))]


async def test_each_update_once(store: SqliteStore) -> None:
    """The same update, however often it comes and however many bring it at once, is kept once."""
    puts = (store.write(lambda tx: tx.inbox.put(arrival("1"))) for _ in range(20))
    assert sorted(await asyncio.gather(*puts)) == [False] * 19 + [True]
    assert await store.read(lambda tx: tx.inbox.waiting(9)) == (arrival("1"),)


async def test_handled_update_stays_known(store: SqliteStore) -> None:
    """An update that was handled is not handled again when it comes again."""
    await store.write(lambda tx: tx.inbox.put(arrival("1")))
    assert await store.write(lambda tx: tx.inbox.done("telegram", "1")) is True
    assert await store.write(lambda tx: tx.inbox.done("telegram", "1")) is False
    assert await store.write(lambda tx: tx.inbox.put(arrival("1"))) is False
    assert await _waiting(store) == []


async def test_other_channel_is_another_update(store: SqliteStore) -> None:
    """Native ids are told apart by channel."""
    other = replace(arrival("1"), channel="matrix")
    assert await store.write(lambda tx: (tx.inbox.put(arrival("1")), tx.inbox.put(other))) == (True, True)
    assert await store.write(lambda tx: tx.inbox.done("matrix", "1")) is True
    assert await store.read(lambda tx: [a.channel for a in tx.inbox.waiting(9)]) == ["telegram"]


async def test_order_is_that_of_arrival(store: SqliteStore) -> None:
    """What waits is given in the order in which it came, not in that of its ids."""

    def act(tx: Tx) -> None:
        for native_id in ("9", "10", "2"):
            tx.inbox.put(arrival(native_id))

    await store.write(act)
    assert await _waiting(store) == ["9", "10", "2"]
    assert await _waiting(store, 2) == ["9", "10"]


async def test_attempts_are_counted(store: SqliteStore) -> None:
    """Each failure counts one more; of what is handled or never came there is nothing to count."""
    await store.write(lambda tx: tx.inbox.put(arrival("1")))
    assert await store.write(lambda tx: tx.inbox.failed("telegram", "1")) == 1
    assert await store.write(lambda tx: tx.inbox.failed("telegram", "1")) == 2
    assert await store.read(lambda tx: [a.attempts for a in tx.inbox.waiting(9)]) == [2]
    await store.write(lambda tx: tx.inbox.done("telegram", "1"))
    assert await store.write(lambda tx: tx.inbox.failed("telegram", "1")) == 0
    assert await store.write(lambda tx: tx.inbox.failed("telegram", "7")) == 0


async def test_only_what_was_handled_long_ago_is_forgotten(store: SqliteStore) -> None:
    """What waits is never forgotten, nor what was handled since; what was forgotten would be taken as new."""

    def act(tx: Tx) -> None:
        for number, native_id in enumerate(("old", "waits", "new")):
            tx.inbox.put(replace(arrival(native_id), at=AT + number * MINUTE))
        for native_id in ("old", "new"):
            tx.inbox.done("telegram", native_id)

    await store.write(act)
    assert await store.write(lambda tx: tx.inbox.forget(AT + 2 * MINUTE)) == 1
    assert await _waiting(store) == ["waits"]
    assert await store.write(lambda tx: tx.inbox.put(arrival("new"))) is False
    assert await store.write(lambda tx: tx.inbox.put(arrival("old"))) is True


async def test_body_is_overwritten_when_handled(path: Path, store: SqliteStore) -> None:
    """What was handled is no longer in the file: deleted means overwritten."""
    await store.write(lambda tx: tx.inbox.put(arrival("1")))
    await store.write(lambda tx: tx.inbox.done("telegram", "1"))
    await store.close()
    assert _kept(path) == (False, [(None,)])


def _kept(path: Path) -> tuple[bool, list[tuple[bytes | None]]]:
    body = arrival("1").body
    assert body is not None
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT body FROM inbox").fetchall()
    connection.close()
    return body.content in path.read_bytes(), rows
