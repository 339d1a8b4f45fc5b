"""iCalendar rosters: whole days, lines of faults, names that outlive a move, and what other systems got wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.hours import day_minute, local_instant
from bot.core.ids import PersonId
from bot.core.people import Role
from bot.core.roster import on_duty, roster
from bot.core.roster_files import MAX_SHIFTS
from bot.core.roster_ics import Window, parse_ics
from bot.core.roster_ics_lines import read_lines
from tests.core.test_roster_files import INTO, NIGHT, WEEK, calendar, event, ics_faults, local, read

DAY = timedelta(days=1)
CHANGE = date(2026, 10, 25)  # a day of 25 hours


def whole(first: str, last: str = "") -> tuple[str, ...]:
    return (f"DTSTART;VALUE=DATE:{first}", *([f"DTEND;VALUE=DATE:{last}"] if last else []))


# ---- whole days --------------------------------------------------------------------------------------


def test_a_whole_day_is_a_local_day_of_23_24_or_25_hours() -> None:
    """All day means from one Swedish midnight to the next, also when the clocks change."""
    window = Window(into=INTO, role=Role.JOUR, first=date(2026, 10, 1), last=date(2027, 4, 30))
    for day, hours in (("20261025", 25), ("20261026", 24), ("20270328", 23)):
        (found,) = read(event(*whole(day)), window=window)
        assert found.ends - found.starts == timedelta(hours=hours)
        assert found.starts == day_minute(date.fromisoformat(day), 0)


def test_several_whole_days_are_a_shift_for_each_and_leave_no_minute() -> None:
    """A week of duty is seven shifts that meet: none is longer than a shift may be."""
    found = read(event(*whole("20261022", "20261029")))
    assert len(found) == 7
    assert [a.ends for a in found[:-1]] == [b.starts for b in found[1:]]
    assert len({shift.id for shift in found}) == 7
    known = roster(found)
    for minute in ("2026-10-22T00:00", "2026-10-25T02:30+01:00", "2026-10-28T23:59"):
        assert PersonId("p-1") in on_duty(known, local_instant(minute)).present
    assert PersonId("p-1") not in on_duty(known, local_instant("2026-10-29T00:00")).present
    assert len(read(event("DTSTART;VALUE=DATE:20261022", "DURATION:P1W"))) == 7


def test_whole_days_can_be_narrowed_to_hours() -> None:
    """X-SAMJOUR-HOURS makes a week's all-day entry the nights of that week."""
    found = read(event(*whole("20261024", "20261026"), "X-SAMJOUR-HOURS:22:00-07:00"))
    assert [(s.starts, s.ends) for s in found] == [
        (local_instant("2026-10-24T22:00"), local_instant("2026-10-25T07:00")),
        (local_instant("2026-10-25T22:00"), local_instant("2026-10-26T07:00")),
    ]


def test_whole_days_recur_with_exceptions_and_moves() -> None:
    """A rule of whole days: left-out days are nobody's, a moved day is where it was moved."""
    series = event(*whole("20261019"), "RRULE:FREQ=DAILY;UNTIL=20261023", "EXDATE;VALUE=DATE:20261020")
    moved = event("RECURRENCE-ID;VALUE=DATE:20261021", *whole("20261028"))
    assert [s.starts for s in read(series, moved)] == [
        local_instant(f"2026-10-{day}T00:00") for day in (19, 22, 23, 28)
    ]
    added = event(*whole("20261019"), "RDATE;VALUE=DATE:20261025")
    assert [s.ends - s.starts for s in read(added)] == [DAY, timedelta(hours=25)]


def test_a_whole_day_may_be_given_clock_times_for_once() -> None:
    """Edited recurrence: one day of an all-day series is changed to an evening."""
    series = event(*whole("20261019"), "RRULE:FREQ=DAILY;COUNT=3")
    evening = (local("DTSTART", "20261020T180000"), local("DTEND", "20261020T220000"))
    found = read(series, event("RECURRENCE-ID;VALUE=DATE:20261020", *evening))
    assert [s.ends - s.starts for s in found] == [DAY, timedelta(hours=4), DAY]


