"""Fits the weights of the library's evidence anew: logistic regression on phrasings and themes held apart, in five folds."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields, replace
from typing import Final

from bot.bench.measure import Figure
from bot.core.library import catalogue, evidence, search, shelf, vocabulary
from bot.core.library.article import Article
from bot.core.library.evidence import Evidence
from bot.core.library.glossary import Glossary

FOLDS: Final = 5
OUTSIDE: Final = 3.0  # how often a question outside counts: answering one is worse than asking back
ROUNDS, STEP, SMALL = 60, 0.4, 2e-4  # of the descent (Adagrad), and its pull towards zero

Row = tuple[
    tuple[float, ...], bool, float
]  # evidence, whether the first article was right, how much it counts


def figures(articles: Sequence[Article], glossary: Glossary) -> Iterator[Figure]:
    """The weights for `evidence.WEIGHTS` and the intercept, each beside the one that is at work (`limit`)."""
    rows = [row for fold in range(FOLDS) for row in _rows(articles, glossary, fold)]
    fitted = descend(rows)
    names = [*(field.name for field in fields(Evidence)), "intercept"]
    for name, weight, now in zip(names, fitted, (*evidence.WEIGHTS, evidence.INTERCEPT), strict=True):
        yield Figure(name=f"library-fit.{name}", value=weight, unit="weight", limit=now)


def descend(rows: Sequence[Row]) -> list[float]:
    """Logistic weights, the intercept last. Deterministic: rows are taken in a fixed, mixed order."""
    size = len(rows[0][0]) + 1
    weights, steepness = [0.0] * size, [1e-6] * size
    mixed = [rows[(number * 7919) % len(rows)] for number in range(len(rows))]
    for _ in range(ROUNDS):
        for parts, is_right, counts in mixed:
            whole = (*parts, 1.0)
            told = sum(weight * part for weight, part in zip(weights, whole, strict=True))
            wrong = (1 / (1 + math.exp(-told)) - is_right) * counts
            for place, part in enumerate(whole):
                slope = wrong * part + SMALL * weights[place]
                steepness[place] += slope * slope
                weights[place] -= STEP * slope / math.sqrt(steepness[place])
    return weights


def _rows(articles: Sequence[Article], glossary: Glossary, fold: int) -> Iterator[Row]:
    """What is told by the phrasings of one fold, asked of a library without them."""
    kept = [replace(one, questions=_but(one.questions, fold)) for one in articles]
    themes = tuple(replace(one, questions=_but(one.questions, fold)) for one in glossary.outside)
    library = catalogue.build(kept, replace(glossary, outside=themes))
    for article in articles:
        for question in article.questions[fold::FOLDS]:
            yield from _told(library, question, article.id, 1.0)
    for theme in glossary.outside:
        for question in theme.questions[fold::FOLDS]:
            yield from _told(library, question, None, OUTSIDE)


def _told(library: catalogue.Library, question: str, right: str | None, counts: float) -> Iterator[Row]:
    asked = vocabulary.read(library.shelf.vocabulary, question)
    ranked = shelf.rank(library.shelf, asked, search.CONSIDERED)
    inside = [one for one in ranked if one.place < len(library.articles)]
    outside = next((one for one in ranked if one.place >= len(library.articles)), None)
    if inside and asked.words:
        second = inside[1] if len(inside) > 1 else None
        found = evidence.weigh(library.shelf, asked, inside[0], second, outside)
        yield astuple(found), library.articles[inside[0].place].id == right, counts


def _but(questions: Sequence[str], fold: int) -> tuple[str, ...]:
    return tuple(one for number, one in enumerate(questions) if number % FOLDS != fold)
