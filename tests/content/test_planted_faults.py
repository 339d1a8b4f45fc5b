"""Planted faults: whatever is wrong in the content is one clear fault that names its file, and nothing else is."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot import content
from tests.content.planted import FAULTS, Planted, lay_out

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy before anything is planted in it."""
    root = tmp_path_factory.mktemp("unharmed")
    lay_out(root)
    return root


def check(root: Path) -> tuple[int, list[str]]:
    return content.check(root, root / "bot/texts", today=TODAY)


def test_the_unharmed_copy_has_no_fault(unharmed: Path) -> None:
    """Whatever is found below was planted."""
    articles, told = check(unharmed)
    assert told == []
    assert articles >= 20


def test_there_are_many_of_many_kinds() -> None:
    """No two are the same, and every kind of file has one."""
    assert len({planted.name for planted in FAULTS}) == len(FAULTS) >= 40
    assert {planted.path.split("/")[0] for planted in FAULTS} == {"knowledge", "policies", "bot"}


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted.name.replace(" ", "-"))
def test_a_planted_fault_is_the_only_one(unharmed: Path, tmp_path: Path, planted: Planted) -> None:
    """One fault in one file is told once, on one line, with the file and the place in it."""
    root = tmp_path / "planted"
    shutil.copytree(unharmed, root)
    file = root / planted.path
    changed = planted.change(file.read_bytes() if file.exists() else b"")
    if changed is None:
        file.unlink()
    else:
        file.write_bytes(changed)
    _, told = check(root)
    assert len(told) == 1, told
    assert told[0].startswith(planted.fault), told
    assert told[0].isprintable()
