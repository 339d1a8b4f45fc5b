"""How sure one may be that the first article is the right one: several kinds of evidence, weighed into one figure."""

import math
from dataclasses import astuple, dataclass

from rapidfuzz import fuzz

from bot.core.library import index
from bot.core.library.index import Index
from bot.core.library.shelf import Ranked, Shelf, likest, spelt
from bot.core.library.vocabulary import Features, Reading

PROMINENT = 0.5  # from this prominence a word counts as fully explained by an article
LONG = 6  # content words from which a question's length tells nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for the first article; every part lies between -1 and 1."""

    words: float  # how well the article holds what is asked
    lead: float  # how far the second article is behind, as a share of the first
    inside: float  # how far the nearest theme outside is behind, likewise
    explained: float  # share of the question's words, by rarity, that the article knows
    wording: float  # rapidfuzz: the nearest phrasing with its words in any order
    within: float  # rapidfuzz: the nearest phrasing that the question contains, or that contains it
    length: float  # content words, up to LONG


# With another article or a theme outside as near as this, six of ten are right, whatever else is said; and a question of
# which nearly half is unknown to the article is often the neighbouring one that no article answers.
LED, AHEAD, KNOWN, EVEN = 0.08, 0.2, 0.55, 0.6

# Logistic weights in the order of Evidence. `samjour bench --only library-fit` fits them anew: on phrasings held apart from
# the index, five folds, with the themes outside likewise, each of those counted three times.
WEIGHTS = (3.85, 4.55, 1.53, 2.89, 1.89, 0.19, 3.25)
INTERCEPT = -8.8


def weigh(
    shelf: Shelf, asked: Reading, first: Ranked, second: Ranked | None, outside: Ranked | None
) -> Evidence:
    """The evidence for `first`, with the second best article and the best theme outside, where there are any."""
    phrasings = shelf.asked[first.place]
    stems = spelt(asked.stems.split())
    return Evidence(
        words=first.words,
        lead=_behind(first, second),
        inside=_behind(first, outside),
        explained=_explained(shelf.index, asked, first.place),
        wording=likest(stems, phrasings, fuzz.ratio),
        within=likest(stems, phrasings, fuzz.token_set_ratio),
        length=min(len(asked.words), LONG) / LONG,
    )


def confidence(evidence: Evidence) -> float:
    """The probability that the first article is the right one, 0 to 1, as measured on phrasings held apart."""
    parts = astuple(evidence)
    told = INTERCEPT + sum(weight * part for weight, part in zip(WEIGHTS, parts, strict=True))
    is_clear = evidence.lead >= LED and evidence.inside >= AHEAD and evidence.explained >= KNOWN
    return min(1 / (1 + math.exp(-told)), 1.0 if is_clear else EVEN)


def _behind(first: Ranked, other: Ranked | None) -> float:
    score = 0.0 if other is None else other.score
    return max(-1.0, (first.score - score) / first.score) if first.score > 0 else 0.0


def _explained(words: Index, asked: Reading, place: int) -> float:
    """A word is explained by the best of its features: itself, a part, its repair, or a glossary term."""
    whole = met = 0.0
    for features in asked.words:
        rarity = _rarity(words, features)
        best = max(
            (
                min(1.0, index.held(words, one, place) / PROMINENT) * min(1.0, weight)
                for one, weight in features.items()
            ),
            default=0.0,
        )
        whole += rarity
        met += rarity * best
    return met / whole if whole else 0.0


def _rarity(words: Index, features: Features) -> float:
    """The rarity of a word as it stands; a term it stands for may be common."""
    return max((index.rarity(words, one) for one in features if one[0] in "w?"), default=words.rarest)
