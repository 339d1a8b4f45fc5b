"""One event of an iCalendar roster as it stands: times with their zones, whole days, its recurrence, its person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import icalendar

from bot.core.errors import BadInput
from bot.core.hours import FIRST_YEAR, LAST_YEAR, STOCKHOLM, parse_clock
from bot.core.roster import MAX_SHIFT
from bot.core.roster_ics_rules import MAX_COUNT, Rule, read_rule

MAX_DAYS: Final = 62  # of one event of whole days
MAX_UID: Final = 1_000  # characters; the longest of Outlook's are some hundred
HOURS: Final = "X-SAMJOUR-HOURS"  # narrows whole days: 16:30-08:00
_SINGLE: Final = (
    *("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "STATUS", "SUMMARY"),
    *("X-SAMJOUR-ROLE", "X-SAMJOUR-AREAS", HOURS),
)
_SPAN: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One VEVENT. `length` if it was given by DURATION; `days` of whole local days, 0 of an event with clock times."""

    uid: str
    starts: datetime
    ends: datetime
    length: timedelta | None
    days: int
    hours: tuple[time, time]  # of each whole day; equal ones are a day and a night
    rule: Rule | None
    added: tuple[datetime, ...]
    left_out: tuple[datetime, ...]
    replaces: datetime | None
    sequence: int
    cancelled: bool
    person: str
    role: str
    areas: tuple[str, ...]


def read_event(part: icalendar.Component) -> Event:
    """The event. Raises BadInput, naming the property first, for what is no duty or cannot be read."""
    if part.errors:
        raise BadInput(f"{part.errors[0][0] or 'a line'}: cannot be read")
    twice = [name for name in _SINGLE if isinstance(part.get(name), list)]
    if twice:
        raise BadInput(f"{twice[0]}: stands twice")
    starts, days = _starts(part)
    length = None if days else _length(part)
    if ("RRULE" in part or "RDATE" in part) and is_utc(starts):
        raise BadInput(
            "DTSTART: a recurrence in UTC slides when the clocks change; give TZID=Europe/Stockholm"
        )
    return Event(
        uid=_uid(part),
        starts=starts,
        ends=_ends(part, starts, days, length),
        length=length,
        days=days,
        hours=_hours(part, days),
        rule=read_rule(part),
        added=_times(part, "RDATE", starts, days),
        left_out=_times(part, "EXDATE", starts, days),
        replaces=_replaces(part),
        sequence=int(part.get("SEQUENCE", 0)),
        cancelled=str(part.get("STATUS", "")).upper() == "CANCELLED",
        person=str(part.get("SUMMARY", "")).strip(),
        role=str(part.get("X-SAMJOUR-ROLE", "")).strip(),
        areas=tuple(str(part.get("X-SAMJOUR-AREAS", "")).split()),
    )


def shown_uid(part: Mapping[str, object]) -> str:
    """A UID that is safe to print; it comes from outside."""
    return "".join(c for c in str(part.get("UID", "")) if c.isprintable())[:60] or "without UID"


def is_utc(value: datetime) -> bool:
    """Whether a time was written in UTC form."""
    return str(value.tzinfo) == "UTC"


def _uid(part: icalendar.Component) -> str:
    uid = str(part.get("UID", "")).strip()
    if not 0 < len(uid) <= MAX_UID:
        raise BadInput(f"UID: is missing, or longer than {MAX_UID} characters")
    return uid


def _starts(part: icalendar.Component) -> tuple[datetime, int]:
    """When it begins, and of how many whole days it is."""
    given = getattr(part["DTSTART"], "dt", None) if "DTSTART" in part else None
    if isinstance(given, datetime) or not isinstance(given, date):
        return _time(part, "DTSTART"), 0
    starts = _midnight(given, "DTSTART")
    days = _days(part, given)
    if not 1 <= days <= MAX_DAYS:
        raise BadInput(f"DTEND: whole days are at least one and at most {MAX_DAYS}")
    return starts, days


