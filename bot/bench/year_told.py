"""What a simulated year has shown: how soon somebody took it, how late the next was asked, and whether anybody was left alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.bench.measure import Figure
from bot.bench.year import Year
from bot.bench.year_acts import Told
from bot.core.consultation import Consultation, State
from bot.core.events import Ending
from bot.core.ids import ConsultationId
from bot.flow.deps import Deps
from bot.flow.ports import Tx

STEP: Final = 60.0  # seconds that most steps wait: what a time to accept stands beside
LATE: Final = (0.002, 0.02)  # seconds, p50 and p99 (budgets)
_TOGETHER: Final = 500


@dataclass(slots=True)
class Ended:
    """How all requests ended."""

    requests: int = 0
    taken: int = 0  # and held until it was over
    numbers: int = 0  # were given numbers, at some time
    cancelled: int = 0  # by the officer, who waited for somebody
    alone: list[ConsultationId] = field(default_factory=list)  # neither person nor number, nor withdrawn
    open: int = 0  # not over
    asked: Counter[str] = field(default_factory=Counter)  # offers by step


async def ended(deps: Deps, told: Told) -> Ended:
    """Read how each request stands."""
    found, asked = Ended(), told.asked
    for start in range(0, len(asked), _TOGETHER):
        some = asked[start : start + _TOGETHER]

        def read(tx: Tx, some: Sequence[ConsultationId] = some) -> list[Consultation]:
            return [c for c in map(tx.consultations.get, some) if c is not None]

        for c in await deps.store.read(read):
            _count(found, c)
    return found


def figures(year: Year, found: Ended, seconds: float) -> Iterator[Figure]:
    """Every figure of the year; a share stands beside 1, a time beside a step's seconds or the budget's."""
    told = year.told
    yield _number("year.requests", found.requests, "requests")
    yield Figure(name="year.wall", value=seconds, unit="s", limit=600.0)
    soonest = {took.consultation: took.since_request for took in reversed(told.took)}
    at_once = [seconds for id_, seconds in soonest.items() if id_ not in told.deferred]
    yield from _times("year.accept", at_once, (STEP, STEP), (50, 95))
    yield from _times("year.lateness", year.late, LATE, (50, 99))
    for step, asked in sorted(found.asked.items()):
        answers = [took.since_offer for took in told.took if took.step == step]
        yield Figure(name=f"year.{step}.taken", value=len(answers), unit="offers", limit=float(asked))
        yield from _times(f"year.{step}.answer", answers, (STEP, STEP), (50, 95))
    for name, count in (
        ("taken", found.taken),
        ("numbers", found.numbers),
        ("deferred", len(told.deferred)),
        ("cancelled", found.cancelled),
        ("not-over", found.open),
        ("alone", len(found.alone)),
    ):
        yield Figure(name=f"year.{name}", value=count, unit="requests", limit=float(max(1, found.requests)))
    for name, count in sorted(told.did.items()):
        yield _number(f"year.did.{name.replace(' ', '-')}", count, "times")
    yield _number("year.refused", year.refused, "acts")
    yield Figure(
        name="year.ineligible", value=told.ineligible, unit="offers", limit=float(max(1, told.judged))
    )


def failed(told: Told, found: Ended) -> bool:
    """Whether somebody was left alone, a request is not over, or somebody took what they could not be asked."""
    return bool(found.alone or found.open or told.ineligible)


def _count(found: Ended, c: Consultation) -> None:
    found.requests += 1
    for offer in c.offers:
        found.asked[offer.step] += 1
    found.taken += c.holder is not None
    found.numbers += bool(c.numbers)
    found.cancelled += c.ending is Ending.CANCELLED
    found.open += c.state is not State.CLOSED
    if c.holder is None and not c.numbers and c.ending is not Ending.CANCELLED:
        found.alone.append(c.id)


def _times(
    name: str, seconds: Sequence[float], limits: tuple[float, float], shares: Sequence[int]
) -> Iterator[Figure]:
    """These percentiles of what was measured, each beside its limit; nothing where nothing was."""
    ordered = sorted(seconds)
    for percent, limit in zip(shares, limits, strict=True):
        if ordered:
            at = min(len(ordered) - 1, len(ordered) * percent // 100)
            yield Figure(name=f"{name}.p{percent}", value=ordered[at], unit="s", limit=limit)


def _number(name: str, value: int, unit: str) -> Figure:
    return Figure(name=name, value=value, unit=unit, limit=float(max(1, value)))
