"""Checks the whole content: the examples of every file, what the articles cite, and what has expired."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, assert_never

from bot.content.paths import (
    ACCESS,
    CHANNELS,
    GLOSSARY,
    GUARD,
    OPENINGS,
    ORGANISATIONS,
    RETENTION,
    SECRECY,
    TEXTS,
    WAKING,
)
from bot.content.whole import Content, read
from bot.core import (
    access_file,
    channels_policy,
    every_minute,
    guard,
    openings_policy,
    retention_file,
    secrecy_policy,
    waking_policy,
    who,
)
from bot.core.choices import choice_faults
from bot.core.errors import BadContent
from bot.core.guard import GuardRules, SpanType
from bot.core.in_force import entries_of
from bot.core.library import freshness, law_sections, search, shelf_faults
from bot.core.library.article import Article
from bot.core.library.search import Library
from bot.core.policy import Act, roles_for

# What no article may hold of anybody. Names and streets are left to the eye: an article tells of offices and places.
IDENTITIES: Final = frozenset(
    {SpanType.PERSONNUMMER, SpanType.SAMORDNINGSNUMMER, SpanType.PHONE, SpanType.EMAIL}
)


def check(root: Path, texts: Path = TEXTS, *, today: date | None = None) -> tuple[int, list[str]]:
    """How many articles there are, and every fault: of the files, or, where they can be read, of their examples.

    `today`: also what has expired, or is dated ahead of that Swedish day.
    """
    content, faults = examine(root, texts, today=today)
    if content is None:
        return 0, faults
    if today is not None:
        faults += freshness.expiry_faults(content.articles, today)
    return len(content.articles), faults


def examine(
    root: Path, texts: Path = TEXTS, *, today: date | None = None
) -> tuple[Content | None, list[str]]:
    """The content, None where it cannot be read, and every fault but that an article has expired.

    What has expired is withheld and does no harm: it must not keep back a correction of something else.
    """
    try:
        content = read(root, texts)
    except BadContent as error:
        return None, str(error).splitlines()
    return content, [
        *(f"{ACCESS}: {fault}" for fault in access_file.run_examples(content.policy)),
        *(f"{CHANNELS}: {fault}" for fault in channels_policy.run_examples(content.channels)),
        *(f"{RETENTION}: {fault}" for fault in retention_file.run_examples(content.retention)),
        *(f"{GUARD}: {fault}" for fault in guard.run_examples(content.guard)),
        *(f"{OPENINGS}: {fault}" for fault in openings_policy.run_examples(content.openings)),
        *(f"{SECRECY}: {fault}" for fault in secrecy_policy.run_examples(content.secrecy)),
        *(f"{WAKING}: {fault}" for fault in waking_policy.run_examples(content.waking)),
        *_organisation_faults(content),
        *_reading_faults(content),
        *_knowledge_faults(content),
        *(freshness.ahead_faults(content.articles, today) if today is not None else ()),
        *(_silences(content, today) if today is not None else ()),
        *(
            fault if fault.startswith("bot/texts") else f"{ORGANISATIONS}: {fault}"
            for fault in choice_faults(content.texts, content.structure)
        ),
    ]


def _organisation_faults(content: Content) -> Iterator[str]:
    """The examples need people: without a demo's they say nothing."""
    if content.demo is not None:
        for fault in who.run_examples(content.structure, content.demo):
            named, _, reason = fault.partition(": ")
            known = named in content.structure.organisations
            yield f"{ORGANISATIONS}/{named}.yaml: {reason}" if known else f"{ORGANISATIONS}: {fault}"


def _silences(content: Content, today: date) -> Iterator[str]:
    """The first minute of this year and the next in which a lokalpolisområde has no answer."""
    first, last = today.replace(month=1, day=1), date(today.year + 2, 1, 1)
    for silence in every_minute.silences(content.structure, first, last):
        yield f"{ORGANISATIONS}: {silence}"


def _reading_faults(content: Content) -> Iterator[str]:
    """Entries that name an article which is not there, or is written for somebody else."""
    for own in content.structure.organisations.values():
        groups = {str(g.id) for _, g in content.structure.groups.values() if own.id in g.members}
        readable = {None, str(own.id), *groups}
        shared = own.group.referrals if own.group is not None else ()
        among = {str(own.group.id)} if own.group is not None else set()
        for entry in (*entries_of(own), *shared):
            article = content.library.by_id.get(entry.article) if entry.article is not None else None
            where = f"{ORGANISATIONS}/{own.id}.yaml: {entry.id}: article"
            if entry.article is not None and article is None:
                yield f"{where}: there is no such article"
            elif article is not None and article.org not in readable | among:
                yield f"{where}: is written for another place"


def _knowledge_faults(content: Content) -> Iterator[str]:
    """Who approved the articles, what they cite, whom they name, whether their own questions find them, and where the glossary leads."""
    for article in content.articles:
        yield from _approval_faults(content, article)
        yield from law_sections.faults(content.law, article)
        yield from _identity_faults(content.guard, article)
        yield from _question_faults(content.library, article)
    yield from shelf_faults.alias_faults(content.articles)
    yield from shelf_faults.phrasing_faults(content.glossary, content.articles, GLOSSARY)
    yield from shelf_faults.glossary_faults(content.glossary, content.articles, GLOSSARY)


def _approval_faults(content: Content, article: Article) -> Iterator[str]:
    """An approval written by hand that `samjour approve` would not have written: by no role that may, or of an older law."""
    approval = article.approved_by
    if approval is None:
        return
    if approval.role not in roles_for(content.policy, Act.ARTICLE_APPROVE):
        yield f"{article.path}: approved_by.role: is no role that {ACCESS} lets approve"
    if article.law_as_of is not None and approval.on < article.law_as_of:
        yield f"{article.path}: approved_by.date: is before law_as_of: nobody approved the text that it rests on"


def _identity_faults(rules: GuardRules, article: Article) -> Iterator[str]:
    """The numbers and addresses of somebody. Public numbers pass; a jour's number is a field in braces."""
    texts = [("title", article.title), ("body", article.body), ("keywords", " ".join(article.keywords))]
    texts += [(f"questions.{n}", question) for n, question in enumerate(article.questions)]
    texts += [(f"sources.{n}.title", source.title) for n, source in enumerate(article.sources)]
    for field, text in texts:
        for kind in sorted({span.type for span in guard.find(rules, text)} & IDENTITIES):
            yield f"{article.path}: {field}: holds what seems to be somebody's {kind}"


def _question_faults(library: Library, article: Article) -> Iterator[str]:
    """The article's own questions that do not find it among the first three."""
    for n, question in enumerate(article.questions):
        found = search.find(
            library, question, today=article.reviewed, org=None, drafts_allowed=True, fields={}
        )
        if article.id not in _named(found):
            yield f"{article.path}: questions.{n}: does not find the article among the first three"


def _named(found: search.Finding) -> tuple[str, ...]:
    match found:
        case search.Answer() | search.Withheld():
            return (found.article.id, *(one.id for one in found.alternatives))
        case search.Unsure():
            return tuple(one.id for one in found.candidates)
        case search.Nothing():
            return ()
        case _:
            assert_never(found)
