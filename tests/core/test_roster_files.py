import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.hours import local_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.organisation_file import read_structure
from bot.core.people import Person, Posting, Role, Vetting, VettingState
from bot.core.roster import Shift, on_duty, roster
from bot.core.roster_files import MAX_BYTES, MAX_FAULTS, MAX_SHIFTS, Import, parse_csv
from bot.core.roster_ics import MAX_EVENTS, Window, parse_ics
from bot.core.roster_ics_rules import MAX_COUNT

ORGANISATION = """
kind: jour
label: {sv: Prov, en: Trial}
source: a test
drafts: true
escrow: {needed: 2, of: 3}
valid_from: 2020-01-01
hours: always
areas: [{id: NAME-area, label: {sv: B, en: B}, valid_from: 2020-01-01}]
steps:
  - {id: jour, label: {sv: J, en: J}, because: a test, roles: [jour], when: always, at_once: 2, seconds: 120,
     load_limit: 3}
numbers: [{id: NAME-all, label: {sv: A, en: A}, number: 070-1740606, hours: always, tested: 2026-11-01}]
examples: [{at: 2026-11-24T10:00, need: advice, phone: 070-1740606}]
"""
STRUCTURE = read_structure(
    {f"o/{name}.yaml": f"id: {name}" + ORGANISATION.replace("NAME", name) for name in ("north", "south")}
)
HEADER = "person,organisation,role,starts,ends,areas\n"


def person(name: str, shown: str) -> Person:
    postings = tuple(
        Posting(organisation=OrganisationId(home), role=Role.JOUR, valid_from=date(2026, 1, 1))
        for home in ("north", "south")
    )
    return Person(
        id=PersonId(name),
        name=shown,
        vetting=Vetting(state=VettingState.CLEARED, since=date(2020, 1, 1)),
        postings=postings,
    )


PEOPLE = {one.id: one for one in (person("p-1", "Jour Ett"), person("p-2", "Jour Två"))}
INTO = Import(organisation=OrganisationId("north"), structure=STRUCTURE, people=PEOPLE)
WINDOW = Window(into=INTO, role=Role.JOUR, first=date(2026, 10, 1), last=date(2026, 12, 31))


def told(refused: pytest.ExceptionInfo[BadInput]) -> list[str]:
    return str(refused.value).splitlines()


