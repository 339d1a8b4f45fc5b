"""Somebody with the whole database in hand rewrites what happened; what notices it, and what does not."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Table

from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.flow.verify import Verdict, verify
from bot.seal import log
from bot.seal.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from bot.seal.errors import Tampered
from bot.seal.proof import prove_consistency
from bot.seal.signing import signing_key
from bot.seal.witness import Seen, check_growth, judge
from bot.store.copy import looking_into
from bot.store.schema import METADATA
from bot.store.sqlite import SqliteStore
from tests.store.small import (
    AT,
    CIPHER,
    HOUR,
    LEDGER_KEY,
    MALMO,
    POLISEN,
    SIGNERS,
    cosign,
    entry,
    sign,
    whole_night,
)

TALK: Final = "c-1"  # of `whole_night`: talked in, handed over, closed
OTHER_TALK: Final = "c-2"
LEDGERS: Final = (MALMO, POLISEN)
Harm = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a whole night, closed."""
    return make_night(tmp_path_factory.mktemp("night") / "samjour.db")


@pytest.fixture(scope="session")
def other_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same night with the same people, in which other words were said: what a forger would have it be."""
    return make_night(tmp_path_factory.mktemp("other") / "samjour.db")


@pytest.fixture
def path(night: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copy(night, tmp_path / "samjour.db"))


def make_night(path: Path) -> Path:
    """Fill a database as the store does."""

    async def make() -> None:
        store = SqliteStore(path, cipher=CIPHER)
        await store.write(whole_night)
        await store.close()

    asyncio.run(make())
    return path


def alter(path: Path, *harms: Harm) -> None:
    """What an administrator with sqlite3 can do."""
    connection = sqlite3.connect(path)
    with connection:
        for harm in harms:
            harm(connection)
    connection.close()


def verdict(path: Path, witnessed: Sequence[str] = ()) -> Verdict:
    """What `ledger verify` says of a file."""
    with looking_into(path) as tx:
        return verify(tx, SIGNERS, witnessed)


def notes(path: Path) -> list[str]:
    """The newest checkpoint of each ledger, as somebody else kept it."""
    with looking_into(path) as tx:
        return [note for o in LEDGERS if (note := tx.ledger.last_checkpoint(o)) is not None]


def head(path: Path, organisation: OrganisationId = MALMO) -> Checkpoint:
    """What the ledger's newest checkpoint says."""
    with looking_into(path) as tx:
        note = tx.ledger.last_checkpoint(organisation)
    assert note is not None
    return verify_checkpoint(note, origin=SIGNERS.origin(organisation), public=LEDGER_KEY.public)


def proof(path: Path, old: int, new: int) -> list[bytes]:
    """The best proof that a server over this database can give."""
    with looking_into(path) as tx:
        return prove_consistency(old, new, lambda level, index: tx.ledger.row(MALMO, level, index))


# ---- what a forger can do ----------------------------------------------------------------------------


def copy_talk(source: Path, consultation: str = TALK) -> Harm:
    """Put another night's talk in the place of this one's: row by row, and in the ledger's own entries."""

    def harm(connection: sqlite3.Connection) -> None:
        connection.execute("ATTACH DATABASE ? AS other", (str(source),))
        for table in METADATA.tables.values():
            condition = _of(table, consultation)
            if condition is not None:
                connection.execute(f'DELETE FROM main."{table.name}" WHERE {condition}')  # noqa: S608
                connection.execute(
                    f'INSERT INTO main."{table.name}" SELECT * FROM other."{table.name}" WHERE {condition}'  # noqa: S608
                )

    return harm


def _of(table: Table, consultation: str) -> str | None:
    """Which rows of a table are about the talk."""
    named = table.columns.keys()
    if table.name == "entries":
        return f"CAST(body AS TEXT) LIKE '%{consultation}%'"
    if table.name in ("consultations", "rooms"):
        return f"id IN ('{consultation}', 'r-{consultation}')"
    if "room" in named:
        return f"room = 'r-{consultation}'"
    return f"consultation = '{consultation}'" if "consultation" in named else None


