"""The figures of answers as they are given: right at once, among three, outright, rightly silent, flagged."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.bench.measure import Figure, share
from bot.core.library import ask, danger, search
from bot.core.library.article import Article, Stop
from bot.core.library.ask import Report
from bot.core.library.glossary import Glossary


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the library is built from, and the day it is asked on."""

    articles: Sequence[Article]
    glossary: Glossary
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One question with the articles that answer it (none: outside), whether it tells of danger, and what came."""

    query: str
    accept: frozenset[str]
    is_urgent: bool
    came: Report

    @property
    def is_right(self) -> bool:
        """Whether the article that came is one of those."""
        return bool({self.came["entry"], *self.came["aliases"]} & self.accept)

    @property
    def is_near(self) -> bool:
        """Whether it is at least among those that were named."""
        return self.is_right or bool(set(self.came["alternatives"]) & self.accept)


def figures(content: Content, name: str, path: Path) -> Iterator[Figure]:
    """The figures on the questions in `path`, a JSON object a line: `query`, `accept`, `stop`; none where it is missing."""
    if not path.is_file():
        return
    told = list(_told(content, path))
    inside = [one for one in told if one.accept]
    outside = [one for one in told if not one.accept and not one.is_urgent]
    outright = [one for one in (*inside, *outside) if one.came["answer_kind"] == "answer"]
    yield share(f"library.{name}.first", [one.is_right for one in inside])
    yield share(f"library.{name}.three", [one.is_near for one in inside])
    yield share(f"library.{name}.outright-right", [one.is_right for one in outright])
    yield share(f"library.{name}.outright", [one in outright and one.is_right for one in inside])
    yield share(f"library.{name}.served", [_is_served(one) for one in inside])
    yield share(f"library.{name}.outside-answered", [one in outright for one in outside])
    yield share(
        f"library.{name}.urgent", [one.came["stop"] == Stop.EMERGENCY for one in told if one.is_urgent]
    )
    yield share(
        f"library.{name}.falsely-urgent", [danger.immediate(one.query) for one in told if not one.is_urgent]
    )


def _told(content: Content, path: Path) -> Iterator[Told]:
    library = search.build(content.articles, content.glossary)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        finding = search.find(
            library, row["query"], today=content.today, org=None, drafts_allowed=True, fields={}
        )
        yield Told(
            query=row["query"],
            accept=frozenset(row["accept"]),
            is_urgent=row["stop"] == Stop.EMERGENCY,
            came=ask.report(finding),
        )


def _is_served(one: Told) -> bool:
    """Answered or withheld rightly, or asked back with the right one named."""
    return one.is_right if one.came["answer_kind"] in {"answer", "withheld"} else one.is_near
