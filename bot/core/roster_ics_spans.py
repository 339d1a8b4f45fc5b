"""When the events of one UID take place: recurrences expanded by the wall clock, whole days cut by local midnights.

The recurrence library is handed bare wall-clock times and only lists occurrences; zones, ends, cancellations
and limits are decided here. Asked with zones it says nobody in the last shift hour of 2026-10-25, takes DURATION
as wall clock, gives back cancelled events, and can be made to count for hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import icalendar
import recurring_ical_events

from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM, wall_instant
from bot.core.roster_ics_event import Event
from bot.core.roster_ics_rules import Rule, until_of

MAX_BACK: Final = timedelta(days=5 * 366)  # how long before the window a series may have begun
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One duty. `name`: which of its UID's it is, the same wherever it is moved; empty for the only one."""

    event: Event
    name: str
    starts: datetime
    ends: datetime


def spans(series: Sequence[Event], first: date, last: date) -> Iterator[Span]:
    """What of these events of one UID may touch the local days, both included. Raises BadInput."""
    if len(series) > 1 or series[0].rule or series[0].added:
        for event, wall in _expanded(series, first, last):
            original = event.replaces or wall_instant(wall)
            yield from _cut(event, wall, original.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
    else:
        for event in series:
            yield from _cut(event, _wall(event.starts), "")


def _cut(event: Event, wall: datetime, name: str) -> Iterator[Span]:
    """An occurrence at this wall-clock start, or one for each of its days."""
    if not event.days:
        starts, ends = _instants(event, wall)
        yield Span(event=event, name=name, starts=starts, ends=ends)
        return
    opens, closes = event.hours
    for day in (wall.date() + n * _DAY for n in range(event.days)):
        ended = day if closes > opens else day + _DAY
        yield Span(
            event=event,
            name=f"{name}/{day.isoformat()}" if event.days > 1 else name,
            starts=wall_instant(datetime.combine(day, opens)),
            ends=wall_instant(datetime.combine(ended, closes)),
        )


def _instants(event: Event, wall: datetime) -> tuple[datetime, datetime]:
    """Start and end: those of an event that does not recur as written; DTEND by the wall clock, DURATION by the hour."""
    if event.rule is None and not event.added:
        return event.starts.astimezone(UTC), event.ends.astimezone(UTC)
    starts = wall_instant(wall)
    if event.length is not None:
        return starts, starts + event.length
    return starts, wall_instant(wall + (_wall(event.ends) - _wall(event.starts)))


def _expanded(series: Sequence[Event], first: date, last: date) -> Iterator[tuple[Event, datetime]]:
    """Each occurrence that may touch the days, with its wall-clock start."""
    calendar = icalendar.Calendar()
    for n, event in enumerate(series):
        calendar.add_component(_bare(event, n, first))
    query = recurring_ical_events.of(calendar)
    start = datetime.combine(first, time()) - _DAY
    stop = datetime.combine(last, time()) + 2 * _DAY
    try:
        occurrences = query.between(start, stop)
    except (ValueError, OverflowError, TypeError):
        raise BadInput("RRULE: cannot be expanded") from None
    for found in occurrences:
        yield series[int(found["X-SAMJOUR-EVENT"])], found["DTSTART"].dt


def _bare(event: Event, number: int, first: date) -> icalendar.Event:
    """The event in naive wall-clock time, for the recurrence library."""
    starts, ends = _wall(event.starts), _wall(event.ends)
    if ends <= starts:
        raise BadInput("DTEND: must be later than DTSTART")
    if event.rule is not None and starts < datetime.combine(first, time()) - MAX_BACK:
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


def _until(rule: Rule) -> dict[str, list[datetime]]:
    """UNTIL by the wall clock; a mere date means all of that day."""
    until = until_of(rule)
    if until is None:
        return {}
    if isinstance(until, datetime):
        return {"UNTIL": [_wall(until) if until.tzinfo else until]}
    return {"UNTIL": [datetime.combine(until, time(23, 59, 59))]}


def _wall(value: datetime) -> datetime:
    return value.astimezone(STOCKHOLM).replace(tzinfo=None, fold=0)
