"""Drills: when they are rung, what counts as seen, and when a step has failed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.drills import Drill, Result, Skipped, has_failed, is_time, last, results
from bot.core.hours import local_instant
from bot.core.ids import OrganisationId, PersonId, StepId

AT = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TODAY = date(2026, 11, 24)
BELL = Drill(
    organisation=OrganisationId("malmo"),
    step=StepId("dag"),
    day=TODAY,
    person=PersonId("p-1"),
    at=AT,
    until=AT + 60 * SECOND,
)
LATE = AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "is_it"),
    [
        ("2026-11-24T14:29", False),
        ("2026-11-24T14:30", True),
        ("2026-11-24T15:59", True),
        ("2026-11-24T16:00", False),
        ("2026-11-24T02:30", False),
        ("2026-06-24T14:30", True),
        ("2026-10-25T14:30", True),
    ],
)
def test_only_in_the_afternoon(at: str, *, is_it: bool) -> None:
    """On the wall clock, summer and winter; never at night, and not in the evening when it was forgotten."""
    assert is_time(local_instant(at)) is is_it


@pytest.mark.parametrize(
    ("seen", "passed", "seconds"),
    [(None, False, None), (12, True, 12.0), (60, True, 60.0), (61, False, None)],
)
def test_seen_within_the_steps_seconds_is_passed(
    seen: int | None, seconds: float | None, *, passed: bool
) -> None:
    """As long as the step would wait for an answer, and no longer."""
    bell = replace(BELL, seen=None if seen is None else AT + seen * SECOND)
    assert results([bell], LATE) == (Result(step=StepId("dag"), day=TODAY, passed=passed, seconds=seconds),)


def test_one_of_those_who_were_rung_is_enough() -> None:
    """As with a request: whoever looks first."""
    other = replace(BELL, person=PersonId("p-2"), seen=AT + 40 * SECOND)
    first = replace(BELL, person=PersonId("p-3"), seen=AT + 20 * SECOND)
    (found,) = results([BELL, other, first], LATE)
    assert (found.passed, found.seconds) == (True, 20.0)


def test_what_goes_on_is_no_result() -> None:
    """Until the step's time is out nothing has failed."""
    (found,) = results([BELL], AT + 60 * SECOND)
    assert found.passed is None


@pytest.mark.parametrize("why", list(Skipped))
def test_what_was_skipped_is_no_result_and_says_why(why: Skipped) -> None:
    """Nobody to try, or known red: neither passed nor failed."""
    (found,) = results([replace(BELL, person=PersonId(""), skipped=why)], LATE)
    assert (found.passed, found.skipped) == (None, why)


def days(*passed: bool | None, step: str = "dag") -> list[Result]:
    return [Result(step=StepId(step), day=TODAY + n * DAY, passed=found) for n, found in enumerate(passed)]


@pytest.mark.parametrize(
    ("passed", "failed"),
    [
        ((), False),
        ((False,), False),
        ((False, False), True),
        ((False, None, False, None), True),
        ((False, True), False),
        ((False, False, True), False),
        ((True, False, False), True),
        ((True, False), False),
    ],
)
def test_two_in_a_row_that_nobody_saw(passed: tuple[bool | None, ...], *, failed: bool) -> None:
    """Of those that were tried, whatever was skipped between them."""
    assert has_failed(days(*passed)) is failed


def test_each_step_by_itself() -> None:
    """One failed here and one there is not two in a row; one bad step is enough."""
    assert not has_failed([*days(False), *days(False, step="jour")])
    assert has_failed([*days(True, True), *days(False, False, step="jour")])
    assert last(days(False, True)) == {StepId("dag"): days(False, True)[1]}
