"""What a pattern alone cannot tell: calendar, check digits, numbering plans, everyday words.

Each function says whether a match is what its rule takes it for. `policies/guard.yaml` names them in `check`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.core.guard import birth
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
_USUAL_REST: Final = re.compile(r"[ -]?[0-9]{2}[a-z0-9]")  # what follows them
_LETTERED: Final = re.compile(r"[0-9][a-z]")  # a house that is no count: 88b
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_WORD: Final = re.compile(r"[a-zåäö'-]+")
_SHORTEST_TAIL: Final = 4  # letters of an everyday word that ends a compound


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


def phone(match: Match, _: Knowledge) -> bool:
    """Figures that are a valid number of the Swedish numbering plan."""
    return birth.is_swedish_phone(match.digits)


def phone_short(match: Match, _: Knowledge) -> bool:
    """A mobile number without its zero: nine figures (701740605), or with 46 before them."""
    return _MOBILE.fullmatch(match.digits.removeprefix("46")) is not None


def iban(match: Match, _: Knowledge) -> bool:
    """An IBAN whose check digits hold (ISO 7064, mod 97-10)."""
    code = match.plain.replace(" ", "")
    turned = code[4:] + code[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


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


def street(match: Match, know: Knowledge) -> bool:
    """A street's name: a capital, an ending that only streets have, a house with a letter, or a home."""
    name = match.name
    if name in know.lexicon.ordinary or name in know.lexicon.bare_street:
        return _named_before(match, know)
    if name in know.lexicon.place or name in know.lexicon.public:
        return False
    if match.capital or know.looks(name, Shape.STREET):
        return True
    if _LETTERED.search(match.plain) or know.looks(match.before, Shape.HOME):
        return True
    return not _is_everyday(name, know) and know.looks(match.before, Shape.LIVES)


def street_sure(match: Match, know: Knowledge) -> bool:
    """A street by an ending that only streets have, with something before it (not "vägen två")."""
    names = [word for word in _WORD.findall(match.plain) if know.looks(word, Shape.STREET)]
    plain = know.lexicon.ordinary | know.lexicon.bare_street
    return bool(names) and not any(name in plain for name in names)


def street_short(match: Match, know: Knowledge) -> bool:
    """A shortened street: with a capital or a home before it, and no everyday word that a sentence ends with."""
    return (match.capital or know.looks(match.before, Shape.HOME)) and not _is_everyday(
        match.name.rstrip(". "), know
    )


def dwelling(match: Match, know: Knowledge) -> bool:
    """A place of its own with a number: a capital, neither an everyday word nor a known place."""
    lists = (know.lexicon.place, know.lexicon.public, know.lexicon.first)
    known = any(match.name in words for words in lists)
    return match.capital and not known and not _is_everyday(match.name, know)


CHECKS: Final[Mapping[str, Check]] = {
    "personal": personal,
    "coordination": coordination,
    "spoken_personal": spoken_personal,
    "said_personal": said_personal,
    "spoken_coordination": spoken_coordination,
    "spoken_phone": spoken_phone,
    "phone": phone,
    "phone_short": phone_short,
    "iban": iban,
    "case": case,
    "plate": plate,
    "unusual": unusual,
    "handle": handle,
    "street": street,
    "street_sure": street_sure,
    "street_short": street_short,
    "dwelling": dwelling,
}


def _named_before(match: Match, know: Knowledge) -> bool:
    """Whether the word before a bare "väg" or "plats" is a name: a direction, a capital, somebody's."""
    before = re.search(r"([a-zåäö'-]+) \Z", match.before)
    if before is None:
        return False
    word = before[1]
    if word in know.lexicon.direction or match.text.shown[before.start(1)].isupper():
        return True
    return word.endswith("s") and word not in know.lexicon.ordinary


def _is_everyday(word: str, know: Knowledge) -> bool:
    """Whether the word, or what a compound ends with, is an everyday word."""
    return word in know.lexicon.ordinary or know.is_compound(word, _SHORTEST_TAIL)
