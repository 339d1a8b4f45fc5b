"""Coverage: in which stretches of time nobody of the chain could be asked, by area and by what is needed.

Who is on duty changes at an edge: where a shift or an override begins or ends, at midnight, when the office opens
or closes. Between two edges the answer is the same, and needs that ask the same steps have the same answer.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Final, TypeVar

from bot.core.chain import applicable, candidates
from bot.core.hours import day_minute, holds, local_day, spans_on
from bot.core.ids import AreaId, DistrictId, PersonId
from bot.core.matching import Worker, workers
from bot.core.people import Person
from bot.core.places import Organisation, Place, Step
from bot.core.request import Matter, Need, Request, Urgency
from bot.core.roster import Roster, edges, on_duty

AHEAD: Final = timedelta(days=30)  # how far gaps are looked for
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch (UTC, half-open) in which the chain of an area finds nobody on duty, only numbers. No area: all of it."""

    area: AreaId | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedGap:
    """A stretch (UTC, half-open) in which nobody could be asked for a need, only numbers. No area: all of it."""

    area: AreaId | None
    need: Need
    starts: datetime
    ends: datetime


_G = TypeVar("_G", Gap, NeedGap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The same, with every need that has just this gap."""

    area: AreaId | None
    needs: tuple[Need, ...]
    starts: datetime
    ends: datetime


def gaps(
    board: Organisation, people: Iterable[Person], known: Roster, first: datetime, last: datetime
) -> tuple[Gap, ...]:
    """Where between two instants no step of the chain finds anybody, by area; vetting and postings counted.

    Asked for advice in no particular matter. An organisation without areas of its own is taken as a whole.
    """
    found = (
        Gap(area=place.area, starts=starts, ends=ends)
        for starts, ends, place, there in _looked_at(board, people, known, first, last)
        if not _is_met(place, _asked(Need.ADVICE, starts), there)
    )
    joined = _joined(found, lambda gap: gap.area)
    return tuple(sorted(joined, key=lambda gap: (gap.starts, gap.area or "")))


def gaps_by_need(
    board: Organisation, people: Iterable[Person], known: Roster, first: datetime, last: datetime
) -> tuple[NeedGap, ...]:
    """Every gap between two instants, by its beginning; nothing for an organisation without a chain.

    Asked in no particular matter and for now; a decision of whatever kind, which the jour must reach. A step after
    the jour fills no gap: where nobody of the jour is asked, it is never reached.
    """
    if not board.steps:
        return ()
    found = (
        NeedGap(area=place.area, need=need, starts=starts, ends=ends)
        for starts, ends, place, there in _looked_at(board, people, known, first, last)
        for need in _unmet(place, there, starts)
    )
    joined, order = _joined(found, lambda gap: (gap.area, gap.need)), list(Need)
    return tuple(sorted(joined, key=lambda gap: (gap.starts, gap.area or "", order.index(gap.need))))


def stretches(gaps: Iterable[NeedGap]) -> tuple[Stretch, ...]:
    """Gaps of the same area and time told together, by their beginning."""
    found: dict[tuple[AreaId | None, datetime, datetime], list[Need]] = {}
    for gap in gaps:
        found.setdefault((gap.area, gap.starts, gap.ends), []).append(gap.need)
    told = (
        Stretch(area=area, needs=tuple(needs), starts=starts, ends=ends)
        for (area, starts, ends), needs in found.items()
    )
    return tuple(sorted(told, key=lambda one: (one.starts, one.area or "", one.ends)))


def _turns(board: Organisation, first: datetime, last: datetime) -> set[datetime]:
    """Midnights, openings and closings: when the chain, or somebody's dates, may change."""
    start = local_day(first)
    days = [start + n * _DAY for n in range((local_day(last) - start).days + 1)]
    turns = {
        day_minute(day, minute)
        for day in days
        for minute in (0, *(m for span in spans_on(board.hours, day) for m in (span.opens, span.closes)))
    }
    return {turn for turn in turns if first < turn < last}


def _looked_at(
    board: Organisation, people: Iterable[Person], known: Roster, first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime, Place, Sequence[Worker]]]:
    """Every stretch in which nothing changes, with each place and whoever is on duty then."""
    everybody = tuple(people)
    for starts, ends in pairwise(
        sorted({first, last} | edges(known, first, last) | _turns(board, first, last))
    ):
        attendance = on_duty(known, starts)
        there = workers((p for p in everybody if p.id in attendance.present), attendance, {})
        day = local_day(starts)
        areas: list[AreaId | None] = [a.id for a in board.areas if holds(day, a.valid_from, a.valid_to)]
        for area in areas or [None]:
            yield starts, ends, Place(organisation=board, area=area), there


def _is_met(place: Place, request: Request, there: Sequence[Worker]) -> bool:
    steps = applicable(place, request, request.at)
    return any(candidates(place, step, request, there, request.at, ()) for step in steps)


def _unmet(place: Place, there: Sequence[Worker], at: datetime) -> Iterator[Need]:
    known: dict[tuple[bool, tuple[Step, ...]], bool] = {}
    for need in Need:
        request = _asked(need, at)
        steps = tuple(step for step in applicable(place, request, at) if not step.after_jour)
        alike = (need is Need.DECISION, steps)  # only for a decision is somebody's authority asked
        if alike not in known:
            known[alike] = any(candidates(place, step, request, there, at, ()) for step in steps)
        if not known[alike]:
            yield need


def _asked(need: Need, at: datetime) -> Request:
    return Request(
        officer=PersonId(""),
        district=DistrictId(""),
        matter=Matter.OTHER,
        need=need,
        urgency=Urgency.NOW,
        at=at,
    )


def _joined(gaps: Iterable[_G], key: Callable[[_G], Hashable]) -> Iterator[_G]:
    """Stretches of one key that touch become one."""
    joined: dict[Hashable, list[_G]] = {}
    for gap in gaps:
        own = joined.setdefault(key(gap), [])
        if own and own[-1].ends == gap.starts:
            own[-1] = replace(own[-1], ends=gap.ends)
        else:
            own.append(gap)
    return chain.from_iterable(joined.values())
