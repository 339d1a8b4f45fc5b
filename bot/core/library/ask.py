"""A finding as the JSON object that `samjour ask --json` promises."""

from typing import TypedDict, assert_never

from bot.core.library.article import Article
from bot.core.library.search import Answer, Finding, Nothing, Unsure, Withheld


class SourceReport(TypedDict):
    """Where a statement stands."""

    title: str
    ref: str
    retrieved: str


class Report(TypedDict):
    """One answer. `entry` is the article meant, or the likeliest when unsure; `score` lies between 0 and 1.

    `aliases`: the ids of articles that were merged into `entry`.
    """

    entry: str | None
    aliases: list[str]
    answer_kind: str
    score: float
    alternatives: list[str]
    stop: str | None
    reviewed: str | None
    sources: list[SourceReport]


def report(finding: Finding) -> Report:
    """`finding` as plain values. The date and the sources belong to an answer that is given, else they are empty."""
    match finding:
        case Answer(article=article, alternatives=others):
            return _report("answer", finding, article, others, given=article)
        case Withheld(article=article, alternatives=others):
            return _report("withheld", finding, article, others, given=None)
        case Unsure(candidates=(first, *others)):
            return _report("unsure", finding, first, tuple(others), given=None)
        case Unsure() | Nothing():
            return _report("nothing", finding, None, (), given=None)
        case _:
            assert_never(finding)


def _report(
    kind: str, finding: Finding, entry: Article | None, others: tuple[Article, ...], *, given: Article | None
) -> Report:
    return Report(
        entry=None if entry is None else entry.id,
        aliases=[] if entry is None else list(entry.aliases),
        answer_kind=kind,
        score=round(finding.score, 3),
        alternatives=[one.id for one in others],
        stop=None if finding.stop is None else finding.stop.value,
        reviewed=None if given is None else given.reviewed.isoformat(),
        sources=[] if given is None else _sources(given),
    )


def _sources(article: Article) -> list[SourceReport]:
    return [
        SourceReport(title=one.title, ref=one.ref, retrieved=one.retrieved.isoformat())
        for one in article.sources
    ]
