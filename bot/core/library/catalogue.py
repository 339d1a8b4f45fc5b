"""The library: every article with its indexes, built once and never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import BadContent
from bot.core.ids import ArticleId
from bot.core.library import entries, swedish
from bot.core.library.article import Article
from bot.core.library.entries import Entry
from bot.core.library.glossary import Glossary, Outside
from bot.core.library.meaning import Embed
from bot.core.library.shelf import Shelf
from bot.core.library.vocabulary import Stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Articles in the order of their ids; the places of the shelf are the articles, then the themes outside.

    `wordings` gives the place of the article in which a question stands word for word (as `wording` spells it).
    """

    articles: tuple[Article, ...]
    by_id: Mapping[ArticleId, Article]
    shelf: Shelf
    wordings: Mapping[str, int]


def build(
    articles: Iterable[Article],
    glossary: Glossary,
    stages: Stages | None = None,
    embed: Embed | None = None,
) -> Library:
    """The library of `articles`. Raises BadContent where an id, an alias or a question stands twice, or a relation
    points nowhere.
    """
    shelf = tuple(sorted(articles, key=lambda article: article.id))
    return Library(
        articles=shelf,
        by_id=_by_id(shelf),
        wordings=_wordings(shelf),
        shelf=entries.index(
            [*(entry(article) for article in shelf), *(_outside(theme) for theme in glossary.outside)],
            glossary,
            stages,
            embed,
        ),
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
    faults = faults or [  # an id that stands twice is missing elsewhere: that is told once
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
        raise BadContent("\n".join(dict.fromkeys(faults)))  # two articles that share several are told of once
    return found


def entry(article: Article) -> Entry:
    """An article as the engine indexes it."""
    return Entry(
        id=article.id,
        question=article.title,
        alternatives=article.questions,
        answer=article.body,
        keywords=article.keywords,
    )


def _outside(theme: Outside) -> Entry:
    return Entry(id=theme.theme, alternatives=theme.questions)
