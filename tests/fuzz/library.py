"""Targets of the library: law and what cites it, the engine with any entries, danger, what a change breaks, an approval."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bot import content
from bot.commands.approve import _check as check_approved
from bot.core.errors import BadInput
from bot.core.library import (
    approval,
    article,
    citations,
    danger,
    entries,
    freshness,
    glossary,
    law_changes,
    law_sections,
    preview,
    search,
    shelf_faults,
)
from bot.core.library.article import Article
from bot.core.library.entries import Entry
from bot.core.library.glossary import Glossary
from bot.core.library.law_sections import LawSections
from bot.core.library.search import Finding, Library
from bot.core.people import Role
from bot.flow.learning import _lesson as lesson_of
from bot.flow.reading import look_up, reader_at
from tests.fuzz.written import ROOT, structure

AT: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
PATH: Final = "knowledge/sv/a/a.md"
EVERYDAY: Final = "~"  # before a question that may be asked in other words
MOST_ENTRIES: Final = 20
MOST_ASKED: Final = 6  # phrasings that are put to the library before and after


@lru_cache(1)
def law() -> LawSections:
    """The law that somebody has read."""
    return law_sections.parse((ROOT / content.LAW).read_text(), content.LAW)


@lru_cache(1)
def shelf() -> tuple[Article, ...]:
    """A few articles of this checkout, related to nothing else."""
    paths = sorted(ROOT.glob("knowledge/sv/*/*.md"))[:3]
    read = (article.parse(path.read_text(), str(path.relative_to(ROOT))) for path in paths)
    return tuple(replace(one, related=()) for one in read)


def law_list(text: str) -> object:
    """A list of law, held against articles."""
    found = law_sections.parse(text, content.LAW)
    for one in shelf():
        assert all(fault.isprintable() for fault in law_sections.faults(found, one))
    return found


def changes(text: str) -> object:
    """Changed law: what is refused is told by its line, what is read names the articles that cite it."""
    try:
        found = law_changes.parse(text, law())
    except BadInput as error:
        told = str(error).split("\n")
        if all(line.startswith("line ") and line.isprintable() for line in told):
            raise
        raise AssertionError(told) from error
    for hit in law_changes.hits(found, shelf(), law()):
        assert law_changes.told(hit).isprintable()
        json.dumps(law_changes.report(hit))
    return found


def cited(text: str) -> bool:
    """Whatever a text cites, each section reads the same again as it is written; and nothing that cites is passed by."""
    names = law().names
    found = list(citations.citations(text, names))
    for section in (end for one in found for end in (one.first, one.last)):
        assert citations.section(str(section)) == section
    assert found or any(citations.broken(text, names)) or not any(citations._found(text, names))
    assert all(one.startswith("JO ") for one in citations.decisions(text))
    list(citations.loose(text, names))
    law_sections.of_source(law(), text)
    return bool(found)


def searched(text: str) -> bool:
    """The first line asks any entries, one a line (question|answer|keywords|other wordings): hits in order, 0 to 1."""
    question, *lines = text.split("\n")
    words = None if question.startswith(EVERYDAY) else Glossary()  # ours are read slowly
    shelf = entries.index((_entry(number, line) for number, line in enumerate(lines[:MOST_ENTRIES])), words)
    try:
        hits = entries.search(shelf, question)
    except BadInput:
        assert len(question) > entries.MAX_QUESTION
        return False
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert all(one.score >= other.score for one, other in pairwise(hits))
    assert len({hit.id for hit in hits} & set(shelf.ids)) == len(hits)
    assert entries.search(shelf, question) == hits
    return bool(hits)


def _entry(number: int, line: str) -> Entry:
    question, answer, keywords, *others = [*line.split("|"), "", "", ""]
    return Entry(
        id=str(number),
        question=question,
        answer=answer,
        keywords=keywords.split(","),
        alternatives=[other for other in others if other],
    )


def urgent(text: str) -> bool:
    """Danger is told of or not, whatever is typed, and white space around it changes nothing."""
    told = danger.immediate(text)
    assert danger.immediate(f" {text}\n") is told
    return told


def kept(text: str) -> object:
    """An article as it is kept: held against the law and the calendar, and read here with our own values or withheld."""
    one = article.parse(text, PATH)
    faults = [
        *freshness.expiry_faults((one,), TODAY),
        *freshness.ahead_faults((one,), TODAY),
        *law_sections.faults(law(), one),
        *shelf_faults.alias_faults((one,)),
    ]
    assert all(fault.isprintable() for fault in faults)
    for board in (None, *structure().organisations.values()):
        reader = reader_at(structure(), board, AT)
        lesson = lesson_of(one, reader)
        assert (lesson.body is None) is (lesson.waits is not None)
        assert lesson.body is None or not set(article.LOCAL_FIELD.findall(lesson.body)) & one.needs
    return one


def previewed(text: str) -> object:
    """An article that is new in a small library: what that breaks, and what it gains."""
    one = article.parse(text, PATH)
    before, after = _library(), search.build((*shelf(), one), Glossary())
    asked = preview.examples(shelf()[:1], (one,))
    found = list(preview.compare(before, after, asked[-MOST_ASKED:], look=_look, known=()))
    json.dumps([*found, preview.counted(found)])
    return found


@lru_cache(1)
def _library() -> Library:
    return search.build(shelf(), Glossary())


def _look(library: Library, question: str, org: str | None) -> Finding:
    board = next((one for one in structure().organisations.values() if one.id == org), None)
    return look_up(library, question, reader_at(structure(), board, AT))


def terms(text: str) -> object:
    """A glossary at work: what it calls the same is asked for by each of its names."""
    found = glossary.parse(text, content.GLOSSARY)
    library = search.build(shelf(), found)
    asked = [
        *(name for term in found.terms[:2] for name in term.spellings[:2]),
        *(question for theme in found.outside[:2] for question in theme.questions[:2]),
    ]
    for question in asked:
        assert 0 <= _look(library, question, None).score <= 1
    return list(shelf_faults.glossary_faults(found, shelf(), content.GLOSSARY))


def approved(text: str) -> object:
    """An article that is approved says what it said before, and the approval; or the command refuses to write it."""
    one = article.parse(text, PATH)
    written = approval.approved(text.encode(), Role.LAWYER, TODAY)
    check_approved(one, written, Role.LAWYER, TODAY)
    told = article.Approval(role=Role.LAWYER.value, on=TODAY)
    assert article.parse(written.decode(), PATH) == replace(
        one, status=article.Status.APPROVED, approved_by=told
    )
    return written
