"""Verify and erasing: what is missing has a certificate, and whoever takes, adds or brings back anything is named."""

# ruff: noqa: S608 - these statements are the attack

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.core.consultation import Consultation
from bot.flow.retention_certificates import note_digest
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from bot.flow.verify_ledger import Signers
from bot.seal.certificate import certificate_to_text, read_certificate, sign_certificate
from bot.seal.note import sign_note
from bot.seal.signing import signing_key
from bot.store.people import open_person
from bot.store.tx import SqlTx
from tests.flow.flow_world import NIGHT, lay_out, night_of
from tests.flow.retention_world import DAY, MALMO, later, question, read_decided, talk
from tests.store.small import CIPHER

Act = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """A closed night: its files before and after the erasing, what was erased, what stayed, who signs."""

    before: Path
    after: Path
    gone: tuple[Consultation, ...]
    stayed: Consultation
    signers: Signers
    origin: str


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Erased:
    """Two certificates: of a talk and of a question; another talk stayed."""
    return asyncio.run(_erase(tmp_path_factory.mktemp("erased")))


async def _erase(folder: Path) -> Erased:
    content, night = read_decided(), folder / "night"
    await lay_out(folder / "seeded", content, NIGHT)
    async with night_of(folder / "seeded", night, content, NIGHT) as world:
        gone = (await talk(world), await question(world))
        world.clock.move(5 * DAY)
        stayed = await talk(world)
        await sign_heads(world.deps)
        with (
            closing(sqlite3.connect(night / "samjour.db")) as live,
            closing(sqlite3.connect(folder / "before.db")) as copy,
        ):
            live.backup(copy)
        assert len((await later(world, 3 * DAY)).certificates) == 2
        await sign_heads(world.deps)
        known = signers(world.deps)
    return Erased(
        before=folder / "before.db",
        after=night / "samjour.db",
        gone=gone,
        stayed=stayed,
        signers=known,
        origin=known.origin(MALMO),
    )


@pytest.fixture
def path(erased: Erased, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copy(erased.after, tmp_path / "samjour.db"))


def faults(path: Path, erased: Erased) -> list[str]:
    """What verify says of a database."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path), poolclass=NullPool)
    with engine.connect() as connection:
        tx = SqlTx(connection, CIPHER, partial(open_person, CIPHER))
        told = [f"{fault.where}: {fault.what}" for fault in verify(tx, erased.signers).faults]
    engine.dispose()
    return told


def alter(path: Path, *acts: Act | str) -> None:
    """What an administrator with sqlite3 can do."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for act in acts:
            connection.execute(act) if isinstance(act, str) else act(connection)


def test_erased_ledger_holds(path: Path, erased: Erased) -> None:
    """What a run has erased has no fault: leaves, tree and checkpoints are those of before."""
    assert faults(path, erased) == []


def test_blanked_body_is_named(path: Path, erased: Erased) -> None:
    """An administrator who empties an entry without a certificate is found at that entry."""
    number = _entry_about(path, erased.stayed)
    alter(
        path,
        f"UPDATE entries SET salt = NULL, body = NULL WHERE organisation = 'malmo' AND number = {number}",
    )
    assert f"malmo/{number}: its body is gone, and no certificate says why" in faults(path, erased)


@pytest.mark.parametrize("column", ["salt", "body"])
def test_half_blanked_entry_is_named(path: Path, erased: Erased, column: str) -> None:
    """So is one who takes the salt alone, or the body."""
    number = _entry_about(path, erased.stayed)
    alter(path, f"UPDATE entries SET {column} = NULL WHERE organisation = 'malmo' AND number = {number}")
    assert f"malmo/{number}: its body is gone, and no certificate says why" in faults(path, erased)


def test_blanked_body_under_a_certificate_of_others_is_named(path: Path, erased: Erased) -> None:
    """A certificate covers what it names and not one entry more, though the row looks as erasing leaves it."""
    number = _entry_about(path, erased.stayed)
    id_ = _certificates(path)[0][0]
    alter(
        path,
        f"""UPDATE entries SET kind = 'erased', salt = NULL, body = NULL, about = NULL, erased_by = '{id_}',
            at = (SELECT at FROM entries WHERE erased_by = '{id_}' LIMIT 1)
            WHERE organisation = 'malmo' AND number = {number}""",
    )
    assert f"malmo/certificate {id_}: the erased entries are not those that it names" in faults(path, erased)


