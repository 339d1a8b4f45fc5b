"""Floors of quality on questions that were written apart from the articles and that nothing is fitted on."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.core.library import ask, search
from bot.core.library.article import parse
from bot.core.library.ask import Report
from bot.core.library.glossary import parse as parse_glossary

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
QUERIES = Path(__file__).with_name("queries.jsonl")
TODAY = date(2026, 11, 23)

Asked = list[tuple[list[str], str | None, Report]]  # accepted ids, expected stop, what came


@pytest.fixture(scope="module")
def asked() -> Asked:
    articles = [
        parse(path.read_text(encoding="utf-8"), path.name) for path in (KNOWLEDGE / "sv").rglob("*.md")
    ]
    glossary = parse_glossary((KNOWLEDGE / "glossary.yaml").read_text(encoding="utf-8"), "glossary")
    library = search.build(articles, glossary)
    told: Asked = []
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        finding = search.find(library, row["query"], today=TODAY, org=None, drafts_allowed=True, fields={})
        told.append((row["accept"], row.get("stop"), ask.report(finding)))
    return told


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def test_the_right_article_comes_first(asked: Asked) -> None:
    """Five questions of six find their article at once, nineteen of twenty among three."""
    inside = [(accept, report) for accept, _, report in asked if accept]
    assert share([report["entry"] in accept for accept, report in inside]) >= 0.83
    assert (
        share([bool({report["entry"], *report["alternatives"]} & set(accept)) for accept, report in inside])
        >= 0.94
    )


def test_an_answer_given_outright_is_right(asked: Asked) -> None:
    """Of the answers given without asking back at most one in twenty is wrong, and half of the questions get one."""
    given = [(accept, report) for accept, _, report in asked if report["answer_kind"] == "answer"]
    right = [report["entry"] in accept for accept, report in given]
    assert share(right) >= 0.95
    assert sum(right) >= 0.5 * sum(bool(accept) for accept, _, _ in asked)


def test_a_question_that_nothing_answers_is_not_answered(asked: Asked) -> None:
    """What lies outside gets no answer, though it may be asked back."""
    outside = [report for accept, stop, report in asked if not accept and stop is None]
    assert [report["entry"] for report in outside if report["answer_kind"] in {"answer", "withheld"}] == []
    assert share([report["answer_kind"] == "nothing" for report in outside]) >= 0.6


def test_emergencies_are_flagged(asked: Asked) -> None:
    """Danger told of now is flagged; no question outside raises a false alarm."""
    assert [report["stop"] for _, stop, report in asked if stop == "112"] == ["112"] * 6
    assert [
        report for accept, stop, report in asked if not accept and stop is None and report["stop"] == "112"
    ] == []
