"""Entries with their indexes, and the order in which they answer a question."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from rapidfuzz import fuzz, process

from bot.core.library import index as indexes
from bot.core.library import letters
from bot.core.library import meaning as meanings
from bot.core.library.index import Index
from bot.core.library.meaning import Embed, Vector
from bot.core.library.vocabulary import Reading, Vocabulary

RANKED: Final = 10  # the best by their words, which runs of letters and the nearest phrasing then rank
GRAMS: Final = 0.8  # weight of runs of letters beside the words
LIKENESS: Final = 0.1  # weight of the nearest phrasing beside the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A place among the entries, with what speaks for it."""

    place: int
    score: float
    words: float  # how well the entry holds what is asked
    grams: float  # how well it holds the question's runs of letters
    likeness: float  # of the nearest phrasing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Entries in the order given, with their indexes.

    `asked[place]` are the entry's phrasings, as stems; `is_bare`: some have none; then there is no index of `grams`.
    """

    ids: tuple[str, ...]
    vocabulary: Vocabulary
    index: Index
    grams: Index | None
    asked: tuple[tuple[str, ...], ...]
    is_bare: bool
    embed: Embed | None = None
    vectors: tuple[tuple[Vector, ...], ...] = ()


def rank(shelf: Shelf, asked: Reading, limit: int) -> list[Ranked]:
    """The best places: RANKED by words, then in the order of words, runs of letters and nearest phrasing together."""
    found = indexes.scores(shelf.index, asked.features)
    best = dict(nsmallest(max(limit, RANKED), found.items(), key=lambda one: (-one[1], one[0])))
    stems = spelt(asked.stems.split())
    vector = None if shelf.embed is None else shelf.embed(asked.typed)
    grams = dict.fromkeys(letters.grams(asked.typed), 1.0)
    held = {} if shelf.grams is None else indexes.among(shelf.grams, grams, best)
    ranked = [
        _ranked(shelf, stems, vector, place, words, held.get(place, 0.0)) for place, words in best.items()
    ]
    ranked.sort(key=lambda one: (-one.score, one.place))
    return ranked[:limit]


def _ranked(
    shelf: Shelf, stems: str, vector: Vector | None, place: int, words: float, grams: float
) -> Ranked:
    likeness = nearest(stems, shelf.asked[place]) if shelf.vocabulary.stages.phrasings else 0.0
    meaning = 0.0 if vector is None else meanings.nearest(vector, shelf.vectors[place])
    score = words + GRAMS * grams + LIKENESS * likeness + meanings.WEIGHT * meaning
    return Ranked(place=place, words=words, grams=grams, likeness=likeness, score=score)


def spelt(stems: Iterable[str]) -> str:
    """Stems as one text in an order of its own, so that the order in which they were typed does not matter."""
    return " ".join(sorted(stems))


def nearest(stems: str, phrasings: Sequence[str]) -> float:
    """The likeness of the phrasing that is nearest, letter by letter, whatever the order of its words: 0 to 1."""
    return likest(stems, phrasings, fuzz.ratio)


def likest(stems: str, phrasings: Sequence[str], ratio: Callable[..., float]) -> float:
    """The greatest likeness of one of `phrasings`, 0 to 1, by one of rapidfuzz's ratios."""
    return process.extractOne(stems, phrasings, scorer=ratio)[1] / 100 if phrasings else 0.0
