"""Hours: what the clock on the wall says in Sweden, and when an office is open.

Instants are aware and UTC; days and clock times are Europe/Stockholm, where the law's days begin and end.
Validity dates are half-open: `valid_to` is the first day on which a thing no longer holds.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from bot.core.errors import BadInput

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
FIRST_YEAR: Final = 2000  # nobody asks for duty outside these years; calendar sums stay inside `date`
LAST_YEAR: Final = 2099
MINUTES: Final = 24 * 60  # a day's minutes on the wall clock, also on the two days with 23 and 25 hours
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEARCH_DAYS: Final = 400  # an office that does not open within this many days does not open
_CHANGE: Final = (2 * 60, 3 * 60)  # between these a wall clock is missing once a year and doubled once
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WALL: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Open from one minute after local midnight until before another; both 0-1440."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """Seven days from Monday; `on_holiday` None lets the weekday count; an override outranks both.

    `then`: what takes their place, each from its first day on, in order; entered before that day.
    """

    weekly: tuple[tuple[Span, ...], ...]
    on_holiday: tuple[Span, ...] | None = ()
    overrides: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    then: "tuple[tuple[date, OpeningHours], ...]" = ()


ALWAYS: Final = OpeningHours(weekly=((Span(opens=0, closes=MINUTES),),) * 7, on_holiday=None)


def holiday_name(day: date) -> str | None:
    """The Swedish name of a public or de facto holiday (lag 1989:253; Midsummer, Christmas and New Year's
    Eve by custom and agreement), or None on other days.
    """
    return _holidays(day.year).get(day)


def hours_on(hours: OpeningHours, day: date) -> OpeningHours:
    """The hours that hold on a day, without what was before and what comes after."""
    if not hours.then:
        return hours
    begun = [later for since, later in hours.then if since <= day]
    return begun[-1] if begun else replace(hours, then=())


def spans_on(hours: OpeningHours, day: date) -> tuple[Span, ...]:
    """What the hours say of one local day."""
    hours = hours_on(hours, day)
    if day in hours.overrides:
        return hours.overrides[day]
    if hours.on_holiday is not None and holiday_name(day):
        return hours.on_holiday
    return hours.weekly[day.weekday()]


def is_open(hours: OpeningHours, at: datetime) -> bool:
    """Whether the wall clock at that instant stands inside the day's hours."""
    wall = at.astimezone(STOCKHOLM)
    minute = wall.hour * 60 + wall.minute
    return any(span.opens <= minute < span.closes for span in spans_on(hours, wall.date()))


def next_opening(hours: OpeningHours, at: datetime) -> datetime | None:
    """The first instant from `at` on (UTC) when it is open: `at` itself if it is open, None if it never opens."""
    if is_open(hours, at):
        return at.astimezone(UTC)
    first = local_day(at)
    for day in (first + timedelta(days=n) for n in range(_SEARCH_DAYS)):
        for span in spans_on(hours, day):
            opening = day_minute(day, span.opens)
            if opening >= at:
                return opening
    return None


def unanswered(schedules: Sequence[OpeningHours]) -> str | None:
    """A kind of day and a minute at which none of these is open, or None: checked for every day there can be."""
    for name, spans in _kinds_of_day(schedules):
        free = _first_free(spans)
        if free is not None:
            return f"{name} {_minute(free)}"
    return None


def local_day(at: datetime) -> date:
    """The Swedish calendar day of an instant."""
    return at.astimezone(STOCKHOLM).date()


def clock(at: datetime) -> str:
    """What the wall clock shows, "07:00"."""
    return at.astimezone(STOCKHOLM).strftime("%H:%M")


def stamp(at: datetime) -> str:
    """Day and wall clock, "2026-12-24 07:00"."""
    return at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")


def holds(day: date, valid_from: date, valid_to: date | None) -> bool:
    """Whether a dated thing holds on a day; `valid_to` is the first day it does not."""
    return valid_from <= day and (valid_to is None or day < valid_to)


def day_minute(day: date, minute: int) -> datetime:
    """The instant (UTC) when the wall clock shows that minute of the day; 1440 is the next midnight."""
    days, rest = divmod(minute, MINUTES)
    return wall_instant(datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60)))


