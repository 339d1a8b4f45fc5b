"""The benches of duty, small: a fortnight in which nobody is left alone, the same each time; deadlines that are late, told."""

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot import content as files
from bot.__main__ import main
from bot.bench import deadlines
from bot.bench.year import Plan, Seeded, Year
from bot.bench.year_acts import Told
from bot.bench.year_told import Ended, ended, failed
from bot.commands import bench
from bot.commands.bench import BEGINS
from bot.core.ids import ConsultationId
from bot.demo.clock import ScriptedClock
from bot.flow import verify
from bot.flow.upkeep import signers
from bot.flow.verify import Verdict

ROOT = Path(__file__).parents[2]
FORTNIGHT = Plan(days=14, requests=60)


@pytest.fixture(scope="module")
def content() -> files.Content:
    return files.read(ROOT)


async def test_a_fortnight_leaves_nobody_alone(content: files.Content) -> None:
    """Whatever people do, each request ends with a person or a number, nobody unfit took one, and the ledger is true."""
    told, found, proof = await lived(content, FORTNIGHT)
    assert found.requests == FORTNIGHT.requests
    assert (found.alone, found.open, told.ineligible, proof.faults) == ([], 0, 0, ())
    assert told.judged > 0
    assert {"took", "said no", "said show", "close"} <= told.did.keys()  # the draw has not gone stale
    assert proof.entries > found.requests


async def test_the_same_seed_is_the_same_year(content: files.Content) -> None:
    """Two lives from one seed are alike to the second."""
    one, again = [(await lived(content, Plan(days=1, requests=10)))[0] for _ in range(2)]
    assert [(t.step, t.since_request) for t in one.took] == [(t.step, t.since_request) for t in again.took]
    assert one.took
    assert one.did == again.did


def test_somebody_left_alone_is_a_failure() -> None:
    """One request without person or number, one that is not over, or one unfit who took one: the bench says so."""
    clean, told = Ended(requests=2, taken=2), Told()
    assert not failed(told, clean)
    assert failed(told, replace(clean, alone=[ConsultationId("c-1")]))
    assert failed(told, replace(clean, open=1))
    assert failed(Told(ineligible=1), clean)


async def test_late_deadlines_are_told_beside_bare_inserts(content: files.Content) -> None:
    """All pass, and the figures are in the promised form: a rate, and how late the middle one and the last ones were."""
    clock, ticks = ScriptedClock(BEGINS), count(1)
    async with bench.fresh_ground(deadlines.boundless(content), clock) as ground:
        told = list(await deadlines.figures(ground, clock.move, lambda: float(next(ticks)), requests=30))
        due = await ground.deps.store.read(lambda tx: tx.consultations.overdue(clock.now(), 1))
    assert [figure.name for figure in told] == ["deadlines", "deadlines.p50", "deadlines.p99"]
    assert all(figure.value > 0 and figure.limit > 0 for figure in told)
    assert due == ()


def test_nights_are_told_as_promised(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One JSON object for each figure, on stdout alone; 0 because nobody was left alone."""
    monkeypatch.setattr(bench, "Plan", lambda: Plan(days=1, requests=4))
    assert main(["bench", "--only", "year", "--json"]) == 0
    told = {line["name"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert all(line.keys() == {"name", "value", "unit", "limit", "ratio"} for line in told.values())
    assert (told["year.requests"]["value"], told["year.alone"]["value"]) == (4, 0)
    assert told["year.verified"]["value"] > 4


async def lived(content: files.Content, plan: Plan) -> tuple[Told, Ended, Verdict]:
    """Live through it in a place of its own; what people did, how it ended, and whether it is true."""
    clock, ticks = ScriptedClock(BEGINS), count()
    async with bench.fresh_ground(content, clock, Seeded(plan.seed)) as ground:
        year = Year(ground.deps, content, clock.move, lambda: float(next(ticks)), plan)
        await year.live()
        found = await ended(ground.deps, year.told)
        return (
            year.told,
            found,
            await ground.deps.store.read(lambda tx: verify.verify(tx, signers(ground.deps))),
        )
