"""An inverted index with BM25 weights, kept in arrays: which documents hold which features, and how much each tells."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from bot.core.library.vocabulary import Features

# Robertson & Zaragoza, The Probabilistic Relevance Framework (2009): saturation and length normalisation.
SATURATION = 1.5
LENGTH = 0.75
FLATTEN = 0.8  # a power below one keeps a single rare word from deciding alone
WIDEST = 6_000  # postings of one question that are walked through; what is left only ranks what was found
DEEPEST = 100  # documents that the rest ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """The documents that hold one feature, ascending, and how prominent it is in each (0 to 1)."""

    numbers: "array[int]"
    held: "array[float]"
    rarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`postings` by feature; `rarest` is the rarity of what no document holds."""

    size: int
    postings: Mapping[str, Posting]
    rarest: float


def build(documents: Iterable[Features]) -> Index:
    """The index of `documents` (how often each feature stands in them, weighed), numbered in the order given."""
    raw: dict[str, tuple[array[int], array[float]]] = {}
    lengths = array("f")
    for number, document in enumerate(documents):
        lengths.append(sum(document.values()))
        for feature, count in document.items():
            found = raw.get(feature)
            if found is None:
                found = raw[feature] = (array("I"), array("f"))
            found[0].append(number)
            found[1].append(count)
    size = len(lengths)
    average = (sum(lengths) / size if size else 0.0) or 1.0
    pivots = array("f", (SATURATION * (1 - LENGTH + LENGTH * length / average) for length in lengths))
    return Index(
        size=size,
        postings={feature: _posting(found, pivots, size) for feature, found in raw.items()},
        rarest=_rarity(max(1, size), 1),
    )


def scores(index: Index, asked: Features) -> dict[int, float]:
    """How well documents answer what is asked: more than 0, and 1 where everything is held prominently.

    Rare features come first. Once WIDEST postings are walked, the common features that are left rank the DEEPEST best of
    what was found instead of finding more: in a small library nothing is left.
    """
    present = _present(index, asked)
    present.sort(key=lambda one: (len(one[0].numbers), -one[1]))
    found: dict[int, float] = {}
    walked = 0
    for place, (posting, worth) in enumerate(present):
        walked += len(posting.numbers)
        if walked > WIDEST and found:
            return _ranked(found, present[place:])
        for number, held in zip(posting.numbers, posting.held, strict=True):
            found[number] = found.get(number, 0.0) + worth * held
    return found


def among(index: Index, asked: Features, numbers: Iterable[int]) -> dict[int, float]:
    """The same of some documents only, which may hold nothing: 0 to 1 for each of `numbers`."""
    present = _present(index, asked)
    return {number: sum(worth * _held(posting, number) for posting, worth in present) for number in numbers}


def mass(index: Index, asked: Features) -> float:
    """All that is asked, weighed by rarity; what no document holds counts as rarest. Never 0."""
    return sum(weight * rarity(index, feature) for feature, weight in asked.items()) or 1.0


def rarity(index: Index, feature: str) -> float:
    """How much it tells that a document holds this feature."""
    posting = index.postings.get(feature)
    return index.rarest if posting is None else posting.rarity


def held(index: Index, feature: str, number: int) -> float:
    """How prominent a feature is in a document, 0 to 1, whatever its rarity."""
    posting = index.postings.get(feature)
    return 0.0 if posting is None else _held(posting, number)


def _present(index: Index, asked: Features) -> list[tuple[Posting, float]]:
    """Of what is asked, what some document holds, and its share of all that is asked."""
    most = mass(index, asked)
    return [
        (posting, weight * posting.rarity / most)
        for feature, weight in asked.items()
        if (posting := index.postings.get(feature)) is not None
    ]


def _held(posting: Posting, number: int) -> float:
    place = bisect_left(posting.numbers, number)
    found = place < len(posting.numbers) and posting.numbers[place] == number
    return posting.held[place] if found else 0.0


def _ranked(found: dict[int, float], rest: list[tuple[Posting, float]]) -> dict[int, float]:
    best = nsmallest(DEEPEST, ((-score, number) for number, score in found.items()))
    return {
        number: sum((worth * _held(posting, number) for posting, worth in rest), -score)
        for score, number in best
    }


def _posting(raw: "tuple[array[int], array[float]]", pivots: "array[float]", size: int) -> Posting:
    """BM25's saturation: the second mention tells less than the first, and less in a long document."""
    numbers, counts = raw
    shares = (count / (count + pivots[number]) for number, count in zip(numbers, counts, strict=True))
    return Posting(numbers=numbers, held=array("f", shares), rarity=_rarity(size, len(numbers)))


def _rarity(documents: int, holding: int) -> float:
    return float(math.log1p((documents - holding + 0.5) / (holding + 0.5)) ** FLATTEN)
