"""Finds the article that answers a question, or says how unsure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.errors import BadInput
from bot.core.ids import ArticleId
from bot.core.library import danger, evidence, index, vocabulary
from bot.core.library.article import Article, Stop, WithheldReason, is_for, readable
from bot.core.library.catalogue import Library, build, wording
from bot.core.library.vocabulary import Reading

__all__ = [
    "MAX_QUERY", "Answer", "Finding", "Library", "Nothing", "Unsure", "Withheld", "build", "find", "opened", "scored",
    "wording",
]  # fmt: skip

MAX_QUERY = 500  # characters of a question
LETTERS = 0.5  # weight of runs of letters beside words
SURE = 0.77  # from this confidence an article is given as the answer
FAINT = 0.12  # below it nothing is suggested
SHOWN = 3  # articles that are ever named
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
    asked = vocabulary.read(library.vocabulary, query)
    scores = scored(library, asked)
    ranking = _ranking(library, query, scores)
    if not asked.words or not ranking:
        return Nothing(score=0.0, stop=urgent)
    score = _confidence(library, query, asked, scores, ranking)
    if score < FAINT:
        return Nothing(score=score, stop=urgent)
    best, *others = (library.articles[place] for place in ranking)
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


def scored(library: Library, asked: Reading) -> list[float]:
    """How well each document holds what is asked: words and terms, with runs of letters for what is misspelt."""
    words = index.scores(library.words, asked.features)
    letters = index.scores(library.grams, vocabulary.grams(asked.content))
    return [word + LETTERS * letter for word, letter in zip(words, letters, strict=True)]


def _ranking(library: Library, query: str, scores: list[float]) -> list[int]:
    """The places of the best articles that share anything with the question; one that holds it word for word is first."""
    same = library.wordings.get(wording(query))
    places = sorted(range(len(library.articles)), key=lambda place: (place != same, -scores[place], place))[
        :SHOWN
    ]
    return [place for place in places if place == same or scores[place] > NEAR * scores[places[0]]]


def _confidence(
    library: Library, query: str, asked: Reading, scores: list[float], ranking: list[int]
) -> float:
    """1 for a question that stands in the article, else what the evidence is worth."""
    if library.wordings.get(wording(query)) == ranking[0]:
        return 1.0
    return evidence.confidence(evidence.weigh(library, asked, scores, ranking))


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