def wall_instant(wall: datetime, tz: ZoneInfo = STOCKHOLM) -> datetime:
    """The instant (UTC) of a naive wall-clock time: the first of two, and a missing one moved past the gap
    (RFC 5545 section 3.3.5).
    """
    return wall.replace(tzinfo=tz, fold=0).astimezone(UTC)


def local_instant(text: str, tz: ZoneInfo = STOCKHOLM) -> datetime:
    """The instant (UTC) of "2026-10-25T02:30" or, with an offset, "2026-10-25T02:30+01:00".

    A time without offset is the wall clock of `tz`; one that exists twice or never there is BadInput.
    """
    if not _WALL.fullmatch(text):
        raise BadInput("A time is written 2026-10-25T02:30, with or without an offset such as +01:00.")
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("That day or time of day does not exist.") from None
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise BadInput(f"The year is outside {FIRST_YEAR}-{LAST_YEAR}.")
    return parsed.astimezone(UTC) if parsed.tzinfo else _sure(parsed, tz)


def local_beginning(text: str, tz: ZoneInfo = STOCKHOLM) -> datetime:
    """The same; of a day alone, as "2026-10-25", its first instant."""
    return local_instant(f"{text}T00:00" if _DAY.fullmatch(text) else text, tz)


def parse_clock(text: str) -> time:
    """A clock time "16:30"; between 02:00 and 03:00 refused, because that hour is missing or doubled at DST."""
    if not _CLOCK.fullmatch(text):
        raise BadInput("A clock time is written 16:30.")
    hour, minute = int(text[:2]), int(text[3:])
    _refuse_change_hour(hour * 60 + minute)
    return time(hour, minute)


def parse_spans(texts: Iterable[str]) -> tuple[Span, ...]:
    """["08:00-12:00", "13:00-16:30"]: in order, apart, inside one day (until 24:00)."""
    spans = tuple(_span(text) for text in texts)
    if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
        raise BadInput("Hours of one day must stand in order and not overlap.")
    return spans


def parse_hours(written: object) -> OpeningHours:
    """Hours as a policy file has them: "always", or {weekly: {mon-fri: ["08:00-16:30"]}, holidays: closed |
    as_weekday | [...], overrides: {2026-12-23: [...]}}. Days not named are closed, and so are holidays.

    Hours that will change are a list: [{hours: ...}, {valid_from: 2027-01-01, hours: ...}], in the order of days.
    """
    if isinstance(written, list):
        return _changing(written)
    if written == "always":
        return ALWAYS
    if not isinstance(written, dict) or not {"weekly"} <= set(written) <= {"weekly", "holidays", "overrides"}:
        raise BadInput("Hours are `always`, or have `weekly` and perhaps `holidays` and `overrides`.")
    overrides = _table(written.get("overrides", {}))
    return OpeningHours(
        weekly=_week(_table(written["weekly"])),
        on_holiday=_on_holiday(written.get("holidays", "closed")),
        overrides={_day(day): spans for day, spans in overrides.items()},
    )


def written_hours(hours: OpeningHours) -> object:
    """The hours as `parse_hours` reads them, day by day."""
    if hours.then:
        first: list[object] = [{"hours": written_hours(replace(hours, then=()))}]
        return first + [
            {"valid_from": since.isoformat(), "hours": written_hours(later)} for since, later in hours.then
        ]
    if hours == ALWAYS:
        return "always"
    holiday = "as_weekday" if hours.on_holiday is None else _written(hours.on_holiday) or "closed"
    return {
        "weekly": {day: _written(spans) for day, spans in zip(DAYS, hours.weekly, strict=True) if spans},
        "holidays": holiday,
        "overrides": {day.isoformat(): _written(spans) for day, spans in hours.overrides.items()},
    }


def _changing(written: list[object]) -> OpeningHours:
    first, *later = [_dated(one) for one in written] or [(None, ALWAYS)]
    days = [since for since, _ in later if since is not None]
    if first[0] is not None or not later or len(days) < len(later) or days != sorted(set(days)):
        raise BadInput(
            "Hours that change are listed by day: the first without valid_from, each later one with."
        )
    return replace(first[1], then=tuple(zip(days, (hours for _, hours in later), strict=True)))


