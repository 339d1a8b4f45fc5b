"""Drills: each afternoon a doorbell that is only tried, step by step; what counts as seen, and when a step has failed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from bot.core.hours import STOCKHOLM
from bot.core.ids import OrganisationId, PersonId, StepId

BEGINS: Final = time(14, 30)  # on the wall clock; nobody's night
ENDS: Final = time(16, 0)  # who was not there at half past two does not ring in the evening
LOOKED_BACK: Final = timedelta(days=14)  # for the last ones that were tried
IN_A_ROW: Final = 2  # as many that nobody saw, and the step is not known to ring


class Skipped(StrEnum):
    """Why a step was not tried. The values go into rows and the ledger: add, never rename."""

    NOBODY = "nobody"  # nobody of the step was on duty, free and vetted
    RED = "red"  # whoever would have been rung is known not to be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One person's doorbell in one step's drill of one day, or why nobody was rung (`person` empty).

    `until`: as long as the step waits. No text, no request and no consultation belongs to it.
    """

    organisation: OrganisationId
    step: StepId
    day: date
    person: PersonId
    at: datetime
    until: datetime
    seen: datetime | None = None
    skipped: Skipped | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one step's drill of one day. `passed`: None while it goes on, and where nobody was rung.

    `seconds`: until the first person looked.
    """

    step: StepId
    day: date
    passed: bool | None
    seconds: float | None = None
    skipped: Skipped | None = None


def is_time(now: datetime) -> bool:
    """Whether drills are begun now."""
    return BEGINS <= now.astimezone(STOCKHOLM).time() < ENDS


def results(drills: Iterable[Drill], now: datetime) -> tuple[Result, ...]:
    """What came of each step's drill of each day, by step and day. All of one organisation."""
    ordered = sorted(drills, key=_of)
    return tuple(_result(step, day, tuple(rung), now) for (step, day), rung in groupby(ordered, key=_of))


def last(found: Iterable[Result]) -> dict[StepId, Result]:
    """The last drill of each step."""
    return {one.step: one for one in found}


def has_failed(found: Sequence[Result]) -> bool:
    """Whether the last drills of any step that were tried were seen by nobody, so many in a row."""
    tried = [one for one in found if one.passed is not None]
    return any(
        len(mine := list(of_step)[-IN_A_ROW:]) == IN_A_ROW and not any(one.passed for one in mine)
        for _, of_step in groupby(tried, key=lambda one: one.step)
    )


def _of(drill: Drill | Result) -> tuple[StepId, date]:
    return drill.step, drill.day


def _result(step: StepId, day: date, rung: Sequence[Drill], now: datetime) -> Result:
    skipped = next((one.skipped for one in rung if one.skipped is not None), None)
    if skipped is not None:
        return Result(step=step, day=day, passed=None, skipped=skipped)
    waits = [
        (one.seen - one.at).total_seconds() for one in rung if one.seen is not None and one.seen <= one.until
    ]
    if waits:
        return Result(step=step, day=day, passed=True, seconds=min(waits))
    return Result(step=step, day=day, passed=None if now <= max(one.until for one in rung) else False)
