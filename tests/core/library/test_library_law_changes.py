"""Changes of law: a list is read whole or not at all, and every article that cites what changes is named."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.library import law_changes
from bot.core.library.article import Article, Source, parse
from bot.core.library.citations import Section
from bot.core.library.law_changes import MAX_LINES, Change, hits, report, told
from bot.core.library.law_sections import PATH
from bot.core.library.law_sections import parse as parse_law

ROOT = Path(__file__).parents[3]
LAW = parse_law((ROOT / PATH).read_text(encoding="utf-8"), PATH)
FILE = "knowledge/sv/akut-barn/hur-lange-12-paragrafen.md"
ARTICLE = parse((ROOT / FILE).read_text(encoding="utf-8"), FILE)


def citing(ref: str, body: str = "Ring jouren.", as_of: date | None = date(2026, 2, 12)) -> Article:
    """An article with one source and a text."""
    source = Source(title="Prov", ref=ref, retrieved=ARTICLE.reviewed)
    return replace(ARTICLE, sources=(source,), body=body, law_as_of=as_of)


def read(text: str) -> tuple[Change, ...]:
    return law_changes.parse(text, LAW)


@pytest.mark.parametrize(
    ("line", "act", "section"),
    [
        ("SoL,19:1,2027-01-01", "SoL", Section(chapter=19, number=1)),
        ("2025:400;19 kap. 1 §;2027-01-01", "SoL", Section(chapter=19, number=1)),
        ("lag (2024:79), 8:9 ,2027-01-01", "lag (2024:79)", Section(chapter=8, number=9)),
        ("polislagen,12 a §,2027-01-01", "PL", Section(chapter=0, number=12, letter="a")),
        ("LUL,,2027-01-01", "LUL", Section(chapter=0, number=0)),
        ("OSL,26 kap.,2027-01-01", "OSL", Section(chapter=26, number=0)),
        ("1736:123,5 §,2027-01-01", "1736:123", Section(chapter=0, number=5)),
        ("\ufeffact,section,date\n# ny lag\n\nSoL,19:1,2027-01-01", "SoL", Section(chapter=19, number=1)),
    ],
)
def test_a_line_is_an_act_a_section_and_a_day(line: str, act: str, section: Section) -> None:
    """As a lawyer writes it, or as a spreadsheet saves it."""
    (change,) = read(line)
    assert (change.act, change.section, change.date) == (act, section, date(2027, 1, 1))


BAD = [
    ("SoL,19:1", "is not act,section,date"),
    ("SoL,19:1,2027-01-01,ny", "is not act,section,date"),
    ("SOLL,19:1,2027-01-01", "act: SOLL: is no SFS number"),
    (",19:1,2027-01-01", "act: "),
    ("SoL,nitton,2027-01-01", "section: must be written"),
    ("SoL,0:0,2027-01-01", "section: must be written"),
    ("SoL,19:1,2027-13-01", "date: must be a date"),
    ("SoL,19:1,snart", "date: must be a date"),
    ('"SoL,19:1,2027-01-01', "is not act,section,date"),
    (f"SoL,{'1' * 500},2027-01-01", "has more than 500 characters"),
    ("S\x1boL,19:1,2027-01-01", "act: S?oL: is no"),
]


@pytest.mark.parametrize(("line", "fault"), BAD)
def test_a_malformed_line_is_named(line: str, fault: str) -> None:
    """With its number and what is wrong with it, and safe to print."""
    with pytest.raises(BadInput) as refused:
        read(f"SoL,19:1,2027-01-01\n{line}\n")
    (told_,) = str(refused.value).splitlines()
    assert told_.startswith(f"line 2: {fault}")
    assert told_.isprintable()


@pytest.mark.parametrize("line", ['"SoL,19:1,2027-01-01', "x" * 501])
def test_the_first_line_is_named_like_the_others(line: str) -> None:
    """Where a header may stand, too."""
    with pytest.raises(BadInput, match=r"^line 1: (is not act,section,date|has more than 500 characters)$"):
        read(line)


def test_each_malformed_line_has_its_own_error() -> None:
    """All of them at once, each once, and nothing is read."""
    with pytest.raises(BadInput) as refused:
        read("\n".join(line for line, _ in BAD))
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        f"line {n}" for n in range(1, len(BAD) + 1)
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# inget\n", "act,section,date\n"])
def test_an_empty_list_is_none(text: str) -> None:
    """A file that says nothing is more likely the wrong file than a year without new law."""
    with pytest.raises(BadInput, match="there is no change in this file"):
        read(text)


def test_a_list_has_a_bound() -> None:
    """A list is read by people."""
    with pytest.raises(BadInput, match=r"^line 10001: .* at most"):
        read("SoL,19:1,2027-01-01\n" * (MAX_LINES + 1))


@given(st.text(max_size=80))
def test_no_list_fails_otherwise_than_by_refusal(text: str) -> None:
    """Whatever the file holds, changes or one refusal."""
    try:
        assert read(text)
    except BadInput as refused:
        assert str(refused)  # noqa: PT017 - either is well


@pytest.mark.parametrize(
    ("article", "hit"),
    [
        (citing("SoL 19:1"), True),
        (citing("SoL 19:1 p. 15"), True),
        (citing("SoL 3:1, 19:1"), True),
        (citing("SoL 18:9–19:2"), True),
        (citing("https://example.org", "Anmäl enligt 19 kap. 1 § SoL."), True),
        (citing("https://example.org", "Anmäl (socialtjänstlagen 19:1)."), True),
        (citing("SoL 19:2"), False),
        (citing("OSL 19:1"), False),
        (citing("https://example.org/SoL"), False),
    ],
)
def test_whoever_cites_it_is_hit(article: Article, *, hit: bool) -> None:
    """By its sources and by its text, alone, in a list or in a range; and nobody else."""
    found = list(hits(read("SoL,19:1,2027-01-01"), [article], LAW))
    assert bool(found) is hit
    assert all(FILE in told(one) and "2027-01-01" in told(one) for one in found)


def test_one_hit_for_each_change() -> None:
    """An article that cites two changed sections is named for each, and once for what it cites twice."""
    article = citing("SoL 19:1, 20:1", "Anmäl (SoL 19:1).")
    found = list(hits(read("SoL,19:1,2027-01-01\nSoL,20:1,2027-02-01\nLVU,,2027-01-01"), [article], LAW))
    assert [(str(one.citation), one.change.date.month) for one in found] == [("SoL 19:1", 1), ("SoL 20:1", 2)]


@pytest.mark.parametrize(
    ("as_of", "since"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True), (None, False)]
)
def test_a_text_that_was_read_since_says_so(as_of: date | None, *, since: bool) -> None:
    """It is named all the same: somebody has to say that the reading was of that change."""
    (one,) = hits(read("SoL,19:1,2027-01-01"), [citing("SoL 19:1", as_of=as_of)], LAW)
    assert one.read_since is since
    assert report(one) == {
        "article": "B03",
        "path": FILE,
        "act": "SoL",
        "section": "19:1",
        "date": "2027-01-01",
        "cites": "SoL 19:1",
        "law_as_of": None if as_of is None else as_of.isoformat(),
        "read_since": since,
    }