def grow_tree(connection: sqlite3.Connection) -> None:
    """Compute every leaf and every node anew from the entries as they stand."""
    connection.execute("DELETE FROM nodes")
    for organisation in LEDGERS:
        query = "SELECT rowid, kind, salt, body, leaf FROM entries WHERE organisation = ? ORDER BY number"
        entries = connection.execute(query, (organisation,)).fetchall()
        leaves = [
            log.leaf_hash(kind=kind, salt=salt, body=body) if body is not None else leaf
            for _, kind, salt, body, leaf in entries
        ]
        for number, leaf in enumerate(leaves):
            update = "UPDATE entries SET leaf = ?, number = ? WHERE rowid = ?"
            connection.execute(update, (leaf, number, entries[number][0]))
        nodes = [(organisation, *node) for node in _nodes(leaves)]
        connection.executemany("INSERT INTO nodes VALUES (?, ?, ?, ?)", nodes)


def _nodes(leaves: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    last: dict[int, bytes] = {}
    for number, leaf in enumerate(leaves):
        for row in log.append(number, leaf, lambda level, _: last[level]):
            last[row.level] = row.hash
            if row.level:
                yield row.level, row.index, row.hash


def sign_anew(connection: sqlite3.Connection) -> None:
    """With the ledger's key: a checkpoint of each size that there was, over the tree as it is now."""
    for organisation in LEDGERS:
        leaves = connection.execute(
            "SELECT leaf FROM entries WHERE organisation = ? ORDER BY number", (organisation,)
        ).fetchall()
        sizes = connection.execute("SELECT size FROM checkpoints WHERE organisation = ?", (organisation,))
        for (size,) in sizes.fetchall():
            root = log.root_of(leaf for (leaf,) in leaves[:size])
            note = sign_checkpoint(
                Checkpoint(origin=SIGNERS.origin(organisation), size=size, root=root), LEDGER_KEY
            )
            connection.execute(
                "UPDATE checkpoints SET note = ? WHERE organisation = ? AND size = ?",
                (note, organisation, size),
            )


def drop(*tables: str) -> Harm:
    """Take all rows of these tables away."""

    def harm(connection: sqlite3.Connection) -> None:
        for table in tables:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608

    return harm


# ---- a room that was said again in other words -------------------------------------------------------


def test_the_forgers_night_holds_in_itself(night: Path, other_night: Path) -> None:
    """Both nights verify: what is found below is the forgery, not the night it was taken from."""
    assert verdict(night).ok
    assert verdict(other_night).ok
    assert notes(night) != notes(other_night)


def test_a_room_put_in_anothers_place_is_noticed_by_the_ledger(path: Path, other_night: Path) -> None:
    """Events, keys and escrow of a whole room, correctly chained and signed, are not those that the entries name."""

    def rooms_only(connection: sqlite3.Connection) -> None:
        kept = connection.execute("SELECT * FROM entries").fetchall()
        copy_talk(other_night)(connection)
        connection.execute("DELETE FROM entries")
        marks = ", ".join("?" * len(kept[0]))
        connection.executemany(f"INSERT INTO entries VALUES ({marks})", kept)  # noqa: S608

    alter(path, rooms_only)
    assert f"room r-{TALK}" in {fault.where for fault in verdict(path).faults}


def test_a_room_and_its_entries_rewritten_are_noticed_by_the_checkpoints(
    path: Path, other_night: Path
) -> None:
    """Re-chained, with entries, leaves and tree to match, nothing is wrong but what was signed before."""
    alter(path, copy_talk(other_night), grow_tree)
    faults = verdict(path).faults
    assert faults
    assert all("/checkpoint/" in fault.where for fault in faults), faults


def test_without_checkpoints_only_who_kept_one_notices(path: Path, night: Path, other_night: Path) -> None:
    """A forger who also takes the checkpoints away is found out by any that was kept elsewhere, and by the witness."""
    alter(path, copy_talk(other_night), grow_tree, drop("cosignatures", "checkpoints"))
    assert verdict(path).ok
    kept = notes(night)
    told = verdict(path, kept).faults
    assert {fault.what for fault in told} == {"the checkpoint is of another tree"}


def test_the_cosignatures_alone_show_that_checkpoints_are_missing(path: Path, other_night: Path) -> None:
    """Where a witness cosigned, the checkpoints cannot be taken away alone."""
    alter(path, copy_talk(other_night), grow_tree, drop("checkpoints"))
    assert {fault.what for fault in verdict(path).faults} == {"the checkpoint that was cosigned is missing"}


def test_with_the_ledgers_key_too_only_outside_notices(path: Path, night: Path, other_night: Path) -> None:
    """Whoever has database and ledger key makes a record that holds in itself; the witness and a kept checkpoint say no."""
    alter(path, copy_talk(other_night), grow_tree, sign_anew, drop("cosignatures"))
    assert verdict(path).ok
    assert not verdict(path, notes(night)).ok
    with pytest.raises(Tampered, match="two ledgers"):
        judge(head(night), head(path))


def test_with_the_ledgers_key_the_witness_is_missed(path: Path, other_night: Path) -> None:
    """The witness's own signatures cannot be made anew: left in the database, they name the forgery."""
    alter(path, copy_talk(other_night), grow_tree, sign_anew)
    faults = verdict(path).faults
    assert faults
    assert all("/cosignature/" in fault.where for fault in faults), faults


def test_a_forged_ledger_that_grows_is_refused_by_the_witness(
    path: Path, night: Path, other_night: Path
) -> None:
    """Growing past what the witness saw does not help: no proof joins the forged tree to the one it cosigned."""
    alter(path, copy_talk(other_night), grow_tree, sign_anew, drop("cosignatures"))
    go_on(path, 5)
    assert verdict(path).ok
    last, shown = head(night), head(path)
    assert judge(last, shown) is Seen.GROWN
    with pytest.raises(Tampered, match="not proved"):
        check_growth(last, shown, proof(path, last.size, shown.size))


def test_an_honest_ledger_that_grows_is_not(path: Path, night: Path) -> None:
    """What the tests above refuse is the forgery: the same growth of the true ledger is proved."""
    go_on(path, 5)
    last, shown = head(night), head(path)
    assert judge(last, shown) is Seen.GROWN
    check_growth(last, shown, proof(path, last.size, shown.size))
    assert verdict(path, notes(night)).ok


def go_on(path: Path, more: int) -> None:
    """The ledgers grow, signed and cosigned by whom they trust."""

    def act(tx: Tx) -> None:
        for ledger in LEDGERS:
            for _ in range(more):
                tx.ledger.append(entry(ledger, at=AT + 2 * HOUR))
            sign(tx, ledger)
            cosign(tx, ledger, AT + 2 * HOUR)

    async def write() -> None:
        store = SqliteStore(path, cipher=CIPHER)
        await store.write(act)
        await store.close()

    asyncio.run(write())


# ---- the newest entries cut off ----------------------------------------------------------------------


def test_a_database_put_back_is_noticed_from_outside(path: Path, night: Path) -> None:
    """An earlier copy holds in itself: what is missing, a later checkpoint and the witness say."""
    go_on(path, 3)
    later = notes(path)
    assert verdict(night).ok
    told = verdict(night, later).faults
    assert {(fault.where.partition("/")[0], fault.what) for fault in told} == {
        (ledger, "entries that were signed are missing") for ledger in LEDGERS
    }
    with pytest.raises(Tampered, match="shows"):
        judge(head(path), head(night))


def test_newest_entries_cut_off_are_noticed(path: Path, night: Path) -> None:
    """Entries that nothing else depends on, taken away with tree, size and checkpoints, are missed from outside only."""
    kept = notes(night)

    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM entries WHERE kind = 'content' AND organisation = 'polisen'")
        left = connection.execute("SELECT count(*) FROM entries WHERE organisation = 'polisen'").fetchone()[0]
        connection.execute("UPDATE ledgers SET size = ? WHERE organisation = 'polisen'", (left,))
        for table in ("cosignatures", "checkpoints"):
            connection.execute(f"DELETE FROM {table} WHERE organisation = 'polisen' AND size > ?", (left,))  # noqa: S608

    alter(path, cut, grow_tree)
    assert [fault for fault in verdict(path).faults if "/checkpoint/" not in fault.where] == []
    assert not verdict(path, kept).ok


# ---- rows deleted, swapped, duplicated, copied between rooms -----------------------------------------


def pairs(*tables: str) -> Iterator[tuple[str, str]]:
    """Each table with each way of moving rows between the two rooms."""
    for table in tables:
        for how in ("swap", "copy", "move"):
            yield table, how


@pytest.mark.parametrize(("table", "how"), list(pairs("room_events", "room_keys", "escrows")))
def test_rows_do_not_pass_between_rooms(path: Path, table: str, how: str) -> None:
    """Whatever of one room is put in another's place, beside it, or exchanged with it, is noticed in both or the one."""
    first, second = f"r-{TALK}", f"r-{OTHER_TALK}"

    def harm(connection: sqlite3.Connection) -> None:
        ours, theirs = (
            connection.execute(f"SELECT * FROM {table} WHERE room = ?", (room,)).fetchall()  # noqa: S608
            for room in (first, second)
        )
        at = METADATA.tables[table].columns.keys().index("room")
        marks = ", ".join("?" * len(ours[0]))
        insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608
        connection.execute(f"DELETE FROM {table} WHERE room = ?", (second,))  # noqa: S608
        if how in ("swap", "move"):
            connection.execute(f"DELETE FROM {table} WHERE room = ?", (first,))  # noqa: S608
        connection.executemany(insert, [(*row[:at], second, *row[at + 1 :]) for row in ours])
        if how == "swap":
            connection.executemany(insert, [(*row[:at], first, *row[at + 1 :]) for row in theirs])

    alter(path, harm)
    found = [fault.where for fault in verdict(path).faults]
    assert any(f"room {second}" in where for where in found)
    assert any(f"room {first}" in where for where in found) is (how != "copy")


@pytest.mark.parametrize("kind", ["swap", "repeat", "drop"])
@pytest.mark.parametrize("rebuilt", [False, True])
def test_entries_keep_their_order_and_number(path: Path, night: Path, kind: str, *, rebuilt: bool) -> None:
    """Entries exchanged, repeated or left out are noticed, whether the tree was computed anew or not, even unsigned."""

    def harm(connection: sqlite3.Connection) -> None:
        rows = connection.execute(
            "SELECT rowid, kind, at, salt, body, leaf FROM entries WHERE organisation = 'malmo' ORDER BY number"
        ).fetchall()
        first, second = rows[len(rows) // 2], rows[len(rows) // 2 + 1]
        update = "UPDATE entries SET kind = ?, at = ?, salt = ?, body = ?, leaf = ? WHERE rowid = ?"
        if kind == "drop":
            connection.execute("DELETE FROM entries WHERE rowid = ?", (first[0],))
            connection.execute("UPDATE ledgers SET size = size - 1 WHERE organisation = 'malmo'")
        else:
            connection.execute(update, (*first[1:], second[0]))
        if kind == "swap":
            connection.execute(update, (*second[1:], first[0]))

    alter(path, harm, *([grow_tree] if rebuilt else []))
    assert not verdict(path).ok
    alter(path, drop("cosignatures", "checkpoints"))
    if not (
        rebuilt and kind == "swap"
    ):  # two entries of one instant replay to the same, whichever comes first
        assert not verdict(path).ok
    assert not verdict(path, notes(night)).ok


def test_nobody_without_the_key_signs_a_forged_head(path: Path, other_night: Path) -> None:
    """The forger's checkpoints, under a key of their own that calls itself the ledger's, are none."""
    impostor = signing_key(b"x" * 32)
    forged = sign_checkpoint(head(path), impostor)

    def sign_with_another(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE checkpoints SET note = ? WHERE organisation = 'malmo'", (forged,))

    alter(path, copy_talk(other_night), grow_tree, sign_with_another, drop("cosignatures"))
    assert {fault.where.split("/")[1] for fault in verdict(path).faults} == {"checkpoint"}
