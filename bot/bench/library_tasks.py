"""What the bench of the library asks: wordings held apart, answers alone, slips of the pen, and entries made for their number."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

from bot.core.library import catalogue
from bot.core.library.article import Article
from bot.core.library.entries import Entry

APART: Final = 5  # one wording of so many is asked instead of indexed
WORDINGS: Final = 8  # of each entry whose speed is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Entries, and questions with the id of the one that answers each."""

    name: str
    entries: Sequence[Entry]
    asked: Sequence[tuple[str, str]]


def held_apart(articles: Sequence[Article]) -> Task:
    """Every fifth wording of each article is asked, and not in the index."""
    return Task(
        name="wordings",
        entries=[
            replace(
                catalogue.entry(article),
                alternatives=[one for n, one in enumerate(article.questions) if n % APART],
            )
            for article in articles
        ],
        asked=[(one, article.id) for article in articles for one in article.questions[::APART]],
    )


def answers_alone(path: Path) -> list[Task]:
    """A list of questions and answers (the form of SweFAQ): within each category only the answers are indexed."""
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Task(
            name="answers",
            entries=[
                Entry(id=row["question"], answer=row["answer"]) for row in rows if row["category"] == one
            ],
            asked=[(row["question"], row["question"]) for row in rows if row["category"] == one],
        )
        for one in dict.fromkeys(row["category"] for row in rows)
    ]


def misspelt(question: str) -> str:
    """The question with its longest word (the first of them) misspelt: the letter in its middle is missing."""
    words = question.split()
    place = max(range(len(words)), key=lambda number: (len(words[number]), -number))
    middle = len(words[place]) // 2
    words[place] = words[place][:middle] + words[place][middle + 1 :]
    return " ".join(words)


def made(articles: Sequence[Article], count: int) -> list[Entry]:
    """So many entries, each of eight words of its own choice, the common ones more often; always the same."""
    words = sorted(set(chain.from_iterable(one.split() for a in articles for one in (a.body, *a.questions))))
    state = 1
    made: list[Entry] = []

    def word() -> str:
        nonlocal state
        state = state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF  # Knuth, MMIX
        share = (state >> 33) / 2**31
        return words[int(len(words) * share * share)]

    for number in range(count):
        own = [word() for _ in range(WORDINGS)]
        wordings = [" ".join((*own[turn % 4 : turn % 4 + 4], word(), word())) for turn in range(WORDINGS)]
        answer = " ".join((*own, *(word() for _ in range(24))))
        made.append(Entry(id=str(number), question=wordings[0], alternatives=wordings[1:], answer=answer))
    return made
