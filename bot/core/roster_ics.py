"""iCalendar rosters (RFC 5545): events become shifts in UTC, all or nothing, every fault with its UID.

The recurrence library is handed bare wall-clock times and only lists occurrences; zones, ends, cancellations
and limits are decided here. Asked with zones it says nobody in the last shift hour of 2026-10-25, takes DURATION
as wall clock, gives back cancelled events, and can be made to count for hours.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import icalendar
import recurring_ical_events

from bot.core.errors import BadInput
from bot.core.hours import FIRST_YEAR, LAST_YEAR, STOCKHOLM, wall_instant
from bot.core.ids import AreaId, PersonId
from bot.core.people import Person, Role
from bot.core.roster import MAX_SHIFT, Shift
from bot.core.roster_files import MAX_BYTES, MAX_SHIFTS, Import, checked, parse_role, shift_faults, shift_id

MAX_EVENTS: Final = 5_000
MAX_SERIES: Final = 500  # events that recur
MAX_COUNT: Final = 1_000  # occurrences that one rule may name, and dates that one event may add or leave out
MAX_INTERVAL: Final = 366
MAX_WINDOW: Final = timedelta(days=400)
MAX_BACK: Final = timedelta(days=5 * 366)  # how long before the window a series may have begun
_SINGLE: Final = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "STATUS", "SUMMARY")
# Zones are known by their names alone: a file's own definition could count for hours, and would be remembered.
_ZONES: Final = re.compile(
    rb"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
# What the parser raises for broken nesting, broken values, and zones whose names are no names of files.
_UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError)
_RULE_PARTS: Final = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY"}),
}
_EVERY_RULE: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Shifts that begin on these local days, both included, are imported into these places by this role."""

    into: Import
    role: Role  # of events that name none (X-SAMJOUR-ROLE)
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One VEVENT as it stands: times still with their zones; `length` if it was given by DURATION."""

    uid: str
    starts: datetime
    ends: datetime
    length: timedelta | None
    rule: Mapping[str, list[object]] | None
    added: tuple[datetime, ...]
    left_out: tuple[datetime, ...]
    replaces: datetime | None
    sequence: int
    cancelled: bool
    person: str
    role: str
    areas: tuple[str, ...]


def parse_ics(data: bytes, window: Window) -> tuple[Shift, ...]:
    """The shifts of an iCalendar roster that begin in a window, in order of beginning.

    SUMMARY is the person's id or name; X-SAMJOUR-ROLE and X-SAMJOUR-AREAS (apart by spaces) may be given.
    Floating times, whole days, zones that do not keep Swedish time, recurrences in UTC form, and rules other
    than DAILY, WEEKLY and MONTHLY are refused. BadInput tells every fault on a line; then nothing is imported.
    """
    if not timedelta(0) <= window.last - window.first <= MAX_WINDOW:
        raise BadInput(f"A roster is imported for at most {MAX_WINDOW.days} days.")
    events, faults = _events(_calendar(data))
    faults += _repeated(events)
    found: list[tuple[str, Shift]] = []
    for uid, series in _by_uid(events).items():
        try:
            found += [(f"event {uid}", shift) for shift in _shifts(series, window)]
        except BadInput as error:
            faults.append(f"event {uid}: {error}")
        if len(found) > MAX_SHIFTS:
            raise BadInput(f"event {uid}: a roster has at most {MAX_SHIFTS} shifts")
    faults += [f"{where}: {fault}" for where, shift in found for fault in shift_faults(shift, window.into)]
    return checked(found, faults)


def _calendar(data: bytes) -> icalendar.Component:
    if len(data) > MAX_BYTES:
        raise BadInput(f"A roster file has at most {MAX_BYTES} bytes.")
    try:
        found = icalendar.Calendar.from_ical(_ZONES.sub(b"", data))
    except _UNREADABLE:
        raise BadInput("line 1: the file is not one iCalendar") from None
    if not isinstance(found, icalendar.Calendar):
        raise BadInput("line 1: the file is not one iCalendar")
    return found


def _events(calendar: icalendar.Component) -> tuple[list[_Event], list[str]]:
    components = [part for part in calendar.walk() if part.name == "VEVENT"]
    if len(components) > MAX_EVENTS:
        raise BadInput(f"A roster has at most {MAX_EVENTS} events.")
    if sum(1 for part in components if "RRULE" in part or "RDATE" in part) > MAX_SERIES:
        raise BadInput(f"A roster has at most {MAX_SERIES} recurring events.")
    events, faults = [], []
    for part in components:
        try:
            events.append(_event(part))
        except BadInput as error:
            faults.append(f"event {_uid(part)}: {error}")
    return events, faults


def _event(part: icalendar.Component) -> _Event:
    if part.errors:
        raise BadInput(f"{part.errors[0][0] or 'a line'}: cannot be read")
    twice = [name for name in _SINGLE if isinstance(part.get(name), list)]
    if twice:
        raise BadInput(f"{twice[0]}: stands twice")
    starts = _time(part, "DTSTART")
    length = _length(part)
    recurs = "RRULE" in part or "RDATE" in part
    if recurs and _is_utc(starts):
        raise BadInput(
            "DTSTART: a recurrence in UTC slides when the clocks change; give TZID=Europe/Stockholm"
        )
    return _Event(
        uid=_uid(part),
        starts=starts,
        ends=_time(part, "DTEND") if length is None else (starts.astimezone(UTC) + length),
        length=length,
        rule=_rule(part),
        added=_times(part, "RDATE", starts),
        left_out=_times(part, "EXDATE", starts),
        replaces=_time(part, "RECURRENCE-ID") if "RECURRENCE-ID" in part else None,
        sequence=int(part.get("SEQUENCE", 0)),
        cancelled=str(part.get("STATUS", "")).upper() == "CANCELLED",
        person=str(part.get("SUMMARY", "")).strip(),
        role=str(part.get("X-SAMJOUR-ROLE", "")).strip(),
        areas=tuple(str(part.get("X-SAMJOUR-AREAS", "")).split()),
    )


def _uid(part: icalendar.Component) -> str:
    return "".join(c for c in str(part.get("UID", "")) if c.isprintable())[:60] or "without UID"


def _length(part: icalendar.Component) -> timedelta | None:
    if "DURATION" not in part:
        return None
    length = getattr(part["DURATION"], "dt", None)
    if "DTEND" in part or not isinstance(length, timedelta):
        raise BadInput("DURATION: is one length, without DTEND")
    if not timedelta(0) < length <= MAX_SHIFT:
        raise BadInput(f"DURATION: is longer than nothing and at most {MAX_SHIFT.days} days")
    return length


def _time(part: icalendar.Component, name: str) -> datetime:
    if name not in part:
        raise BadInput(f"{name}: is missing")
    if name == "RECURRENCE-ID" and "RANGE" in part[name].params:
        raise BadInput("RECURRENCE-ID: changes of all that follows are not read; end the series instead")
    return _zoned(getattr(part[name], "dt", None), name)


def _times(part: icalendar.Component, name: str, starts: datetime) -> tuple[datetime, ...]:
    given = part.get(name, [])
    lists = given if isinstance(given, list) else [given]
    values = [value.dt for some in lists for value in getattr(some, "dts", [])]
    if len(values) > MAX_COUNT:
        raise BadInput(f"{name}: at most {MAX_COUNT} times")
    whole_days = name == "EXDATE"  # leaving out a day leaves out that day's shift
    return tuple(
        datetime.combine(value, starts.time(), starts.tzinfo)
        if whole_days and isinstance(value, date) and not isinstance(value, datetime)
        else _zoned(value, name)
        for value in values
    )


def _zoned(value: object, name: str) -> datetime:
    if not isinstance(value, datetime):
        raise BadInput(f"{name}: a shift has a clock time, not whole days")
    if value.utcoffset() is None:
        raise BadInput(f"{name}: a floating time is no instant; give TZID=Europe/Stockholm")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise BadInput(f"{name}: the year is outside {FIRST_YEAR}-{LAST_YEAR}")
    if not _is_utc(value) and not _keeps_swedish_time(value):
        raise BadInput(f"{name}: the zone does not keep Swedish time")
    return value


def _is_utc(value: datetime) -> bool:
    return str(value.tzinfo) == "UTC"


def _keeps_swedish_time(value: datetime) -> bool:
    days = (value.replace(month=month, day=15) for month in (1, 4, 7, 11))
    return all(day.utcoffset() == day.replace(tzinfo=STOCKHOLM).utcoffset() for day in days)


def _rule(part: icalendar.Component) -> Mapping[str, list[object]] | None:
    given = part.get("RRULE")
    if given is None:
        return None
    if not isinstance(given, icalendar.vRecur):
        raise BadInput("RRULE: one rule is read")
    rule = {str(name).upper(): list(values) for name, values in given.items()}
    _check_rule(rule)
    return rule


def _check_rule(rule: Mapping[str, list[object]]) -> None:
    """Refuse what cannot be a duty, and every combination that may never come true and be sought for ever."""
    freq = str(rule.get("FREQ", [""])[0]).upper()
    if freq not in _RULE_PARTS:
        raise BadInput("RRULE: only DAILY, WEEKLY and MONTHLY are read")
    if not set(rule) <= _EVERY_RULE | _RULE_PARTS[freq] or {"BYDAY", "BYMONTHDAY"} <= set(rule):
        raise BadInput(f"RRULE: a {freq} rule has parts that are not read")
    interval, count = _whole(rule, "INTERVAL"), _whole(rule, "COUNT")
    if not 1 <= interval <= MAX_INTERVAL or not 1 <= count <= MAX_COUNT:
        raise BadInput(f"RRULE: at most {MAX_COUNT} times and every {MAX_INTERVAL}th")
    if interval > 1 and freq == "DAILY" and "BYDAY" in rule:
        raise BadInput("RRULE: every so many days does not go with BYDAY")
    _check_days(rule, freq, interval)


def _check_days(rule: Mapping[str, list[object]], freq: str, interval: int) -> None:
    nth = [str(day)[:-2].lstrip("+-") for day in rule.get("BYDAY", [])]
    if any(n and (freq != "MONTHLY" or n not in {"1", "2", "3", "4", "5"}) for n in nth):
        raise BadInput("RRULE: BYDAY names a weekday that does not occur")
    last = 31 if interval == 1 else 28  # every twelfth month, a 31st may never come
    if any(not isinstance(day, int) or not 1 <= abs(day) <= last for day in rule.get("BYMONTHDAY", [])):
        raise BadInput("RRULE: BYMONTHDAY names a day that may not occur")


def _whole(rule: Mapping[str, list[object]], name: str) -> int:
    value = rule.get(name, [1])[0]
    return value if isinstance(value, int) else 0


def _repeated(events: Iterable[_Event]) -> Iterator[str]:
    seen = Counter((event.uid, event.replaces) for event in events)
    yield from (f"event {uid}: the same event stands twice" for (uid, _), n in seen.items() if n > 1)


def _by_uid(events: Iterable[_Event]) -> dict[str, list[_Event]]:
    found: dict[str, list[_Event]] = {}
    for event in events:
        found.setdefault(event.uid, []).append(event)
    return found


def _shifts(series: list[_Event], window: Window) -> Iterator[Shift]:
    if len(series) > 1 or series[0].rule or series[0].added:
        spans = _expanded(series, window)
    else:
        spans = ((event, event.starts.astimezone(UTC), event.ends.astimezone(UTC)) for event in series)
    for event, starts, ends in spans:
        day = starts.astimezone(STOCKHOLM).date()
        if not event.cancelled and window.first <= day <= window.last:
            yield _shift(event, starts, ends, window)


def _expanded(series: list[_Event], window: Window) -> Iterator[tuple[_Event, datetime, datetime]]:
    """Each occurrence that may begin in the window, with its instants."""
    calendar = icalendar.Calendar()
    for n, event in enumerate(series):
        calendar.add_component(_bare(event, n, window))
    query = recurring_ical_events.of(calendar)
    start = datetime.combine(window.first, time()) - timedelta(days=1)
    stop = datetime.combine(window.last, time()) + timedelta(days=2)
    try:
        occurrences = query.between(start, stop)
    except (ValueError, OverflowError, TypeError):
        raise BadInput("RRULE: cannot be expanded") from None
    for found in occurrences:
        event = series[int(found["X-SAMJOUR-EVENT"])]
        yield event, *_instants(event, found["DTSTART"].dt)


def _instants(event: _Event, wall: datetime) -> tuple[datetime, datetime]:
    """Start and end of an occurrence at this wall-clock start: DTEND by the wall clock, DURATION by the hour."""
    if event.rule is None and not event.added:
        return event.starts.astimezone(UTC), event.ends.astimezone(UTC)
    starts = wall_instant(wall)
    if event.length is not None:
        return starts, starts + event.length
    return starts, wall_instant(wall + (_wall(event.ends) - _wall(event.starts)))


def _bare(event: _Event, number: int, window: Window) -> icalendar.Event:
    """The event in naive wall-clock time, for the recurrence library."""
    starts, ends = _wall(event.starts), _wall(event.ends)
    if ends <= starts:
        raise BadInput("DTEND: must be later than DTSTART")
    if event.rule is not None and starts < datetime.combine(window.first, time()) - MAX_BACK:
        raise BadInput("DTSTART: the series began too long ago; begin it anew")
    bare = icalendar.Event()
    bare.add("UID", event.uid)
    bare.add("DTSTART", starts)
    bare.add("DTEND", ends)
    bare.add("SEQUENCE", event.sequence)
    bare.add("X-SAMJOUR-EVENT", str(number))
    if event.rule is not None:
        bare.add("RRULE", {**event.rule, **_until(event.rule)})
    for name, times in (("RDATE", event.added), ("EXDATE", event.left_out)):
        if times:
            bare.add(name, [_wall(value) for value in times])
    if event.replaces is not None:
        bare.add("RECURRENCE-ID", _wall(event.replaces))
    return bare


def _until(rule: Mapping[str, list[object]]) -> dict[str, list[datetime]]:
    """UNTIL by the wall clock; a mere date means all of that day."""
    if "UNTIL" not in rule:
        return {}
    until = rule["UNTIL"][0]
    if isinstance(until, datetime):
        return {"UNTIL": [_wall(until) if until.tzinfo else until]}
    if isinstance(until, date):
        return {"UNTIL": [datetime.combine(until, time(23, 59, 59))]}
    raise BadInput("RRULE: UNTIL is a day or a time")


def _wall(value: datetime) -> datetime:
    return value.astimezone(STOCKHOLM).replace(tzinfo=None, fold=0)


def _shift(event: _Event, starts: datetime, ends: datetime, window: Window) -> Shift:
    person = _person(window.into.people, event.person)
    return Shift(
        id=shift_id(f"ics:{event.uid}", person, starts),
        person=person,
        organisations=(window.into.organisation,),
        role=parse_role(event.role) if event.role else window.role,
        starts=starts,
        ends=ends,
        areas=tuple(map(AreaId, event.areas)),
        source="ics",
    )


def _person(people: Mapping[PersonId, Person], text: str) -> PersonId:
    if PersonId(text) in people:
        return PersonId(text)
    named = [person.id for person in people.values() if person.name == text]
    if len(named) != 1:
        raise BadInput("SUMMARY: is not the id or the name of exactly one person")
    return named[0]
