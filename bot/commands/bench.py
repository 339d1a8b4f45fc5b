"""`samjour bench`: figures per second beside the raw limit of this machine, measured in the same run."""

import asyncio
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import build
from bot.bench import deadlines, fit, guard, library
from bot.bench.figures import Sizes, chosen, measure
from bot.bench.ledgers import Ground
from bot.bench.measure import Figure
from bot.bench.year import Plan, Seeded, Year
from bot.bench.year_told import ended, failed
from bot.bench.year_told import figures as year_figures
from bot.commands import out, places
from bot.content import Content
from bot.core.errors import BadInput
from bot.demo.clock import ScriptedClock
from bot.demo.seed import seed
from bot.demo.seed_devices import read_roots
from bot.flow import verify
from bot.flow.ports import Clock, Entropy
from bot.flow.upkeep import signers
from bot.settings import Settings

JUDGED = ("library", "library-fit", "guard")  # quality and latency; named, because they take minutes
NIGHTS = ("deadlines", "year")  # duty, in time that is moved by hand; likewise
BEGINS = datetime(
    2026, 11, 21, 21, 40, tzinfo=UTC
)  # when a night begins: the same figures from the same beginning
FEW = 20  # faults that are told
LEAST, MOST = 100, 10_000_000  # entries that are verified


def run(args: Namespace) -> int:
    """Print each figure as soon as it is there. Everything is made in a folder of its own, and goes with it."""
    named = [] if args.only is None else args.only.split(",")
    if not LEAST <= args.size <= MOST:
        raise BadInput(f"--size: is {LEAST} to {MOST} entries")
    counted = tuple(name for one in named if one not in (*JUDGED, *NIGHTS) for name in chosen(one))
    if counted or args.only is None:
        names = counted or chosen(None)
        asyncio.run(_measure(names, replace(Sizes(), entries=args.size), as_json=args.json))
    if any(one in JUDGED for one in named):
        _judge(named, args.size, as_json=args.json)
    if "deadlines" in named:
        asyncio.run(_pass_deadlines(as_json=args.json))
    if "year" in named:
        return asyncio.run(_live(Plan(), as_json=args.json))
    return 0


def _judge(names: Sequence[str], size: int, *, as_json: bool) -> None:
    """Quality and latency of the library (at 1 000 and at `size` entries) and of the guard, beside plain ones."""
    content = places.content(places.settings())
    judged: list[Iterator[Figure]] = []
    if "library" in names:
        given = library.Content(
            articles=content.articles, glossary=content.glossary, today=places.now().date()
        )
        judged.append(library.figures(given, time.perf_counter, size))
    if "library-fit" in names:
        judged.append(fit.figures(content.articles, content.glossary))
    if "guard" in names:
        judged.append(guard.figures(content.guard, time.perf_counter))
    for figure in chain.from_iterable(judged):
        _show(figure, as_json=as_json)


async def _pass_deadlines(*, as_json: bool) -> None:
    """Ten thousand at once, in an organisation large enough to be asked so much."""
    content, clock = deadlines.boundless(places.content(places.settings())), ScriptedClock(BEGINS)
    async with fresh_ground(content, clock) as ground:
        for figure in await deadlines.figures(ground, clock.move, time.perf_counter):
            _show(figure, as_json=as_json)


async def _live(plan: Plan, *, as_json: bool) -> int:
    """A year, and then whether its ledger and its rows are true; 1 when somebody was left alone, or they are not."""
    content, clock, begun = places.content(places.settings()), ScriptedClock(BEGINS), time.perf_counter()
    async with fresh_ground(content, clock, Seeded(plan.seed)) as ground:
        year = Year(ground.deps, content, clock.move, time.perf_counter, plan)
        await year.live()
        found, seconds = await ended(ground.deps, year.told), time.perf_counter() - begun
        for figure in year_figures(year, found, seconds):
            _show(figure, as_json=as_json)
        proof = await ground.deps.store.read(lambda tx: verify.verify(tx, signers(ground.deps)))
    verified = Figure(name="year.verified", value=proof.entries, unit="entries", limit=float(proof.entries))
    _show(verified, as_json=as_json)
    for fault in proof.faults[:FEW]:
        out.note(f"{fault.where}: {fault.what}")
    return 1 if failed(year.told, found) or not proof.ok else 0


def _show(figure: Figure, *, as_json: bool) -> None:
    if as_json:
        out.result({**shown(figure), "value": round(figure.value, 4), "limit": round(figure.limit, 4)})
    else:
        out.line(
            f"{figure.name:40}{figure.value:10.3f} {figure.unit:12} limit {figure.limit:10.3f}   ratio {figure.ratio:.2f}"
        )


async def _measure(names: tuple[str, ...], sizes: Sizes, *, as_json: bool) -> None:
    content = places.content(places.settings())
    async for figure in measure(names, lambda: fresh_ground(content), time.perf_counter, sizes):
        if as_json:
            out.result(shown(figure))
        else:
            out.line(
                f"{figure.name:12}{figure.value:12,.0f} {figure.unit:12} limit {figure.limit:12,.0f}"
                f"   ratio {figure.ratio:.2f}"
            )


def shown(figure: Figure) -> dict[str, object]:
    """A figure as it is promised to scripts (`value` and `limit` per second)."""
    return {
        "name": figure.name,
        "value": round(figure.value, 1),
        "unit": figure.unit,
        "limit": round(figure.limit, 1),
        "ratio": round(figure.ratio, 3),
    }


@asynccontextmanager
async def fresh_ground(
    content: Content, clock: Clock | None = None, entropy: Entropy | None = None
) -> AsyncIterator[Ground]:
    """The demo in a folder of its own, gone afterwards. `clock`, `entropy`: in place of the machine's."""
    with TemporaryDirectory(prefix="samjour-bench-") as fresh:
        folder = Path(fresh)
        database = folder / "samjour.db"
        settings = replace(
            Settings(), database_url=f"sqlite+aiosqlite:///{database}", keys_dir=folder / "keys"
        )
        async with build(settings, lambda: content, clock=clock, entropy=entropy) as samjour:
            await seed(samjour.deps, content, folder / "supervisors")
            roots = read_roots(samjour.deps, content, folder)
            yield Ground(deps=samjour.deps, database=database, roots=roots)
