from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadContent
from bot.core.library.article import (
    MAX_BODY,
    MAX_TEXT,
    Approval,
    Article,
    Status,
    Stop,
    WithheldReason,
    filled,
    parse,
    readable,
)

QUESTIONS = "\n".join(f"  - fråga nummer {number}" for number in range(6))
FRONT = f"""id: A01
title: När måste jag anmäla?
questions:
{QUESTIONS}
keywords: [oro, anmälan]
stop: jour
sources:
  - title: Socialtjänstlagen (2025:400)
    ref: SoL 19:1
    retrieved: 2026-11-23
status: draft
law_as_of: 2026-02-12
reviewed: 2026-11-23
review_in: 180
owner: redaktionen
related: [A02]
aliases: [Z09]
"""
BODY = "Anmäl genast. Ring {jour_number} om barnet inte är tryggt."
TODAY = date(2026, 11, 24)


def text(front: str = FRONT, body: str = BODY) -> str:
    return f"---\n{front}---\n{body}\n"


def with_line(start: str, new: str) -> str:
    """The front matter with the line that begins with `start` replaced."""
    return "".join(f"{new}\n" if line.startswith(start) else f"{line}\n" for line in FRONT.splitlines())


def made(front: str = FRONT, body: str = BODY) -> Article:
    return parse(text(front, body), "a.md")


def test_an_article_is_read_whole() -> None:
    """Every field of the file stands in the article, as its type."""
    article = made()
    assert (article.id, article.stop, article.status) == ("A01", Stop.JOUR, Status.DRAFT)
    assert article.review_in == timedelta(days=180)
    assert article.sources[0].ref == "SoL 19:1"
    assert article.related == ("A02",)
    assert article.aliases == ("Z09",)
    assert article.needs == {"jour_number"}
    assert article.org is None
    assert article.approved_by is None
    assert article.path == "a.md"


@pytest.mark.parametrize("spelt", ['"112"', "112"])
def test_the_emergency_stop_may_be_a_number(spelt: str) -> None:
    """YAML reads a bare 112 as a number; a curator need not know."""
    assert made(with_line("stop", f"stop: {spelt}")).stop is Stop.EMERGENCY


def test_windows_line_ends_are_read() -> None:
    """A file saved on another system is the same article."""
    assert parse("\ufeff" + text().replace("\n", "\r\n"), "a.md") == made()


FAULTS = [
    ("id: A01", "id: a1", "id"),
    ("title", "title: ''", "title"),
    ("title", "title: 12", "title"),
    ("keywords", "keywords: []", "keywords"),
    ("keywords", "keywords: oro", "keywords"),
    ("stop", "stop: 113", "stop"),
    ("stop", "stop: polis", "stop"),
    ("status", "status: published", "status"),
    ("status", "status: approved", "approved_by"),
    ("law_as_of", "law_as_of: i somras", "law_as_of"),
    ("reviewed", "reviewed: 2026-13-01", "date"),
    ("reviewed", "", "reviewed"),
    ("review_in", "review_in: 0", "review_in"),
    ("review_in", "review_in: '180'", "review_in"),
    ("review_in", "review_in: 180.5", "review_in"),
    ("reviewed", "reviewed: 9999-07-05", "last day is beyond every calendar"),
    ("owner", "", "owner"),
    ("owner", "owner: redaktionen\norg: Malmö Stad", "org"),
    ("owner", "owner: redaktionen\nextra: 1", "extra"),
    ("owner", "owner: redaktionen\nid: A02", "twice"),
    ("related", "related: [A01]", "itself"),
    ("related", "related: [förord]", "related.0"),
    ("    ref", "", "sources.0.ref"),
    ("    ref", "    ref: SoL 19:1\n    page: 3", "sources.0.page"),
    ("    retrieved", "    retrieved: i går", "sources.0.retrieved"),
    ("  - fråga nummer 5", "", "questions"),
    ("  - fråga nummer 5", "  - FRÅGA nummer 4", "question stands twice"),
    ("  - fråga nummer 5", "  - {a: b}", "questions.5"),
    ("owner", "owner: &o redaktionen\norg: *o", "aliases"),
    ("owner", "owner: !!python/name:os.system", "line"),
    ("owner", "1: redaktionen", "1: is not a known field"),
    ("owner", "owner: [", "line"),
    ("owner", "owner: " + "[" * 5000, "stand within each other"),
    ("owner", '"ow\\e[31mner": x', "ow?[31mner: is not a known field"),
]


