"""What a pattern alone cannot tell: calendar, check digits, numbering plans, everyday words.

Each function says whether a match is what its rule takes it for. `policies/guard.yaml` names them in `check`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import phonenumbers
from personnummer import personnummer

from bot.core.guard.fold import Folded
from bot.core.guard.lexicon import Lexicon
from bot.core.guard.spoken import readings

_LAST_FOUR: Final = 4
_CENTURIES: Final = ("18", "19", "20")
_CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")
_MOBILE: Final = re.compile(r"07[02369][0-9]{7}")
_CITY: Final = re.compile(r"0(?:8|1[013689]|2[136]|3[1356]|4[0246]|54|6[03]|90)")  # short area codes
_SPOKEN_MOBILE: Final = re.compile(r"07[02369][0-9]{5,8}$")
_GROUP: Final = re.compile(r"[0-9]+")
_RATHER_WORDS: Final = 3  # letters of a plate


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A match of a pattern in a folded text."""

    text: Folded
    start: int
    end: int

    @property
    def plain(self) -> str:
        """The match without capitals."""
        return self.text.plain[self.start : self.end]

    @property
    def shown(self) -> str:
        """The match with its capitals."""
        return self.text.shown[self.start : self.end]

    @property
    def digits(self) -> str:
        """Its figures alone."""
        return "".join(_GROUP.findall(self.plain))


Check = Callable[[Match, Lexicon], bool]


def personal(match: Match, lexicon: Lexicon) -> bool:
    """Ten or twelve figures that are a personal number by their calendar, grouping and check digit."""
    del lexicon
    return _is_birth(match.digits, sixty=False) and _is_written_as_one(match)


def coordination(match: Match, lexicon: Lexicon) -> bool:
    """The same, with a coordination number's day (SkV: the day plus 60)."""
    del lexicon
    return _is_birth(match.digits, sixty=True) and _is_written_as_one(match)


def spoken_personal(match: Match, lexicon: Lexicon) -> bool:
    """Number words that can be read as a personal number."""
    del lexicon
    return _is_spoken_birth(readings(match.plain), sixty=False)


def said_personal(match: Match, lexicon: Lexicon) -> bool:
    """Number words after "personnummer": a day of birth is enough."""
    del lexicon
    return any(_is_birth(digits, sixty=False) for digits in readings(match.plain))


def spoken_coordination(match: Match, lexicon: Lexicon) -> bool:
    """Number words that can be read as a coordination number."""
    del lexicon
    return _is_spoken_birth(readings(match.plain), sixty=True)


def spoken_phone(match: Match, lexicon: Lexicon) -> bool:
    """Number words that can be read as a telephone number: a zero and seven to ten figures more, or a country."""
    del lexicon
    return any(re.fullmatch(r"0[1-9][0-9]{6,9}|46[0-9]{7,9}", digits) for digits in readings(match.plain))


def phone(match: Match, lexicon: Lexicon) -> bool:
    """Figures that are a valid number of the Swedish numbering plan."""
    del lexicon
    return _is_swedish_phone(match.digits)


def phone_short(match: Match, lexicon: Lexicon) -> bool:
    """A mobile number that lacks its zero: nine figures (701740605), or with 46 before them."""
    del lexicon
    digits = match.digits.removeprefix("46")
    return len(digits) == 9 and _MOBILE.fullmatch("0" + digits) is not None


def iban(match: Match, lexicon: Lexicon) -> bool:
    """An IBAN whose check digits hold (ISO 7064, mod 97-10)."""
    del lexicon
    code = match.plain.replace(" ", "")
    turned = code[4:] + code[:4]
    return turned.isalnum() and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def case(match: Match, lexicon: Lexicon) -> bool:
    """At least four figures, and not a year alone."""
    del lexicon
    groups = _GROUP.findall(match.plain)
    if len(groups) == 1:
        return len(groups[0]) > _LAST_FOUR or (len(groups[0]) == _LAST_FOUR and not _is_year(groups[0]))
    return len(match.digits) > _LAST_FOUR