def _days(part: icalendar.Component, first: date) -> int:
    if "DURATION" in part:
        length = getattr(part["DURATION"], "dt", None)
        if "DTEND" in part or not isinstance(length, timedelta) or length % timedelta(days=1):
            raise BadInput("DURATION: is whole days where DTSTART is one, without DTEND")
        return length.days
    if "DTEND" not in part:
        return 1  # RFC 5545 section 3.6.1
    last = getattr(part["DTEND"], "dt", None)
    if isinstance(last, datetime) or not isinstance(last, date):
        raise BadInput("DTEND: is a whole day where DTSTART is one")
    return (last - first).days


def _ends(part: icalendar.Component, starts: datetime, days: int, length: timedelta | None) -> datetime:
    if days:
        return starts + timedelta(days=days)  # by the wall clock: both are local midnights
    return _time(part, "DTEND") if length is None else starts.astimezone(UTC) + length


def _length(part: icalendar.Component) -> timedelta | None:
    if "DURATION" not in part:
        return None
    length = getattr(part["DURATION"], "dt", None)
    if "DTEND" in part or not isinstance(length, timedelta):
        raise BadInput("DURATION: is one length, without DTEND")
    if not timedelta(0) < length <= MAX_SHIFT:
        raise BadInput(f"DURATION: is longer than nothing and at most {MAX_SHIFT.days} days")
    return length


def _hours(part: icalendar.Component, days: int) -> tuple[time, time]:
    written = str(part.get(HOURS, "")).strip()
    if not written:
        return time(), time()
    span = _SPAN.fullmatch(written)
    if not days or span is None:
        raise BadInput(f"{HOURS}: is written 16:30-08:00, for whole days")
    try:
        return parse_clock(span[1]), parse_clock(span[2])
    except BadInput as error:
        raise BadInput(f"{HOURS}: {error}") from None


def _replaces(part: icalendar.Component) -> datetime | None:
    if "RECURRENCE-ID" not in part:
        return None
    if "RANGE" in part["RECURRENCE-ID"].params:
        raise BadInput("RECURRENCE-ID: changes of all that follows are not read; end the series instead")
    value = getattr(part["RECURRENCE-ID"], "dt", None)
    if isinstance(value, date) and not isinstance(value, datetime):
        return _midnight(value, "RECURRENCE-ID")
    return _zoned(value, "RECURRENCE-ID")


def _time(part: icalendar.Component, name: str) -> datetime:
    if name not in part:
        raise BadInput(f"{name}: is missing")
    return _zoned(getattr(part[name], "dt", None), name)


def _times(part: icalendar.Component, name: str, starts: datetime, days: int) -> tuple[datetime, ...]:
    """The times of a list; a day in it means the event of that day, where there can be but one."""
    given = part.get(name, [])
    lists = given if isinstance(given, list) else [given]
    values = [value.dt for some in lists for value in getattr(some, "dts", [])]
    if len(values) > MAX_COUNT:
        raise BadInput(f"{name}: at most {MAX_COUNT} times")
    by_day = days > 0 or name == "EXDATE"  # leaving out a day leaves out that day's shift
    return tuple(
        datetime.combine(_midnight(value, name), starts.time(), starts.tzinfo)
        if by_day and isinstance(value, date) and not isinstance(value, datetime)
        else _zoned(value, name)
        for value in values
    )


def _midnight(day: date, name: str) -> datetime:
    _check_year(day, name)
    return datetime.combine(day, time(), STOCKHOLM)


def _zoned(value: object, name: str) -> datetime:
    if not isinstance(value, datetime):
        raise BadInput(f"{name}: has a clock time where DTSTART has one, and is not whole days")
    if value.utcoffset() is None:
        raise BadInput(f"{name}: a floating time is no instant; give TZID=Europe/Stockholm")
    _check_year(value, name)
    if not is_utc(value) and not _keeps_swedish_time(value):
        raise BadInput(f"{name}: the zone does not keep Swedish time")
    return value


def _check_year(day: date, name: str) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(f"{name}: the year is outside {FIRST_YEAR}-{LAST_YEAR}")


def _keeps_swedish_time(value: datetime) -> bool:
    days = (value.replace(month=month, day=15) for month in (1, 4, 7, 11))
    return all(day.utcoffset() == day.replace(tzinfo=STOCKHOLM).utcoffset() for day in days)
