"""What a pattern alone cannot tell: calendar, check digits, numbering plans, everyday words.

Each function says whether a match is what its rule takes it for. `policies/guard.yaml` names them in `check`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.core.guard import birth, places
from bot.core.guard.knowledge import Knowledge
from bot.core.guard.match import Match
from bot.core.guard.rules_file import Shape
from bot.core.guard.spoken import readings

Check = Callable[[Match, Knowledge], bool]

_SIXTY: Final = 60  # what a coordination number adds to the day
_PHONE: Final = re.compile(r"0[1-9][0-9]{6,9}|46[0-9]{7,9}")
_MOBILE: Final = re.compile(r"7[02369][0-9]{7}")
_FIGURES: Final = re.compile(r"[0-9]+")
_LETTERS: Final = 3  # of a plate
_USUAL_REST: Final = re.compile(r"[ .:/-]?[0-9]{2}[a-z0-9]")  # what follows them
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_WORD: Final = re.compile(r"[a-zåäö'-]+")
_MOST_OF_A_CASE: Final = 40  # figures
_FEWEST: Final = 4  # figures of a case


def personal(match: Match, _: Knowledge) -> bool:
    """Figures that are a personal number."""
    return birth.is_personal(match)


def coordination(match: Match, _: Knowledge) -> bool:
    """Figures that are a coordination number."""
    return birth.is_coordination(match)


def spoken_personal(match: Match, _: Knowledge) -> bool:
    """Number words that can be read as a personal number."""
    return birth.is_spoken(readings(match.plain))


def said_personal(match: Match, _: Knowledge) -> bool:
    """Number words after "personnummer": a day of birth is enough."""
    return any(birth.is_birth(digits) for digits in readings(match.plain))


def spoken_coordination(match: Match, _: Knowledge) -> bool:
    """Number words that can be read as a coordination number."""
    return birth.is_spoken(readings(match.plain), added=_SIXTY)


def spoken_phone(match: Match, _: Knowledge) -> bool:
    """Number words that can be read as a telephone number: with its zero, its country, or a mobile's nine."""
    told = readings(match.plain)
    return any(_PHONE.fullmatch(digits) or _MOBILE.fullmatch(digits) for digits in told)


def spoken_case(match: Match, _: Knowledge) -> bool:
    """Number words that are at least four figures together."""
    return any(len(digits) >= _FEWEST for digits in readings(match.plain, _MOST_OF_A_CASE))


def phone(match: Match, _: Knowledge) -> bool:
    """Figures that are a valid number of the Swedish numbering plan."""
    return birth.is_swedish_phone(match.digits)


def phone_short(match: Match, _: Knowledge) -> bool:
    """A mobile number without its zero: nine figures (701740605), or with 46 before them."""
    return _MOBILE.fullmatch(match.digits.removeprefix("46")) is not None


def case(match: Match, _: Knowledge) -> bool:
    """At least four figures, and not a year alone."""
    groups = match.groups
    if len(groups) == 1:
        return len(groups[0]) >= 4 and _YEAR.fullmatch(groups[0]) is None
    return len(match.digits) > 4


def plate(match: Match, know: Knowledge) -> bool:
    """Letters that are no abbreviation, and no everyday word unless written as on a plate (ABC123)."""
    letters, rest = match.plain[:_LETTERS], match.plain[_LETTERS:]
    if letters in know.lexicon.public or letters in know.lexicon.abbreviation:
        return False
    if letters in know.lexicon.ordinary:
        return match.shown[:_LETTERS].isupper() and rest[0].isdigit()
    if _USUAL_REST.fullmatch(rest):
        return True
    if letters in know.lexicon.first or letters in know.lexicon.place:
        return False
    return match.capital if rest[0] in " -" else match.shown[:_LETTERS].isupper()


def unusual(match: Match, know: Knowledge) -> bool:
    """A handle with @ that is more than an everyday word (not "@polisstationen")."""
    word = match.plain.lstrip("@")
    everyday = word in know.lexicon.ordinary or word in know.lexicon.place or word in know.lexicon.public
    return not everyday and _WORD.search(word) is not None


def handle(match: Match, know: Knowledge) -> bool:
    """A word after the name of an app that is what somebody is called there, not the rest of the sentence."""
    word = match.plain
    if word in know.lexicon.ordinary or word in know.lexicon.public or _FIGURES.fullmatch(word) is not None:
        return False
    odd = re.search(r"[0-9_.]", word[1:]) is not None or match.shown[1:] != word[1:]
    return odd or know.looks(match.before, Shape.CALLS)


def shouted(match: Match, _: Knowledge) -> bool:
    """It begins with two capitals."""
    return match.shown[:2].isupper()


CHECKS: Final[Mapping[str, Check]] = {
    "personal": personal,
    "coordination": coordination,
    "spoken_personal": spoken_personal,
    "said_personal": said_personal,
    "spoken_coordination": spoken_coordination,
    "spoken_phone": spoken_phone,
    "spoken_case": spoken_case,
    "phone": phone,
    "phone_short": phone_short,
    "case": case,
    "plate": plate,
    "unusual": unusual,
    "handle": handle,
    "street": places.street,
    "street_sure": places.street_sure,
    "street_short": places.street_short,
    "dwelling": places.dwelling,
    "shouted": shouted,
    "village": places.village,
    "property": places.property,
    "street_letter": places.street_letter,
}
