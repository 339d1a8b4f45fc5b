"""Recognises from a question's own words that somebody is in danger right now."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core.library import swedish
from bot.core.library.danger_over import ABOUT, BESIDE, CRY, DATED, HABIT, IDIOM, NOW, OPENS, OVER, PAST
from bot.core.library.danger_plain import outright
from bot.core.library.danger_points import ASKED, DANGER, ENOUGH, EVERYDAY, GRAVE, KINDS, MANY
from bot.core.library.danger_signs import FIRM, OTHER, Sign
from bot.core.library.danger_spelling import meant
from bot.core.library.danger_words import JOINED, ROLES

Lexicon = dict[str, frozenset[str]]
Marks = dict[str, int]  # for each part that is told, the places of its words in the text as bits
NEAR = 5  # words between which two parts belong together
GAP = 6  # places between two clauses: nothing is near across them
TAIL = 5  # letters of a word of things that is also known as a compound's last part
INFLECTED = 2  # letters by which a compound's last part may be longer than the word
SHORTEST = 3  # letters of a compound's last part
REMEMBERED = 8192  # words whose parts are kept at hand
CLAUSE = re.compile(r"[,.;:!?\n\u2013()]|\s-\s")
BREAK = "/"  # stands between two clauses
THINGS = frozenset(
    "bomb building burning door drug edge fire height petrol poison rope smoke tracks water weapon wreck".split()  # noqa: SIM905 - prose
)
JOINS = tuple((re.compile(rf" (?:{told})"), f" {one} ") for told, one in JOINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a text tells: the clauses that ask nothing, those that are not over, those that nothing takes back, and
    whether one asks.
    """

    clauses: tuple[str, ...]
    present: tuple[str, ...]
    standing: tuple[str, ...]
    asks: bool


def immediate(text: str) -> bool:
    """Whether `text` tells of danger to life right now, in any spelling; past, asked-about and figurative danger is not."""
    told = _told(text)
    if outright(told.present):
        return True
    marks = _marks(told.standing)
    if any(_found(sign, marks) for sign in _filed(FIRM, marks)):
        return True
    untouched = len(told.standing) == len(told.clauses)
    return untouched and (
        any(_found(sign, marks) for sign in _filed(OTHER, marks)) or _weighs(marks, asks=told.asks)
    )


def _told(text: str) -> _Told:
    clauses = [plain for clause in CLAUSE.split(text) if (plain := _plain(clause))]
    whole = " " + " ".join(clauses)
    now = NOW.search(whole) is not None
    if not now and any(one.search(whole) for one in (DATED, ABOUT)):
        return _Told(clauses=(), present=(), standing=(), asks=False)
    told = tuple(clause for clause in clauses if not OPENS.match(clause))
    gone = (OVER,) if now else (OVER, PAST, HABIT)
    present = tuple(clause for clause in told if not any(one.search(" " + clause) for one in gone))
    usual = not now and HABIT.search(whole) is not None
    standing = () if usual else tuple(clause for clause in present if not BESIDE.search(" " + clause))
    return _Told(clauses=told, present=present, standing=standing, asks=len(told) < len(clauses))


def _plain(clause: str) -> str:
    """A clause as it is judged: folded, slips read as what they mean, figures of speech and cries left out."""
    told = " ".join(_meant(word) for word in swedish.words(clause))
    return " ".join(CRY.sub(" ", IDIOM.sub(" ", " " + told)).split())


def _marks(clauses: Iterable[str]) -> Marks:
    """The places of each part of danger that is told."""
    told = " " + f" {BREAK} ".join(clauses)
    for several, one in JOINS:
        joined = several.sub(one, told)
        told = told if joined == told else " " + " ".join(joined.split())
    marks: Marks = {}
    place = 0
    for word in told.split():
        place += GAP if word == BREAK else 1
        for part in _parts(word):
            marks[part] = marks.get(part, 0) | 1 << place
    return marks


def _filed(signs: Mapping[str, tuple[Sign, ...]], marks: Marks) -> Iterator[Sign]:
    """The signs whose first part is told; the others need not be looked at."""
    return (sign for part in marks for sign in signs.get(part, ()))


def _found(sign: Sign, marks: Marks) -> bool:
    """Whether every part is told by a word of its own, and what must be near is near."""
    if not all(part in marks for part in sign.parts):
        return False
    places = [marks[part] for part in sign.parts]
    return _apart(places) and all(_near(marks[one], marks[other]) for one, other in sign.near)


def _apart(places: list[int]) -> bool:
    """Whether each part can have a word of its own."""
    pairs = ((one, other) for at, one in enumerate(places) for other in places[at + 1 :])
    return _union(places).bit_count() >= len(places) and all(
        (one | other).bit_count() > 1 for one, other in pairs
    )


def _near(one: int, other: int) -> bool:
    if one.bit_count() == 1:
        other &= ~one
    elif other.bit_count() == 1:
        one &= ~other
    return any((one << away | one >> away) & other for away in range(NEAR + 1))


def _weighs(marks: Marks, *, asks: bool) -> bool:
    """Whether enough speaks of danger together, where no sign knows the words in which it is told."""
    kinds = {kind: marks[kind] for kind in KINDS if kind in marks}
    danger = [kind for kind in kinds if kind in DANGER]
    words = _union(kinds[kind] for kind in danger).bit_count()
    if len(danger) < 2 or words < 2 or GRAVE.isdisjoint(danger):
        return False
    points = sum(KINDS[kind][0] for kind in kinds) + (words >= MANY) + (ASKED if asks else 0)
    return points >= ENOUGH


def _union(places: Iterable[int]) -> int:
    together = 0
    for one in places:
        together |= one
    return together


@lru_cache(REMEMBERED)
def _parts(word: str) -> frozenset[str]:
    """The parts that a word plays in danger, also as a compound."""
    got = set(WHOLE.get(word, ()))
    for end in range(2, len(word) + 1):
        got |= STARTS.get(word[:end], frozenset())
    for start in range(2, len(word) - SHORTEST + 1):
        for end in range(max(start + SHORTEST, len(word) - INFLECTED), len(word) + 1):
            got |= TAILS.get(word[start:end], frozenset())
    return frozenset(got - DANGER if word in EVERYDAY else got)


@lru_cache(REMEMBERED)
def _meant(word: str) -> str:
    return meant(word, _parts, _sure)


def _sure(word: str) -> bool:
    """Whether a word is known for what it is: as a part of a sign, or letter by letter."""
    parts = _parts(word)
    return any(part in ROLES for part in parts) or (bool(parts) and word in WHOLE)


def _lexicon() -> tuple[Lexicon, Lexicon, Lexicon]:
    """Whole words, beginnings of words and last parts of compounds, each with the parts they play."""
    whole: dict[str, set[str]] = {}
    starts: dict[str, set[str]] = {}
    tails: dict[str, set[str]] = {}
    listed = {**ROLES, **{kind: words for kind, (_, words) in KINDS.items()}}
    for part, words in listed.items():
        for word in words.split():
            bare = word.strip("-.")
            (whole if word.endswith(".") else starts).setdefault(bare, set()).add(part)
            if word.startswith("-") or (part in THINGS and len(word) >= TAIL and not word.endswith(".")):
                tails.setdefault(bare, set()).add(part)
    return _frozen(whole), _frozen(starts), _frozen(tails)


def _frozen(words: dict[str, set[str]]) -> Lexicon:
    return {word: frozenset(parts) for word, parts in words.items()}


WHOLE, STARTS, TAILS = _lexicon()
