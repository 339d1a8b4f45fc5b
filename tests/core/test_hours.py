from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.hours import (
    ALWAYS,
    DAYS,
    MINUTES,
    STOCKHOLM,
    OpeningHours,
    Span,
    clock,
    day_minute,
    holds,
    holiday_name,
    is_open,
    local_day,
    local_instant,
    next_opening,
    parse_clock,
    parse_days,
    parse_hours,
    parse_spans,
    stamp,
    unanswered,
    written_hours,
)

OFFICE = parse_hours({"weekly": {"mon-fri": ["08:00-16:30"]}, "overrides": {"2026-12-23": ["08:00-12:00"]}})
NEVER = parse_hours({"weekly": {}})

minutes = st.integers(min_value=0, max_value=MINUTES).filter(lambda m: not 120 < m < 180)
spans = st.lists(minutes, unique=True, max_size=4).map(
    lambda m: tuple(Span(opens=a, closes=b) for a, b in zip(sorted(m)[::2], sorted(m)[1::2], strict=False))
)
instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
schedules = st.builds(
    OpeningHours,
    weekly=st.tuples(*[spans] * 7),
    on_holiday=st.none() | spans,
    overrides=st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 1, 20)), spans, max_size=3),
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-06-19", "Midsommarafton"),
        ("2026-12-24", "Julafton"),
        ("2026-12-25", "Juldagen"),
        ("2026-12-31", "Nyårsafton"),
        ("2027-03-26", "Långfredagen"),
        ("2026-11-24", None),
        ("2026-12-23", None),
    ],
)
def test_public_and_customary_holidays_have_their_swedish_names(day: str, name: str | None) -> None:
    """Midsummer, Christmas and New Year's Eve count as holidays, whatever language the machine speaks."""
    assert holiday_name(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        ("2026-11-24T07:59", False),
        ("2026-11-24T08:00", True),
        ("2026-11-24T16:29", True),
        ("2026-11-24T16:30", False),
        ("2026-11-28T10:00", False),  # Saturday
        ("2026-06-19T10:00", False),  # Midsummer Eve, a Friday
        ("2026-12-24T10:00", False),
        ("2026-12-23T11:59", True),  # a short day by the organisation's own table
        ("2026-12-23T12:00", False),
        ("2026-11-24T07:30+00:00", True),  # 08:30 in Sweden
    ],
)
def test_an_office_is_open_by_the_wall_clock_of_its_days(at: str, *, opened: bool) -> None:
    """Weekday, holiday and the organisation's own table decide, in that rising order, to the minute."""
    assert is_open(OFFICE, local_instant(at)) is opened


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T16:30", "2026-11-25T08:00"),
        ("2026-11-27T20:00", "2026-11-30T08:00"),  # over a weekend
        ("2026-12-23T12:00", "2026-12-28T08:00"),  # over Christmas
        ("2026-06-18T17:00", "2026-06-22T08:00"),  # over Midsummer
        ("2026-10-24T23:00", "2026-10-26T08:00"),  # over the change of clocks
        ("2027-03-25T23:00", "2027-03-30T08:00"),  # over Easter, with the other change of clocks
    ],
)
def test_the_next_opening_skips_nights_weekends_and_holidays(at: str, opening: str) -> None:
    """What can wait is held to the first minute when somebody is there again."""
    assert next_opening(OFFICE, local_instant(at)) == local_instant(opening)


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    """Nothing is held for an opening that does not come."""
    assert next_opening(NEVER, local_instant("2026-11-24T10:00")) is None


@settings(max_examples=60, deadline=None)
@given(schedules, instants)
def test_the_next_opening_is_the_first_open_minute(hours: OpeningHours, at: datetime) -> None:
    """Compared with trying minute after minute for four days."""
    at = at.replace(second=0, microsecond=0)
    tried = (at + timedelta(minutes=n) for n in range(4 * MINUTES))
    slow = next((minute for minute in tried if is_open(hours, minute)), None)
    found = next_opening(hours, at)
    if slow is None:
        assert found is None or found >= at + timedelta(days=4)
    else:
        assert found == slow


@settings(deadline=None)
@given(schedules)
def test_hours_can_be_written_and_read_again(hours: OpeningHours) -> None:
    """What `who` shows of a number's hours is what the policy file could have said."""
    assert parse_hours(written_hours(hours)) == hours


@pytest.mark.parametrize(
    "wrong",
    [
        "sometimes",
        {},
        {"weekly": {"mon": ["08:00-16:30"]}, "lunch": []},
        {"weekly": ["08:00-16:30"]},
        {"weekly": {"mon": "08:00-16:30"}},
        {"weekly": {"monday": []}},
        {"weekly": {"fri-mon": []}},
        {"weekly": {"mon-fri": [], "mon": []}},
        {"weekly": {"mon": ["8-16"]}},
        {"weekly": {"mon": ["16:30-08:00"]}},
        {"weekly": {"mon": ["08:00-12:00", "11:00-16:00"]}},
        {"weekly": {"mon": ["02:30-08:00"]}},
        {"weekly": {}, "overrides": {"2026-13-01": []}},
        {"weekly": {}, "overrides": {"1826-12-01": []}},
        {"weekly": {}, "holidays": "open"},
    ],
)
def test_hours_that_are_not_clear_are_refused(wrong: object) -> None:
    """A policy file with unclear hours is never read as something else."""
    with pytest.raises(BadInput):
        parse_hours(wrong)


