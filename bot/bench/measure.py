"""Measures two kinds of work in turns, so that a machine that drifts drifts for both."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

Tick = Callable[[], float]  # seconds that only ever grow
Work = Callable[[], Awaitable[int]]  # does some of it; returns how many

ROUNDS: Final = 7  # of each, in turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What we do, and the raw work that nobody could do it without, under one name."""

    name: str
    unit: str  # of both, per second
    ours: Work
    raw: Work
    rounds: int = ROUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One result: ours and the raw limit per second, medians of the same run, and the share that is reached."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def ratio(self) -> float:
        """Ours as a share of the limit."""
        return self.value / self.limit


def share(name: str, hits: Sequence[bool]) -> Figure:
    """How many of all are hits, 0 to 1; 0 of none."""
    return Figure(name=name, value=sum(hits) / max(1, len(hits)), unit="share", limit=1.0)


async def compare(pair: Pair, tick: Tick) -> Figure:
    """Do each once to warm up, then in turns, beginning with the one and with the other."""
    await pair.ours()
    await pair.raw()
    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(pair.rounds):
        for is_ours in (turn % 2 == 0, turn % 2 == 1):
            rates[is_ours].append(await _rate(pair.ours if is_ours else pair.raw, tick))
    return Figure(name=pair.name, value=median(rates[True]), unit=pair.unit, limit=median(rates[False]))


def repeated(act: Callable[[], object], times: int) -> Work:
    """The same act so many times."""

    async def work() -> int:
        for _ in range(times):
            act()
        return times

    return work


async def _rate(work: Work, tick: Tick) -> float:
    begun = tick()
    count = await work()
    return count / max(tick() - begun, 1e-9)
