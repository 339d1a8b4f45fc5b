"""The library: every article with its indexes, built once and never changed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import BadContent
from bot.core.ids import ArticleId
from bot.core.library import index, swedish, vocabulary
from bot.core.library.article import Article
from bot.core.library.glossary import Glossary
from bot.core.library.index import Index
from bot.core.library.vocabulary import Features, Reading, Vocabulary

# How much each field of an article tells about what it answers.
TITLE, QUESTION, KEYWORDS, BODY = 1.5, 1.0, 1.5, 0.4
CLAUSE = re.compile(r"(?<=[.:;?]) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """One wording of a question that an article answers, ready to be compared."""

    content: str
    features: Features
    mass: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Articles in the order of their ids; documents of the indexes are the articles, then the themes outside.

    `wordings` gives the place of the article in which a question stands word for word (as `wording` spells it).
    """

    articles: tuple[Article, ...]
    by_id: Mapping[ArticleId, Article]
    vocabulary: Vocabulary
    words: Index
    grams: Index
    phrasings: tuple[tuple[Phrasing, ...], ...]
    wordings: Mapping[str, int]


def build(articles: Iterable[Article], glossary: Glossary) -> Library:
    """The library of `articles`. Raises BadContent where an id, an alias or a question stands twice, or a relation
    points nowhere.
    """
    shelf = tuple(sorted(articles, key=lambda article: article.id))
    by_id = _by_id(shelf)
    wordings = _wordings(shelf)
    documents = [_fields(article) for article in shelf]
    documents += [[(question, QUESTION) for question in theme.questions] for theme in glossary.outside]
    known = vocabulary.gather((text for document in documents for text, _ in document), glossary)
    readings = [
        [(vocabulary.read(known, text), weight) for text, weight in document] for document in documents
    ]
    words = index.build(
        [[(reading.features, weight) for reading, weight in document] for document in readings]
    )
    grams = [
        [(vocabulary.grams(reading.content), weight) for reading, weight in document] for document in readings
    ]
    return Library(
        articles=shelf,
        by_id=by_id,
        vocabulary=known,
        words=words,
        grams=index.build(grams),
        phrasings=tuple(
            tuple(_phrasing(words, reading) for reading, _ in readings[place][: 1 + len(article.questions)])
            for place, article in enumerate(shelf)
        ),
        wordings=wordings,
    )


def wording(text: str) -> str:
    """`text` as it is compared word for word."""
    return " ".join(swedish.words(text))


def _by_id(shelf: tuple[Article, ...]) -> dict[ArticleId, Article]:
    """Every article under its id and its aliases."""
    found: dict[ArticleId, Article] = {}
    faults: list[str] = []
    for article in shelf:
        for one in (article.id, *article.aliases):
            if one in found:
                faults.append(f"{article.path}: id: {one} stands also in {found[one].path}")
            found[one] = article
    faults += [
        f"{article.path}: related: {one} is no article"
        for article in shelf
        for one in article.related
        if one not in found
    ]
    if faults:
        raise BadContent("\n".join(faults))
    return found


def _wordings(shelf: tuple[Article, ...]) -> dict[str, int]:
    """The place of the article for each of its questions."""
    found: dict[str, int] = {}
    faults: list[str] = []
    for place, article in enumerate(shelf):
        for question in (article.title, *article.questions):
            if found.setdefault(wording(question), place) != place:
                other = shelf[found[wording(question)]].path
                faults.append(f"{article.path}: questions: one of them stands also in {other}")
    if faults:
        raise BadContent("\n".join(faults))
    return found


def _fields(article: Article) -> list[tuple[str, float]]:
    """The article's texts with their weights: title and questions first, as `build` relies on."""
    return [
        (article.title, TITLE),
        *((question, QUESTION) for question in article.questions),
        (" ".join(article.keywords), KEYWORDS),
        *((clause, BODY) for clause in CLAUSE.split(article.body)),
    ]


def _phrasing(words: Index, reading: Reading) -> Phrasing:
    return Phrasing(
        content=reading.content, features=reading.features, mass=index.mass(words, reading.features)
    )
