"""Which recurrences of RFC 5545 can be duties: few, bounded, and none that could be sought for ever."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import icalendar

from bot.core.errors import BadInput

Rule = Mapping[str, list[object]]

MAX_COUNT: Final = 1_000  # occurrences that one rule may name, and dates that one event may add or leave out
MAX_INTERVAL: Final = 366
_RULE_PARTS: Final = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY"}),
}
_EVERY_RULE: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})


def read_rule(part: icalendar.Component) -> Rule | None:
    """The one rule of an event, if it has one. Raises BadInput for what cannot be a duty."""
    given = part.get("RRULE")
    if given is None:
        return None
    if not isinstance(given, icalendar.vRecur):
        raise BadInput("RRULE: one rule is read")
    rule = {str(name).upper(): list(values) for name, values in given.items()}
    _check_rule(rule)
    return rule


def until_of(rule: Rule) -> date | None:
    """What UNTIL says: a day, or a datetime as it stands; None without. Raises BadInput for another thing."""
    until = rule.get("UNTIL", [None])[0]
    if until is None or isinstance(until, date):
        return until
    raise BadInput("RRULE: UNTIL is a day or a time")


def _check_rule(rule: Rule) -> None:
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


def _check_days(rule: Rule, freq: str, interval: int) -> None:
    nth = [str(day)[:-2].lstrip("+-") for day in rule.get("BYDAY", [])]
    if any(n and (freq != "MONTHLY" or n not in {"1", "2", "3", "4", "5"}) for n in nth):
        raise BadInput("RRULE: BYDAY names a weekday that does not occur")
    last = 31 if interval == 1 else 28  # every twelfth month, a 31st may never come
    if any(not isinstance(day, int) or not 1 <= abs(day) <= last for day in rule.get("BYMONTHDAY", [])):
        raise BadInput("RRULE: BYMONTHDAY names a day that may not occur")


def _whole(rule: Rule, name: str) -> int:
    value = rule.get(name, [1])[0]
    return value if isinstance(value, int) else 0
