"""The numbers of the coming week, for when there is no net: every one there is, and the hours in which it answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from bot.core.hours import ALWAYS, Span, day_minute, hours_on, local_day, spans_on
from bot.core.places import Number, Organisation, lasts
from bot.core.text import day_name, minute_text
from bot.flow.look_numbers import all_boards, numbers_of
from bot.flow.status import Line, Numbers
from bot.flow.words import Words

GOOD: Final = timedelta(days=7)  # for so long the list is good
_DAY: Final = timedelta(days=1)

Open = tuple[datetime, datetime]  # from, until


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The numbers place by place, and when each is answered. Nothing in it is anybody's own: everybody sees the same."""

    made: datetime
    until: datetime
    numbers: tuple[Numbers, ...]
    open: Mapping[Line, tuple[Open, ...]]


def numbers_ahead(words: Words) -> Ahead:
    """All numbers of all boards that exist now. Needs no store: it stands even when that is gone."""
    boards, days = all_boards(words), _days(words.now)
    opened = {
        _line(words, n, days): tuple(_open(n, days)) for board in boards for n in _existing(board, days)
    }
    found = numbers_of(
        words, boards, lines_of=lambda w, b: tuple(_line(w, n, days) for n in _existing(b, days))
    )
    return Ahead(made=words.now, until=words.now + GOOD, numbers=found, open=opened)


def is_answered(opened: tuple[Open, ...], at: datetime) -> bool:
    """Whether the number is answered at that instant."""
    return any(since <= at < until for since, until in opened)


def _days(now: datetime) -> tuple[date, ...]:
    return tuple(local_day(now) + n * _DAY for n in range(GOOD.days + 1))


def _existing(board: Organisation, days: tuple[date, ...]) -> tuple[Number, ...]:
    return tuple(number for number in board.numbers if any(lasts(number, day) for day in days))


def _spans(number: Number, day: date) -> tuple[Span, ...]:
    return spans_on(number.hours, day) if lasts(number, day) else ()


def _open(number: Number, days: tuple[date, ...]) -> Iterator[Open]:
    """When it is answered; what goes on past midnight is one span."""
    since: datetime | None = None
    spans = [(day_minute(d, s.opens), day_minute(d, s.closes)) for d in days for s in _spans(number, d)]
    for (opens, closes), (following, _) in pairwise([*spans, (None, None)]):
        assert opens is not None
        since = since or opens
        if closes != following:
            assert closes is not None
            yield since, closes
            since = None


def _line(words: Words, number: Number, days: tuple[date, ...]) -> Line:
    notes = (*_hours(words, number, days), words.say("web.tested", day=number.tested.isoformat()))
    return Line(label=words.label(number.label), number=number.number, notes=notes)


def _hours(words: Words, number: Number, days: tuple[date, ...]) -> tuple[str, ...]:
    """Its hours day by day; days in a row that are alike are one sentence."""
    if all(lasts(number, day) and hours_on(number.hours, day) == ALWAYS for day in days):
        return (words.say("card.always"),)
    runs = [(spans, list(alike)) for spans, alike in groupby(days, lambda day: _spans(number, day))]
    said = tuple(_run(words, alike, spans) for spans, alike in runs if spans)
    return said or (words.say("numbers.never"),)


def _run(words: Words, days: list[date], spans: tuple[Span, ...]) -> str:
    first, last = (day_name(day, words.language) for day in (days[0], days[-1]))
    hours = ", ".join(
        f"{minute_text(s.opens, words.language)}–{minute_text(s.closes, words.language)}" for s in spans
    )
    key = "numbers.day" if first == last else "numbers.days"
    return words.say(key, first=first[0].upper() + first[1:], last=last, hours=hours)