def csv_faults(rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(BadInput) as refused:
        parse_csv((header + rows).encode(), INTO)
    return told(refused)


def test_a_csv_roster_becomes_shifts_in_order() -> None:
    """Local times, offsets, several organisations, a byte-order mark, empty lines, semicolons from a spreadsheet."""
    rows = (
        "p-2,north,jour,2026-10-25T02:30+01:00,2026-10-25T07:00,north-area\n\n"
        "p-1,north south,jour,2026-10-24T22:00,2026-10-25T02:30+02:00,\n"
    )
    first, second = parse_csv(("\ufeff" + HEADER + rows).encode(), INTO)
    assert (first.person, first.organisations, first.areas) == ("p-1", ("north", "south"), ())
    assert first.starts == datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert first.ends == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.starts == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert second.areas == ("north-area",)
    assert parse_csv((HEADER + rows).replace(",", ";").encode(), INTO) == (first, second)
    assert parse_csv((HEADER + rows).replace("\n", "\r\n").encode(), INTO) == (first, second)
    assert parse_csv(HEADER.encode(), INTO) == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("p-1,north,jour,2026-10-25T02:30,2026-10-25T07:00,", "starts: That time exists twice"),
        ("p-1,north,jour,2027-03-27T22:00,2027-03-28T02:30,", "ends: That time does not exist"),
        ("p-1,north,jour,2026-11-24,2026-11-25T07:00,", "starts: A time is written"),
        ("p-1,north,jour,2026-11-24T22:00,2026-11-24T07:00,", "must end after it begins"),
        ("p-1,north,jour,2026-11-24T22:00,2026-12-24T07:00,", "at most 3 days"),
        ("p-9,north,jour,2026-11-24T22:00,2026-11-25T07:00,", "person: there is no such person"),
        (",north,jour,2026-11-24T22:00,2026-11-25T07:00,", "person: there is no such person"),
        (
            "p-1,south,jour,2026-11-24T22:00,2026-11-25T07:00,",
            "organisation: this roster is imported for another",
        ),
        ("p-1,,jour,2026-11-24T22:00,2026-11-25T07:00,", "organisation: this roster is imported for another"),
        ("p-1,north,jour,2026-11-24T22:00,2026-11-25T07:00,moon", "areas: there is no such area"),
        ("p-1,north,boss,2026-11-24T22:00,2026-11-25T07:00,", "role: is one of"),
        ("p-1,north,lawyer,2026-11-24T22:00,2026-11-25T07:00,", "role: is one of"),
        ("p-1,north,outreach,2026-11-24T22:00,2026-11-25T07:00,", "role: the person is not posted so"),
        ("p-1,north,jour,2025-11-24T22:00,2025-11-25T07:00,", "role: the person is not posted so"),
        ("p-1,north,jour,2026-11-24T22:00,2026-11-25T07:00", "there are not as many fields as columns"),
        ('p-1,north,jour,"2026-11-24T22:00,2026-11-25T07:00,', "this is not CSV"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(row: str, fault: str) -> None:
    """Ambiguous and missing local times, unknown names, and what nobody is posted to do."""
    (found,) = csv_faults(row)
    assert found.startswith("line 2: ")
    assert fault in found


def test_an_organisation_that_is_not_there_is_refused() -> None:
    """Every word in the column is looked up."""
    found = csv_faults("p-1,north west,jour,2026-11-24T22:00,2026-11-25T07:00,\n")
    assert "line 2: organisation: there is no such organisation" in found


def test_every_fault_is_told_and_nothing_is_imported() -> None:
    """All or nothing: a good line beside bad ones is not imported; each bad line is named."""
    found = csv_faults(
        "p-1,north,jour,2026-11-24T22:00,2026-11-25T07:00,\n"
        "p-1,north,boss,2026-11-25T22:00,2026-11-26T07:00,\n"
        "p-9,north,jour,2026-11-26T22:00,2026-11-27T07:00,moon\n"
    )
    assert [line.split(":")[0] for line in found] == ["line 3", "line 4", "line 4"]
    many = csv_faults("p-9,north,jour,2026-11-26T22:00,2026-11-27T07:00,\n" * (MAX_FAULTS + 9))
    assert len(many) == MAX_FAULTS + 1
    assert many[-1].startswith("and ")


def test_nobody_is_booked_twice() -> None:
    """Two rows of one person that overlap are refused, with both lines."""
    found = csv_faults(
        "p-1,north,jour,2026-11-24T22:00,2026-11-25T07:00,\n"
        "p-2,north,jour,2026-11-24T22:00,2026-11-25T07:00,\n"
        "p-1,north,jour,2026-11-25T06:00,2026-11-25T12:00,\n"
    )
    assert found == ["line 4: the person is on duty already, by line 2"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "the columns are"),
        (b"<html></html>", "the columns are"),
        (b"person,role\n", "the columns are"),
        (HEADER.encode("utf-16"), "not UTF-8"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "bytes"),
        (HEADER.encode() + b"p-1,north,jour,a,b,\n" * (MAX_SHIFTS + 1), "at most"),
    ],
)
def test_what_is_no_roster_is_refused_in_one_sentence(data: bytes, fault: str) -> None:
    """Empty, another file, another encoding, too large."""
    with pytest.raises(BadInput, match=fault):
        parse_csv(data, INTO)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: (HEADER + text).encode()))
def test_a_csv_roster_never_fails_otherwise_than_by_refusal(data: bytes) -> None:
    """Whatever the bytes, shifts or BadInput."""
    with suppress(BadInput):
        parse_csv(data, INTO)


