"""A clock that is set: what Samjour goes by meanwhile."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.steady import FARTHEST, Steady

BEGIN = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class Machine:
    """A machine whose clock can be set; `ran` cannot."""

    ran: timedelta = timedelta(0)
    off: timedelta = timedelta(0)  # how far its clock is ahead

    def wall(self) -> datetime:
        return BEGIN + self.ran + self.off

    def tick(self) -> float:
        return self.ran.total_seconds()

    def clock(self) -> Steady:
        return Steady(self.wall, self.tick)


def test_untouched_it_shows_the_machines_time() -> None:
    """Nothing is added and nothing taken away, not a microsecond."""
    machine = Machine()
    clock = machine.clock()
    for _ in range(100):
        machine.ran += timedelta(microseconds=333_333)
        assert clock.now() == machine.wall()


def test_set_back_by_an_hour_a_minute_lasts_two() -> None:
    """Whoever waits for a deadline waits twice as long at most, not an hour; after two hours the clocks agree."""
    machine = Machine()
    clock = machine.clock()
    machine.off = -HOUR
    assert clock.now() == BEGIN
    machine.ran += 2 * MINUTE
    assert clock.now() == BEGIN + MINUTE
    for _ in range(118):
        machine.ran += MINUTE
        clock.now()
    assert clock.now() == machine.wall() == BEGIN + HOUR


def test_set_forward_it_is_believed_at_once() -> None:
    """What is overdue by the true time is overdue: a machine that slept does not dream on."""
    machine = Machine()
    clock = machine.clock()
    machine.off = 8 * HOUR
    assert clock.now() == machine.wall()


def test_set_back_very_far_it_is_believed_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """A clock that was wrong by a day must not say for two days who is on duty; the log says that it happened."""
    machine = Machine()
    clock = machine.clock()
    machine.off = -FARTHEST - SECOND
    assert clock.now() == machine.wall()
    assert [record.msg for record in caplog.records] == ["clock set back"]


def test_it_is_told_once_and_not_for_a_trifle(caplog: pytest.LogCaptureFixture) -> None:
    """Clocks are corrected by milliseconds all night: only what somebody must look at is in the log."""
    machine = Machine()
    clock = machine.clock()
    machine.off = -timedelta(milliseconds=30)
    clock.now()
    assert caplog.records == []
    machine.off = -HOUR
    for _ in range(5):
        clock.now()
        machine.ran += SECOND
    assert [(r.levelno, r.msg) for r in caplog.records] == [(logging.ERROR, "clock set back")]


steps = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(minutes=30)),
        st.timedeltas(-timedelta(minutes=55), timedelta(minutes=55)),
    ),
    max_size=40,
)


@given(steps)
def test_it_never_goes_back_and_never_stands_still(taken: list[tuple[timedelta, timedelta]]) -> None:
    """However a clock is set, within two hours of the truth: at least half of the time that passed has passed here."""
    machine = Machine()
    clock = machine.clock()
    shown = clock.now()
    for ran, off in taken:
        machine.ran, machine.off = machine.ran + ran, off
        now = clock.now()
        assert now - shown >= ran / 2 - timedelta(microseconds=1)
        assert now >= machine.wall()
        shown = now
