"""The write-ahead log: checkpointed when nobody waits, bounded when everybody does."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.flow.ports import Tx
from bot.store import connect
from bot.store.sqlite import SqliteStore
from bot.store.wal import CALM, WriteAheadLog
from tests.store.small import CIPHER, MALMO, entry

SHORT = timedelta(milliseconds=20)


def fill(tx: Tx) -> None:
    """Some 300 kB."""
    tx.ledger.append(entry(text="x" * 300_000))


async def test_log_is_emptied_when_nobody_waits(path: Path, store: SqliteStore) -> None:
    """After some megabytes the log is copied back and truncated, and everything is still there."""
    log = WriteAheadLog(path, SHORT)
    await asyncio.gather(*(store.write(fill) for _ in range(20)))
    async with asyncio.timeout(20):
        while log.size() > CALM:
            await store.read(lambda _: None)
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 20


async def test_closing_leaves_no_log(path: Path) -> None:
    """A closed database is one file again, which can be copied."""
    store = SqliteStore(path, cipher=CIPHER)
    await store.write(fill)
    await store.close()
    assert WriteAheadLog(path, SHORT).size() == 0
    assert not path.with_name(path.name + "-wal").exists()


async def test_log_waits_for_calm(tmp_path: Path) -> None:
    """Between calm and bound the log is left alone while somebody waits, and emptied when nobody does."""
    path = tmp_path / "samjour.db"
    connection = connect.writing(path, SHORT)
    log = WriteAheadLog(path, SHORT, calm=1000, bound=1_000_000)
    with connection.begin():
        connection.exec_driver_sql("CREATE TABLE filler (x)")
    assert log.size() > 1000
    log.rest(connection, busy=True)
    assert log.size() > 1000
    log.rest(connection, busy=False)
    assert log.size() == 0
    connection.close()


async def test_bound_holds_while_somebody_waits(tmp_path: Path) -> None:
    """Over the bound the log is emptied also while somebody waits."""
    path = tmp_path / "samjour.db"
    connection = connect.writing(path, SHORT)
    log = WriteAheadLog(path, SHORT, calm=10, bound=1000)
    with connection.begin():
        connection.exec_driver_sql("CREATE TABLE filler (x)")
    log.rest(connection, busy=True)
    assert log.size() == 0
    connection.close()


async def test_old_snapshot_delays_but_does_not_break(tmp_path: Path) -> None:
    """While somebody reads an old snapshot the log cannot be emptied; what they see stays, and later it is."""
    path = tmp_path / "samjour.db"
    writer = connect.writing(path, SHORT)
    log = WriteAheadLog(path, SHORT, calm=10, bound=1000)
    with writer.begin():
        writer.exec_driver_sql("CREATE TABLE filler (x)")
    reader = connect.reading(path, SHORT)()
    with reader.begin():
        assert reader.exec_driver_sql("SELECT count(*) FROM filler").scalar() == 0
        with writer.begin():
            writer.exec_driver_sql("INSERT INTO filler VALUES (1)")
        log.rest(writer, busy=True)
        assert log.size() > 0
        assert reader.exec_driver_sql("SELECT count(*) FROM filler").scalar() == 0
    log.rest(writer, busy=False)
    assert log.size() == 0
    assert reader.exec_driver_sql("SELECT count(*) FROM filler").scalar() == 1
    reader.close()
    writer.close()


async def test_long_read_while_writing(store: SqliteStore) -> None:
    """Writers go on while a long question is read: neither waits for the other."""
    loop = asyncio.get_running_loop()

    def ask(tx: Tx) -> int:
        size = tx.ledger.size(MALMO)
        for _ in range(20):
            asyncio.run_coroutine_threadsafe(store.write(fill), loop).result(10)
        return size + tx.ledger.size(MALMO)

    assert await store.read(ask) == 0
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 20