def test_importing_the_same_file_again_gives_the_same_ids() -> None:
    """So that the second import changes nothing."""
    data = (HEADER + "p-1,north,jour,2026-11-24T22:00,2026-11-25T07:00,\n").encode()
    assert parse_csv(data, INTO)[0].id == parse_csv(data, INTO)[0].id


def event(*lines: str, uid: str = "a", summary: str = "p-1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    ).encode()


def local(name: str, time: str) -> str:
    return f"{name};TZID=Europe/Stockholm:{time}"


NIGHT = (local("DTSTART", "20261024T220000"), local("DTEND", "20261025T070000"))
WEEK = (local("DTSTART", "20261019T220000"), local("DTEND", "20261020T070000"))


def read(*events: str, window: Window = WINDOW) -> tuple[Shift, ...]:
    return parse_ics(calendar(*events), window)


def nights(shifts: Iterable[Shift]) -> list[str]:
    return [shift.starts.strftime("%m-%d") for shift in shifts]


def ics_faults(*events: str) -> list[str]:
    with pytest.raises(BadInput) as refused:
        read(*events)
    return told(refused)


def test_a_recurring_night_is_on_duty_in_its_last_hour_when_the_clocks_change() -> None:
    """22:00-07:00 daily over 2026-10-25 is 10 hours that night and 9 on the others; asked at 06:30 somebody is there."""
    found = read(event(*WEEK, "RRULE:FREQ=DAILY;COUNT=10"))
    assert [shift.ends - shift.starts for shift in found] == [
        timedelta(hours=h) for h in (9, 9, 9, 9, 9, 10, 9, 9, 9, 9)
    ]
    known = roster(found)
    for minute in (
        "2026-10-25T02:30+02:00",
        "2026-10-25T02:30+01:00",
        "2026-10-25T06:30",
        "2026-10-26T06:30",
    ):
        assert PersonId("p-1") in on_duty(known, local_instant(minute)).present
    assert {shift.starts.tzinfo for shift in found} == {UTC}


def test_a_duration_is_counted_in_hours_and_an_end_by_the_wall_clock() -> None:
    """RFC 5545 section 3.3.6: nine hours are nine hours also in the long night."""
    (by_end,) = read(event(*NIGHT))
    (by_length,) = read(event(NIGHT[0], "DURATION:PT9H"))
    assert by_end.ends - by_end.starts == timedelta(hours=10)
    assert by_length.ends - by_length.starts == timedelta(hours=9)
    recurring = read(event(WEEK[0], "DURATION:PT9H", "RRULE:FREQ=DAILY;COUNT=10"))
    assert {shift.ends - shift.starts for shift in recurring} == {timedelta(hours=9)}


def test_times_in_utc_and_in_zones_that_keep_swedish_time_are_read() -> None:
    """A single event may be in UTC, in the doubled hour too; Outlook's name for the zone is as good as ours."""
    (utc,) = read(event("DTSTART:20261025T003000Z", "DTEND:20261025T013000Z"))
    assert (utc.starts.hour, utc.ends.hour) == (0, 1)
    (outlook,) = read(event("DTSTART;TZID=W. Europe Standard Time:20261124T220000", "DURATION:PT9H"))
    assert outlook.starts == datetime(2026, 11, 24, 21, tzinfo=UTC)


def test_exceptions_moves_additions_and_cancellations_are_followed() -> None:
    """Left-out and cancelled nights are nobody's; a moved one is where it was moved; an added one is there."""
    series = event(
        *WEEK,
        "RRULE:FREQ=DAILY;COUNT=7",
        local("EXDATE", "20261020T220000"),
        "EXDATE;VALUE=DATE:20261021",
        local("RDATE", "20261101T220000"),
    )
    cancelled = event(
        local("RECURRENCE-ID", "20261022T220000"),
        local("DTSTART", "20261022T220000"),
        local("DTEND", "20261023T070000"),
        "STATUS:CANCELLED",
    )
    moved = event(
        "RECURRENCE-ID:20261023T200000Z",
        local("DTSTART", "20261023T200000"),
        local("DTEND", "20261024T010000"),
        summary="Jour Två",
    )
    found = read(series, cancelled, moved)
    assert nights(found) == ["10-19", "10-23", "10-24", "10-25", "11-01"]
    assert (found[1].person, found[1].starts.hour, found[1].ends.hour) == ("p-2", 18, 23)
    assert read(event(*WEEK, "RRULE:FREQ=DAILY;COUNT=7", "STATUS:CANCELLED")) == ()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=FR,SA;UNTIL=20261031", ["10-23", "10-24", "10-30", "10-31"]),
        ("FREQ=WEEKLY;BYDAY=SA;UNTIL=20261031T210000Z", ["10-24", "10-31"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=3", ["10-20", "11-03", "11-17"]),
        ("FREQ=MONTHLY;BYDAY=-1SA;COUNT=2", ["10-31", "11-28"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["10-31", "12-31"]),
        ("FREQ=DAILY;BYDAY=MO;UNTIL=20261103", ["10-19", "10-26", "11-02"]),
    ],
)
def test_daily_weekly_and_monthly_rules_are_expanded(rule: str, expected: list[str]) -> None:
    """UNTIL as a day keeps that day's night; UNTIL in UTC is an instant."""
    found = nights(read(event(*WEEK, f"RRULE:{rule}")))
    assert [night for night in found if night in expected] == expected
    assert set(found) - set(expected) <= {"10-19"}


def test_only_what_begins_in_the_window_is_imported() -> None:
    """An endless series fills the window and no more; what lies before it is left alone."""
    found = read(event(*WEEK, "RRULE:FREQ=DAILY"))
    assert (nights(found)[0], nights(found)[-1]) == ("10-19", "12-31")
    assert read(event(local("DTSTART", "20260924T220000"), local("DTEND", "20260925T070000"))) == ()


@pytest.mark.parametrize("rule", [(), ("RRULE:FREQ=WEEKLY",)])
def test_a_long_duty_that_began_before_the_window_is_still_a_duty(rule: tuple[str, ...]) -> None:
    """A weekend of 60 hours, imported on its last morning, has somebody on duty: what touches the window is taken."""
    window = Window(into=INTO, role=Role.JOUR, first=date(2026, 11, 24), last=date(2026, 11, 25))
    weekend = (local("DTSTART", "20261121T200000"), local("DTEND", "20261124T080000"))
    found = read(event(*weekend, *rule), window=window)
    assert nights(found) == ["11-21"]
    assert PersonId("p-1") in on_duty(roster(found), local_instant("2026-11-24T07:59")).present
    later = Window(into=INTO, role=Role.JOUR, first=date(2026, 11, 25), last=date(2026, 11, 25))
    assert read(event(*weekend, *rule), window=later) == ()


def test_role_and_areas_may_be_named_in_the_event() -> None:
    """X-SAMJOUR-AREAS narrows; an unknown role or area is refused with the event."""
    (found,) = read(event(*NIGHT, "X-SAMJOUR-AREAS:north-area south-area", "X-SAMJOUR-ROLE:jour"))
    assert found.areas == ("north-area", "south-area")
    assert ics_faults(event(*NIGHT, "X-SAMJOUR-ROLE:boss"))[0].startswith(
        "line 9, event a: X-SAMJOUR-ROLE: role: is one of"
    )
    assert ics_faults(event(*NIGHT, "X-SAMJOUR-AREAS:moon")) == [
        "line 9, event a: areas: there is no such area"
    ]


DAILY = "RRULE:FREQ=DAILY;COUNT=3"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("DTSTART:20261024T220000", "DTEND:20261025T070000"), "floating time"),
        (("DTSTART;VALUE=DATE:20261024", NIGHT[1]), "DTEND: is a whole day where DTSTART is one"),
        ((NIGHT[0], "DTEND;VALUE=DATE:20261025"), "not whole days"),
        (("DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261024"), "at least one"),
        (("DTSTART;VALUE=DATE:20261024", "DURATION:P63D"), "at most 62"),
        (("DTSTART;VALUE=DATE:20261024", "DURATION:PT9H"), "is whole days"),
        (("DTSTART;VALUE=DATE:18261024",), "year is outside"),
        (("DTSTART;VALUE=DATE:20261024", "X-SAMJOUR-HOURS:evening"), "is written 16:30-08:00"),
        (("DTSTART;VALUE=DATE:20261024", "X-SAMJOUR-HOURS:02:30-08:00"), "X-SAMJOUR-HOURS: No hours begin"),
        ((*NIGHT, "X-SAMJOUR-HOURS:16:30-08:00"), "for whole days"),
        (("DTSTART;TZID=Europe/London:20261024T220000", "DURATION:PT9H"), "does not keep Swedish time"),
        (("DTSTART;TZID=Mars/Base:20261024T220000", "DURATION:PT9H"), "floating time"),
        (("DTSTART:20261019T200000Z", "DTEND:20261020T050000Z", DAILY), "slides"),
        (("DTSTART:20261019T200000Z", "DTEND:20261020T050000Z", "RDATE:20261021T200000Z"), "slides"),
        ((NIGHT[0], local("DTEND", "20261024T210000")), "end after it begins"),
        ((NIGHT[0], local("DTEND", "20261024T210000"), DAILY), "must be later"),
        ((NIGHT[0], "DURATION:-PT9H"), "longer than nothing"),
        ((NIGHT[0], "DURATION:P99999999D"), "longer than nothing"),
        ((NIGHT[0],), "DTEND: is missing"),
        ((NIGHT[1],), "DTSTART: is missing"),
        ((*NIGHT, "DURATION:PT9H"), "without DTEND"),
        ((*NIGHT, NIGHT[0]), "stands twice"),
        ((*NIGHT, "SUMMARY:p-2"), "stands twice"),
        ((NIGHT[0], "DTEND:rubbish"), "cannot be read"),
        ((*NIGHT, "RRULE:FREQ=SECONDLY"), "only DAILY, WEEKLY and MONTHLY"),
        ((*NIGHT, "RRULE:FREQ=HOURLY;COUNT=3"), "only DAILY, WEEKLY and MONTHLY"),
        ((*NIGHT, "RRULE:FREQ=YEARLY"), "only DAILY, WEEKLY and MONTHLY"),
        ((*NIGHT, f"RRULE:FREQ=DAILY;COUNT={MAX_COUNT + 1}"), "at most 1000 times"),
        ((*NIGHT, "RRULE:FREQ=DAILY;INTERVAL=0"), "at most 1000 times"),
        ((*NIGHT, "RRULE:FREQ=DAILY;BYHOUR=1,2,3"), "parts that are not read"),
        ((*NIGHT, "RRULE:FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=13"), "parts that are not read"),
        ((*NIGHT, "RRULE:FREQ=MONTHLY;BYDAY=6MO"), "does not occur"),
        ((*NIGHT, "RRULE:FREQ=WEEKLY;BYDAY=1MO"), "does not occur"),
        ((*NIGHT, "RRULE:FREQ=MONTHLY;BYMONTHDAY=32"), "may not occur"),
        ((*NIGHT, "RRULE:FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31"), "may not occur"),
        ((*NIGHT, "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO"), "does not go with BYDAY"),
        ((*NIGHT, DAILY, DAILY), "one rule is read"),
        ((*NIGHT, "RRULE:rubbish"), "only DAILY, WEEKLY and MONTHLY"),
        ((local("DTSTART", "20101024T220000"), "DURATION:PT9H", DAILY), "too long ago"),
        ((local("DTSTART", "18261024T220000"), "DURATION:PT9H"), "year is outside"),
        (("RECURRENCE-ID;RANGE=THISANDFUTURE:20261024T200000Z", *NIGHT), "end the series instead"),
        ((*NIGHT, DAILY, "RDATE;VALUE=PERIOD:20261024T200000Z/PT9H"), "not whole days"),
    ],
)
def test_an_event_that_is_no_duty_is_refused_with_its_uid(lines: tuple[str, ...], fault: str) -> None:
    """Floating, whole-day, foreign, sliding, backward, exploding and unreadable events."""
    found = ics_faults(event(*lines))
    assert any(re.match("line [0-9]+, event a: ", line) and fault in line for line in found), found


