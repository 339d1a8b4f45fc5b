"""`samjour ledger verify`, `backup` and `restore`: what is done with the record from a terminal."""

import asyncio
import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import content as content_files
from bot.__main__ import main
from bot.app import SystemEntropy, build
from bot.commands import acts, admin, places
from bot.content import Content
from bot.core.ids import PersonId
from bot.core.witnesses_file import Witness
from bot.demo.seed import seed
from bot.flow.deps import POLICE, Deps
from bot.flow.enrol import put_person
from bot.flow.ports import Tx
from bot.flow.records import Session, Ticket
from bot.flow.upkeep import origin, sign_heads, signers
from bot.flow.verify import verify
from bot.keyring import LEDGER, read_ledger_public, read_signing
from bot.seal.checkpoint import Checkpoint, checkpoint_from_text, sign_checkpoint
from bot.seal.cosignature import sign_cosignature, witness_to_text
from bot.seal.note import Verifier, parse_note, verifier_to_text
from bot.seal.signing import signing_key
from bot.settings import Settings
from bot.store.copy import looking_into

ROOT = Path(__file__).parents[2]
Said = tuple[int, str, str]
Run = Callable[..., Said]
KEY = signing_key(b"w" * 32)
WITNESS = Verifier(name="polisen.example/witness", public=KEY.public)
SOMEBODY = PersonId("p-malmo-kvall-1")


@pytest.fixture(scope="session")
def files() -> Content:
    return content_files.read(ROOT)


@pytest.fixture(scope="session")
def seeded(files: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's people in a database, its heads signed, and its keys."""
    folder = tmp_path_factory.mktemp("seeded")

    async def make() -> None:
        async with build(settings_in(folder), lambda: files) as made:
            await seed(made.deps, files, folder / "supervisors")
            await sign_heads(made.deps)
            deps, now = made.deps, made.deps.clock.now()
            expires = now.replace(year=now.year + 1)
            ticket = Ticket(digest=b"t" * 32, purpose="sign_in", person=SOMEBODY, expires=expires)
            session = Session(digest=b"s" * 32, person=SOMEBODY, created=now, expires=expires)
            await deps.store.write(lambda tx: tx.people.issue(ticket))
            await deps.store.write(lambda tx: tx.people.open_session(session))

    asyncio.run(make())
    return folder


def settings_in(folder: Path) -> Settings:
    """Where that folder's records and keys are."""
    return replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder}/samjour.db", keys_dir=folder / "keys"
    )