def test_a_kind_of_day_without_an_answer_is_named() -> None:
    """The check of numbers names the first minute at which nobody answers, holidays and odd days included."""
    assert unanswered([ALWAYS]) is None
    night = {"mon-fri": ["00:00-08:00", "16:30-24:00"], "sat-sun": ["00:00-24:00"]}
    off_hours = parse_hours({"weekly": night, "holidays": ["00:00-24:00"]})
    assert unanswered([OFFICE, off_hours]) == "2026-12-23 12:00"
    regular = parse_hours({"weekly": {"mon-fri": ["08:00-16:30"]}})
    assert unanswered([regular, off_hours]) is None
    assert unanswered([regular]) == "mon 00:00"
    weekdays = parse_hours({"weekly": {"daily": ["00:00-24:00"]}})
    assert unanswered([weekdays]) == "holiday mon 00:00"


@settings(max_examples=60, deadline=None)
@given(st.lists(schedules, min_size=1, max_size=3), instants)
def test_what_the_check_passes_answers_at_every_minute(hours: list[OpeningHours], at: datetime) -> None:
    """If no kind of day has a gap, no instant has one."""
    if unanswered(hours) is None:
        assert any(is_open(one, at) for one in hours)
    else:
        assert unanswered([*hours, ALWAYS]) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24T10:00", "2026-11-24T09:00+00:00"),
        ("2026-07-01 10:00", "2026-07-01T08:00+00:00"),
        ("2026-07-01T10:00:30Z", "2026-07-01T10:00:30+00:00"),
        ("2026-10-25T02:30+02:00", "2026-10-25T00:30+00:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30+00:00"),
        ("2026-10-25T03:00", "2026-10-25T02:00+00:00"),
        ("2027-03-28T01:59", "2027-03-28T00:59+00:00"),
        ("2027-03-28T03:00", "2027-03-28T01:00+00:00"),
    ],
)
def test_a_time_is_local_unless_it_says_otherwise(text: str, instant: str) -> None:
    """Naive times are Sweden's; an offset is honoured, in the doubled hour too."""
    assert local_instant(text) == datetime.fromisoformat(instant)
    assert local_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-10-25T02:30", "twice"),
        ("2026-10-25T02:00", "twice"),
        ("2027-03-28T02:00", "does not exist"),
        ("2027-03-28T02:59", "does not exist"),
        ("2026-02-30T10:00", "does not exist"),
        ("2026-11-24T25:00", "does not exist"),
        ("2026-11-24T10:00+99:00", "does not exist"),
        ("1926-11-24T10:00", "year"),
        ("2026-11-24", "written"),
        ("now", "written"),
        ("20261124T1000", "written"),
        ("2026-W48-2T10:00", "written"),
        ("٢٠٢٦-11-24T10:00", "written"),
        ("2026-11-24T10:00" + " " * 9, "written"),
    ],
)
def test_a_time_that_is_not_one_instant_is_refused(text: str, why: str) -> None:
    """Ambiguous, missing, impossible and unclear times are refused with the reason."""
    with pytest.raises(BadInput, match=why):
        local_instant(text)


def test_another_zone_is_read_by_its_own_clock() -> None:
    """The zone of the settings decides what a naive time means."""
    assert local_instant("2026-11-24T10:00", ZoneInfo("Europe/Helsinki")) == local_instant("2026-11-24T09:00")


@settings(deadline=None)
@given(instants)
def test_what_the_wall_shows_can_be_read_back(at: datetime) -> None:
    """With its offset, every instant that is shown locally is read as the same instant."""
    at = at.replace(microsecond=0)
    assert local_instant(at.astimezone(STOCKHOLM).isoformat()) == at
    assert stamp(at) == f"{local_day(at).isoformat()} {clock(at)}"


@pytest.mark.parametrize("text", ["2:00", "24:00", "02:30", "02:01", "16.30", ""])
def test_a_rule_does_not_begin_or_end_in_the_hour_that_changes(text: str) -> None:
    """Between 02:00 and 03:00 a weekly time would be missing or doubled once a year."""
    with pytest.raises(BadInput):
        parse_clock(text)


def test_clock_times_days_and_spans_are_read() -> None:
    """The plain cases, the edges of the changing hour among them."""
    assert parse_clock("02:00") == time(2)
    assert parse_clock("16:30") == time(16, 30)
    assert parse_days("daily") == tuple(range(7))
    assert parse_days("tue, thu-fri") == (1, 3, 4)
    assert parse_days("sun") == (len(DAYS) - 1,)
    assert parse_spans(["00:00-02:00", "03:00-24:00"]) == (
        Span(opens=0, closes=120),
        Span(opens=180, closes=1440),
    )
    with pytest.raises(BadInput):
        parse_days("mon, mon-tue")


def test_a_day_of_23_or_25_hours_still_has_every_minute_of_its_wall_clock() -> None:
    """Midnights and office hours are right on both days when the clocks change."""
    for day, hours in ((date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 11, 24), 24)):
        assert day_minute(day, MINUTES) - day_minute(day, 0) == timedelta(hours=hours)
        assert day_minute(day, 8 * 60).astimezone(STOCKHOLM).time() == time(8)


def test_validity_is_half_open() -> None:
    """A thing that ends on a day and another that begins on it never hold together, and leave no gap."""
    day = date(2027, 1, 1)
    assert not holds(day, date(2020, 1, 1), day)
    assert holds(day, day, None)
    assert not holds(day, day + timedelta(days=1), None)