@pytest.mark.parametrize("summary", ["p-9", "Jour", ""])
def test_an_event_of_nobody_known_is_refused_without_saying_the_name(summary: str) -> None:
    """A name in a roster is not repeated in an error."""
    (found,) = ics_faults(event(*NIGHT, summary=summary))
    assert found == "line 6, event a: SUMMARY: is not the id or the name of exactly one person"


def test_events_that_stand_twice_or_overlap_are_refused() -> None:
    """The same UID twice, or one person in two places."""
    assert "line 10, event a: the same event stands twice" in ics_faults(event(*NIGHT), event(*NIGHT))
    assert ics_faults(event(*NIGHT), event(*NIGHT, uid="b")) == [
        "line 10, event b: the person is on duty already, by line 4, event a"
    ]
    assert len(read(event(*NIGHT), event(*NIGHT, uid="b", summary="p-2"))) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><body>Logga in</body></html>",
        b"BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n",
        calendar() + calendar(),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        calendar(event(f"DTSTART;TZID=Europe/{'x' * 300}:20261024T220000", NIGHT[1])),  # no name of a file
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    """A feed that answers HTML, a fragment, two calendars: one clear sentence."""
    with pytest.raises(BadInput, match="not one iCalendar"):
        parse_ics(data, WINDOW)


