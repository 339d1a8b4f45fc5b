"""How sure one may be that the first article is the right one: several kinds of evidence, weighed into one figure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

from rapidfuzz import fuzz

from bot.core.library import index
from bot.core.library.catalogue import Library, Phrasing
from bot.core.library.index import Index
from bot.core.library.vocabulary import Features, Reading

PROMINENT = 0.5  # from this prominence a word counts as fully explained by an article
LONG = 6  # content words from which a question's length tells nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for the first article; every part lies between -1 and 1."""

    score: float  # how well the article holds what is asked
    lead: float  # how far the second article is behind, as a share of the first
    inside: float  # how far the nearest theme outside is behind, likewise
    explained: float  # share of the question's words, by rarity, that the article knows
    alike: float  # likeness to the nearest phrasing (Dice over weighted features)
    shared: float  # share of the question that one phrasing covers
    wording: float  # rapidfuzz: the nearest phrasing with its words in any order
    within: float  # rapidfuzz: the nearest phrasing that the question contains, or that contains it
    length: float  # content words, up to LONG


# Logistic weights in the order of Evidence, fitted on phrasings held apart from the index (1 588, five folds of which
# three) and on the themes outside (245, likewise, each counted three times). The floors that they must reach stand in
# tests/content/test_figures.py.
WEIGHTS = (4.0, 1.6, 2.3, 2.2, 3.75, -4.65, 1.95, -2.1, 1.95)
INTERCEPT = -6.4


def weigh(library: Library, asked: Reading, scores: Sequence[float], ranking: Sequence[int]) -> Evidence:
    """The evidence for `ranking[0]`, a place among the articles; `scores` are those of all documents."""
    first, second = scores[ranking[0]], scores[ranking[1]] if len(ranking) > 1 else 0.0
    outside = max(scores[len(library.articles) :], default=0.0)
    phrasings = library.phrasings[ranking[0]]
    alike, shared = _nearest(library.words, asked, phrasings)
    return Evidence(
        score=first,
        lead=_behind(first, second),
        inside=_behind(first, outside),
        explained=_explained(library.words, asked, ranking[0]),
        alike=alike,
        shared=shared,
        wording=_likest(asked.content, phrasings, fuzz.token_sort_ratio),
        within=_likest(asked.content, phrasings, fuzz.token_set_ratio),
        length=min(len(asked.words), LONG) / LONG,
    )


def confidence(evidence: Evidence) -> float:
    """The probability that the first article is the right one, 0 to 1, as measured on phrasings held apart."""
    parts = astuple(evidence)
    return 1 / (
        1 + math.exp(-INTERCEPT - sum(weight * part for weight, part in zip(WEIGHTS, parts, strict=True)))
    )


def _behind(first: float, other: float) -> float:
    return max(-1.0, (first - other) / first) if first > 0 else 0.0


def _explained(words: Index, asked: Reading, place: int) -> float:
    """A word is explained by the best of its features: itself, a part, its repair, or a glossary term."""
    held = words.held[place]
    whole = met = 0.0
    for features in asked.words:
        rarity = _rarity(words, features)
        best = max(
            (min(1.0, held.get(one, 0.0) / PROMINENT) * min(1.0, w) for one, w in features.items()),
            default=0.0,
        )
        whole += rarity
        met += rarity * best
    return met / whole if whole else 0.0


def _rarity(words: Index, features: Features) -> float:
    """The rarity of a word as it stands; a term it stands for may be common."""
    own = [words.rarity.get(one, words.rarest) for one in features if one[0] in "w?"]
    return max(own, default=words.rarest)


def _nearest(words: Index, asked: Reading, phrasings: Sequence[Phrasing]) -> tuple[float, float]:
    """The best likeness to one phrasing (Dice), and the largest share of the question that one phrasing covers."""
    most = index.mass(words, asked.features)
    alike = shared = 0.0
    for phrasing in phrasings:
        common = sum(
            min(weight, phrasing.features[one]) * words.rarity[one]
            for one, weight in asked.features.items()
            if one in phrasing.features
        )
        alike = max(alike, 2 * common / (most + phrasing.mass))
        shared = max(shared, common / most)
    return alike, shared


def _likest(content: str, phrasings: Sequence[Phrasing], ratio: Callable[[str, str], float]) -> float:
    return max((ratio(content, phrasing.content) / 100 for phrasing in phrasings), default=0.0)
