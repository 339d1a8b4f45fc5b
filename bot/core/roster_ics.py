"""iCalendar rosters (RFC 5545): events become shifts in UTC, all or nothing, every fault with its line and UID."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import icalendar

from bot.core.errors import BadInput
from bot.core.hours import MINUTES, day_minute
from bot.core.ids import AreaId, PersonId
from bot.core.people import Role
from bot.core.roster import Shift
from bot.core.roster_files import (
    MAX_BYTES,
    MAX_SHIFTS,
    Import,
    NotARoster,
    Written,
    checked,
    names_of,
    parse_role,
    shift_faults,
    shift_name,
)
from bot.core.roster_ics_event import Event, read_event, shown_uid
from bot.core.roster_ics_lines import EventLines, Lines, read_lines
from bot.core.roster_ics_spans import Span, spans

MAX_EVENTS: Final = 5_000
MAX_SERIES: Final = 500  # events that recur
MAX_LINES: Final = 60_000  # that are read of a file
MAX_WINDOW: Final = timedelta(days=400)
# What the parser raises for broken nesting, broken values, and zones whose names are no names of files.
_UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError)
_RECURS: Final = frozenset({"RRULE", "RDATE"})
# Which property of an event says what a shift has.
_PROPERTY: Final = {"person": "SUMMARY", "role": "X-SAMJOUR-ROLE", "areas": "X-SAMJOUR-AREAS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Shifts that touch these local days, both included, are imported into these places by this role."""

    into: Import
    role: Role  # of events that name none (X-SAMJOUR-ROLE)
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """An event, and where in the file it stands."""

    event: Event
    shown: str  # its UID
    lines: EventLines

    def where(self, fault: str = "") -> str:
        return f"line {self.lines.of(fault)}, event {self.shown}"


def parse_ics(data: bytes, window: Window) -> tuple[Shift, ...]:
    """The shifts of an iCalendar roster that touch a window, in order of beginning; faults as `read_ics`."""
    return tuple(written.shift for written in read_ics(data, window))


def read_ics(data: bytes, window: Window) -> tuple[Written, ...]:
    """The shifts of an iCalendar roster that touch a window, each with its place in the file.

    SUMMARY is the person's id or name; X-SAMJOUR-ROLE and X-SAMJOUR-AREAS (apart by spaces) may be given. Whole
    days are local days, narrowed by X-SAMJOUR-HOURS (16:30-08:00). Floating times, zones that do not keep Swedish
    time, recurrences in UTC form, and rules other than DAILY, WEEKLY and MONTHLY are refused. BadInput tells every
    fault with its line; then nothing is imported.
    """
    if not timedelta(0) <= window.last - window.first <= MAX_WINDOW:
        raise BadInput(f"A roster is imported for at most {MAX_WINDOW.days} days.")
    placed, faults = _events(data)
    faults += _repeated(placed)
    people = names_of(window.into.people)
    found: list[Written] = []
    for series in _by_uid(placed):
        try:
            found += _written(series, window, people, faults)
        except BadInput as error:
            faults.append(f"{series[0].where(str(error))}: {error}")
        if len(found) > MAX_SHIFTS:
            raise BadInput(f"{series[0].where()}: a roster has at most {MAX_SHIFTS} shifts")
    return checked(found, faults)


def _events(data: bytes) -> tuple[list[_Placed], list[str]]:
    lines = _lines(data)
    events, faults = [], []
    for part, at in zip(_components(lines), lines.events, strict=True):
        try:
            events.append(_Placed(event=read_event(part), shown=shown_uid(part), lines=at))
        except BadInput as error:
            faults.append(f"line {at.of(str(error))}, event {shown_uid(part)}: {error}")
    return events, faults


def _lines(data: bytes) -> Lines:
    """The lines that count. Raises BadInput where they are too many to be a roster, or no whole calendar."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"A roster file has at most {MAX_BYTES} bytes.")
    lines = read_lines(data)
    if not lines.whole:
        raise NotARoster("line 1: the file is not one iCalendar, from its first line to its last")
    if len(lines.events) > MAX_EVENTS:
        raise BadInput(f"A roster has at most {MAX_EVENTS} events.")
    if sum(1 for at in lines.events if _RECURS & at.properties.keys()) > MAX_SERIES:
        raise BadInput(f"A roster has at most {MAX_SERIES} recurring events.")
    if lines.count > MAX_LINES:
        raise BadInput(f"A roster has at most {MAX_LINES} lines about events.")
    return lines


def _components(lines: Lines) -> list[icalendar.Component]:
    try:
        found = icalendar.Calendar.from_ical(lines.text)
    except _UNREADABLE:
        raise NotARoster("line 1: the file is not one iCalendar") from None
    components = [part for part in found.walk() if part.name == "VEVENT"]
    if len(components) != len(lines.events):
        raise NotARoster("line 1: the file is not one iCalendar")
    return components


def _repeated(placed: list[_Placed]) -> Iterator[str]:
    seen = Counter[tuple[str, object]]()
    for one in placed:
        key = (one.event.uid, one.event.replaces)
        seen[key] += 1
        if seen[key] == 2:
            yield f"{one.where()}: the same event stands twice"


def _by_uid(placed: list[_Placed]) -> list[list[_Placed]]:
    found: dict[str, list[_Placed]] = {}
    for one in placed:
        found.setdefault(one.event.uid, []).append(one)
    return list(found.values())


def _written(
    series: list[_Placed], window: Window, people: Mapping[str, PersonId | None], faults: list[str]
) -> Iterator[Written]:
    """The shifts of one UID; faults of single ones are added to those told."""
    begins, ends = day_minute(window.first, 0), day_minute(window.last, MINUTES)
    by_event = {id(one.event): one for one in series}
    for span in spans([one.event for one in series], window.first, window.last):
        if span.event.cancelled or span.ends <= begins or span.starts >= ends:
            continue
        placed = by_event[id(span.event)]
        try:
            shift = _shift(span, window, people)
        except BadInput as error:
            faults.append(f"{placed.where(str(error))}: {error}")
            return
        for fault in shift_faults(shift, window.into):
            name, _, _ = fault.partition(":")
            faults.append(f"{placed.where(_PROPERTY.get(name, ''))}: {fault}")
        yield Written(place=placed.where(), shift=shift)


def _shift(span: Span, window: Window, people: Mapping[str, PersonId | None]) -> Shift:
    event = span.event
    person = people.get(" ".join(event.person.split()).casefold())
    if person is None:
        raise BadInput("SUMMARY: is not the id or the name of exactly one person")
    return Shift(
        id=shift_name("ics", event.uid, span.name),
        person=person,
        organisations=(window.into.organisation,),
        role=_role(event, window),
        starts=span.starts,
        ends=span.ends,
        areas=tuple(map(AreaId, event.areas)),
        source=window.into.source or "ics",
    )


def _role(event: Event, window: Window) -> Role:
    try:
        return parse_role(event.role) if event.role else window.role
    except BadInput as error:
        raise BadInput(f"X-SAMJOUR-ROLE: {error}") from None
