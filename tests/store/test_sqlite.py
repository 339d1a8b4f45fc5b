"""The store on SQLite: durable before it is told, whole or not at all, one process at a time."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import BadInput, Unavailable
from bot.flow.ports import Tx
from bot.store.sqlite import SqliteStore
from bot.store.tx import SqlTx
from tests.store.small import CIPHER, MALMO, NAME, OFFICER, PHONE, address, arrival, entry, person

SHORT = timedelta(milliseconds=50)
Act = Callable[[Tx], Any]  # whatever an act returns


async def together(store: SqliteStore, *acts: Act) -> list[Any]:  # Any: likewise
    """The acts in one transaction, or at most two: the writer is held until all of them are in line."""
    gate = threading.Event()
    held = asyncio.create_task(store.write(lambda _: gate.wait()))
    waiting = [asyncio.create_task(store.write(act)) for act in acts]
    await asyncio.sleep(0)
    gate.set()
    return (await asyncio.gather(held, *waiting, return_exceptions=True))[1:]


def append(tx: Tx) -> int:
    """One entry more; its index."""
    return tx.ledger.append(entry()).index


async def size(store: SqliteStore) -> int:
    """How many entries there are."""
    return await store.read(lambda tx: tx.ledger.size(MALMO))


async def test_acts_in_one_commit_are_each_whole(store: SqliteStore) -> None:
    """An act that raises leaves no trace and takes nobody with it: the others of its commit are durable."""

    def fails(tx: Tx) -> None:
        append(tx)
        tx.inbox.put(arrival("lost"))
        raise ValueError("changed my mind")

    outcomes = await together(store, append, fails, append, fails, append)
    assert [o for o in outcomes if isinstance(o, int)] == [0, 1, 2]
    assert [str(o) for o in outcomes if isinstance(o, ValueError)] == ["changed my mind"] * 2
    assert await size(store) == 3
    assert await store.read(lambda tx: tx.inbox.waiting(10)) == ()


async def test_refused_statement_spoils_nothing(store: SqliteStore) -> None:
    """A row that the database refuses is the error of its own act; what the act did before is undone too."""

    def stranger(tx: Tx) -> None:
        append(tx)
        tx.people.link(address(OFFICER), entry())  # nobody of that id

    outcomes = await together(store, append, stranger, append)
    assert [type(o) for o in outcomes] == [int, BadInput, int]
    assert await size(store) == 2


async def test_act_may_catch_what_the_database_refuses(store: SqliteStore) -> None:
    """An act that expects a refusal goes on in its own transaction, which is still one."""

    def tries(tx: Tx) -> None:
        append(tx)
        with pytest.raises(BadInput):
            tx.people.link(address(OFFICER), entry())
        append(tx)

    assert await together(store, tries, append) == [None, 2]


async def test_failed_commit_is_told_to_all(store: SqliteStore) -> None:
    """When COMMIT itself fails nobody is told of success, and nothing of the commit is kept."""

    def spoils(tx: Tx) -> None:
        assert isinstance(tx, SqlTx)
        tx._connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tx.people.link(address(OFFICER), entry())  # refused only at COMMIT

    outcomes = await together(store, append, spoils, append)
    assert [type(o) for o in outcomes] == [Unavailable] * 3
    assert await size(store) == 0
    assert await store.write(append) == 0


async def test_full_disk_is_unavailable_and_passes(store: SqliteStore) -> None:
    """When there is no room, those in the commit are told so; with room again the store goes on, whole."""

    def limit(pages: int) -> Act:
        def act(tx: Tx) -> None:
            assert isinstance(tx, SqlTx)
            tx._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        return act

    def long(tx: Tx) -> None:
        tx.ledger.append(entry(text="x" * 1_000_000))

    await store.write(limit(1))  # SQLite takes what it has as the least
    outcomes = await together(store, append, long)
    assert isinstance(outcomes[1], Unavailable)
    await store.write(limit(1_000_000))
    before = await size(store)
    assert before == sum(isinstance(o, int) for o in outcomes)
    await store.write(long)
    assert await size(store) == before + 1


async def test_two_hundred_writers_lose_nothing(store: SqliteStore) -> None:
    """Two hundred at once are all answered, each with an index of its own."""
    indexes = await asyncio.gather(*(store.write(append) for _ in range(200)))
    assert sorted(indexes) == list(range(200))
    assert await size(store) == 200


async def test_acts_run_in_the_order_they_came(store: SqliteStore) -> None:
    """Whoever is in line first is served first: a person's messages keep their order."""
    assert await together(store, *[append] * 300) == list(range(300))