def _dated(written: object) -> tuple[date | None, OpeningHours]:
    if not isinstance(written, dict) or not {"hours"} <= set(written) <= {"hours", "valid_from"}:
        raise BadInput("Hours that change have `hours`, and `valid_from` but for the first.")
    if isinstance(written["hours"], list):
        raise BadInput("Hours that change do not stand within each other.")
    since = written.get("valid_from")
    return (_day(str(since)) if since is not None else None), parse_hours(written["hours"])


def parse_days(text: str) -> tuple[int, ...]:
    """Weekday numbers, 0 is Monday, of "mon", "mon-fri", "tue, thu" or "daily"."""
    days = [day for part in text.split(",") for day in _some_days(part.strip())]
    if len(set(days)) != len(days):
        raise BadInput("A weekday stands twice.")
    return tuple(days)


def _some_days(text: str) -> range:
    first, _, last = ("mon-sun" if text == "daily" else text).partition("-")
    last = last or first
    if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
        raise BadInput("Days are written mon, mon-fri or daily.")
    return range(DAYS.index(first), DAYS.index(last) + 1)


def _written(spans: tuple[Span, ...]) -> list[str]:
    return [f"{_minute(span.opens)}-{_minute(span.closes)}" for span in spans]


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _table(written: object) -> dict[str, tuple[Span, ...]]:
    if not isinstance(written, dict):
        raise BadInput("Hours by day are a table.")
    return {str(day): _spans(spans) for day, spans in written.items()}


def _spans(written: object) -> tuple[Span, ...]:
    if not isinstance(written, list) or not all(isinstance(text, str) for text in written):
        raise BadInput('The hours of a day are a list such as ["08:00-16:30"].')
    return parse_spans(written)


def _week(table: Mapping[str, tuple[Span, ...]]) -> tuple[tuple[Span, ...], ...]:
    week: dict[int, tuple[Span, ...]] = {}
    for name, spans in table.items():
        for day in parse_days(name):
            if day in week:
                raise BadInput("A weekday has its hours twice.")
            week[day] = spans
    return tuple(week.get(day, ()) for day in range(7))


def _on_holiday(written: object) -> tuple[Span, ...] | None:
    if written == "as_weekday":
        return None
    return () if written == "closed" else _spans(written)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("A day is written 2026-12-23.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(f"The year is outside {FIRST_YEAR}-{LAST_YEAR}.")
    return day


def _span(text: str) -> Span:
    if not _SPAN.fullmatch(text):
        raise BadInput("Hours are written 08:00-16:30, at most until 24:00.")
    opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    if opens >= closes:
        raise BadInput("Hours must end after they begin; write a night as two spans.")
    _refuse_change_hour(opens)
    _refuse_change_hour(closes)
    return Span(opens=opens, closes=closes)


def _refuse_change_hour(minute: int) -> None:
    if _CHANGE[0] < minute < _CHANGE[1]:
        raise BadInput(
            "No hours begin or end between 02:00 and 03:00: twice a year that hour is not one hour."
        )


def _sure(wall: datetime, tz: ZoneInfo) -> datetime:
    first, second = (wall.replace(tzinfo=tz, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None
    assert second is not None
    if first > second:
        raise BadInput("That time exists twice (the clock goes back): give an offset.")
    if first < second:
        raise BadInput("That time does not exist (the clock goes forward): give an offset.")
    return wall_instant(wall, tz)


@lru_cache(maxsize=128)  # the same answer for a year every time; only the reckoning is saved
def _holidays(year: int) -> Mapping[date, str]:
    found = holidays.country_holidays("SE", years=year, language="sv", categories=("public", "de_facto"))
    return dict(found.items())


def _kinds_of_day(schedules: Sequence[OpeningHours]) -> Iterable[tuple[str, list[Span]]]:
    for weekday, name in enumerate(DAYS):
        yield name, [s for hours in schedules for s in hours.weekly[weekday]]
        holiday = [
            hours.weekly[weekday] if hours.on_holiday is None else hours.on_holiday for hours in schedules
        ]
        yield f"holiday {name}", [s for spans in holiday for s in spans]
    for day in sorted({day for hours in schedules for day in hours.overrides}):
        yield day.isoformat(), [s for hours in schedules for s in spans_on(hours, day)]


def _first_free(spans: Iterable[Span]) -> int | None:
    reached = 0
    for span in sorted(spans, key=lambda s: s.opens):
        if span.opens > reached:
            break
        reached = max(reached, span.closes)
    return reached if reached < MINUTES else None
