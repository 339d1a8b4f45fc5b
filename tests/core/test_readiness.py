"""Readiness: every reason by itself, all of them together, and where each begins."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.hours import local_instant
from bot.core.readiness import TESTED_WITHIN, Found, Missing, answering, reasons

TODAY = date(2026, 11, 24)
READY = Found(
    supervisors=3,
    needed=3,
    answers_since=(TODAY, TODAY - TESTED_WITHIN),
    today=TODAY,
    first_gap=None,
    has_chain=True,
    stale_roster=False,
    thin_keys=0,
)
GAP = local_instant("2026-11-25T03:00")


def test_nothing_missing_is_ready() -> None:
    """Enough supervisors, numbers tested within a month, nobody missing for a day, every key held."""
    assert reasons(READY) == ()
    assert reasons(replace(READY, supervisors=4)) == ()


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        (replace(READY, supervisors=2), Missing.SUPERVISORS),
        (replace(READY, answers_since=(TODAY, None)), Missing.NUMBERS),
        (
            replace(READY, answers_since=(TODAY - TESTED_WITHIN - timedelta(days=1),)),
            Missing.NUMBERS,
        ),
        (replace(READY, first_gap=GAP), Missing.COVER),
        (replace(READY, stale_roster=True), Missing.ROSTER),
        (replace(READY, thin_keys=1), Missing.KEYS),
        (replace(READY, unreached=1), Missing.WAKING),
        (replace(READY, failed_drill=True), Missing.DRILL),
    ],
)
def test_each_reason_by_itself(changed: Found, missing: Missing) -> None:
    """One thing that is missing is told alone, and nothing else with it."""
    assert reasons(changed) == (missing,)


def test_every_reason_is_told_at_once() -> None:
    """Whoever mends one must not find the next afterwards."""
    worst = replace(
        READY,
        supervisors=0,
        answers_since=(None,),
        first_gap=GAP,
        stale_roster=True,
        thin_keys=9,
        unreached=1,
        failed_drill=True,
    )
    assert reasons(worst) == tuple(Missing)


def test_an_organisation_that_is_never_asked_has_no_gap() -> None:
    """The police have no chain: nobody there is missing."""
    assert reasons(replace(READY, has_chain=False, first_gap=GAP)) == ()


def test_a_number_counts_for_a_month_from_its_last_answer() -> None:
    """On the thirty-first day it still does; on the next it does not, nor does one that was silent last."""
    days = (TODAY - TESTED_WITHIN, TODAY - TESTED_WITHIN - timedelta(days=1), None, TODAY)
    assert answering(replace(READY, answers_since=days)) == 2