def plate(match: Match, lexicon: Lexicon) -> bool:
    """Letters that are no everyday word or abbreviation, unless written as plates are (ABC123)."""
    letters = match.plain[:_RATHER_WORDS]
    written = match.shown[:_RATHER_WORDS].isupper()
    if letters in lexicon.public or letters in _ABBREVIATIONS:
        return False
    if letters in lexicon.ordinary or letters in lexicon.first_weak:
        return written and (match.plain[_RATHER_WORDS].isdigit() or letters not in lexicon.ordinary)
    return True


def unusual(match: Match, lexicon: Lexicon) -> bool:
    """A handle with @ that is more than an everyday word (not "@ polisstationen")."""
    word = match.plain.lstrip("@")
    return any(char.isalpha() for char in word) and word not in lexicon.ordinary and word not in lexicon.place


def dotted(match: Match, lexicon: Lexicon) -> bool:
    """Words joined by dots that are not sentences without spaces between them."""
    words = [word for word in match.plain.split(".") if word]
    return not any(word in lexicon.ordinary for word in words[1:]) and not match.digits == "".join(words)


def handle(match: Match, lexicon: Lexicon) -> bool:
    """A word after the name of an app that is what somebody is called there, not the rest of the sentence."""
    word = match.plain
    if word in lexicon.ordinary or word in lexicon.public or word.isdigit():
        return False
    odd = any(char.isdigit() or char in "_." for char in word[1:]) or match.shown[1:] != word[1:]
    return odd or match.text.plain[: match.start].rstrip(" ").endswith((":", "=", "heter", "är", "namn"))


def street(match: Match, lexicon: Lexicon) -> bool:
    """A street's name: capital letter, or an ending that only streets have; not an everyday word alone."""
    name = _GROUP.split(match.plain)[0].strip()
    if name in lexicon.ordinary or name in _BARE:
        return _has_name_before(match, lexicon)
    if match.shown[:1].isupper() or _SURE_STREET.search(name):
        return True
    return not _is_everyday(name, lexicon) and _LIVES.search(match.text.plain[: match.start]) is not None


def street_sure(match: Match, lexicon: Lexicon) -> bool:
    """A street by an ending that only streets have, with something before it (not "vägen två")."""
    words = re.findall(r"[a-zåäö'-]+", match.plain)
    names = [word for word in words if _SURE_STREET.search(word)]
    return bool(names) and not any(name in lexicon.ordinary or name in _BARE for name in names)


def street_short(match: Match, lexicon: Lexicon) -> bool:
    """A shortened street: with a capital, and no everyday word that a sentence ends with."""
    name = _GROUP.split(match.plain)[0].rstrip(". ")
    return match.shown[:1].isupper() and not _is_everyday(name, lexicon)


def dwelling(match: Match, lexicon: Lexicon) -> bool:
    """A place of its own with a number: a capital, neither everyday word nor a known place."""
    name = _GROUP.split(match.plain)[0].strip()
    known = name in lexicon.place or name in lexicon.public or name in lexicon.first
    return match.shown[:1].isupper() and not known and not _is_everyday(name, lexicon)


_ABBREVIATIONS: Final = frozenset(
    ["lvu", "lvm", "lpt", "lss", "lrv", "lsu", "lul", "osl", "nja", "hfd", "brb", "sol", "ftl", "fap", "jur", "jou", "bup", "ifo", "sfs", "sou", "lpo", "rlc", "tib", "sös", "ks"]
)
_BARE: Final = frozenset(
    ["gata", "gatan", "väg", "vägen", "gränd", "gränden", "stig", "stigen", "torg", "torget", "plats", "platsen", "plan", "park", "parken", "backe", "backen", "hus", "huset", "gård", "gården", "gång", "gången", "by", "byn", "bro", "bron", "bo", "lid", "ås", "äng", "hage", "dal", "allé", "alle", "allen", "holm", "slinga"]
)
_SURE_STREET: Final = re.compile(
    r"(?:gatan|gata|vägen|väg|gränd|gränden|stigen|stig|alle|allen|esplanaden|torget|torg|slingan|brinken|promenaden)$"
)
_LIVES: Final = re.compile(
    r"(?:bor|bodde|bo|boende|adress|adressen|skriven|hemma|hem|åk|kom|vid|till|på|i|från)(?: på| i| till| vid| är)? $"
)
CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        personal, coordination, said_personal, spoken_personal, spoken_coordination, spoken_phone, phone, phone_short, iban,
        case, plate, unusual, dotted, handle, street, street_sure, street_short, dwelling,
    )
}  # fmt: skip


