"""The bench: every figure is measured, in the promised form, with nothing timed by the test."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot import content as files
from bot.__main__ import USAGE, main
from bot.app import build
from bot.bench.figures import NAMES, Sizes, chosen, measure
from bot.bench.grow import Script, size_of
from bot.bench.ledgers import Ground
from bot.bench.measure import Figure
from bot.commands import bench
from bot.core.errors import BadInput
from bot.demo.seed import seed
from bot.demo.seed_devices import read_roots
from bot.flow import verify
from bot.flow.upkeep import signers
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TINY = Sizes(seals=2, appends=5, rooms=2, turns=2, entries=100)


@pytest.fixture(scope="session")
def content() -> files.Content:
    return files.read(ROOT)


@asynccontextmanager
async def ground_in(folder: Path, content: files.Content) -> AsyncIterator[Ground]:
    database = folder / "samjour.db"
    settings = replace(Settings(), database_url=f"sqlite+aiosqlite:///{database}", keys_dir=folder / "keys")
    async with build(settings, lambda: content) as samjour:
        await seed(samjour.deps, content, folder / "supervisors")
        roots = read_roots(samjour.deps, content, folder)
        yield Ground(deps=samjour.deps, database=database, roots=roots)


async def test_every_name_is_measured_on_a_fresh_ground(tmp_path: Path, content: files.Content) -> None:
    """One figure for each name, in their order, each with what it is a share of."""
    folders = (tmp_path / str(number) for number in count())
    ticks = count()
    measured = [
        figure
        async for figure in measure(
            NAMES, lambda: _made(next(folders), content), lambda: float(next(ticks)), TINY
        )
    ]
    assert tuple(figure.name for figure in measured) == NAMES
    assert all(figure.value > 0 and figure.limit > 0 for figure in measured)
    assert all(figure.unit.endswith("/s") for figure in measured)


@asynccontextmanager
async def _made(folder: Path, content: files.Content) -> AsyncIterator[Ground]:
    await asyncio.to_thread(folder.mkdir)
    async with ground_in(folder, content) as ground:
        yield ground


async def test_a_grown_ledger_verifies_and_has_everything_in_it(
    tmp_path: Path, content: files.Content
) -> None:
    """What is verified fast must be worth verifying: talks in rooms, questions, people, signed heads; and it holds."""
    async with ground_in(tmp_path, content) as ground:
        script = Script(ground.deps)
        await script.cast()
        begun = await ground.deps.store.read(lambda tx: size_of(tx, ground.deps))
        wanted = await script.grow(begun + 150)
        found = await ground.deps.store.read(lambda tx: verify.verify(tx, signers(ground.deps)))
        kinds = await ground.deps.store.read(
            lambda tx: {e.entry.kind for o in tx.audit.organisations() for e in tx.audit.entries(o)}
        )
        assert found.ok
        assert found.entries == wanted >= begun + 150
        assert wanted == await ground.deps.store.read(lambda tx: size_of(tx, ground.deps))
        assert {"consultation", "room", "person", "roster", "address"} <= kinds


def test_a_line_is_as_promised(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts read one JSON object per line, with these five fields."""

    async def one(*_: object) -> AsyncIterator[Figure]:
        yield Figure(name="verify", value=1234.56, unit="entries/s", limit=2000.0)

    monkeypatch.setattr(bench, "measure", one)
    assert main(["bench", "--json", "--only", "verify"]) == 0
    told = capsys.readouterr().out
    assert json.loads(told) == {
        "name": "verify",
        "value": 1234.6,
        "unit": "entries/s",
        "limit": 2000.0,
        "ratio": 0.617,
    }
    assert main(["bench"]) == 0
    assert capsys.readouterr().out.split() == [
        "verify",
        "1,235",
        "entries/s",
        "limit",
        "2,000",
        "ratio",
        "0.62",
    ]


@pytest.mark.parametrize(
    "argv", [["--only", "everything"], ["--only", ""], ["--size", "5"], ["--size", "10000001"]]
)
def test_what_cannot_be_measured_is_bad_usage(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown name, or a ledger of no size, is one line on stderr and exit code 2, before anything is made."""
    assert main(["bench", *argv]) == USAGE
    told = capsys.readouterr()
    assert not told.out
    assert told.err.startswith("samjour: --")
    assert told.err.count("\n") == 1


def test_a_name_is_chosen_or_all_are() -> None:
    """Without a name everything is measured."""
    assert chosen(None) == NAMES
    assert chosen("append") == ("append",)
    with pytest.raises(BadInput, match="verify"):
        chosen("append,verify")