def test_whole_consultation_erased_by_hand_is_named(path: Path, erased: Erased) -> None:
    """Everything of a consultation removed and its row reduced, as a run would have: without a certificate it shows."""
    c = erased.stayed
    id_ = _certificates(path)[0][0]
    alter(
        path,
        *(
            f"DELETE FROM {table} WHERE room = '{c.room}'"
            for table in ("key_reads", "escrow_seats", "escrows", "room_keys", "room_epochs", "room_events")
        ),
        f"DELETE FROM rooms WHERE consultation = '{c.id}'",
        f"DELETE FROM offers WHERE consultation = '{c.id}'",
        f"""UPDATE entries SET kind = 'erased', salt = NULL, body = NULL, erased_by = '{id_}', about = NULL
            WHERE about = '{c.id}'""",
        f"DELETE FROM consultations WHERE id = '{c.id}'",
    )
    told = faults(path, erased)
    assert any("certificate" in fault for fault in told)


def test_own_certificate_is_named(path: Path, erased: Erased) -> None:
    """One that an administrator signs with a key of their own counts for nothing."""
    (id_, note), *_ = _certificates(path)
    forged = replace(read_certificate(note), id="0" * 32, consultations=(erased.stayed.id,))
    stranger = sign_certificate(forged, origin=erased.origin, key=signing_key(b"\x07" * 32))
    alter(path, lambda db: db.execute("INSERT INTO certificates VALUES (?, ?)", ("0" * 32, stranger)))
    assert any(fault.startswith(f"certificate {'0' * 32}: ") for fault in faults(path, erased))
    alter(path, lambda db: db.execute("UPDATE certificates SET note = ? WHERE id = ?", (stranger, id_)))
    assert any(fault.startswith(f"certificate {id_}: ") for fault in faults(path, erased))


def test_altered_certificate_is_named(path: Path, erased: Erased) -> None:
    """Another decision's number, another consultation: what was signed is no longer what stands there."""
    (id_, note), *_ = _certificates(path)
    for old, new in (("PROV 2026", "PROV 2027"), (erased.gone[0].id, erased.stayed.id), ("\n— ", "\n—  ")):
        altered = (note.replace(old, new), id_)
        if altered[0] != note:
            with closing(sqlite3.connect(path)) as db, db:
                db.execute("UPDATE certificates SET note = ? WHERE id = ?", altered)
            assert any(fault.startswith(f"certificate {id_}: ") for fault in faults(path, erased))


def test_missing_certificate_is_named(path: Path, erased: Erased) -> None:
    """Without its certificate an erasing is a hole, at each of its entries."""
    (id_, _), *_ = _certificates(path)
    alter(path, f"DELETE FROM certificates WHERE id = '{id_}'")
    told = faults(path, erased)
    assert any(f"certificate {id_} is missing" in fault for fault in told)
    assert any(fault.endswith("its body is gone, and no certificate says why") for fault in told)


def test_certificates_under_each_others_ids_are_named(path: Path, erased: Erased) -> None:
    """A certificate is found under its own id alone."""
    (one, first), (other, second) = _certificates(path)

    def exchange(db: sqlite3.Connection) -> None:
        db.executemany("UPDATE certificates SET note = ? WHERE id = ?", ((second, one), (first, other)))

    alter(path, exchange)
    assert f"certificate {one}: it is filed under the id of another" in faults(path, erased)


@pytest.mark.parametrize("hidden", [True, False])
def test_body_that_is_there_again_is_named(path: Path, erased: Erased, *, hidden: bool) -> None:
    """Brought back from an old copy, with or without a trace of the erasing taken away, the entry is named."""
    number, row = _old_entry(erased, erased.gone[0])
    erased_by = "erased_by = NULL," if hidden else ""

    def bring_back(db: sqlite3.Connection) -> None:
        db.execute(
            f"UPDATE entries SET {erased_by} kind = ?, at = ?, salt = ?, body = ?, about = ? WHERE organisation = 'malmo' AND number = ?",
            (*row, number),
        )

    alter(path, bring_back)
    assert any(fault.startswith(f"malmo/{number}: ") for fault in faults(path, erased)) is not hidden
    assert any("are not" in fault or "there again" in fault for fault in faults(path, erased))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("rooms", "consultation"),
        ("room_events", "room"),
        ("room_keys", "room"),
        ("escrows", "room"),
        ("offers", "consultation"),
    ],
)
def test_rows_that_are_there_again_are_named(path: Path, erased: Erased, table: str, column: str) -> None:
    """A room, its words, a key, a share of a key or an offer that comes back belongs to nothing."""
    c = erased.gone[0]
    with closing(sqlite3.connect(erased.before)) as old:
        rows = old.execute(
            f"SELECT * FROM {table} WHERE {column} = ?", (c.id if column == "consultation" else c.room,)
        ).fetchall()
    assert rows
    marks = ", ".join("?" * len(rows[0]))
    alter(path, lambda db: db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows))
    assert faults(path, erased)


