"""What a change of the library breaks: everything that is known to be asked, put to the library before and after."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypedDict

from bot.core.ids import ArticleId
from bot.core.library.article import Article
from bot.core.library.ask import Report, report
from bot.core.library.glossary import Glossary
from bot.core.library.search import Finding, Library

GIVEN: Final = ("answer", "withheld")  # outcomes in which one article is meant

Look = Callable[[Library, str, str | None], Finding]  # library, question, the article's organisation


class Change(StrEnum):
    """What became of a question. The values are a promise of the command line: add, never rename."""

    BREAKS = "breaks"  # it went where it belongs, and does no longer
    GAINS = "gains"  # it does now, and did not
    MOVES = "moves"  # it goes elsewhere, before and after not where it belongs
    MISSES = "misses"  # it is new, and does not go where it belongs


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question and where it belongs: to an article, or (None) to none. `org`: where it is asked."""

    question: str
    wanted: ArticleId | None
    org: str | None = None
    source: str = ""  # where the example stands


class Difference(TypedDict):
    """One question that goes another way."""

    change: str
    question: str
    wanted: str | None
    before: str
    after: str
    source: str


def examples(before: Iterable[Article], after: Iterable[Article]) -> list[Example]:
    """Every title and phrasing of both, once; an article that is gone still wants its own."""
    found: dict[tuple[str, ArticleId], Example] = {}
    for article in (*before, *after):
        for question in (article.title, *article.questions):
            one = Example(question=question, wanted=article.id, org=article.org, source=article.path)
            found[question, article.id] = one
    return list(found.values())


def strangers(before: Glossary, after: Glossary, path: str) -> list[Example]:
    """Questions that no article answers, of both, once."""
    asked = [
        question for glossary in (before, after) for one in glossary.outside for question in one.questions
    ]
    return [Example(question=question, wanted=None, source=path) for question in dict.fromkeys(asked)]


def compare(
    before: Library, after: Library, asked: Iterable[Example], *, look: Look, known: Iterable[str]
) -> Iterator[Difference]:
    """What goes another way. `known`: the questions that stood there before, as they are written."""
    stood = frozenset(known)
    for one in asked:
        found = [report(look(library, one.question, one.org)) for library in (before, after)]
        right = [_is_right(told, one, library) for told, library in zip(found, (before, after), strict=True)]
        change = _change(one, right, found, is_new=one.question not in stood)
        if change is not None:
            yield Difference(
                change=change.value,
                question=one.question,
                wanted=one.wanted,
                before=_told(found[0]),
                after=_told(found[1]),
                source=one.source,
            )


def _change(one: Example, right: list[bool], found: list[Report], *, is_new: bool) -> Change | None:
    match right:
        case [True, False]:
            return Change.BREAKS
        case [False, True]:
            return None if is_new else Change.GAINS
        case [False, False] if is_new and one.wanted is not None:
            return Change.MISSES
        case [False, False] if _told(found[0]) != _told(found[1]):
            return Change.MOVES
    return None


def _is_right(told: Report, one: Example, library: Library) -> bool:
    """Whether it goes where it belongs: to that article, by whatever id it has now; or to none."""
    if one.wanted is None:
        return told["answer_kind"] not in GIVEN
    wanted = library.by_id.get(one.wanted)
    return wanted is not None and told["answer_kind"] in GIVEN and told["entry"] == wanted.id


def _told(told: Report) -> str:
    if told["answer_kind"] == "nothing":
        return "nothing"
    return " ".join([told["answer_kind"], *filter(None, [told["entry"], *_others(told)])])


def _others(told: Report) -> list[str]:
    """What was asked back beside the first: the next best of an answer are nobody's concern."""
    return told["alternatives"] if told["answer_kind"] == "unsure" else []


def counted(found: Iterable[Difference]) -> Mapping[str, int]:
    """How many of each kind."""
    kinds = [one["change"] for one in found]
    return {change.value: kinds.count(change.value) for change in Change}