# ---- lines -------------------------------------------------------------------------------------------


def test_a_floating_time_is_refused_with_its_line() -> None:
    """The line of the property itself, also behind folded lines, alarms, a definition of zones and a blank line."""
    first = event(
        *NIGHT, "DESCRIPTION:one\r\n  line\r\n\tmore", "BEGIN:VALARM", "DTSTART:20200101T000000", "END:VALARM"
    )
    second = event("DTSTART:20261124T220000", local("DTEND", "20261125T070000"), uid="b")
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\n\r\n"
    data = calendar(zone, first, second)
    line = data.decode().split("\r\n").index("DTSTART:20261124T220000") + 1
    with pytest.raises(BadInput) as refused:
        parse_ics(data, Window(into=INTO, role=Role.JOUR, first=date(2026, 10, 1), last=date(2026, 12, 31)))
    assert str(refused.value).startswith(f"line {line}, event b: DTSTART: a floating time")
    bare = data.replace(b"\r\n", b"\n")
    with pytest.raises(BadInput, match=f"line {line}, "):
        parse_ics(bare, Window(into=INTO, role=Role.JOUR, first=date(2026, 10, 1), last=date(2026, 12, 31)))


def test_a_fault_without_a_property_has_the_line_where_its_event_begins() -> None:
    """What is missing stands nowhere; the event does."""
    assert ics_faults(event(*NIGHT), event(NIGHT[0], uid="b")) == ["line 10, event b: DTEND: is missing"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VEVENT",
                "END:VEVENT",
                "begin:vevent",
                "BEGIN:VALARM",
                "END:VALARM",
                "UID:a",
                " folded",
                "",
                "DTSTART:x",
            ]
        ),
        max_size=20,
    ),
    st.binary(max_size=20),
)
def test_lines_are_told_of_whatever_bytes(lines: list[str], rest: bytes) -> None:
    """Every line told is one of the file's, events come in order, and none of it is ever refused."""
    data = "\n".join(lines).encode() + rest
    found = read_lines(data).events
    count = data.count(b"\n") + 1
    assert [one.begins for one in found] == sorted(one.begins for one in found)
    for one in found:
        assert all(one.begins <= line <= count for line in one.properties.values())


def test_what_is_not_read_is_not_handed_on() -> None:
    """Descriptions, alarms, definitions of zones and endless unknown lines cost no more than being looked over."""
    noise = "X-NOISE:y\r\n" * 50_000 + "BEGIN:VALARM\r\n" * 100 + "DURATION:x\r\n" + "END:VALARM\r\n" * 100
    lines = read_lines(calendar(event(*NIGHT), noise))
    assert lines.whole
    assert lines.count == 8  # two of the calendar, two of the event, and four properties
    assert not read_lines(b"BEGIN:VTIMEZONE\r\n" * 100_000).whole
    assert len(read(event(*NIGHT, "RRULE;X=y:FREQ=DAILY;COUNT=2", "GEO:rubbish"))) == 2


def test_too_many_lines_are_refused_before_they_are_parsed() -> None:
    """A hundred rules in each of hundreds of events are no roster."""
    with pytest.raises(BadInput, match="60000 lines"):
        read(*(event(*NIGHT, *["RRULE:FREQ=DAILY"] * 150, uid=f"u{n}") for n in range(450)))


# ---- names that outlive a move -----------------------------------------------------------------------


def test_a_moved_shift_keeps_its_name() -> None:
    """Another time or another person does not make another shift of what the calendar calls the same."""
    (before,) = read(event(*NIGHT))
    later = (local("DTSTART", "20261024T230000"), NIGHT[1])
    (after,) = read(event(*later, summary="p-2"))
    assert before.id == after.id
    series = event(*WEEK, "RRULE:FREQ=DAILY;COUNT=3")
    moved = event(
        local("RECURRENCE-ID", "20261020T220000"), local("DTSTART", "20261020T180000"), "DURATION:PT9H"
    )
    assert [s.id for s in read(series)] == [s.id for s in read(series, moved)]
    assert len({s.id for s in read(series)}) == 3