def _is_birth(digits: str, *, sixty: bool) -> bool:
    """Whether ten or twelve figures begin with a day that a calendar could have."""
    if len(digits) == 12 and digits[:2] not in _CENTURIES:
        return False
    if len(digits) not in {10, 12}:
        return False
    month, day = int(digits[-8:-6]), int(digits[-6:-4]) - (60 if sixty else 0)
    return 1 <= month <= 12 and 1 <= day <= 31


def _is_spoken_birth(figures: tuple[str, ...], *, sixty: bool) -> bool:
    """Whether the words can be such a number, and are not rather a telephone number."""
    births = any(_is_birth(digits, sixty=sixty) for digits in figures)
    return births and not any(_SPOKEN_MOBILE.match(digits) for digits in figures)


def _is_written_as_one(match: Match) -> bool:
    """Whether the figures are grouped as in a personal number and are not a telephone number or a time."""
    digits = match.digits
    if _MOBILE.fullmatch(digits) and int(digits[4:6]) > 60:
        return False
    if _checks_out(digits):
        return not _is_phone_spaced(match)
    groups = _GROUP.findall(match.plain)
    if any(char in ".:" for char in match.plain) and "-" not in match.plain:
        return False
    if len(groups) == 1:
        return not (_MOBILE.fullmatch(digits) or (_CITY.match(digits) and _is_swedish_phone(digits)))
    if not _grouped_as_date(groups):
        return False
    return not (len(digits) == 12 and len(groups) > 1 and _CLOCK.fullmatch(digits[-4:]))


def _checks_out(digits: str) -> bool:
    """Whether calendar and check digit hold. Given a century, `personnummer` answers alike on every day."""
    whole = digits if len(digits) == 12 else "20" + digits
    return bool(personnummer.valid(whole))


def _is_phone_spaced(match: Match) -> bool:
    groups = _GROUP.findall(match.plain)
    return len(groups) > 1 and not _grouped_as_date(groups) and _is_swedish_phone(match.digits)


def _grouped_as_date(groups: list[str]) -> bool:
    """Two and two figures (or one and one) up to the last four, which are apart."""
    total = sum(map(len, groups))
    single = all(len(group) == 1 for group in groups)
    at, breaks = 0, set()
    for group in groups:
        at += len(group)
        breaks.add(at)
    before = {spot for spot in breaks if spot < total - _LAST_FOUR}
    return single or (total - _LAST_FOUR in breaks and all(spot % 2 == 0 for spot in before))


def _is_swedish_phone(digits: str) -> bool:
    try:
        number = phonenumbers.parse(digits, "SE")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _is_year(digits: str) -> bool:
    return digits[:2] in {"19", "20"}


def _has_name_before(match: Match, lexicon: Lexicon) -> bool:
    """Whether the word before a bare "väg" or "plats" is a name: a direction, a capital, somebody's."""
    before = re.search(r"([a-zåäö'-]+) $", match.text.plain[: match.start])
    if before is None:
        return False
    word = before[1]
    shown = match.text.shown[before.start(1) : before.end(1)]
    if word in DIRECTIONS:
        return True
    return shown[:1].isupper() or (word.endswith("s") and word not in lexicon.ordinary)


def is_bare_street(match: Match) -> bool:
    """Whether the street's last word is only "gata", "väg", "plats": its name is in the words before."""
    return _GROUP.split(match.plain)[0].strip() in _BARE


DIRECTIONS: Final = frozenset(
    ["södra", "norra", "västra", "östra", "stora", "lilla", "övre", "nedre", "gamla", "nya", "inre", "yttre", "mellersta", "sankt", "långa", "korta", "höga", "gröna", "röda", "vita", "blå", "svarta", "gula", "breda", "smala", "krokiga", "djupa"]
)


def _is_everyday(word: str, lexicon: Lexicon) -> bool:
    """Whether the word, or what a compound ends with, is an everyday word."""
    if word in lexicon.ordinary:
        return True
    return any(word[at:] in lexicon.ordinary for at in range(3, len(word) - 3))
