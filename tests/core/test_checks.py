"""Readiness checks: who is to be asked at which minute, found from shifts and what people press, also when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.checks import BEFORE, MISSED, PATIENCE, SANE, Due, Stage, Stint, due, is_sane, stints
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.roster import Override, OverrideId, Shift, ShiftId, on_duty, roster
from bot.core.weekly import OnHoliday, WeeklyRule, expand

MALMO = OrganisationId("malmo")
ME, YOU = PersonId("p-1"), PersonId("p-2")
EVENING = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def shift(person: PersonId, starts: datetime, hours: float = 8) -> Shift:
    return Shift(
        id=ShiftId(f"{person}/{starts.isoformat()}"),
        person=person,
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        starts=starts,
        ends=starts + hours * HOUR,
    )


def pressed(person: PersonId, starts: datetime, *, on: bool, by: PersonId | None = None) -> Override:
    return Override(
        id=OverrideId(f"{person}/{starts.isoformat()}"),
        person=person,
        on_duty=on,
        starts=starts,
        ends=starts + 4 * HOUR,
        by=by or person,
        made=starts,
        role=Role.SOCIAL_WORKER if on else None,
        organisations=(MALMO,) if on else (),
    )


def stint(person: PersonId, starts: datetime) -> Stint:
    return Stint(person=person, starts=starts, role=Role.SOCIAL_WORKER, organisations=(MALMO,))


def test_a_stint_begins_where_somebody_comes_on_duty_and_nowhere_else() -> None:
    """Shifts that follow each other are one; a press and a take-over begin one too; going off begins none."""
    shifts = [shift(ME, EVENING - 8 * HOUR), shift(ME, EVENING), shift(YOU, EVENING + HOUR)]
    overrides = [pressed(YOU, EVENING - 5 * HOUR, on=True), pressed(YOU, EVENING + 2 * HOUR, on=False)]
    known = roster(shifts, overrides)
    found = list(stints(known, EVENING - DAY, EVENING + DAY))
    assert [(one.person, one.starts) for one in found] == [
        (ME, EVENING - 8 * HOUR),
        (YOU, EVENING - 5 * HOUR),
        (YOU, EVENING + HOUR),
        (YOU, EVENING + 6 * HOUR),  # the off is over, and the shift goes on
    ]


def test_the_window_is_half_open() -> None:
    """After its beginning, until its end: no stint is found twice by two that follow each other."""
    known = roster([shift(ME, EVENING)])
    assert list(stints(known, EVENING, EVENING + HOUR)) == []
    assert list(stints(known, EVENING - HOUR, EVENING)) == [stint(ME, EVENING)]


@pytest.mark.parametrize(
    ("minutes", "stage"),
    [
        (-31, None),
        (-30, Stage.HALF_HOUR),
        (-6, Stage.HALF_HOUR),
        (-5, Stage.FIVE_MINUTES),
        (-1, Stage.FIVE_MINUTES),
        (0, Stage.START),
        (60, Stage.START),
        (61, None),
    ],
)
def test_each_stage_has_its_time(minutes: int, stage: Stage | None) -> None:
    """Half an hour before, five minutes before, as it begins; an hour after that nobody is asked any more."""
    found = due([stint(ME, EVENING)], (), EVENING + minutes * MINUTE)
    assert [one.stage for one in found] == ([stage] if stage is not None else [])


def test_each_once_and_the_longest_overdue_first() -> None:
    """What was begun is not begun again; after an outage the last stage of each is asked, in order."""
    both = [stint(YOU, EVENING), stint(ME, EVENING - 20 * MINUTE)]
    found = due(both, (), EVENING)
    assert [(one.stint.person, one.stage) for one in found] == [(ME, Stage.START), (YOU, Stage.START)]
    assert due(both, {(one.stint.person, one.stint.starts, one.stage) for one in found}, EVENING) == ()


def test_nobody_is_waited_for_beyond_the_next_stage() -> None:
    """Both channels have had their time before the next question comes."""
    stages = list(Stage)
    for stage, then in pairwise(stages):
        assert 2 * PATIENCE[stage] < BEFORE[stage] - BEFORE[then]


@pytest.mark.parametrize("night", [date(2026, 10, 24), date(2027, 3, 27)])
def test_when_clocks_change_a_shift_is_asked_about_by_its_own_minute(night: date) -> None:
    """Half an hour before three o'clock on that night is half an hour of everybody's time, not of the wall's."""
    rule = WeeklyRule(
        id="night",
        person=ME,
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        days=tuple(range(7)),
        starts=time(3, 0),
        ends=time(9, 0),
        valid_from=date(2026, 1, 1),
        on_holiday=OnHoliday.WORK,
    )
    (own,) = expand([rule], first=night + DAY, last=night + DAY)
    (found,) = stints(roster([own]), own.starts - DAY, own.starts + DAY)
    assert found.starts == own.starts
    assert [one.stage for one in due([found], (), own.starts - 30 * MINUTE)] == [Stage.HALF_HOUR]
    assert due([found], (), own.starts - 31 * MINUTE) == ()


def test_a_clock_may_be_five_minutes_off() -> None:
    """To either side, and no more."""
    instant = timedelta(microseconds=1)
    for skew, sane in ((SANE, True), (-SANE, True), (SANE + instant, False), (-SANE - instant, False)):
        assert is_sane(EVENING + skew, EVENING) is sane


STARTS = st.integers(0, 48).map(lambda quarters: EVENING + quarters * 15 * MINUTE)
SHIFTS = st.lists(
    st.builds(shift, st.sampled_from([ME, YOU]), STARTS, st.sampled_from([0.25, 1.0, 3.5])), max_size=6
)
PRESSES = st.lists(
    st.tuples(st.sampled_from([ME, YOU]), STARTS, st.booleans()),
    max_size=4,
    unique_by=lambda one: (one[0], one[1]),
)


@given(SHIFTS, PRESSES)
def test_stints_are_what_looking_at_every_minute_finds(
    shifts: list[Shift], presses: list[tuple[PersonId, datetime, bool]]
) -> None:
    """Against the slow and obvious way: who is on duty at a minute and was not a minute before."""
    known = roster(shifts, [pressed(person, at, on=on) for person, at, on in presses])
    first = EVENING - HOUR
    found = {(one.person, one.starts) for one in stints(known, first, first + 20 * HOUR)}
    slow = set()
    for n in range(1, 20 * 60 + 1):
        now = first + n * MINUTE
        before = on_duty(known, now - MINUTE).present.keys()
        slow |= {(person, now) for person in on_duty(known, now).present.keys() - before}
    assert found == slow


@given(st.lists(st.builds(stint, st.sampled_from([ME, YOU]), STARTS), max_size=6, unique=True))
def test_minute_by_minute_each_stage_is_asked_once(known: list[Stint]) -> None:
    """Whoever looks each minute asks each stage of each stint exactly once, at its own minute."""
    begun: dict[tuple[PersonId, datetime, Stage], datetime] = {}
    for n in range(60 * 14):
        now = EVENING - HOUR + n * MINUTE
        for one in due(known, begun.keys(), now):
            assert isinstance(one, Due)
            key = (one.stint.person, one.stint.starts, one.stage)
            assert key not in begun
            begun[key] = now
            assert now == one.at
    assert len(begun) == len(known) * len(Stage)
    assert timedelta(0) < MISSED
