"""Retention in the store: what is blanked keeps its place, what names a consultation goes with it, files are rewritten."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st

from bot.core.codec import to_json
from bot.core.errors import BadInput, NotNow, Unavailable
from bot.core.ids import ConsultationId, OrganisationId, RoomId
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_retention import Hold
from bot.flow.retention_certificates import ranges
from bot.store import connect, migrate
from bot.store.certificate_folder import CertificateFolder
from bot.store.facts import _KINDS as FACTS
from bot.store.retention import GOING, KEPT
from bot.store.schema import METADATA
from bot.store.scour import rewrite
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, CIPHER, HOUR, MALMO, POLISEN, draw, entry, saying, withdrawn

ID = "0" * 31 + "1"


# ---- entries ----------------------------------------------------------------------------------------------------------


async def test_entries_are_found_by_what_they_are_about(store: SqliteStore) -> None:
    """Whoever wrote an entry, in whichever ledger: one that names the consultation, or its room, is found."""

    def act(tx: Tx) -> list[tuple[str, int]]:
        c = withdrawn(tx, "c-1", AT)
        withdrawn(tx, "c-2", AT)
        tx.rooms.create(
            Room(id=RoomId("r-1"), consultation=c.id, organisation=MALMO, epoch=0, seq=0, head=b"h" * 32)
        )
        tx.ledger.append(entry(POLISEN, "read", AT, room="r-1"))
        tx.ledger.append(entry(POLISEN, "read", AT, room="r-9"))
        tx.ledger.append(entry(POLISEN, "other", AT, consultation="c-1"))
        return [(one.organisation, one.number) for one in tx.retention.about(c.id)]

    assert await store.write(act) == [
        ("malmo", 0),
        ("malmo", 1),
        ("malmo", 2),
        ("polisen", 0),
        ("polisen", 2),
    ]


async def test_blanked_entry_keeps_number_and_leaf(store: SqliteStore) -> None:
    """Salt and body go, the tree stays what it was; the second time is refused."""

    def act(tx: Tx) -> None:
        c = withdrawn(tx, "c-1", AT)
        root, about = tx.ledger.root(MALMO), tx.retention.about(c.id)
        tx.retention.blank(about, ID, AT + HOUR)
        kept = list(tx.audit.entries(MALMO))
        assert [one.leaf for one in kept] == [one.leaf for one in about]
        assert {
            (one.entry.kind, one.entry.salt, one.entry.body, one.erased_by, one.about) for one in kept
        } == {("erased", b"", b"", ID, None)}
        assert {one.entry.at for one in kept} == {AT + HOUR}
        assert tx.ledger.root(MALMO) == root
        assert tx.retention.about(c.id) == ()
        tx.ledger.append(entry())
        with pytest.raises(NotNow):
            tx.retention.blank(about[:1], ID, AT + HOUR)

    await store.write(act)


async def test_times_before_an_entry(store: SqliteStore) -> None:
    """The latest of all before it, and of some of them: those that are erased tell no time."""

    def act(tx: Tx) -> None:
        for hours in (0, 9, 1, 2, 3, 4, 5, 6):
            tx.ledger.append(entry(at=AT + hours * HOUR))
        assert tx.retention.latest_before(MALMO, 8) == AT + 9 * HOUR
        assert tx.retention.latest_before(MALMO, 1) == AT
        assert tx.retention.latest_before(MALMO, 0) is None
        assert tx.retention.sampled_before(MALMO, 0) is None
        assert tx.retention.sampled_before(MALMO, 3) == AT + 9 * HOUR
        assert tx.retention.sampled_before(MALMO, 8) == AT + 6 * HOUR

    await store.write(act)


async def test_a_clock_that_stood_behind_from_some_point_on_is_always_noticed(store: SqliteStore) -> None:
    """However long the clock stood behind, the first entry was from before, and it is among the samples."""

    def act(tx: Tx) -> None:
        tx.ledger.append(entry(at=AT))
        for number in range(1, 40):
            tx.ledger.append(entry(at=AT - 1000 * HOUR))
            assert tx.retention.sampled_before(MALMO, number) == AT

    await store.write(act)


async def test_entries_of_before_are_told_what_they_are_about(tmp_path: Path) -> None:
    """A database of the first version is brought forward: each entry finds its consultation, and nothing else changed."""
    path = tmp_path / "samjour.db"
    _at_revision(path, "0004")
    bodies = [
        ("consultation", to_json({"consultation": "c-1", "version": 1})),
        ("room", to_json({"consultation": "c-2", "room": "r-1"})),
        ("roster", to_json({"put": {"consultation": "c-3"}})),
    ]
    with closing(sqlite3.connect(path)) as old, old:
        for number in range(2500):
            kind, body = bodies[number % 3]
            row = ("malmo", number, kind, number, b"s" * 16, body, draw(32))
            old.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        before = old.execute("SELECT * FROM entries ORDER BY number").fetchall()
    await SqliteStore(path, cipher=CIPHER).close()
    with closing(sqlite3.connect(path)) as new:
        names = "organisation, number, kind, at, salt, body, leaf"
        assert new.execute(f"SELECT {names} FROM entries ORDER BY number").fetchall() == before  # noqa: S608
        about = new.execute("SELECT about FROM entries ORDER BY number LIMIT 6").fetchall()
        assert about == [("c-1",), ("c-2",), (None,)] * 2
        assert new.execute("SELECT count(*) FROM entries WHERE about IS NOT NULL").fetchone() == (1667,)


def _at_revision(path: Path, revision: str) -> None:
    """A database as an older version left it."""
    connection = connect.writing(path, timedelta(seconds=1))
    config = Config()
    config.set_main_option("script_location", str(migrate._SCRIPTS))
    config.attributes["connection"] = connection
    with connection.begin():
        command.upgrade(config, revision)
    connection.close()


# ---- rows -------------------------------------------------------------------------------------------------------------


def test_every_table_that_names_a_consultation_goes_with_it() -> None:
    """A table that names a consultation or a room goes when it is erased, or stands in KEPT with the reason.

    None of them may be one of the ledger's facts: such rows go by an entry of their own, or verify would miss them.
    """
    naming = {t.name for t in METADATA.tables.values() if "room" in t.c or "consultation" in t.c}
    going = {table.name for table in GOING}
    assert going | (KEPT.keys() & naming) == naming
    assert going & KEPT.keys() == set()
    assert going & FACTS.keys() == set()
    assert GOING[-1].name == "rooms"


async def test_what_is_removed_leaves_what_others_have(store: SqliteStore) -> None:
    """Sayings and spots of others, and of the same people about other things, stay."""

    def act(tx: Tx) -> tuple[int, int]:
        gone, stays = withdrawn(tx, "c-1", AT), withdrawn(tx, "c-2", AT)
        for ref in ("c-1", "c-1-1", "c-2", "c-2-1", ""):
            tx.outbox.put(saying(f"about {ref}", ref=ref))
        named = replace(saying("named in its choices"), params={"consultation": "c-1"})
        tx.outbox.put(named)
        before = len(tx.outbox.claim(AT + HOUR, AT + HOUR, 100))
        tx.retention.remove([gone])
        assert tx.consultations.by_offer(stays.offers[0].id) is not None
        return before, len(tx.outbox.claim(AT + 3 * HOUR, AT + 3 * HOUR, 100))

    await store.write(act)
    with closing(sqlite3.connect(store._path)) as file:
        left = {row[0] for row in file.execute("SELECT id FROM outbox")}
        assert left == {"about c-2", "about c-2-1", "about "}
        assert {row[0] for row in file.execute("SELECT consultation FROM offers")} == {"c-2"}


# ---- holds, looks, certificates ---------------------------------------------------------------------------------------


def _hold(decision: str, consultation: str = "c-1") -> Hold:
    return Hold(consultation=ConsultationId(consultation), decision=decision, since=AT, by="somebody")


async def test_holds(store: SqliteStore) -> None:
    """Several decisions can hold one; each is taken away by itself."""

    def act(tx: Tx) -> None:
        c = withdrawn(tx, "c-1", AT)
        tx.retention.put_hold(_hold("N 1"), entry(kind="hold"))
        tx.retention.put_hold(_hold("N 2"), entry(kind="hold"))
        assert [hold.decision for hold in tx.retention.holds()] == ["N 1", "N 2"]
        tx.retention.drop_hold(c.id, "N 1", entry(kind="hold"))
        assert tx.retention.is_held(c.id)
        tx.retention.drop_hold(c.id, "N 2", entry(kind="hold"))
        assert not tx.retention.is_held(c.id)
        assert tx.retention.holds() == ()

    await store.write(act)


@pytest.mark.parametrize(
    "act",
    [
        lambda tx: tx.retention.put_hold(_hold("N 1"), entry(kind="hold")),
        lambda tx: tx.retention.put_hold(_hold("N 9", "c-9"), entry(kind="hold")),
        lambda tx: tx.retention.drop_hold(ConsultationId("c-1"), "N 9", entry(kind="hold")),
        lambda tx: tx.retention.put_certificate(ID, "another"),
    ],
    ids=("the same hold", "a hold of nothing", "no such hold", "the same certificate"),
)
async def test_what_is_there_already_or_not_at_all_is_refused(
    store: SqliteStore, act: Callable[[Tx], None]
) -> None:
    """The same hold twice, a hold of nothing, a hold that is not there, a certificate twice."""

    def prepare(tx: Tx) -> None:
        withdrawn(tx, "c-1", AT)
        tx.retention.put_hold(_hold("N 1"), entry(kind="hold"))
        tx.retention.put_certificate(ID, "a note")

    await store.write(prepare)
    with pytest.raises(BadInput):
        await store.write(act)
    assert await store.read(lambda tx: tx.retention.certificate(ID)) == "a note"


async def test_looks(store: SqliteStore) -> None:
    """The latest instant of each organisation."""

    def act(tx: Tx) -> dict[OrganisationId, object]:
        tx.retention.put_look(MALMO, AT, entry(kind="retention"))
        tx.retention.put_look(POLISEN, AT, entry(POLISEN, "retention"))
        tx.retention.put_look(MALMO, AT + HOUR, entry(kind="retention"))
        return dict(tx.retention.looked())

    assert await store.write(act) == {MALMO: AT + HOUR, POLISEN: AT}


async def test_closed_ones_page_by_page(store: SqliteStore) -> None:
    """Every closed one comes once, the oldest first, also those begun at the same instant; open ones never."""

    def act(tx: Tx) -> list[str]:
        for number in range(7):
            withdrawn(tx, f"c-{number}", AT + (number // 2) * HOUR)
        found: list[str] = []
        page = tx.retention.closed(AT + 3 * HOUR, None, 2)
        while page:
            found += [c.id for c in page]
            page = tx.retention.closed(AT + 3 * HOUR, page[-1], 2)
        return found

    assert await store.write(act) == [f"c-{number}" for number in range(6)]


@given(st.sets(st.integers(0, 200)))
def test_ranges_say_which_numbers(numbers: set[int]) -> None:
    """Runs that do not touch, in order, and together exactly the numbers."""
    runs = ranges(sorted(numbers))
    assert {number for first, last in runs for number in range(first, last + 1)} == numbers
    assert all(before[1] + 1 < after[0] for before, after in pairwise(runs))


# ---- files ------------------------------------------------------------------------------------------------------------


def _grown(path: Path, chance: Random) -> dict[int, bytes]:
    """A table whose rows grew among others, so that pages were split; returns what some of them were marked with."""
    connection = connect.writing(path, timedelta(seconds=1))
    marks = {number: chance.randbytes(16) for number in range(3000)}
    with connection.begin():
        connection.exec_driver_sql("CREATE TABLE kept (id INTEGER PRIMARY KEY, body BLOB)")
        for number, mark in marks.items():
            connection.exec_driver_sql("INSERT INTO kept VALUES (?, ?)", (number, mark))
            for _ in range(3):
                grown = (chance.randbytes(chance.randrange(300)), max(0, number - chance.randrange(40)))
                connection.exec_driver_sql("UPDATE kept SET body = body || ? WHERE id = ?", grown)
    gone = {number: mark for number, mark in marks.items() if number % 3 == 0}
    with connection.begin():
        for number in gone:
            connection.exec_driver_sql("UPDATE kept SET body = NULL WHERE id = ?", (number,))
    connect.driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return gone


def _left(path: Path, marks: dict[int, bytes]) -> int:
    files = [file.read_bytes() for file in path.parent.glob(path.name + "*")]
    return sum(any(mark in body for body in files) for mark in marks.values())


def test_rewriting_leaves_nothing_where_secure_delete_does(tmp_path: Path) -> None:
    """SQLite overwrites a deleted row where it stood last; copies from splits of pages go only when the file is made anew."""
    path = tmp_path / "samjour.db"
    gone = _grown(path, Random(7))  # noqa: S311 - chance that repeats
    assert _left(path, gone) > 0, "no page was split with a row in it: this test shows nothing"
    connection = connect.writing(path, timedelta(seconds=1))
    rewrite(connection, path.parent)
    connect.driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert connect.driver(connection).execute("PRAGMA temp_store").fetchone() == (2,), "back in memory"
    connection.close()
    assert _left(path, gone) == 0


async def test_scouring_keeps_everything_else(path: Path, store: SqliteStore) -> None:
    """While others write and read, the file is made anew: nothing of theirs is lost, and no other file is left."""
    await asyncio.gather(*(store.write(lambda tx: tx.ledger.append(entry())) for _ in range(20)))
    scoured, *_ = await asyncio.gather(
        store.scour(),
        *(store.write(lambda tx: tx.ledger.append(entry())) for _ in range(20)),
        *(store.read(lambda tx: tx.ledger.size(MALMO)) for _ in range(20)),
    )
    assert scoured
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 40
    assert await store.read(lambda tx: len(list(tx.audit.entries(MALMO)))) == 40
    assert {file.name for file in path.parent.glob("*")} <= {
        f"samjour.db{end}" for end in ("", "-wal", "-shm", ".lock")
    }


async def test_scouring_a_file_that_is_gone_is_refused(path: Path, store: SqliteStore) -> None:
    """A file that was replaced under us is not said to be clean."""
    await store.write(lambda tx: tx.ledger.append(entry()))
    await asyncio.to_thread(path.rename, path.with_name("elsewhere"))
    with pytest.raises(Unavailable):
        await store.scour()
    await asyncio.to_thread(path.with_name("elsewhere").rename, path)


async def test_scouring_a_closed_store_is_refused(store: SqliteStore) -> None:
    """After the end nothing is rewritten."""
    await store.close()
    with pytest.raises(Unavailable):
        await store.scour()


# ---- certificates outside ---------------------------------------------------------------------------------------------


async def test_folder_keeps_what_is_prepared_and_finished(tmp_path: Path) -> None:
    """A certificate is pending, then finished, then stays; each step is harmless the second time."""
    folder = CertificateFolder(tmp_path / "certificates")
    assert (await folder.pending(), await folder.finished()) == (frozenset(), frozenset())
    for _ in range(2):
        await folder.prepare(ID, "a note\n")
        assert (await folder.pending(), await folder.finished()) == (frozenset({ID}), frozenset())
        assert await folder.read(ID) == "a note\n"
    for _ in range(2):
        await folder.finish(ID)
        assert (await folder.pending(), await folder.finished()) == (frozenset(), frozenset({ID}))
    assert await folder.read(ID) == "a note\n"
    await folder.drop(ID)
    assert await folder.finished() == {ID}, "only a pending one is dropped"
    (path,) = (tmp_path / "certificates").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    """A file in the way, a certificate that is not there."""
    (tmp_path / "certificates").write_text("in the way")
    folder = CertificateFolder(tmp_path / "certificates")
    for act in (
        folder.prepare(ID, "a note\n"),
        folder.finish(ID),
        folder.drop(ID),
        folder.read(ID),
        folder.pending(),
    ):
        with pytest.raises(Unavailable):
            await act