@pytest.fixture
def here(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with these records, as the settings of this process name them."""
    folder = tmp_path / "here"
    shutil.copytree(seeded, folder)
    found = settings_in(folder)
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", found.database_url)
    monkeypatch.setenv("SAMJOUR_KEYS_DIR", str(found.keys_dir))
    return folder


@pytest.fixture
def samjour(
    files: Content, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line in that folder, with the real content read once."""
    monkeypatch.chdir(here)
    monkeypatch.setattr(places, "content", lambda _: files)

    def run(*argv: str) -> Said:
        try:
            code = main(argv)
        except SystemExit as left:  # argparse
            code = int(str(left.code))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def told(said: Said, code: int = 0) -> Any:  # noqa: ANN401 - parsed JSON
    """The one object on stdout."""
    assert said[0] == code, said[2]
    return json.loads(said[1])


def newest(here: Path, organisation: str = "polisen") -> str:
    """A checkpoint that somebody kept."""
    connection = sqlite3.connect(here / "samjour.db")
    query = "SELECT note FROM checkpoints WHERE organisation = ? ORDER BY size DESC"
    note: str = connection.execute(query, (organisation,)).fetchone()[0]
    connection.close()
    return note


def edit(here: Path, *statements: str) -> None:
    """What an administrator with sqlite3 can do."""
    connection = sqlite3.connect(here / "samjour.db")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def entries_in(here: Path) -> int:
    """How many there are, by SQL alone."""
    connection = sqlite3.connect(here / "samjour.db")
    count: int = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    connection.close()
    return count


@pytest.fixture
def vkey(here: Path) -> str:
    """The verifier key of the police's ledger, as it was handed over."""
    name = origin(Settings().base_url, POLICE)
    return verifier_to_text(Verifier(name=name, public=read_ledger_public(here / "keys")))


# ---- ledger verify -----------------------------------------------------------------------------------


def test_what_verify_says_to_scripts(samjour: Run, here: Path) -> None:
    """One object with these fields and no other on stdout, nothing on stderr; 0 when it holds and 1 when it does not."""
    code, out, err = samjour("ledger", "verify", "--json")
    found = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert found == {"entries": entries_in(here), "ok": True, "faults": []}
    edit(here, "UPDATE people SET facts = '{}' WHERE id = 'p-malmo-kvall-1'")
    code, out, err = samjour("ledger", "verify", "--json")
    assert (code, err) == (1, "")
    assert json.loads(out) == {
        "entries": entries_in(here),
        "ok": False,
        "faults": [{"where": "people p-malmo-kvall-1", "what": "its row is not what the ledger leads to"}],
    }


def test_what_verify_says_to_people(samjour: Run, here: Path) -> None:
    """How many entries and whether they hold, then a line for each fault."""
    count = entries_in(here)
    assert samjour("ledger", "verify") == (0, f"{count} entries: everything holds\n", "")
    edit(here, "UPDATE people SET facts = '{}' WHERE id = 'p-malmo-kvall-1'")
    fault = "people p-malmo-kvall-1: its row is not what the ledger leads to"
    assert samjour("ledger", "verify") == (1, f"{count} entries: something does not hold\n{fault}\n", "")


@pytest.mark.parametrize("facts", ["{", "[]", '{"id":"', "x'ff00'"])
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_still_judged(
    samjour: Run, here: Path, facts: str
) -> None:
    """Whatever is put in a row's place: that row is told, and so is the next one that was changed."""
    value = facts if facts.startswith("x'") else f"'{facts}'"
    changed = ("p-malmo-kvall-1", "p-malmo-kvall-2")
    edit(here, *(f"UPDATE people SET facts = {value} WHERE id = '{id_}'" for id_ in changed))  # noqa: S608
    found = told(samjour("ledger", "verify", "--json"), 1)
    assert sorted(fault["where"] for fault in found["faults"]) == [f"people {id_}" for id_ in changed]


def test_without_a_database_nothing_could_be_verified(samjour: Run, here: Path) -> None:
    """Exit 3 and one line that says so: not a record that holds."""
    lost(here)
    code, out, err = samjour("ledger", "verify", "--json")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "there is no database" in err


@pytest.mark.parametrize("argv", [[], ["check"], ["verify", "--all"], ["verify", "--database"]])
def test_what_is_no_command_is_bad_usage(samjour: Run, argv: list[str]) -> None:
    """Exit 2, and nothing on stdout."""
    code, out, _ = samjour("ledger", *argv)
    assert (code, out) == (2, "")


@pytest.mark.parametrize("more", [0, 1, 10_000])
def test_a_checkpoint_of_another_history_is_a_fault(samjour: Run, here: Path, more: int) -> None:
    """Signed with our own key, of this very ledger, and not of this tree: somebody was shown something else."""
    head = checkpoint_from_text(parse_note(newest(here)).text)
    key = read_signing(here / "keys" / LEDGER, SystemEntropy())
    Path("kept").write_text(sign_checkpoint(replace(head, size=head.size + more, root=b"x" * 32), key))
    found = told(samjour("ledger", "verify", "--json", "--checkpoint", "kept"), 1)
    what = "entries that were signed are missing" if more else "the checkpoint is of another tree"
    assert found["faults"] == [{"where": f"polisen/checkpoint/{head.size + more}", "what": what}]


def test_a_backup_is_compared_with_kept_checkpoints(samjour: Run, here: Path, files: Content) -> None:
    """An old copy holds against a checkpoint of its time, and lacks what a later one covers."""
    Path("then").write_text(newest(here))
    samjour("backup", "backup.db")

    async def go_on() -> None:
        async with build(settings_in(here), lambda: files) as made:
            await made.deps.store.write(lambda tx: change_somebody(tx, made.deps))
            await sign_heads(made.deps)

    asyncio.run(go_on())
    Path("now").write_text(newest(here))
    given = ["ledger", "verify", "--json", "--database", "backup.db", "--checkpoint"]
    assert told(samjour(*given, "then"))["ok"] is True
    found = told(samjour(*given, "now"), 1)
    assert [fault["what"] for fault in found["faults"]] == ["entries that were signed are missing"]


def test_a_kept_checkpoint_is_compared(samjour: Run, here: Path) -> None:
    """With `--checkpoint` a record that holds still holds, cosigned or not, one note or several."""
    head = checkpoint_from_text(parse_note(newest(here)).text)
    line = sign_cosignature(head, name=WITNESS.name, key=KEY, at=1)
    Path("kept").write_text(newest(here) + line + "\n" + newest(here))
    assert told(samjour("ledger", "verify", "--json", "--checkpoint", "kept"))["ok"] is True
    found = told(
        samjour("ledger", "verify", "--json", "--checkpoint", "kept", "--vkey", witness_to_text(WITNESS))
    )
    assert set(found) == {"entries", "ok", "faults"}
    assert found["ok"] is True


def test_entries_that_were_cut_off_are_missed(samjour: Run, here: Path) -> None:
    """A record without its newest entries and checkpoints holds in itself; a kept checkpoint says what is missing."""
    Path("kept").write_text(newest(here))
    edit(
        here,
        "DELETE FROM checkpoints",
        "DELETE FROM nodes WHERE organisation = 'polisen'",
        "DELETE FROM entries WHERE organisation = 'polisen'",
        "DELETE FROM ledgers WHERE organisation = 'polisen'",
        "DELETE FROM people",
        "DELETE FROM subjects",
    )
    found = told(samjour("ledger", "verify", "--json", "--checkpoint", "kept"), 1)
    assert {"where": "witnessed checkpoint", "what": "no ledger here has signed it"} in found["faults"]


def test_a_forged_cosignature_is_a_fault(samjour: Run, here: Path) -> None:
    """A line under a kept checkpoint that says it is the witness's and does not hold is told."""
    head = checkpoint_from_text(parse_note(newest(here)).text)
    line = sign_cosignature(replace(head, size=1), name=WITNESS.name, key=KEY, at=1)
    Path("kept").write_text(newest(here) + line)
    given = ["--checkpoint", "kept", "--vkey", witness_to_text(WITNESS)]
    found = told(samjour("ledger", "verify", "--json", *given), 1)
    assert [fault["where"] for fault in found["faults"]] == [f"polisen/witnessed checkpoint/{head.size}"]


@pytest.mark.parametrize("content", [None, b"", b"\n\n", b"\xff", b"x" * (2**20 + 1)])
def test_a_file_that_holds_no_checkpoint_is_refused(samjour: Run, content: bytes | None) -> None:
    """Exit 2 and one line for a file that is missing, empty, no text or absurdly long."""
    if content is not None:
        Path("kept").write_bytes(content)
    code, out, err = samjour("ledger", "verify", "--checkpoint", "kept")
    assert (code, out) == (2, "")
    assert "kept" in err


def test_a_note_that_is_none_is_a_fault(samjour: Run) -> None:
    """Text that nobody signed proves nothing, and that is said."""
    Path("kept").write_text("polisen has 7 entries\n")
    assert told(samjour("ledger", "verify", "--json", "--checkpoint", "kept"), 1)["ok"] is False


@pytest.mark.parametrize("keys", [["nonsense"], ["one.example/malmo", "two.example/malmo"]])
def test_keys_that_make_no_sense_are_refused(samjour: Run, keys: list[str]) -> None:
    """Exit 2 for what is no key, and for ledgers of two hosts."""
    vkeys = [k if "." not in k else verifier_to_text(Verifier(name=k, public=KEY.public)) for k in keys]
    code, _, err = samjour("ledger", "verify", *(word for vkey in vkeys for word in ("--vkey", vkey)))
    assert code == 2
    assert "--vkey" in err


def test_a_copy_is_verified_without_server_or_secrets(
    samjour: Run, here: Path, vkey: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, with a verifier key alone, a backup verifies; the key of another ledger does not do."""
    samjour("backup", "backup.db")
    auditor = tmp_path / "auditor"
    auditor.mkdir()
    shutil.move("backup.db", auditor)
    shutil.rmtree(here / "keys")
    monkeypatch.delenv("SAMJOUR_DATABASE_URL")
    monkeypatch.delenv("SAMJOUR_KEYS_DIR")
    monkeypatch.chdir(auditor)
    given = ["ledger", "verify", "--json", "--database", "backup.db"]
    assert told(samjour(*given, "--vkey", vkey))["ok"] is True
    other = verifier_to_text(Verifier(name="localhost/malmo", public=KEY.public))
    assert told(samjour(*given, "--vkey", other), 1)["ok"] is False
    assert samjour(*given)[0] == 3
    assert sorted(path.name for path in auditor.iterdir()) == ["backup.db"]


def test_a_copy_is_verified_with_the_ledgers_key_file(samjour: Run, here: Path) -> None:
    """Beside its keys a copy needs no other word; only the public part of one key is used."""
    samjour("backup", "backup.db")
    for secret in ("bridge.key", "fields.key", "webhook.key"):
        (here / "keys" / secret).unlink()
    lost(here)
    assert told(samjour("ledger", "verify", "--json", "--database", "backup.db"))["ok"] is True
    assert "everything holds" in samjour("ledger", "verify", "--database", "backup.db")[1]


def test_a_changed_copy_is_found_out(samjour: Run, here: Path) -> None:
    """Exit 1, and each fault with its place."""
    samjour("backup", "backup.db")
    shutil.copy("backup.db", here / "samjour.db")
    edit(here, "UPDATE people SET facts = '{}' WHERE id = 'p-malmo-kvall-1'")
    found = told(samjour("ledger", "verify", "--json", "--database", "samjour.db"), 1)
    assert [fault["where"] for fault in found["faults"]] == ["people p-malmo-kvall-1"]


@pytest.mark.parametrize("argv", [["missing.db"], ["kept"]])
def test_what_is_no_copy_could_not_be_verified(samjour: Run, argv: list[str]) -> None:
    """Exit 3 for a file that is not there or is no database."""
    Path("kept").write_text("no database " * 100)
    assert samjour("ledger", "verify", "--database", *argv)[0] == 3


async def test_a_running_server_compares_kept_checkpoints(files: Content, here: Path) -> None:
    """Over the admin socket the same is asked and told."""
    found, note = settings_in(here), newest(here)
    async with build(found, lambda: files) as made, admin.listening(made, found, acts.ACTS):
        ask = {"checkpoints": [note], "keys": []}
        assert (await admin.call(found, files, acts.ACTS, "ledger-verify", ask))["ok"] is True
        ask = {"checkpoints": ["x"], "keys": []}
        assert (await admin.call(found, files, acts.ACTS, "ledger-verify", ask))["ok"] is False


def test_stored_cosignatures_are_verified(
    samjour: Run, here: Path, files: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cosignature in the database holds under a key in the files, and without such a key is a fault."""
    head = checkpoint_from_text(parse_note(newest(here)).text)
    line = sign_cosignature(head, name=WITNESS.name, key=KEY, at=1)
    name = witness_to_text(WITNESS).rpartition("+")[0]
    edit(here, f"INSERT INTO cosignatures VALUES ('polisen', {head.size}, '{name}', '{line}')")  # noqa: S608
    unknown = told(samjour("ledger", "verify", "--json"), 1)["faults"]
    assert unknown == [{"where": f"polisen/cosignature/{head.size}", "what": "no such witness is known"}]
    vkey = witness_to_text(WITNESS)
    one = Witness(name=WITNESS.name, vkey=vkey, organisations=(POLICE,), since=date(2026, 1, 1))
    monkeypatch.setattr(places, "content", lambda _: replace(files, witnesses=(one,)))
    assert told(samjour("ledger", "verify", "--json"))["ok"] is True


# ---- backup and restore ------------------------------------------------------------------------------


def test_a_backup_is_one_file_for_its_owner(samjour: Run, here: Path) -> None:
    """Mode 0600, told with its size; a file that is there is not overwritten."""
    found = told(samjour("backup", "backup.db"))
    made = here / "backup.db"
    assert found == {"file": str(made), "bytes": made.stat().st_size}
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    code, out, err = samjour("backup", "backup.db")
    assert (code, out) == (2, "")
    assert "already" in err


def test_without_a_database_there_is_no_backup(samjour: Run, here: Path) -> None:
    """Exit 3, and no file."""
    (here / "samjour.db").unlink()
    assert samjour("backup", "backup.db")[0] == 3
    assert not (here / "backup.db").exists()


async def test_a_backup_is_made_while_serving(files: Content, here: Path) -> None:
    """The server has the database open and locked; the copy is made beside it and verifies."""
    found = settings_in(here)
    async with build(found, lambda: files) as made:
        await made.deps.store.write(lambda tx: tx.people.forget_ways_in())
        code = await asyncio.to_thread(main, ["backup", str(here / "backup.db")])
    assert code == 0
    with looking_into(here / "backup.db") as tx:
        assert tx.ledger.size(POLICE) > 0


async def test_a_backup_made_between_writes_is_of_one_moment(files: Content, here: Path) -> None:
    """While one entry follows the other, a copy holds whole transactions, and verifies."""
    found, copy = settings_in(here), here / "backup.db"
    async with build(found, lambda: files) as made:
        going_on = True

        async def go_on() -> int:
            written = 0
            while going_on:
                await made.deps.store.write(lambda tx: change_somebody(tx, made.deps))
                written += 1
            return written

        writing = asyncio.create_task(go_on())
        assert await asyncio.to_thread(main, ["backup", str(copy)]) == 0
        going_on = False
        assert await writing > 0
        with looking_into(copy) as tx:
            assert verify(tx, signers(made.deps)).faults == ()


def lost(here: Path) -> None:
    """The disk is new; the keys were put back."""
    for path in here.glob("samjour.db*"):
        path.unlink()


def test_a_backup_is_restored(samjour: Run, here: Path) -> None:
    """Everything is there again; every ledger says that it was put back; nobody is signed in, no code works."""
    samjour("backup", "backup.db")
    lost(here)
    found = told(samjour("restore", "backup.db"))
    assert found["ok"] is True
    verified = told(samjour("ledger", "verify", "--json"))
    connection = sqlite3.connect(here / "samjour.db")
    ledgers = [row[0] for row in connection.execute("SELECT organisation FROM ledgers")]
    told_so = connection.execute("SELECT organisation, body FROM entries WHERE kind = 'restore'").fetchall()
    ways_in = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("sessions", "tickets")]  # noqa: S608
    connection.close()
    assert sorted(organisation for organisation, _ in told_so) == sorted(ledgers)
    assert all(set(json.loads(body)) == {"act", "at", "copy"} for _, body in told_so)
    assert verified["entries"] == found["entries"] + len(ledgers)
    assert ways_in == [0, 0]


def test_a_database_that_is_there_is_not_replaced(samjour: Run, here: Path) -> None:
    """Exit 2; whoever wants it restored moves the old one away first."""
    samjour("backup", "backup.db")
    before = (here / "samjour.db").read_bytes()
    code, out, err = samjour("restore", "backup.db")
    assert (code, out) == (2, "")
    assert "move it away" in err
    assert (here / "samjour.db").read_bytes() == before


@pytest.mark.parametrize("left", ["samjour.db", "samjour.db-wal", "samjour.db-journal"])
def test_not_even_a_remnant_is_replaced(samjour: Run, here: Path, left: str) -> None:
    """An empty file, or what SQLite keeps beside one, may be all that is left of somebody's record."""
    samjour("backup", "backup.db")
    lost(here)
    (here / left).write_bytes(b"")
    code, out, err = samjour("restore", "backup.db")
    assert (code, out) == (2, "")
    assert left in err
    assert (here / left).read_bytes() == b""


def test_a_backup_that_does_not_verify_is_not_restored_unasked(samjour: Run, here: Path) -> None:
    """Exit 1 with the faults, and nothing is there; who needs it all the same says so."""
    edit(here, "UPDATE people SET facts = '{}' WHERE id = 'p-malmo-kvall-1'")
    samjour("backup", "backup.db")
    lost(here)
    code, out, err = samjour("restore", "backup.db")
    assert (code, out) == (1, "")
    assert "people p-malmo-kvall-1" in err
    assert not (here / "samjour.db").exists()
    assert told(samjour("restore", "backup.db", "--with-faults"))["ok"] is False
    assert (here / "samjour.db").exists()


@pytest.mark.parametrize("content", [None, b"", b"no database " * 100])
def test_what_is_no_backup_is_not_restored(samjour: Run, here: Path, content: bytes | None) -> None:
    """A missing, empty or foreign file restores nothing."""
    lost(here)
    if content is not None:
        Path("backup.db").write_bytes(content)
    code, out, _ = samjour("restore", "backup.db")
    assert (code in (2, 3), out) == (True, "")
    assert not (here / "samjour.db").exists()


def test_without_keys_a_backup_is_verified_with_a_verifier_key(samjour: Run, here: Path, vkey: str) -> None:
    """The keys come first; where they are still to be found, a verifier key stands in for the check."""
    samjour("backup", "backup.db")
    lost(here)
    shutil.move(here / "keys", here / "keys-elsewhere")
    code, _, err = samjour("restore", "backup.db")
    assert code == 3
    assert "put it back" in err
    assert not (here / "keys").exists()
    assert told(samjour("restore", "backup.db", "--vkey", vkey))["ok"] is True


def test_a_restore_is_seen_by_whoever_kept_a_checkpoint(samjour: Run, here: Path, files: Content) -> None:
    """What happened since the backup is gone, and no restore hides that."""
    samjour("backup", "backup.db")

    async def go_on() -> None:
        async with build(settings_in(here), lambda: files) as made:
            for _ in range(3):
                await made.deps.store.write(lambda tx: change_somebody(tx, made.deps))
            await sign_heads(made.deps)

    asyncio.run(go_on())
    Path("kept").write_text(newest(here))
    lost(here)
    said = samjour("restore", "backup.db", "--checkpoint", "kept")
    restored = told(said)
    assert restored["missing"] == {"known": True, "entries": {"polisen": 3}, "certificates": 0}
    assert "polisen: at least 3 entries are missing" in said[2]
    found = told(samjour("ledger", "verify", "--json", "--checkpoint", "kept"), 1)
    assert [fault["what"] for fault in found["faults"]] == ["entries that were signed are missing"]


def test_a_restore_says_until_when_the_backup_reaches(samjour: Run, here: Path) -> None:
    """Whoever restores reads the time and size of the backup, and what to repeat; a stranger's note tells nothing."""
    samjour("backup", "backup.db")
    size = Path("backup.db").stat().st_size
    connection = sqlite3.connect("backup.db")
    entries = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    connection.close()
    lost(here)
    head = Checkpoint(origin="localhost/polisen", size=10**6, root=bytes(32))
    Path("strange").write_text(sign_checkpoint(head, signing_key(b"x" * 32)))
    said = samjour("restore", "backup.db", "--checkpoint", "strange")
    found = told(said)
    until = datetime.fromisoformat(found["backup"]["until"]).astimezone(ZoneInfo("Europe/Stockholm"))
    assert found["backup"] == {"bytes": size, "entries": entries, "until": found["backup"]["until"]}
    assert found["missing"] == {"known": False, "entries": {}, "certificates": 0}
    at = until.strftime("%Y-%m-%d %H:%M")
    assert f"suspensions, revocations and everything after {at} are not in it: repeat them" in said[2]
    assert f"{size} bytes and {entries} entries" in said[2]
    assert "--checkpoint FILE" in said[2]


def change_somebody(tx: Tx, deps: Deps) -> None:
    """One entry in the police's ledger."""
    person = tx.people.get(PersonId("p-polis-malmo-1"))
    assert person is not None
    put_person(tx, deps, person, "test")


def test_somebody_elses_note_is_a_fault(samjour: Run) -> None:
    """A note of another key, whatever it says, is none of ours."""
    head = Checkpoint(origin="localhost/polisen", size=3, root=bytes(32))
    Path("kept").write_text(sign_checkpoint(head, KEY))
    assert samjour("ledger", "verify", "--checkpoint", "kept")[0] == 1
