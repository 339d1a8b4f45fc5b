"""What is wrong with the library as a whole, though each of its files can be read."""

from collections.abc import Iterable, Iterator

from bot.core.library import swedish
from bot.core.library.article import Article
from bot.core.library.glossary import Glossary


def glossary_faults(glossary: Glossary, articles: Iterable[Article], path: str) -> Iterator[str]:
    """The terms that lead nowhere: no article knows any of their spellings."""
    known = {
        swedish.stem(word)
        for article in articles
        for text in (article.title, article.body, *article.questions, *article.keywords)
        for word in swedish.words(text)
    }
    for n, term in enumerate(glossary.terms):
        if not any(all(swedish.stem(word) in known for word in swedish.words(one)) for one in term.spellings):
            yield f"{path}: terms.{n}: no article uses any spelling of it"


def phrasing_faults(glossary: Glossary, articles: Iterable[Article], path: str) -> Iterator[str]:
    """The questions that stand in two articles but for endings, or in an article and in a theme outside."""
    first: dict[str, Article] = {}
    for article in articles:
        for n, question in enumerate(article.questions):
            other = first.setdefault(_stems(question), article)
            if other is not article:
                yield f"{article.path}: questions.{n}: stands also in {other.path}, but for an ending"
    for theme in glossary.outside:
        for question in theme.questions:
            if (inside := first.get(_stems(question))) is not None:
                yield f"{path}: outside: {theme.theme}: one of its questions stands also in {inside.path}"


def _stems(question: str) -> str:
    return " ".join(swedish.stem(word) for word in swedish.words(question))


def alias_faults(articles: Iterable[Article]) -> Iterator[str]:
    """The aliases of nothing: an alias keeps the id of a merged article, so it is of a theme that articles have."""
    shelf = tuple(articles)
    themes = {article.id[0] for article in shelf}
    for article in shelf:
        for one in article.aliases:
            if one[0] not in themes:
                yield f"{article.path}: aliases: {one} is of no theme that any article has"
