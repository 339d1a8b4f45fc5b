"""What goes ahead of gathered rows: only a question that reads none of their tables, judged as SQLite itself judges it."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CompoundSelect, Select, text
from sqlalchemy.dialects import sqlite

import bot.store
from bot.store import gathered, tables
from bot.store.gathered import Gathered
from bot.store.timer_tables import timers

Question = Select[Any] | CompoundSelect[Any]
DIALECT = sqlite.dialect(paramstyle="named")
MANY = re.compile(r"__\[POSTCOMPILE_\w+\]")  # the place of a list


def questions() -> Iterator[tuple[str, Question]]:
    """Every question that a module of the store keeps."""
    for found in pkgutil.iter_modules(bot.store.__path__):
        module = importlib.import_module(f"bot.store.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Select | CompoundSelect) and name.startswith("_"):
                yield f"{found.name}.{name}", value


QUESTIONS = dict(questions())


def read_by(raw: sqlite3.Connection, question: Question) -> set[str]:
    """The tables that SQLite reads for it."""
    seen: set[str] = set()

    def judge(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table:
            seen.add(table)
        return sqlite3.SQLITE_OK

    compiled = question.compile(dialect=DIALECT)
    raw.set_authorizer(judge)
    raw.execute(f"EXPLAIN {MANY.sub('NULL', str(compiled))}", dict.fromkeys(compiled.params))
    raw.set_authorizer(None)
    return seen


@pytest.mark.usefixtures("store")
async def test_every_question_names_the_tables_that_it_reads(path: Path) -> None:
    """However a question is built (joins, subqueries, others' names), no table that SQLite reads for it is overlooked."""
    assert len(QUESTIONS) > 100
    with closing(sqlite3.connect(path)) as raw:
        overlooked = {
            name: missing
            for name, question in QUESTIONS.items()
            if (missing := read_by(raw, question) - gathered._tables(question))
        }
    assert overlooked == {}


@pytest.mark.parametrize(
    ("question", "is_concerned"),
    [
        (QUESTIONS["timers._GET"], True),
        (QUESTIONS["people._ON_DEVICES"], False),
        (timers.delete(), True),
        (tables.sessions.delete(), True),
        (text("SELECT 1"), True),
    ],
)
def test_only_a_question_about_other_tables_goes_ahead(question: Question, is_concerned: bool) -> None:  # noqa: FBT001 - a case of a table
    """A row of a table waits: questions about that table, and whatever is no question, wait for it to be written."""
    waiting = Gathered(None, gathered.MOST)  # type: ignore[arg-type]  # nothing is written here
    assert not waiting.concerns(QUESTIONS["timers._GET"]), "nothing waits yet"
    waiting.put(timers.insert(), "one", {})
    assert waiting.concerns(question) is is_concerned
