"""The scripted evening: it goes as it should, and leaves nothing readable behind."""

import asyncio
import json
import sys
import time
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.errors import BadInput
from bot.demo import night as evening
from bot.demo.night import SECRETS, night
from bot.demo.night_chat import OFFICER_SAYS, QUESTION, WORKER_SAYS
from bot.demo.night_sealed import COLLEAGUE_WRITES, OFFICER_WRITES, WORKER_WRITES
from bot.demo.run import RECORDS
from bot.seal.errors import Tampered
from tests.stories.conftest import ROOT
from tests.stories.plaintext import distinctive, files_under, leaks, people_of

PLAYED = 28  # steps of the evening
OVERLAP = 1000  # bytes: no secret is longer


@pytest.fixture(scope="session")
def hidden(content: Content) -> set[str]:
    """What must be found nowhere in clear."""
    return distinctive(SECRETS) | people_of(content)


def since(searched: dict[str, bytes], bodies: dict[str, bytes]) -> dict[str, bytes]:
    """What is new in files that have changed: all of it, or where a file only grew its end, with some before it."""
    changed = {name: body for name, body in bodies.items() if searched.get(name) != body}
    grown = {
        name: searched[name] for name, body in changed.items() if body.startswith(searched.get(name, b"!"))
    }
    return {
        name: body[max(0, len(grown[name]) - OVERLAP) :] if name in grown else body
        for name, body in changed.items()
    }


def test_the_search_finds_what_it_looks_for(hidden: set[str], tmp_path: Path) -> None:
    """A leak in any file, in any of the forms, is found: an empty result means something."""
    (tmp_path / "samjour.db-wal").write_bytes(b"\0\1" + OFFICER_SAYS.encode("utf-16-le") + b"\0")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log").write_text(json.dumps({"text": WORKER_SAYS}))
    (tmp_path / "b").write_bytes(b"Socialsekreterare Malm\xc3\xb6 dag 1")
    found = leaks(files_under(tmp_path), hidden)
    assert f"samjour.db-wal: {OFFICER_SAYS}" in found
    assert f"a/log: {WORKER_SAYS}" in found
    assert "b: Socialsekreterare Malmö dag 1" in found


def test_the_secrets_have_telling_parts(hidden: set[str]) -> None:
    """Not only whole sentences are looked for: a telling word, a number or a name alone is a leak too."""
    assert {"halvtimme", "skyddsbedömningen", "070-174 06 05", "0701740605", "070-1740631"} <= hidden
    assert {"Storasyster", "följdfrågor", "läkarundersökningen"} <= hidden
    assert len(hidden) > len(SECRETS) + 60


async def test_nothing_stands_in_clear_after_any_step(
    tmp_path: Path, content: Content, hidden: set[str]
) -> None:
    """While the evening goes on, no file holds what was said: not database, log, shared memory, nor key folders."""
    searched: dict[str, bytes] = {}
    async for step in night(tmp_path, content, tick=time.perf_counter):
        assert step.ok, f"{step.name}: {step.why}"
        bodies = files_under(tmp_path)
        assert await asyncio.to_thread(leaks, since(searched, bodies), hidden) == []
        searched |= bodies
    assert {"samjour.db", "samjour.db-wal", "samjour.db-shm", "keys/bridge.key"} <= searched.keys()


async def test_the_command_plays_the_evening_and_tells_nothing(
    tmp_path: Path, hidden: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`samjour demo --night --json` exits 0 with every step ok; records, output and logs hold nothing in clear,
    however much is logged.
    """
    monkeypatch.setenv("SAMJOUR_LOG_LEVEL", "DEBUG")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--night", "--json", "--dir", str(tmp_path)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    steps = [json.loads(line) for line in out.splitlines()]
    assert [step for step in steps if step["ok"] is not True] == []
    assert len(steps) == PLAYED
    assert all(step.keys() == {"step", "ok", "ms"} for step in steps)
    assert leaks({**files_under(tmp_path), "stdout": out, "stderr": err}, hidden) == []
    assert files_under(tmp_path)["samjour.db"], "the records are not where they were asked for"


async def test_a_night_without_a_folder_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --dir the evening's records are gone when it has been played, and no var/ is begun."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--night"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert files_under(tmp_path) == {}


async def test_after_a_step_that_failed_the_rest_is_not_played(
    tmp_path: Path, malmo: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step says why, and it is the last."""
    played = []

    async def fine() -> None:
        played.append("fine")

    async def wrong() -> None:
        raise Tampered("It does not hold.")

    monkeypatch.setattr(evening, "script", lambda *_: (("one", fine), ("two", wrong), ("three", fine)))
    steps = [step async for step in night(tmp_path, malmo, tick=time.perf_counter)]
    assert [(step.name, step.ok, step.why) for step in steps] == [
        ("one", True, ""),
        ("two", False, "It does not hold."),
    ]
    assert played == ["fine"]


async def test_an_evening_is_not_played_over_other_records(tmp_path: Path, malmo: Content) -> None:
    """Records that are there already are refused in one line, and stay as they are."""
    (tmp_path / RECORDS).write_bytes(b"kept")
    with pytest.raises(BadInput, match="a folder of its own"):
        await anext(night(tmp_path, malmo, tick=time.perf_counter))
    assert files_under(tmp_path) == {RECORDS: b"kept"}


def test_what_is_asked_and_written_is_among_the_secrets() -> None:
    """The question to the library is as secret as the talk, for it is not kept; and so is all of the sealed talk."""
    assert {QUESTION, OFFICER_WRITES, WORKER_WRITES, COLLEAGUE_WRITES} <= set(SECRETS)