async def test_nothing_is_told_before_it_is_durable(path: Path, store: SqliteStore) -> None:
    """When a caller is answered, another connection already sees the row."""
    await store.write(append)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM entries").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("wal_autocheckpoint", 0),
        ("temp_store", 2),
    ],
)
async def test_writer_is_set_up(store: SqliteStore, pragma: str, value: object) -> None:
    """A COMMIT is on the disk (FULL), deleted is overwritten, nothing is spilled in clear, checkpoints are ours."""

    def ask(tx: Tx) -> object:
        assert isinstance(tx, SqlTx)
        return tx._connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    assert await store.write(ask) == value


async def test_caller_who_left_is_not_waited_for(store: SqliteStore) -> None:
    """A caller who has given up before the act began leaves nothing behind; the others are answered."""
    gate = threading.Event()
    held = asyncio.create_task(store.write(lambda _: gate.wait()))
    left, stays = (asyncio.create_task(store.write(append)) for _ in range(2))
    await asyncio.sleep(0)
    left.cancel()
    gate.set()
    await held
    assert await stays == 0


async def test_line_is_bounded(tmp_path: Path) -> None:
    """When too many wait, the next one is refused at once and polite words can be said."""
    store = SqliteStore(tmp_path / "small.db", cipher=CIPHER, waiting=2)
    outcomes = await together(store, *[append] * 5)
    assert [type(o) for o in outcomes].count(Unavailable) >= 2
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == [type(o) for o in outcomes].count(int)
    await store.close()


async def test_stop_iteration_of_an_act_is_told(store: SqliteStore) -> None:
    """Even the one error that a future refuses reaches its caller, and nobody waits for ever."""
    outcomes = await together(store, lambda _: next(iter(())), append)
    assert [type(o) for o in outcomes] == [RuntimeError, int]


async def test_read_sees_one_snapshot(store: SqliteStore) -> None:
    """What is committed while a question is asked does not change the answer half-way."""
    loop = asyncio.get_running_loop()

    def ask(tx: Tx) -> tuple[int, int]:
        before = tx.ledger.size(MALMO)
        asyncio.run_coroutine_threadsafe(store.write(append), loop).result(10)
        return before, tx.ledger.size(MALMO)

    assert await store.read(ask) == (0, 0)
    assert await size(store) == 1


async def test_readers_cannot_write(store: SqliteStore) -> None:
    """A question that tries to change something is refused, and nothing changes."""
    with pytest.raises(Unavailable, match="only be read"):
        await store.read(append)
    assert await size(store) == 0


