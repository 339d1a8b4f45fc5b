"""Numbers said in words ("noll sjuttio sjutton fyrtio sex", "nollsju", "oh seven oh") as the figures they can mean."""

import re
from typing import Final

_UNITS: Final = (
    *("noll nolla zero oh", "ett en etta one", "två tvåa two", "tre trea three", "fyra four"),
    *("fem femma five", "sex sexa six", "sju sjua seven", "åtta eight", "nio nia nine"),
)
_TEENS: Final = (
    *("tio ten", "elva eleven", "tolv twelve", "tretton thirteen", "fjorton fourteen"),
    *("femton fifteen", "sexton sixteen", "sjutton seventeen", "arton eighteen", "nitton nineteen"),
)
_WHOLE_TENS: Final = (
    *("tjugo tjugi twenty", "trettio tretti thirty", "fyrtio fyrti förtio förti forty", "femtio femti fifty"),
    *("sextio sexti sixty", "sjuttio sjutti seventy", "åttio åtti eighty", "nittio nitti ninety"),
)
_ONES: Final = {word: str(n) for n, words in enumerate(_UNITS) for word in words.split()}
_TENS: Final = {word: f"{n}0" for n, words in enumerate(_WHOLE_TENS, start=2) for word in words.split()}
_TEN_ON: Final = {word: str(10 + n) for n, words in enumerate(_TEENS) for word in words.split()}
_CENTURIES: Final = {"tjugohundra": "20", "tvåtusen": "20", "nittonhundra": "19"}
_HUNDRED: Final = frozenset({"hundra", "hundred"})
_DOUBLE: Final = frozenset({"dubbel", "double"})
_MAX_READINGS: Final = 32
_MOST: Final = 14  # figures of a number that is somebody's
_SINGLE: Final = {**_ONES, **_TENS, **_TEN_ON, **_CENTURIES}
_WORD: Final = re.compile(r"[a-zåäö]+|[0-9]+")
_PARTS: Final = sorted(
    {*_ONES, *_TENS, *_TEN_ON, *_CENTURIES, *_HUNDRED, *_DOUBLE}, key=lambda p: (-len(p), p)
)
_PART: Final = re.compile("|".join(_PARTS))


def readings(words: str, most: int = _MOST) -> tuple[str, ...]:
    """The figures that number words can mean; "fyrtio sex" is 46 and 406. Other words are passed over.

    Figures among the words stay figures; none at all where there is no number word, or more than `most` figures.
    """
    if not re.search("[a-zåäö]", words):
        return ()
    told = [(word, _digits(word)) for word in _WORD.findall(words)]
    if _fewest(told) > most:
        return ()
    found = [""]
    before = ""  # the word before: a unit may join tens, a year a century, and "dubbel" doubles
    for word, digits in told:
        if digits is not None:
            found = _added(found, before, word, digits)
        before = word
    return tuple(found)


def _fewest(told: list[tuple[str, str | None]]) -> int:
    """How many figures there are at least, however the words are joined."""
    count, before = 0, ""
    for word, digits in told:
        joins = (before in _TENS and word in _ONES) or before in _CENTURIES
        count += 0 if digits is None or joins else len(digits)
        before = word
    return count


def _added(found: list[str], before: str, word: str, digits: str) -> list[str]:
    """Every reading so far with these figures after it, and joined to the word before where they can be."""
    if before in _DOUBLE and len(digits) == 1:
        return [one + digits * 2 for one in found]
    joined: list[str] = []
    if before in _TENS and word in _ONES and digits != "0":
        joined = [one[:-1] + digits for one in found]
    if before in _CENTURIES and len(digits) <= 2:
        joined = [one[:-2] + digits.rjust(2, "0") for one in found]
    return [*(one + digits for one in found), *joined][:_MAX_READINGS]


def _digits(word: str) -> str | None:
    """The figures of a word that is one number or several: 70, nollsju, sjuttonfyrtio, etthundrasju."""
    if word.isdigit():
        return word
    if word in _SINGLE:
        return _SINGLE[word]
    parts = _PART.findall(word)
    if "".join(parts) != word or word in _DOUBLE:
        return None
    digits, at = "", 0
    while at < len(parts):
        number, at = _number(parts, at)
        digits += number
    return digits


def _number(parts: list[str], at: int) -> tuple[str, int]:
    """The number that begins with the part at `at`, and where the next begins."""
    part = parts[at]
    after = parts[at + 1] if at + 1 < len(parts) else ""
    if part in _DOUBLE:
        return _ONES.get(after, "") * 2, at + 2
    if part in _CENTURIES:
        rest, end = _below_hundred(parts, at + 1)
        return _CENTURIES[part] + (rest.rjust(2, "0") if rest else ""), end
    if part in _HUNDRED or (part in _ONES and after in _HUNDRED):
        rest, end = _below_hundred(parts, at + (1 if part in _HUNDRED else 2))
        return _ONES.get(part, "1") + rest.rjust(2, "0"), end
    return _below_hundred(parts, at)


def _below_hundred(parts: list[str], at: int) -> tuple[str, int]:
    part = parts[at] if at < len(parts) else ""
    if part in _TENS:
        unit = _ONES.get(parts[at + 1], "0") if at + 1 < len(parts) else "0"
        return (_TENS[part][0] + unit, at + 2) if unit != "0" else (_TENS[part], at + 1)
    number = _ONES.get(part) or _TEN_ON.get(part)
    return (number, at + 1) if number else ("", at)