def test_what_is_too_much_is_refused() -> None:
    """Ten megabytes, too many events, a window of years, rules that fill a roster many times over."""
    with pytest.raises(BadInput, match="bytes"):
        parse_ics(b"x" * (MAX_BYTES + 1), WINDOW)
    with pytest.raises(BadInput, match="events"):
        parse_ics(calendar("BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n" * (MAX_EVENTS + 1)), WINDOW)
    with pytest.raises(BadInput, match="days"):
        parse_ics(
            calendar(), Window(into=INTO, role=Role.JOUR, first=date(2026, 1, 1), last=date(2029, 1, 1))
        )
    with pytest.raises(BadInput, match="recurring"):
        read(*(event(*WEEK, "RRULE:FREQ=DAILY", uid=str(n)) for n in range(501)))


def test_an_empty_calendar_is_an_empty_roster() -> None:
    """Nothing planned is not a fault."""
    assert read() == ()


PIECES = st.sampled_from(
    [
        *NIGHT,
        DAILY,
        "DURATION:PT9H",
        "RRULE:FREQ=DAILY;UNTIL=20261101",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12",
        "RDATE:20261024T200000Z",
        "EXDATE:20261024",
        "SEQUENCE:x",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
        "RECURRENCE-ID:20261024T200000Z",
        local("RECURRENCE-ID", "20261024T220000"),
        "UID:b",
        "DTSTART;TZID=Mars/Base:20261024T220000",
        "X-SAMJOUR-AREAS:north-area",
        "BEGIN:VALARM",
        "END:VALARM",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
        "RRULE:FREQ=WEEKLY;UNTIL=soon",
        "EXDATE;VALUE=DATE:20261024",
        "rubbish",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=6), max_size=3), st.binary(max_size=40))
def test_an_icalendar_roster_never_fails_otherwise_than_by_refusal(
    pieces: list[list[str]], rest: bytes
) -> None:
    """Whatever lines stand in the events, shifts or BadInput."""
    data = calendar(*(event(*lines, uid=str(n % 2)) for n, lines in enumerate(pieces)))
    for given_data in (data, data[:-20] + rest):
        with suppress(BadInput):
            parse_ics(given_data, WINDOW)