def test_consultation_that_is_there_again_is_named(path: Path, erased: Erased) -> None:
    """An erased consultation replays to erased, and to nothing else."""
    c = erased.gone[0]
    with closing(sqlite3.connect(erased.before)) as old:
        row = old.execute("SELECT * FROM consultations WHERE id = ?", (c.id,)).fetchone()
    marks = ", ".join("?" * len(row))
    alter(path, lambda db: db.execute(f"INSERT OR REPLACE INTO consultations VALUES ({marks})", row))
    assert f"consultation {c.id}: its row is not what the ledger leads to" in faults(path, erased)


def test_erased_row_taken_away_is_named(path: Path, erased: Erased) -> None:
    """What is left of an erased consultation is on the ledger, and cannot go, too."""
    alter(path, f"DELETE FROM consultations WHERE id = '{erased.gone[0].id}'")
    assert any(str(erased.gone[0].id) in fault for fault in faults(path, erased))


@pytest.mark.parametrize("column", ["kind", "at", "about", "erased_by", "leaf", "number"])
def test_altered_erased_entry_is_named(path: Path, erased: Erased, column: str) -> None:
    """Whatever is left of an erased entry is what its certificate says."""
    number, _ = _old_entry(erased, erased.gone[0])
    value = {
        "kind": "'room'",
        "at": "at + 1",
        "about": f"'{erased.stayed.id}'",
        "erased_by": "erased_by || 'x'",
    }
    new = value.get(column, "number + 1000000" if column == "number" else "zeroblob(32)")
    alter(path, f"UPDATE entries SET {column} = {new} WHERE organisation = 'malmo' AND number = {number}")
    assert faults(path, erased)


def test_entry_that_would_be_passed_by_is_named(path: Path, erased: Erased) -> None:
    """Whoever hides from the run which consultation an entry is about is found before the run comes."""
    number = _entry_about(path, erased.stayed)
    for hidden in ("NULL", f"'{erased.gone[0].id}'"):
        alter(path, f"UPDATE entries SET about = {hidden} WHERE organisation = 'malmo' AND number = {number}")
        assert f"malmo/{number}: it would be passed by when its consultation is erased" in faults(
            path, erased
        )


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO holds VALUES ('{stayed}', 'PROV 7', 0, 'x')",
        "DELETE FROM looks",
        "UPDATE looks SET at = at + 1",
    ],
)
def test_holds_and_looks_are_on_the_ledger(path: Path, erased: Erased, row: str) -> None:
    """A hold nobody placed, and an instant nobody believed, are found."""
    alter(path, row.format(stayed=erased.stayed.id))
    assert faults(path, erased)


def test_certificate_of_the_same_key_for_other_text_is_named(path: Path, erased: Erased) -> None:
    """Even with a note that the right key signed for something else, nothing is covered."""
    (id_, note), *_ = _certificates(path)
    text = certificate_to_text(read_certificate(note))
    other = sign_note(text, name="elsewhere.example/malmo", key=signing_key(b"\x07" * 32))
    alter(path, lambda db: db.execute("UPDATE certificates SET note = ? WHERE id = ?", (other, id_)))
    assert note_digest(other) != note_digest(note)
    assert faults(path, erased)


def _certificates(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT id, note FROM certificates ORDER BY id").fetchall()


def _entry_about(path: Path, c: Consultation) -> int:
    with closing(sqlite3.connect(path)) as db:
        query = "SELECT number FROM entries WHERE about = ? AND organisation = 'malmo' ORDER BY number DESC LIMIT 1"
        number: int = db.execute(query, (c.id,)).fetchone()[0]
        return number


def _old_entry(erased: Erased, c: Consultation) -> tuple[int, tuple[object, ...]]:
    """An entry about it from before: number, and the rest."""
    with closing(sqlite3.connect(erased.before)) as db:
        query = "SELECT number, kind, at, salt, body, about FROM entries WHERE about = ? AND organisation = 'malmo' ORDER BY number"
        number, *rest = db.execute(query, (c.id,)).fetchone()
        return number, tuple(rest)
