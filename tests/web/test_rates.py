"""How often one caller may ask: never more than so many in any minute, and never longer to wait than one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.web import rates
from bot.web.rates import MINUTE, MOST_CALLERS, PER_MINUTE, Rates

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=300))
def test_no_minute_has_more_answers_than_it_may(gaps: list[int]) -> None:
    """However the questions fall, each minute that ends with an answer holds at most sixty; a wait is enough."""
    asked, now, answered = Rates(), START, list[datetime]()
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        wait = asked.wait("one", now)
        if wait is None:
            answered.append(now)
        else:
            assert timedelta(0) < wait <= MINUTE
        assert sum(now - MINUTE < at for at in answered) <= PER_MINUTE


def test_a_clock_that_is_set_back_holds_nobody_up() -> None:
    """What lies ahead of the clock is forgotten."""
    asked = Rates()
    for _ in range(PER_MINUTE):
        assert asked.wait("one", START) is None
    assert asked.wait("one", START) is not None
    assert asked.wait("one", START - timedelta(hours=1)) is None


def test_callers_who_have_gone_quiet_are_forgotten() -> None:
    """Memory is bounded by who asks now, not by who ever asked."""
    asked = Rates()
    for number in range(MOST_CALLERS):
        assert asked.wait(f"caller-{number}", START) is None
    assert asked.wait("another", START + MINUTE) is None
    assert set(asked.asked) == {"another"}
    assert rates.PER_MINUTE == 60