@pytest.mark.parametrize(("start", "new", "named"), FAULTS)
def test_a_fault_is_named(start: str, new: str, named: str) -> None:
    """Each fault of the front matter is refused with the path and what is wrong."""
    with pytest.raises(BadContent, match=r"^a\.md: ") as refused:
        made(with_line(start, new))
    assert named in str(refused.value)


def test_every_fault_has_its_line() -> None:
    """Two faults are told in one go, one line each."""
    front = with_line("stop", "stop: polis").replace("owner: redaktionen\n", "")
    with pytest.raises(BadContent) as refused:
        made(front)
    assert len(str(refused.value).splitlines()) == 2


def test_a_fault_never_repeats_the_value() -> None:
    """What stands in a file stays there: an error may end in a log."""
    with pytest.raises(BadContent) as refused:
        made(with_line("status", "status: Kalle Hemlig"))
    assert "Hemlig" not in str(refused.value)


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "bara text",
        "---\nid: A01\n",
        text(body=""),
        text(body="x" * (MAX_BODY + 1)),
        "x" * (MAX_TEXT + 1),
        "---\n- a\n---\nb",
    ],
)
def test_a_file_of_another_shape_is_refused(whole: str) -> None:
    """Without front matter, without a body, or far too long: refused, not guessed."""
    with pytest.raises(BadContent, match=r"^a\.md: "):
        parse(whole, "a.md")


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser(junk: str) -> None:
    """Whatever stands in a file, the only complaint is BadContent."""
    for whole in (junk, f"---\n{junk}\n---\nkropp"):
        with pytest.raises(BadContent):
            parse(whole, "a.md")


def reason(
    article: Article,
    *,
    today: date = TODAY,
    org: frozenset[str] | None = None,
    drafts_allowed: bool = True,
    number: str = "040-1",
) -> WithheldReason | None:
    return readable(
        article, today=today, org=org, drafts_allowed=drafts_allowed, fields={"jour_number": number}
    )


def test_a_draft_is_given_where_drafts_are() -> None:
    """The organisation decides whether an unreviewed article may be shown."""
    assert reason(made()) is None
    assert reason(made(), drafts_allowed=False) is WithheldReason.DRAFT


def test_what_needs_a_lawyer_is_never_given() -> None:
    """No setting of an organisation opens it."""
    assert reason(made(with_line("status", "status: needs_lawyer"))) is WithheldReason.NEEDS_LAWYER


def test_an_approved_article_is_given_everywhere() -> None:
    """With role and date it needs no permission for drafts."""
    front = with_line("status", "status: approved\napproved_by: {role: jurist, date: 2026-11-23}")
    assert made(front).approved_by == Approval(role="jurist", on=date(2026, 11, 23))
    assert reason(made(front), drafts_allowed=False) is None


def test_an_article_expires_after_its_last_day() -> None:
    """On the last day of its term it still holds; the day after it steps back."""
    last = date(2026, 11, 23) + timedelta(days=180)
    assert reason(made(), today=last) is None
    assert reason(made(), today=last + timedelta(days=1)) is WithheldReason.EXPIRED


def test_a_local_article_is_for_its_place() -> None:
    """Malmö's answer is not Farsta's; without a place everything is for all."""
    article = made(with_line("owner", "owner: redaktionen\norg: malmo"))
    assert reason(article, org=frozenset({"malmo"})) is None
    assert reason(article, org=None) is None
    assert reason(article, org=frozenset({"farsta", "stockholm"})) is WithheldReason.OTHER_ORG


@pytest.mark.parametrize("number", ["", "  "])
def test_an_empty_local_field_withholds(number: str) -> None:
    """An article that needs a number is not given without one."""
    assert reason(made(), number=number) is WithheldReason.MISSING_FIELD
    assert (
        readable(made(), today=TODAY, org=None, drafts_allowed=True, fields={})
        is WithheldReason.MISSING_FIELD
    )


def test_local_fields_are_filled_in() -> None:
    """The reader sees the organisation's own value."""
    assert filled(made(), {"jour_number": " 040-1 "}).endswith("Ring 040-1 om barnet inte är tryggt.")
