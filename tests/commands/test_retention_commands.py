"""`samjour retention` and `samjour hold`: what they do, what they say, and how they refuse."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.app import build
from bot.commands import acts, admin, places
from bot.content import Content
from bot.core.errors import BadInput
from bot.demo.clock import ScriptedClock
from bot.flow.retention_run import run
from tests.flow.flow_world import NIGHT, lay_out, night_of
from tests.flow.retention_world import DAY, SECOND, certificates_in, dump, read_decided, talk

Said = tuple[int, str, str]
Run = Callable[..., Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A closed night in which one talk is due."""

    folder: Path
    consultation: str
    at: datetime


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files and two decisions."""
    return read_decided()


@pytest.fixture(scope="module")
def due(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Made once, copied for each test."""
    return asyncio.run(_night(tmp_path_factory.mktemp("due"), content))


async def _night(folder: Path, content: Content) -> Night:
    await lay_out(folder / "seeded", content, NIGHT)
    async with night_of(folder / "seeded", folder / "night", content, NIGHT) as world:
        c = await talk(world)
        await run(world.deps, "test")
        world.clock.move(8 * DAY)
        return Night(folder=folder / "night", consultation=c.id, at=world.clock.now())


@pytest.fixture
def night(due: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Where the settings of this process point."""
    folder = tmp_path / "night"
    shutil.copytree(due.folder, folder)
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", f"sqlite+aiosqlite:///{folder / 'samjour.db'}")
    monkeypatch.setenv("SAMJOUR_KEYS_DIR", str(folder / "keys"))
    return Night(folder=folder, consultation=due.consultation, at=due.at)


@pytest.fixture
def samjour(
    content: Content, night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line, at the night's hour."""
    monkeypatch.setattr(places, "content", lambda _: content)

    def run_at(*argv: str, at: datetime = night.at) -> Said:
        monkeypatch.setattr(places, "build", partial(build, clock=ScriptedClock(at)))
        try:
            code = main(argv)
        except SystemExit as left:  # argparse
            code = int(str(left.code))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_at


def told(said: Said) -> Any:  # noqa: ANN401 - parsed JSON
    assert said[0] == 0, said
    return json.loads(said[1])


def test_dry_run_tells_and_changes_nothing(samjour: Run, night: Night) -> None:
    """What would be erased, by class and decision; every row and file stays."""
    rows = dump(night.folder)
    plan = told(samjour("retention", "run", "--dry-run", "--json"))
    assert plan["dry_run"] is True
    (one,) = plan["certificates"]
    assert one["consultations"] == [night.consultation]
    assert (one["organisation"], one["class"], one["decisions"]) == (
        "malmo",
        "unnamed",
        {"malmo": "PROV 2026/2"},
    )
    assert (dump(night.folder), certificates_in(night.folder)) == (rows, {})


def test_run_erases_and_says_by_which_certificate(samjour: Run, night: Night) -> None:
    """Once; the second time there is nothing, and the ledger verifies."""
    done = told(samjour("retention", "run", "--json"))
    (one,) = done["certificates"]
    assert (one["consultations"], done["cleared"], done["dry_run"]) == ([night.consultation], True, False)
    assert list(certificates_in(night.folder)) == [f"{one['certificate']}.certificate"]
    assert told(samjour("retention", "run", "--json"))["certificates"] == []
    assert told(samjour("ledger", "verify", "--json"))["ok"] is True
    assert told(samjour("retention", "reapply")) == {"erased": 0}


def test_a_restored_backup_is_erased_again(samjour: Run, night: Night) -> None:
    """What was erased since the backup comes back with it, and is gone again before anybody is served."""
    copy = night.folder.parent / "backup.db"
    told(samjour("backup", str(copy)))
    told(samjour("retention", "run", "--json"))
    for path in night.folder.glob("samjour.db*"):
        path.unlink()
    said = samjour("restore", str(copy))
    restored = told(said)
    assert (restored["ok"], restored["erased_again"]) == (True, 1)
    assert restored["missing"] == {"known": False, "entries": {}, "certificates": 1}
    assert "1 certificates of erasure are newer than the backup" in said[2]
    assert told(samjour("ledger", "verify", "--json"))["ok"] is True
    assert told(samjour("retention", "reapply")) == {"erased": 0}
    with closing(sqlite3.connect(night.folder / "samjour.db")) as raw:
        state = raw.execute("SELECT state FROM consultations WHERE id = ?", (night.consultation,)).fetchone()
        rooms = raw.execute("SELECT count(*) FROM rooms WHERE consultation = ?", (night.consultation,))
        assert (state, rooms.fetchone()) == (("erased",), (0,))


def test_certificates_can_stand_elsewhere(
    samjour: Run, night: Night, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SAMJOUR_CERTIFICATES_DIR names the folder; it is made when the first comes."""
    monkeypatch.setenv("SAMJOUR_CERTIFICATES_DIR", str(tmp_path / "elsewhere" / "kept"))
    (one,) = told(samjour("retention", "run", "--json"))["certificates"]
    assert (tmp_path / "elsewhere" / "kept" / f"{one['certificate']}.certificate").is_file()
    assert certificates_in(night.folder) == {}


def test_what_people_are_told(samjour: Run, night: Night) -> None:
    """Lines for a person: how many of what, by which decision, and why the others stay."""
    assert samjour("retention", "run", "--dry-run")[1] == (
        "malmo unnamed: 1 would be erased (malmo PROV 2026/2)\n"
    )
    samjour("hold", "add", night.consultation, "--decision", "PROV 9")
    assert samjour("retention", "run")[1] == "nothing erased\n1 kept: a hold stands\n"
    samjour("hold", "remove", night.consultation, "--decision", "PROV 9")
    erased = samjour("retention", "run")[1]
    assert erased.startswith("malmo unnamed: 1 erased by certificate ")
    assert erased.endswith(" (malmo PROV 2026/2)\n")


def test_holds(samjour: Run, night: Night) -> None:
    """Added, listed, removed; each with the number of its decision."""
    named = (night.consultation, "--decision")
    assert told(samjour("hold", "add", *named, " PROV 9 ")) == {
        "consultation": night.consultation,
        "decision": "PROV 9",
        "held": True,
    }
    told(samjour("hold", "add", *named, "PROV 10", at=night.at + SECOND))
    listed = told(samjour("hold", "list"))["holds"]
    assert [(one["consultation"], one["decision"], one["by"]) for one in listed] == [
        (night.consultation, "PROV 9", "command line"),
        (night.consultation, "PROV 10", "command line"),
    ]
    assert told(samjour("hold", "remove", *named, "PROV 9"))["held"] is True
    assert told(samjour("retention", "run", "--json"))["kept"] == {"held": 1}
    assert told(samjour("hold", "remove", *named, "PROV 10"))["held"] is False
    assert told(samjour("hold", "list")) == {"holds": []}
    assert told(samjour("ledger", "verify", "--json"))["ok"] is True


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("hold", "add", "nothing", "--decision", "PROV 9"), "there is no consultation with that id"),
        (("hold", "remove", "THIS", "--decision", "PROV 9"), "there is no such hold"),
        (("hold", "add", "THIS", "--decision", ""), "the number of a decision is one line"),
        (("hold", "add", "THIS", "--decision", "a\nb"), "the number of a decision is one line"),
        (("hold", "add", "THIS", "--decision", "x" * 121), "the number of a decision is one line"),
    ],
)
def test_hold_that_makes_no_sense_is_refused(
    samjour: Run, night: Night, argv: tuple[str, ...], says: str
) -> None:
    """One clear line, exit 2, and nothing is recorded."""
    rows = dump(night.folder)
    code, out, err = samjour(*(night.consultation if word == "THIS" else word for word in argv))
    assert (code, out) == (2, "")
    assert says in err
    assert dump(night.folder) == rows


def test_hold_twice_by_one_decision_is_refused(samjour: Run, night: Night) -> None:
    """The second time says so, and the first still stands."""
    told(samjour("hold", "add", night.consultation, "--decision", "PROV 9"))
    assert samjour("hold", "add", night.consultation, "--decision", "PROV 9")[0] == 2
    assert len(told(samjour("hold", "list"))["holds"]) == 1


def test_hold_of_what_is_erased_is_refused(samjour: Run, night: Night) -> None:
    """It comes too late, and says so."""
    told(samjour("retention", "run", "--json"))
    code, out, err = samjour("hold", "add", night.consultation, "--decision", "PROV 9")
    assert (code, out) == (3, "")
    assert "it is erased" in err


def test_clock_that_jumped_is_refused_until_somebody_says_that_it_is_right(
    samjour: Run, night: Night
) -> None:
    """Exit 3 with one line that says how; then the run goes on."""
    later = night.at + 400 * DAY
    for argv in (("retention", "run"), ("retention", "run", "--dry-run")):
        code, out, err = samjour(*argv, at=later)
        assert (code, out) == (3, "")
        assert "--clock-is-right" in err
    done = told(samjour("retention", "run", "--clock-is-right", "--json", at=later))
    assert len(done["certificates"]) == 1


def test_traces_that_are_left_are_said(samjour: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1: erased, but not yet from every file."""

    async def busy(_: object) -> bool:
        return False

    monkeypatch.setattr("bot.store.sqlite.SqliteStore.scour", busy)
    code, out, _ = samjour("retention", "run")
    assert code == 1
    assert "traces may be left" in out


def test_without_a_database_there_is_nothing_to_erase(
    samjour: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit 3, and none is made."""
    monkeypatch.delenv("SAMJOUR_DATABASE_URL")
    monkeypatch.chdir(tmp_path)
    assert samjour("retention", "run")[0] == 3
    assert samjour("hold", "list")[0] == 3
    assert not (tmp_path / "var").exists()


@pytest.mark.usefixtures("night")
async def test_acts_check_what_they_are_given(content: Content) -> None:
    """Whoever speaks to the socket directly is refused like the command line."""
    found = places.settings()
    for args in ({}, {"consultation": 7, "decision": "x"}, {"consultation": "c-1"}):
        with pytest.raises(BadInput):
            await admin.call(found, content, acts.ACTS, "hold-add", args)