async def test_question_raises_what_it_raises(store: SqliteStore) -> None:
    """A question's own error comes back, and the reader is there for the next."""
    for _ in range(8):
        with pytest.raises(ZeroDivisionError):
            await store.read(lambda _: 1 // 0)
    assert await size(store) == 0


async def test_foreign_lock_is_waited_for_a_while(tmp_path: Path) -> None:
    """While another process holds the write lock, callers are told after the bound; afterwards all goes on."""
    path = tmp_path / "samjour.db"
    store = SqliteStore(path, cipher=CIPHER, patience=SHORT)
    foreign = sqlite3.connect(path, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="another process"):
        await store.write(append)
    assert await size(store) == 0
    foreign.execute("ROLLBACK")
    foreign.close()
    assert await store.write(append) == 0
    await store.close()


async def test_second_opening_is_refused(path: Path, store: SqliteStore) -> None:
    """The file is opened read-write once, also within one process; when it is closed the next may."""
    with pytest.raises(Unavailable, match="another Samjour process"):
        SqliteStore(path, cipher=CIPHER)
    assert await store.write(append) == 0
    await store.close()
    await SqliteStore(path, cipher=CIPHER).close()


OPEN = """
import sys
from pathlib import Path
from bot.core.errors import Unavailable
from bot.store.sqlite import SqliteStore
from tests.store.small import CIPHER
try:
    SqliteStore(Path(sys.argv[1]), cipher=CIPHER)
except Unavailable as error:
    print(error)
"""

WRITE = """
import asyncio, sys
from pathlib import Path
from bot.store.sqlite import SqliteStore
from tests.store.small import CIPHER, entry

async def main():
    store = SqliteStore(Path(sys.argv[1]), cipher=CIPHER)
    async def go_on():
        while True:
            recorded = await store.write(lambda tx: tx.ledger.append(entry()))
            print(recorded.index, flush=True)
    await asyncio.gather(*(go_on() for _ in range(8)))

asyncio.run(main())
"""


def _python(program: str, path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


async def test_second_process_is_refused(path: Path, store: SqliteStore) -> None:
    """Another process is refused with a sentence that says what to do."""
    await store.write(append)
    with _python(OPEN, path) as other:
        said, _ = await asyncio.to_thread(other.communicate, timeout=20)
    assert "another Samjour process has this database open" in said


@pytest.mark.parametrize("acknowledged", [1, 40, 200])
async def test_killed_process_loses_nothing_acknowledged(path: Path, acknowledged: int) -> None:
    """Killed at any moment, everything that was acknowledged is there, and the file opens at once."""

    def run() -> int:
        with _python(WRITE, path) as writer:
            assert writer.stdout is not None
            told = [int(writer.stdout.readline()) for _ in range(acknowledged)]
            writer.kill()
            told += [int(line) for line in writer.stdout.read().split()]
        return max(told)

    last = await asyncio.to_thread(run)
    store = SqliteStore(path, cipher=CIPHER)
    assert await size(store) > last
    root = await store.read(lambda tx: tx.ledger.root(MALMO))
    assert len(root) == 32
    await store.close()


async def test_lost_file_is_not_written_to(path: Path, store: SqliteStore) -> None:
    """When the file is gone nothing is acknowledged: SQLite would go on writing where nobody will find it."""
    _move(path, path.with_name("elsewhere"))
    for attempt in (store.write(append), store.read(append)):
        with pytest.raises(Unavailable, match="gone"):
            await attempt
    _move(path.with_name("elsewhere"), path)
    await store.write(append)
    assert await size(store) > 0


async def test_closed_store_refuses(store: SqliteStore) -> None:
    """What was in line is finished; what comes afterwards is refused; closing twice is harmless."""
    gate = threading.Event()
    held = asyncio.create_task(store.write(lambda _: gate.wait()))
    last = asyncio.create_task(store.write(append))
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    gate.set()
    await held
    assert await last == 0
    await closing
    for attempt in (store.write(append), store.read(append)):
        with pytest.raises(Unavailable, match="closed"):
            await attempt
    await store.close()


def test_folder_is_no_database(tmp_path: Path) -> None:
    """A folder at the path is refused with a sentence."""
    (tmp_path / "samjour.db").mkdir()
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path / "samjour.db", cipher=CIPHER)


def test_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    """A folder that is a file is refused with a sentence, and no lock is left held."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="folder"):
        SqliteStore(tmp_path / "file" / "samjour.db", cipher=CIPHER)


async def test_file_and_log_hold_no_names(path: Path, store: SqliteStore) -> None:
    """Neither the database nor its write-ahead log holds a name or a number in clear, in any encoding we write."""
    await store.write(lambda tx: tx.people.put(person(OFFICER), entry(kind="person")))
    await store.write(
        lambda tx: tx.people.put(person(OFFICER, name=NAME + " den andra"), entry(kind="person"))
    )
    assert await store.read(lambda tx: tx.people.get(OFFICER)) == person(OFFICER, name=NAME + " den andra")
    kept = _bytes(path) + _bytes(path.with_name(path.name + "-wal"))
    assert OFFICER.encode() in kept
    for mark in (NAME, PHONE, "Provsson", "1740612"):
        assert mark.encode() not in kept
        assert mark.encode("utf-16-le") not in kept
    await store.close()
    assert NAME.encode() not in _bytes(path)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _move(path: Path, to: Path) -> None:
    path.rename(to)
