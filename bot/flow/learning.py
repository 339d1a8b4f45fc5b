"""The learning view: the library as somebody may read it at leisure, topic by topic, and what still waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from bot.core.ids import ArticleId
from bot.core.library.article import Article, Status, WithheldReason, filled, is_for, readable
from bot.core.library.search import Answer, Finding, Nothing, Unsure, Withheld
from bot.core.places import Organisation
from bot.flow.deps import Content
from bot.flow.reading import Reader, look_up, reader_at

_PARTS: Final = 4  # of an article's path: knowledge, sv, topic, file


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An article as it reads here. `body` is None, and `waits` says why, where it may not be given."""

    article: Article
    topic: str
    slug: str
    body: str | None
    waits: WithheldReason | None

    @property
    def expires(self) -> date:
        """The last day on which it counts as reviewed."""
        return self.article.reviewed + self.article.review_in

    @property
    def is_draft(self) -> bool:
        """Whether no lawyer has read it."""
        return self.article.status is Status.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic with its lessons, by title."""

    id: str
    lessons: tuple[Lesson, ...]

    @property
    def waiting(self) -> int:
        """How many may not be read yet."""
        return sum(lesson.body is None for lesson in self.lessons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The whole library for one reader."""

    topics: tuple[Topic, ...]
    by_id: Mapping[ArticleId, Lesson]
    board: Organisation | None
    reader: Reader


def shelf(content: Content, board: Organisation | None, now: datetime) -> Shelf:
    """Every article that is meant for here, by topic; those that wait are there by title alone."""
    reader = reader_at(content.structure, board, now)
    lessons = [_lesson(one, reader) for one in content.library.articles if is_for(one, reader.org)]
    by_id = {lesson.article.id: lesson for lesson in lessons}
    for lesson in lessons:
        by_id.update(dict.fromkeys(lesson.article.aliases, lesson))
    return Shelf(topics=tuple(_topics(lessons)), by_id=by_id, board=board, reader=reader)


def topic_of(found: Shelf, id_: str) -> Topic | None:
    """One topic."""
    return next((topic for topic in found.topics if topic.id == id_), None)


def lesson_of(found: Shelf, topic: str, name: str) -> Lesson | None:
    """One lesson by its id, or that of an article merged into it, wherever it stands now; or by its file's name.

    A link to a file that was moved to another topic still leads there, where no other file has that name.
    """
    known = found.by_id.get(ArticleId(name))
    if known is not None:
        return known
    same = [one for topic_ in found.topics for one in topic_.lessons if one.slug == name]
    here = next((one for one in same if one.topic == topic), None)
    return here or (same[0] if len(same) == 1 else None)


def following(found: Shelf, lesson: Lesson) -> Lesson | None:
    """The lesson after it in its topic; None after the last."""
    named = topic_of(found, lesson.topic)
    lessons = named.lessons if named is not None else ()
    after = (two for one, two in pairwise(lessons) if one.article.id == lesson.article.id)
    return next(after, None)


def searched(content: Content, found: Shelf, question: str) -> tuple[Finding, tuple[Lesson, ...]]:
    """What the library says, the same as when an officer asks; and its articles as lessons, the likeliest first.

    Raises BadInput for a question that is too long.
    """
    finding = look_up(content.library, question, found.reader)
    return finding, tuple(found.by_id[one.id] for one in _named(finding) if one.id in found.by_id)


def _named(finding: Finding) -> tuple[Article, ...]:
    match finding:
        case Answer(article=article) | Withheld(article=article):
            return (article,)
        case Unsure(candidates=candidates):
            return candidates
        case Nothing():
            return ()


def _lesson(article: Article, reader: Reader) -> Lesson:
    waits = readable(
        article,
        today=reader.today,
        org=reader.org,
        drafts_allowed=reader.drafts_allowed,
        fields=reader.fields,
    )
    parts = article.path.split("/")
    topic, file = parts[-2:] if len(parts) == _PARTS else ("", parts[-1])
    body = filled(article, reader.fields) if waits is None else None
    return Lesson(article=article, topic=topic, slug=file.removesuffix(".md"), body=body, waits=waits)


def _topics(lessons: list[Lesson]) -> Iterator[Topic]:
    for id_ in sorted({lesson.topic for lesson in lessons}):
        own = sorted((one for one in lessons if one.topic == id_), key=lambda one: one.article.title)
        yield Topic(id=id_, lessons=tuple(own))
