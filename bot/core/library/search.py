"""Finds the article that answers a question, or says how unsure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.errors import BadInput
from bot.core.ids import ArticleId
from bot.core.library import danger, evidence, vocabulary
from bot.core.library.article import Article, Stop, WithheldReason, is_for, readable
from bot.core.library.catalogue import Library, build, wording
from bot.core.library.entries import MAX_QUESTION
from bot.core.library.shelf import Ranked, rank
from bot.core.library.vocabulary import Reading

__all__ = [
    "MAX_QUERY", "Answer", "Finding", "Library", "Nothing", "Unsure", "Withheld", "build", "find", "opened",
    "wording",
]  # fmt: skip

MAX_QUERY = MAX_QUESTION  # characters of a question
SURE = 0.75  # from this confidence an article is given as the answer
FAINT = 0.15  # below it nothing is suggested
SHOWN = 3  # articles that are ever named
CONSIDERED = 10  # places, articles and themes outside, that a decision rests on
NEAR = 0.45  # a suggestion scores at least this share of the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The article that answers. `alternatives` are the next best."""

    article: Article
    score: float
    alternatives: tuple[Article, ...]
    stop: Stop | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Two or three articles that may be meant, best first. Give one only through `opened`: it may be withheld."""

    candidates: tuple[Article, ...]
    score: float
    stop: Stop | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """The article that would answer may not be given; the reader gets a person, the curator sees it waiting."""

    article: Article
    reason: WithheldReason
    score: float
    alternatives: tuple[Article, ...]
    stop: Stop | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """The library does not know."""

    score: float
    stop: Stop | None


Finding = Answer | Unsure | Withheld | Nothing


def find(
    library: Library,
    query: str,
    *,
    today: date,
    org: frozenset[str] | None,
    drafts_allowed: bool,
    fields: Mapping[str, str],
) -> Finding:
    """What the library says to `query`. Deterministic; ties go to the lower id.

    `today`, `org`, `drafts_allowed` and `fields` are as in `article.readable`. Raises BadInput for a question that is
    longer than MAX_QUERY characters. Danger told of in the question sets `stop` whatever is found.
    """
    if len(query) > MAX_QUERY:
        raise BadInput(f"A question has at most {MAX_QUERY} characters.")
    urgent = Stop.EMERGENCY if danger.immediate(query) else None
    asked = vocabulary.read(library.shelf.vocabulary, query)
    ranking, outside = _ranking(library, query, rank(library.shelf, asked, CONSIDERED))
    if not asked.words or not ranking:
        return Nothing(score=0.0, stop=urgent)
    score = _confidence(library, query, asked, ranking, outside)
    if score < FAINT:
        return Nothing(score=score, stop=urgent)
    near = NEAR * ranking[0].score
    best, *others = (library.articles[one.place] for one in ranking[:SHOWN] if one.score >= near)
    if score < SURE:
        return _unsure([best, *others], score, urgent, org)
    reason = readable(best, today=today, org=org, drafts_allowed=drafts_allowed, fields=fields)
    alternatives = tuple(one for one in others if is_for(one, org))
    stop = urgent or best.stop
    if reason is not None:
        return Withheld(article=best, reason=reason, score=score, alternatives=alternatives, stop=stop)
    return Answer(article=best, score=score, alternatives=alternatives, stop=stop)


def opened(
    library: Library,
    article_id: ArticleId,
    *,
    today: date,
    org: frozenset[str] | None,
    drafts_allowed: bool,
    fields: Mapping[str, str],
) -> Answer | Withheld | None:
    """The article that somebody chose by its id or an alias, under the same rules; None where there is none."""
    article = library.by_id.get(article_id)
    if article is None:
        return None
    reason = readable(article, today=today, org=org, drafts_allowed=drafts_allowed, fields=fields)
    if reason is not None:
        return Withheld(article=article, reason=reason, score=1.0, alternatives=(), stop=article.stop)
    return Answer(article=article, score=1.0, alternatives=(), stop=article.stop)


def _ranking(library: Library, query: str, ranked: list[Ranked]) -> tuple[list[Ranked], Ranked | None]:
    """The articles that share anything with the question, best first, and the nearest theme outside.

    An article that holds the question word for word is first, whatever else is said.
    """
    inside = [one for one in ranked if one.place < len(library.articles)]
    outside = next((one for one in ranked if one.place >= len(library.articles)), None)
    same = library.wordings.get(wording(query))
    if same is not None:
        whole = Ranked(place=same, score=1.0, words=1.0, grams=1.0, likeness=1.0)
        inside = [
            next((one for one in inside if one.place == same), whole),
            *(one for one in inside if one.place != same),
        ]
    return inside, outside


def _confidence(
    library: Library, query: str, asked: Reading, ranking: list[Ranked], outside: Ranked | None
) -> float:
    """1 for a question that stands in the article, else what the evidence is worth."""
    if library.wordings.get(wording(query)) == ranking[0].place:
        return 1.0
    second = ranking[1] if len(ranking) > 1 else None
    return evidence.confidence(evidence.weigh(library.shelf, asked, ranking[0], second, outside))


def _unsure(
    ranked: list[Article], score: float, urgent: Stop | None, org: frozenset[str] | None
) -> Unsure | Nothing:
    """Asks back between those that are for this place; a flag is shown where all of them carry it."""
    candidates = tuple(one for one in ranked if is_for(one, org))
    if not candidates:
        return Nothing(score=score, stop=urgent)
    stops = {one.stop for one in candidates}
    return Unsure(
        candidates=candidates, score=score, stop=urgent or (stops.pop() if len(stops) == 1 else None)
    )