def test_long_uids_that_begin_alike_are_two_events() -> None:
    """Outlook's UIDs share their first sixty characters: two nights are two nights."""
    one, two = ("040000008200E00074C5B7101A82E008" * 3 + end for end in "AB")
    assert len(read(event(*NIGHT, uid=one), event(*WEEK, uid=two))) == 2
    assert ics_faults(event(*NIGHT, uid="x" * 1001))[0].endswith("longer than 1000 characters")


# ---- what other systems got wrong --------------------------------------------------------------------


@pytest.mark.parametrize("summary", ["P-1", "jour ett", "JOUR  ETT", "Jour Ett"])
def test_a_persons_name_in_other_letters_is_that_person(summary: str) -> None:
    """OnCall's feeds lost people whose address was written in other letters (grafana/oncall fixtures)."""
    (found,) = read(event(*NIGHT, summary=summary))
    assert found.person == "p-1"


def test_two_people_of_one_name_are_refused_rather_than_chosen_between() -> None:
    """Whoever is meant must be named by id: nobody is put on duty by a guess."""
    people = dict(INTO.people)
    one, two = people.values()
    twins = {
        one.id: one,
        two.id: type(two)(id=two.id, name="JOUR ETT", vetting=two.vetting, postings=two.postings),
    }
    into = type(INTO)(organisation=INTO.organisation, structure=INTO.structure, people=twins)
    window = Window(into=into, role=Role.JOUR, first=date(2026, 10, 1), last=date(2026, 12, 31))
    with pytest.raises(BadInput, match="exactly one person"):
        read(event(*NIGHT, summary="Jour Ett"), window=window)
    assert len(read(event(*NIGHT, summary="p-2"), window=window)) == 1


def test_a_partial_file_is_no_roster() -> None:
    """A feed that broke off in the middle is refused wherever it broke: half a roster is never taken for a whole."""
    data = calendar(event(*NIGHT), event(*WEEK, uid="b"))
    window = Window(into=INTO, role=Role.JOUR, first=date(2026, 10, 1), last=date(2026, 12, 31))
    for length in range(len(data) - 2):
        with pytest.raises(BadInput):
            parse_ics(data[:length], window)


def test_a_roster_that_lies_is_refused_in_one_sentence_each() -> None:
    """Two zones, a negative length, one UID twice, a rule that explodes: named with the line, nothing imported."""
    two_zones = event(NIGHT[0], "DTEND;TZID=America/New_York:20261025T070000")
    assert ics_faults(two_zones) == ["line 8, event a: DTEND: the zone does not keep Swedish time"]
    negative = event(NIGHT[0], "DURATION:-PT1H")
    assert ics_faults(negative)[0].startswith("line 8, event a: DURATION: is longer than nothing")
    assert "line 10, event a: the same event stands twice" in ics_faults(event(*NIGHT), event(*WEEK))
    assert ics_faults(event(*WEEK, "RRULE:FREQ=SECONDLY"))[0].startswith("line 9, event a: RRULE: only DAILY")


def test_a_file_that_explodes_is_refused_before_it_has() -> None:
    """Five hundred endless series are more shifts than a roster may have: told, and not worked off to the end."""
    assert MAX_SHIFTS < 500 * 90
    many = [event(*WEEK, "RRULE:FREQ=DAILY", uid=f"u{n}") for n in range(300)]
    with pytest.raises(BadInput, match="at most 20000 shifts"):
        read(*many)


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2026, 3, 20), date(2027, 4, 5)), st.integers(1, 9), st.integers(0, 23), st.integers(1, 72)
)
def test_whatever_touches_the_window_is_taken_and_nothing_else(
    first: date, days: int, hour: int, length: int
) -> None:
    """For every event and window: it is a shift exactly if some instant of it lies in the window's local days."""
    window = Window(into=INTO, role=Role.JOUR, first=first, last=first + days * DAY)
    starts = datetime(2026, 10, 24, hour, tzinfo=UTC)
    ends = starts + timedelta(hours=length)
    written = (f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}")
    touches = starts < day_minute(window.last + DAY, 0) and ends > day_minute(window.first, 0)
    assert [(s.starts, s.ends) for s in read(event(*written), window=window)] == [(starts, ends)] * touches
