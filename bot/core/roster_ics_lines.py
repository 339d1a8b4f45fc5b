"""The lines of an iCalendar file that a roster is read from: where each event stands, and nothing else of the file.

The parser of calendars is given these lines alone. All that is left out (descriptions, alarms, definitions of zones)
could make it work for minutes, and zones are known by their names anyway.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"([A-Za-z0-9-]{1,60})[;:]", re.ASCII)
_FOLD: Final = (" ", "\t")  # begins a line that goes on with the one before (RFC 5545 section 3.1)
_CALENDAR, _EVENT = "VCALENDAR", "VEVENT"
_READ: Final = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("SEQUENCE", "STATUS", "SUMMARY", "X-SAMJOUR-ROLE", "X-SAMJOUR-AREAS", "X-SAMJOUR-HOURS"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLines:
    """Lines of one VEVENT, from 1. A property that stands twice is where it stood first."""

    begins: int
    properties: Mapping[str, int]

    def of(self, fault: str) -> int:
        """The line of the property that a fault begins with ("DTSTART: ..."), else the event's first."""
        return self.properties.get(fault.partition(":")[0], self.begins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What of a file is read. `whole`: it is one calendar, from its first line to its last."""

    text: str
    count: int
    events: tuple[EventLines, ...]
    whole: bool


def read_lines(data: bytes) -> Lines:
    """The calendar's own lines, its events and their properties; never refuses, whatever the bytes."""
    kept: list[str] = []
    begun: list[tuple[int, dict[str, int]]] = []
    within: list[str] = []  # components that are open at this line
    foreign, calendars, sound = 0, 0, True  # of them not ours; calendars so far; whether all ends fit
    for number, name, line in _properties(data):
        if name not in ("BEGIN", "END"):
            if not foreign and within[-1:] == [_EVENT] and name in _READ:
                begun[-1][1].setdefault(name, number)
                kept.append(line)
            continue
        value = line.partition(":")[2].strip().upper()
        ours = value in (_CALENDAR, _EVENT)
        if name == "BEGIN":
            sound = sound and (value == _CALENDAR) is not bool(within)
            calendars += value == _CALENDAR
            within.append(value)
        else:
            sound = sound and within[-1:] == [value]
            del within[-1:]
        if not sound:
            break  # what follows belongs nowhere; the file is no calendar
        if ours and not foreign:
            kept.append(line)
            if (name, value) == ("BEGIN", _EVENT):
                begun.append((number, {}))
        foreign += 0 if ours else 1 if name == "BEGIN" else -1
    events = tuple(EventLines(begins=line, properties=found) for line, found in begun)
    whole = sound and not within and calendars == 1
    return Lines(text="\r\n".join((*kept, "")), count=len(kept), events=events, whole=whole)


def _properties(data: bytes) -> Iterator[tuple[int, str, str]]:
    """Each property: the line it begins on, its name in capitals, and all of it unfolded."""
    for number, line in _unfolded(data.decode("utf-8", "replace").removeprefix("\ufeff")):
        name = _NAME.match(line)
        if name is not None:
            yield number, name[1].upper(), line


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    begun, parts = 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.removesuffix("\r")
        if bare.startswith(_FOLD):
            parts.append(bare[1:])
        elif bare:
            yield begun, "".join(parts)
            begun, parts = number, [bare]
    yield begun, "".join(parts)
