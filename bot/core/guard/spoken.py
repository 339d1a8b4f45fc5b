"""Numbers said in words ("noll sjuttio sjutton fyrtio sex") as the figures they can mean."""

import re
from typing import Final

_UNITS: Final = {
    "noll": "0",
    "nolla": "0",
    "ett": "1",
    "en": "1",
    "två": "2",
    "tre": "3",
    "fyra": "4",
    "fem": "5",
    "sex": "6",
    "sju": "7",
    "åtta": "8",
    "nio": "9",
}
_TEENS: Final = {
    "tio": "10",
    "elva": "11",
    "tolv": "12",
    "tretton": "13",
    "fjorton": "14",
    "femton": "15",
    "sexton": "16",
    "sjutton": "17",
    "arton": "18",
    "nitton": "19",
}
_TENS: Final = {
    "tjugo": "2",
    "trettio": "3",
    "fyrtio": "4",
    "femtio": "5",
    "sextio": "6",
    "sjuttio": "7",
    "åttio": "8",
    "nittio": "9",
}
_CENTURIES: Final = {"tjugohundra": "20", "tvåtusen": "20", "nittonhundra": "19"}
_MAX_READINGS: Final = 32
_WORD: Final = re.compile(r"[a-zåäö]+|[0-9]+")


def readings(words: str) -> tuple[str, ...]:
    """The figures that number words can mean; "fyrtio sex" is 46 and 406. Other words are passed over.

    Figures among the words stay figures; none at all where there is no number word.
    """
    if not re.search("[a-zåäö]", words):
        return ()
    found = [""]
    tens = False  # whether a unit may join what stands before it
    century = False  # whether a year may: nittonhundra åttiofem
    for word in _WORD.findall(words):
        digits = _digits(word)
        if digits is None:
            tens = century = False
            continue
        joined = [one[:-1] + digits for one in found] if tens and word in _UNITS and digits != "0" else []
        joined += [one[:-2] + digits.rjust(2, "0") for one in found] if century and len(digits) <= 2 else []
        found = [*(one + digits for one in found), *joined][:_MAX_READINGS]
        tens, century = word in _TENS, word in _CENTURIES
    return tuple(found)


def _digits(word: str) -> str | None:
    if word.isdigit():
        return word
    if word in _UNITS:
        return _UNITS[word]
    if word in _TEENS:
        return _TEENS[word]
    for start, digits in _CENTURIES.items():
        if word.startswith(start):
            rest = _digits(word.removeprefix(start)) if word != start else ""
            return None if rest is None else digits + rest.rjust(2, "0")
    if word.startswith("noll") and (after := _digits(word.removeprefix("noll"))):
        return "0" + after
    for start, digits in _TENS.items():
        if word == start:
            return digits + "0"
        if word.startswith(start) and (unit := _UNITS.get(word.removeprefix(start))):
            return digits + unit
    return None
