"""What people read: sentences by key in each language, and local times as one writes them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from string import Formatter
from typing import Final

from bot.core.errors import BadContent, BadInput
from bot.core.hours import STOCKHOLM
from bot.core.shown import shown


class Language(StrEnum):
    """The languages that Samjour speaks."""

    SV = "sv"
    EN = "en"


DEEPEST: Final = 4  # tables within tables in a file of texts
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_PLACEHOLDER: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_WEEKDAYS: Final = {
    Language.SV: ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = {
    Language.SV: (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    Language.EN: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_NEAR_DAYS: Final = {
    Language.SV: {-1: "i går", 0: "i dag", 1: "i morgon"},
    Language.EN: {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_AT: Final = {Language.SV: "kl. ", Language.EN: ""}
_DAY_AT: Final = {Language.SV: " kl. ", Language.EN: " at "}
_BETWEEN: Final = {Language.SV: ".", Language.EN: ":"}  # hour and minute
_TWICE: Final = {  # the hour that comes twice when the clock goes back: which of the two
    Language.SV: (" (sommartid)", " (normaltid)"),
    Language.EN: (" (summer time)", " (standard time)"),
}
_UNITS: Final = {
    Language.SV: (("dygn", 86_400), ("tim", 3_600), ("min", 60), ("s", 1)),
    Language.EN: (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every sentence: language -> key ("home.officer") -> text with {placeholders}."""

    sentences: Mapping[Language, Mapping[str, str]]

    def say(self, language: str, key: str, /, **params: str | int) -> str:
        """The sentence with its placeholders filled in.

        Raises BadContent for a language or key that is not there, and for a placeholder nobody filled; the
        sentence names the key, never a parameter's value. Surplus parameters are left unused.
        """
        try:
            return self.sentences[Language(language)][key].format_map(params)
        except ValueError:
            raise BadContent(f"{key}: there is no such language") from None
        except KeyError as missing:
            raise BadContent(f"{key}: {missing} is missing ({language})") from None


def nearest_language(code: str | None) -> Language:
    """The language for what a device says it speaks ("en-GB"): English for English, Swedish otherwise."""
    return Language.EN if (code or "").lower().startswith("en") else Language.SV


def merge(files: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """One language's sentences from its files (path -> parsed TOML), tables joined by dots.

    Raises BadContent with every fault, one a line: "path: key: reason".
    """
    found: dict[str, str] = {}
    faults: list[str] = []
    for path, table in sorted(files.items()):
        for key, value in _leaves(table, ()):
            reason = "stands twice" if key in found else _fault(key, value)
            if reason:
                faults.append(f"{path}: {shown(key.split('.'), 'key')}: {reason}")
            else:
                found[key] = str(value)
    if faults:
        raise BadContent("\n".join(faults))
    return found


def parity(swedish: Mapping[str, str], english: Mapping[str, str]) -> tuple[str, ...]:
    """What keeps the two from saying the same: a key or a placeholder that only one of them has."""
    missing = [f"{key}: is not in English" for key in sorted(swedish.keys() - english.keys())]
    surplus = [f"{key}: is not in Swedish" for key in sorted(english.keys() - swedish.keys())]
    unlike = [
        f"{key}: the placeholders differ between Swedish and English"
        for key in sorted(swedish.keys() & english.keys())
        if placeholders(swedish[key]) != placeholders(english[key])
    ]
    return (*missing, *surplus, *unlike)


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces. Raises ValueError where a brace stands alone."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def bare_time(instant: datetime, language: str) -> str:
    """The wall clock in Sweden, "23.40" or "23:40"; the hour that comes twice a year says which of the two."""
    spoken, wall = Language(language), _wall(instant)
    twice = _TWICE[spoken][wall.fold] if _comes_twice(wall) else ""
    return f"{wall:%H}{_BETWEEN[spoken]}{wall:%M}{twice}"


def clock_time(instant: datetime, language: str) -> str:
    """The wall clock in Sweden as it stands in a sentence, "kl. 23.40" or "23:40"."""
    return _AT[Language(language)] + bare_time(instant, language)


def day_and_time(instant: datetime, now: datetime, language: str) -> str:
    """Day and wall clock in Sweden: "i dag kl. 23.40", "lördag 21 november kl. 23.40", "today at 23:40".

    The year is said when it is another than now's.
    """
    spoken, day, today = Language(language), _wall(instant).date(), _wall(now).date()
    year = "" if day.year == today.year else f" {day.year}"
    said = _NEAR_DAYS[spoken].get((day - today).days, f"{day_name(day, language)}{year}")
    return said + _DAY_AT[spoken] + bare_time(instant, language)


def day_name(day: date, language: str) -> str:
    """A day as it stands in a sentence, "lördag 21 november"."""
    spoken = Language(language)
    return f"{_WEEKDAYS[spoken][day.weekday()]} {day.day} {_MONTHS[spoken][day.month - 1]}"


def minute_text(minute: int, language: str) -> str:
    """A minute of the day (0-1440) on the wall clock, "08.00" or "08:00"; the day ends at 24.00."""
    return f"{minute // 60:02}{_BETWEEN[Language(language)]}{minute % 60:02}"


def duration(span: timedelta, language: str) -> str:
    """A length of time in its two largest units, "1 min 30 s", "2 tim"; nothing is shorter than "0 s"."""
    left = max(0, round(span.total_seconds()))
    counts: list[str] = []
    for unit, size in _UNITS[Language(language)]:
        count, left = divmod(left, size)
        counts.append(f"{count} {unit}" if count else "")
    largest = next((place for place, count in enumerate(counts) if count), 0)
    return " ".join(filter(None, counts[largest : largest + 2])) or "0 s"


def _leaves(table: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        here = (*above, name)
        if isinstance(value, Mapping) and len(here) < DEEPEST:
            yield from _leaves(value, here)
        else:
            yield ".".join(here), value


def _fault(key: str, value: object) -> str | None:
    if not all(_KEY.fullmatch(part) for part in key.split(".")):
        return "a key is made of letters, digits, - and _"
    if not isinstance(value, str) or not value.strip():
        return "must be a sentence"
    if not _readable(value):
        return "has a character that cannot be seen"
    return _placeholder_fault(value)


def _placeholder_fault(sentence: str) -> str | None:
    try:
        fields = [(name, spec, how) for _, name, spec, how in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return "has a brace that stands alone"
    if not all(_PLACEHOLDER.fullmatch(name) and not spec and not how for name, spec, how in fields):
        return "a placeholder is a plain name in braces, {like_this}"
    return None


def _readable(characters: Iterable[str]) -> bool:
    return all(c.isprintable() or c in "\n\u00a0" for c in characters)


def _wall(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise BadInput("An instant has an offset.")
    return instant.astimezone(STOCKHOLM)


def _comes_twice(wall: datetime) -> bool:
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
