"""Copies: what one commit left behind, whatever is written meanwhile; and back in their place, or not at all."""

# ruff: noqa: ASYNC240 - a test may wait for its own small files

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from bot.core.errors import BadInput, Tampered, Unavailable
from bot.flow.ports import Tx
from bot.flow.records import Arrival
from bot.flow.verify import verify
from bot.seal.plain import Sealed
from bot.store import connect, copy, files
from bot.store.copy import back_up, looking_into, restore
from bot.store.migrate import _scripts
from bot.store.sqlite import PATIENCE, SqliteStore
from tests.store.small import (
    CIPHER,
    MALMO,
    NAME,
    OFFICER,
    POLISEN,
    SIGNERS,
    arrival,
    draw,
    entry,
    person,
    sign,
    whole_night,
)

ASIDE = ("-wal", "-shm", "-journal")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the copy goes: a folder of its own."""
    return tmp_path / "elsewhere" / "backup.db"


async def test_a_copy_of_a_database_in_use_is_whole(store: SqliteStore, path: Path, target: Path) -> None:
    """The copy holds everything that was committed, for its owner alone, and verifies without server or keys."""
    await store.write(whole_night)
    size = back_up(path, target)
    assert (size, stat.S_IMODE(target.stat().st_mode)) == (target.stat().st_size, 0o600)
    with looking_into(target) as tx:
        assert verify(tx, SIGNERS).ok
        theirs = [list(tx.audit.entries(o)) for o in (MALMO, POLISEN)]
    ours = await store.read(lambda tx: [list(tx.audit.entries(o)) for o in (MALMO, POLISEN)])
    assert theirs == ours
    assert sorted(found.name for found in target.parent.iterdir()) == ["backup.db"]


async def test_a_copy_taken_while_others_write_is_of_one_commit(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    """However many write meanwhile, each copy verifies, and is the beginning of what there is in the end."""
    await store.write(whole_night)
    stop, sizes = asyncio.Event(), []

    async def write(number: int) -> None:
        while not stop.is_set():
            await store.write(lambda tx: tx.people.put(person(OFFICER, name=f"Prov {number}"), entry(MALMO)))
            await store.write(lambda tx: sign(tx, MALMO))

    writers = [asyncio.create_task(write(number)) for number in range(8)]
    for number in range(5):
        before = await store.read(lambda tx: tx.ledger.size(MALMO))
        backup = tmp_path / f"{number}.db"
        await asyncio.to_thread(back_up, path, backup)
        with looking_into(backup) as tx:
            assert verify(tx, SIGNERS).faults == ()
            sizes.append(tx.ledger.size(MALMO))
            root = tx.ledger.root(MALMO)
        assert before <= sizes[-1]
        assert await store.read(lambda tx: tx.ledger.root(MALMO, sizes[-1])) == root
    stop.set()
    await asyncio.gather(*writers)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


async def test_what_was_deleted_is_not_in_the_copy(store: SqliteStore, path: Path, target: Path) -> None:
    """Free pages stay behind: a body that was erased is in no backup made after."""
    marks = [draw(32) * 90 for _ in range(50)]
    for number, mark in enumerate(marks):
        kept = replace(arrival(str(number)), body=Sealed(content=mark))
        await store.write(partial(_put, kept))
    for number in range(50):
        await store.write(partial(_done, str(number)))
    back_up(path, target)
    content = target.read_bytes()
    assert [mark for mark in marks if mark in content] == []


def _put(kept: Arrival, tx: Tx) -> bool:
    return tx.inbox.put(kept)


def _done(native_id: str, tx: Tx) -> bool:
    return tx.inbox.done("telegram", native_id)


async def test_names_are_not_in_the_copy(store: SqliteStore, path: Path, target: Path) -> None:
    """Encrypted fields are copied as they are, and nothing opens them without the key."""
    await store.write(whole_night)
    back_up(path, target)
    assert NAME.encode() not in target.read_bytes()
    with looking_into(target) as tx, pytest.raises(Tampered):
        tx.people.get(OFFICER)


async def test_a_crashed_database_can_be_copied(path: Path, target: Path) -> None:
    """What a process that was killed had committed is in the copy, its log included."""
    code = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from bot.store.sqlite import PATIENCE, SqliteStore\n"
        "from tests.store.small import CIPHER, whole_night\n"
        "async def main():\n"
        "    store = SqliteStore(Path(sys.argv[1]), cipher=CIPHER)\n"
        "    await store.write(whole_night)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    root = str(Path(copy.__file__).parents[2])
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, str(path)],
        check=False,
        env={"PYTHONPATH": root},
    )
    assert done.returncode == -9
    assert path.with_name(path.name + "-wal").exists()
    back_up(path, target)
    with looking_into(target) as tx:
        verdict = verify(tx, SIGNERS)
    assert (verdict.ok, verdict.entries > 50) == (True, True)


async def test_a_file_that_is_there_is_not_overwritten(store: SqliteStore, path: Path, target: Path) -> None:
    """Whatever stands at the target stays; so does what comes to stand there while the copy is made."""
    await store.write(whole_night)
    target.parent.mkdir()
    target.write_bytes(b"mine")
    with pytest.raises(BadInput, match="already"):
        back_up(path, target)
    with pytest.raises(FileExistsError):
        files.make_file(target, partial(_fill, b"x"), place=files.place_new)
    assert target.read_bytes() == b"mine"
    assert [found.name for found in target.parent.iterdir()] == ["backup.db"]


def _fill(content: bytes, beside: Path) -> None:
    beside.write_bytes(content)


def test_without_links_a_file_is_not_overwritten_either(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system without links a copy is placed by renaming, and still takes nobody's place."""

    def refuses(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("bot.store.files.os.link", refuses)
    files.make_file(target, partial(_fill, b"first"), place=files.place_new)
    with pytest.raises(FileExistsError):
        files.make_file(target, partial(_fill, b"second"), place=files.place_new)
    assert target.read_bytes() == b"first"


@pytest.mark.parametrize("damage", ["missing", "empty", "no-database", "cut", "flipped"])
async def test_what_is_no_sound_database_is_not_copied(
    store: SqliteStore, path: Path, target: Path, damage: str
) -> None:
    """A source that is gone, no database or damaged gives no copy, and leaves nothing half made."""
    await store.write(whole_night)
    await store.close()
    content = path.read_bytes()
    harm: dict[str, Callable[[], object]] = {
        "missing": path.unlink,
        "empty": lambda: path.write_bytes(b""),
        "no-database": lambda: path.write_bytes(b"not a database " * 400),
        "cut": lambda: path.write_bytes(content[: len(content) // 2]),
        "flipped": lambda: path.write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:]),
    }
    harm[damage]()
    with pytest.raises(Unavailable):
        back_up(path, target)
    assert not list(target.parent.glob("*"))
    assert not list(target.parent.glob(".*"))


async def test_a_look_leaves_no_trace(store: SqliteStore, path: Path) -> None:
    """Evidence is only read: a file that is not in use is the same after, with nothing beside it."""
    await store.write(whole_night)
    await store.close()
    (path.with_name(path.name + ".lock")).unlink()
    before = path.read_bytes()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    with looking_into(path) as tx:
        assert verify(tx, SIGNERS).ok
        with pytest.raises(Unavailable):
            tx.ledger.append(entry(MALMO))
    assert (path.read_bytes(), [found.name for found in path.parent.iterdir()]) == (before, [path.name])
    path.parent.chmod(0o700)


async def test_a_database_in_use_can_be_looked_into(store: SqliteStore, path: Path) -> None:
    """A look sees what was committed, the log included, while the service goes on."""
    await store.write(whole_night)
    with looking_into(path) as tx:
        assert verify(tx, SIGNERS).ok
        await store.write(lambda tx: tx.ledger.append(entry(MALMO)))
        assert verify(tx, SIGNERS).ok


@pytest.mark.parametrize("version", ["0001", "9999"])
async def test_another_versions_file_is_not_judged(store: SqliteStore, path: Path, version: str) -> None:
    """A file of an older or newer schema is refused with a sentence, not called forged."""
    await store.close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()
    with pytest.raises(Unavailable, match="another version"), looking_into(path):
        pass


# ---- restore -----------------------------------------------------------------------------------------


def sizes(tx: Tx) -> tuple[int, int]:
    """What an act may ask of the copy before anybody else."""
    return tx.ledger.size(MALMO), tx.ledger.size(POLISEN)


async def test_a_restored_database_is_the_one_that_was_copied(
    store: SqliteStore, path: Path, target: Path, tmp_path: Path
) -> None:
    """Everything is there again, the store opens it, and what the act wrote is in it."""
    await store.write(whole_night)
    back_up(path, target)
    ours = await store.read(sizes)
    place = tmp_path / "new" / "samjour.db"

    def act(tx: Tx) -> tuple[int, int]:
        before = sizes(tx)
        tx.ledger.append(entry(MALMO, "restore"))
        return before

    assert restore(target, place, act) == ours
    again = SqliteStore(place, cipher=CIPHER)
    assert await again.read(sizes) == (ours[0] + 1, ours[1])
    assert (await again.read(lambda tx: verify(tx, SIGNERS))).ok
    await again.close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert sorted(found.name for found in place.parent.iterdir()) == ["samjour.db", "samjour.db.lock"]


@pytest.mark.parametrize("beside", ["", "-wal", "-shm", "-journal"])
async def test_a_target_that_is_not_empty_is_refused(
    store: SqliteStore, path: Path, target: Path, tmp_path: Path, beside: str
) -> None:
    """Neither a database nor what one left beside it is overwritten or mixed with a copy."""
    await store.write(whole_night)
    back_up(path, target)
    place = tmp_path / f"samjour2.db{beside}"
    place.write_bytes(b"mine")
    with pytest.raises(BadInput, match="move it away"):
        restore(target, tmp_path / "samjour2.db", sizes)
    assert place.read_bytes() == b"mine"


async def test_a_database_in_use_is_not_replaced(store: SqliteStore, path: Path, target: Path) -> None:
    """While a process has it open, its place is taken: nothing is restored there, not even if the file was removed."""
    await store.write(whole_night)
    back_up(path, target)
    path.unlink()
    with pytest.raises(Unavailable, match="another Samjour process"):
        restore(target, path, sizes)


async def test_an_act_that_raises_leaves_nothing(
    store: SqliteStore, path: Path, target: Path, tmp_path: Path
) -> None:
    """What must be done before anybody else is done, or there is no restored database."""
    await store.write(whole_night)
    back_up(path, target)
    place = tmp_path / "new" / "samjour.db"

    def act(_: Tx) -> None:
        raise Tampered

    with pytest.raises(Tampered):
        restore(target, place, act)
    assert [found.name for found in place.parent.iterdir()] == ["samjour.db.lock"]


async def test_a_copy_of_an_older_version_is_brought_forward(tmp_path: Path) -> None:
    """A backup made before the last migrations is restored to this version's schema."""
    old, place = tmp_path / "old.db", tmp_path / "new.db"
    connection = connect.writing(old, PATIENCE)
    config = Config()
    _scripts(config)
    config.attributes["connection"] = connection
    with connection.begin():
        command.upgrade(config, "0001")
    connection.close()
    assert restore(old, place, sizes) == (0, 0)
    with looking_into(place) as tx:
        assert verify(tx, SIGNERS).ok


@pytest.mark.parametrize("content", [b"", b"not a database " * 400], ids=["empty", "no-database"])
def test_what_is_no_backup_is_not_restored(tmp_path: Path, content: bytes) -> None:
    """An empty file is no empty record: nothing is restored of it."""
    source, place = tmp_path / "backup.db", tmp_path / "samjour.db"
    source.write_bytes(content)
    with pytest.raises(Unavailable, match=r"no database|not a database"):
        restore(source, place, sizes)
    assert not place.exists()
