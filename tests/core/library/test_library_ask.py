from dataclasses import replace
from datetime import date, timedelta

from bot.core.ids import ArticleId
from bot.core.library.article import Article, Source, Status, Stop, WithheldReason
from bot.core.library.ask import report
from bot.core.library.search import Answer, Nothing, Unsure, Withheld

FIRST = Article(
    id=ArticleId("A01"),
    title="När?",
    questions=("när",),
    keywords=("när",),
    stop=Stop.JOUR,
    sources=(Source(title="Socialtjänstlagen (2025:400)", ref="SoL 19:1", retrieved=date(2026, 11, 23)),),
    status=Status.DRAFT,
    approved_by=None,
    law_as_of=date(2026, 2, 12),
    reviewed=date(2026, 11, 23),
    review_in=timedelta(days=180),
    owner="redaktionen",
    org=None,
    related=(),
    aliases=(),
    body="Nu.",
    needs=frozenset(),
    path="a.md",
)
SECOND = replace(FIRST, id=ArticleId("A02"))


def test_an_answer_carries_date_and_sources() -> None:
    """What is given can be checked."""
    finding = Answer(article=FIRST, score=0.91234, alternatives=(SECOND,), stop=Stop.EMERGENCY)
    assert report(finding) == {
        "entry": "A01",
        "answer_kind": "answer",
        "score": 0.912,
        "aliases": [],
        "alternatives": ["A02"],
        "stop": "112",
        "reviewed": "2026-11-23",
        "sources": [{"title": "Socialtjänstlagen (2025:400)", "ref": "SoL 19:1", "retrieved": "2026-11-23"}],
    }


def test_what_is_withheld_is_named_only() -> None:
    """The entry's id, and nothing that could be taken for an answer."""
    finding = Withheld(
        article=FIRST, reason=WithheldReason.NEEDS_LAWYER, score=0.9, alternatives=(), stop=Stop.JOUR
    )
    told = report(finding)
    assert (told["entry"], told["answer_kind"], told["stop"]) == ("A01", "withheld", "jour")
    assert (told["reviewed"], told["sources"]) == (None, [])


def test_asking_back_names_the_likeliest_first() -> None:
    """The entry is the best candidate, the alternatives are the others."""
    told = report(Unsure(candidates=(FIRST, SECOND), score=0.4, stop=None))
    assert (told["entry"], told["alternatives"], told["answer_kind"]) == ("A01", ["A02"], "unsure")
    assert told["sources"] == []


def test_a_merged_article_is_found_by_its_other_ids() -> None:
    """Whoever knows an article by an id that was merged into it sees that it is this one."""
    merged = replace(FIRST, aliases=(ArticleId("A09"),))
    assert report(Answer(article=merged, score=0.9, alternatives=(), stop=None))["aliases"] == ["A09"]


def test_nothing_is_nothing() -> None:
    """No entry, no alternatives; a flag may still be up."""
    told = report(Nothing(score=0.0, stop=Stop.EMERGENCY))
    assert (told["entry"], told["alternatives"], told["answer_kind"], told["stop"]) == (
        None,
        [],
        "nothing",
        "112",
    )
