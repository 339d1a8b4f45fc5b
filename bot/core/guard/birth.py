"""Personal and coordination numbers: ten or twelve figures that begin with a day of birth.

Folkbokföringslagen (1991:481) 18 §, lagen (2022:1697) om samordningsnummer; in a coordination number 60 is added
to the day. A wrong check digit does not make it nobody's: an officer who mistypes still names somebody.
"""

import re
from typing import Final

from personnummer import personnummer

from bot.core.guard.match import Match
from bot.core.guard.numbering import SWEDISH_NUMBER

_LONG, _SHORT, _LAST = 12, 10, 4  # figures with a century, without, and after the day
_SIXTY: Final = 60
_CENTURIES: Final = frozenset({"18", "19", "20"})
_CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")
_ALIKE: Final = re.compile(  # one sign between all parts: 85.02.11.9855
    r"(?:[0-9]{2})?[0-9]{2}(?:\.[0-9]{2}\.[0-9]{2}\.|:[0-9]{2}:[0-9]{2}:)[0-9]{4}"
)
_MOBILE: Final = re.compile(r"07[02369][0-9]{7}")
_SPOKEN_MOBILE: Final = re.compile(r"07[02369][0-9]{5,8}")
_NUMBER: Final = re.compile(SWEDISH_NUMBER)
_CITY: Final = re.compile(r"0(?:8|1[013689]|2[136]|3[1356]|4[0246]|54|6[03]|90)")  # the short area codes


def is_personal(match: Match) -> bool:
    """Whether the figures are a personal number by their calendar, grouping and check digit."""
    return is_birth(match.digits) and _is_written_as_one(match)


def is_coordination(match: Match) -> bool:
    """Whether the figures are a coordination number by their calendar, grouping and check digit."""
    return is_birth(match.digits, added=_SIXTY) and _is_written_as_one(match)


def is_birth(digits: str, *, added: int = 0) -> bool:
    """Whether ten or twelve figures begin with a day that a calendar could have (31 February too)."""
    if len(digits) not in {_SHORT, _LONG} or (len(digits) == _LONG and digits[:2] not in _CENTURIES):
        return False
    month, day = int(digits[-8:-6]), int(digits[-6:-4]) - added
    return 1 <= month <= 12 and 1 <= day <= 31


def is_spoken(figures: tuple[str, ...], *, added: int = 0) -> bool:
    """Whether number words can be such a number (60 is added in a coordination number), and no mobile."""
    if any(_SPOKEN_MOBILE.fullmatch(digits) for digits in figures):
        return False
    return any(is_birth(digits, added=added) for digits in figures)


def is_swedish_phone(digits: str) -> bool:
    """Whether the figures are a valid number of the Swedish numbering plan."""
    return _NUMBER.fullmatch(digits) is not None


def _is_written_as_one(match: Match) -> bool:
    """Whether the figures are grouped as in a personal number, and are neither a telephone number nor a time."""
    digits, groups = match.digits, match.groups
    if _MOBILE.fullmatch(digits) and int(digits[4:6]) > _SIXTY:
        return False
    if _checks_out(digits):
        return len(groups) == 1 or _is_grouped(groups) or not is_swedish_phone(digits)
    if len(groups) == 1:
        return not _MOBILE.fullmatch(digits) and not (_CITY.match(digits) and is_swedish_phone(digits))
    if re.search(r"[.:]", match.plain) and "-" not in match.plain and not _ALIKE.fullmatch(match.plain):
        return False
    timed = len(digits) == _LONG or re.search(r"[./:]", match.plain) is not None
    return _is_grouped(groups) and not (timed and _CLOCK.fullmatch(digits[-_LAST:]))


def _checks_out(digits: str) -> bool:
    """Whether calendar and check digit hold. Given a century, `personnummer` answers alike on every day."""
    return bool(personnummer.valid(digits if len(digits) == _LONG else "20" + digits))


def _is_grouped(groups: list[str]) -> bool:
    """Whether the figures stand two and two (or one and one) up to the last four, which are apart."""
    if all(len(group) == 1 for group in groups):
        return True
    breaks: list[int] = []
    for group in groups:
        breaks.append(len(group) + (breaks[-1] if breaks else 0))
    day_ends = breaks[-1] - _LAST
    return day_ends in breaks and all(spot % 2 == 0 for spot in breaks if spot < day_ends)
