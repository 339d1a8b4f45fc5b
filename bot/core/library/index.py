"""An inverted index with BM25 weights: which documents hold which features, and how much each tells."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.library.vocabulary import Features

# Robertson & Zaragoza, The Probabilistic Relevance Framework (2009): saturation and length normalisation.
SATURATION = 1.5
LENGTH = 0.75
FLATTEN = 0.8  # a power below one keeps a single rare word from deciding alone

Weighted = Sequence[
    tuple[Features, float]
]  # a document's texts as features, each with the weight of its field


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`postings[feature]` lists (document number, weight); `rarity` is the inverse document frequency.

    `held[number][feature]` is how prominent a feature is in a document, 0 to 1, whatever its rarity.
    """

    size: int
    held: tuple[Features, ...]
    postings: Mapping[str, tuple[tuple[int, float], ...]]
    rarity: Mapping[str, float]
    rarest: float


def build(documents: Iterable[Weighted]) -> Index:
    """The index of `documents`, numbered in the order given."""
    totals = [_total(document) for document in documents]
    lengths = [sum(total.values()) for total in totals]
    average = (sum(lengths) / len(lengths) if lengths else 0.0) or 1.0
    holding = Counter(feature for total in totals for feature in total)
    rarity = {feature: _rarity(len(totals), count) for feature, count in holding.items()}
    held = tuple(_held(total, length / average) for total, length in zip(totals, lengths, strict=True))
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, document in enumerate(held):
        for feature, weight in document.items():
            postings[feature].append((number, weight * rarity[feature]))
    return Index(
        size=len(totals),
        held=held,
        postings={feature: tuple(found) for feature, found in postings.items()},
        rarity=rarity,
        rarest=_rarity(max(1, len(totals)), 1),
    )


def scores(index: Index, asked: Features) -> list[float]:
    """How well each document answers what is asked, 0 (nothing shared) to 1 (everything, and prominently)."""
    found = [0.0] * index.size
    most = mass(index, asked)
    for feature, weight in asked.items():
        share = weight / most
        for number, worth in index.postings.get(feature, ()):
            found[number] += share * worth
    return found


def mass(index: Index, asked: Features) -> float:
    """All that is asked, weighed by rarity; what no document holds counts as rarest. Never 0."""
    return sum(weight * index.rarity.get(feature, index.rarest) for feature, weight in asked.items()) or 1.0


def _total(document: Weighted) -> dict[str, float]:
    total: defaultdict[str, float] = defaultdict(float)
    for text, weight in document:
        for feature, count in text.items():
            total[feature] += count * weight
    return total


def _held(total: Mapping[str, float], length: float) -> dict[str, float]:
    """BM25's saturation: the second mention tells less than the first, and less in a long document."""
    pivot = SATURATION * (1 - LENGTH + LENGTH * length)
    return {feature: count / (count + pivot) for feature, count in total.items()}


def _rarity(documents: int, holding: int) -> float:
    return float(math.log1p((documents - holding + 0.5) / (holding + 0.5)) ** FLATTEN)
