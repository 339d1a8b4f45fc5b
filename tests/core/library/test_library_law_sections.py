"""Citations and the sections that somebody has read: no article rests on a section that nobody did."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadContent
from bot.core.library.article import Article, Source, Status, parse
from bot.core.library.citations import Section, citations, decisions, loose, section
from bot.core.library.law_sections import PATH, cited, covers, faults
from bot.core.library.law_sections import parse as parse_law

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / PATH).read_text(encoding="utf-8")
LAW = parse_law(TEXT, PATH)
FILE = "knowledge/sv/akut-barn/hur-lange-12-paragrafen.md"
ARTICLE = parse((ROOT / FILE).read_text(encoding="utf-8"), FILE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anmäl (SoL 19:1).", ["SoL 19:1"]),
        ("SoL 19:1 p. 6, 19:1 p. 15", ["SoL 19:1", "SoL 19:1"]),
        ("SoL 3:1, 19:1", ["SoL 3:1", "SoL 19:1"]),
        ("OSL 10:18 a eller 10:15 a.", ["OSL 10:18 a", "OSL 10:15 a"]),
        ("OSL 26:1–26:6 hindrar", ["OSL 26:1–26:6"]),
        ("LVU 9 §, 21 §", ["LVU 9 §", "LVU 21 §"]),
        ("LVU 11–12 §§", ["LVU 11 §–12 §"]),
        ("lag (1988:688) 1 b §, 4 §", ["lag (1988:688) 1 b §", "lag (1988:688) 4 §"]),
        ("enligt lagen (2024:79) 8:9", ["lag (2024:79) 8:9"]),
        ("enligt 12 § polislagen", ["PL 12 §"]),
        ("Polislagens 12 a §", ["PL 12 a §"]),
        ("19 kap. 1 § SoL", ["SoL 19:1"]),
        ("SoL 19 kap. 1 och 2 §§", ["SoL 19:1", "SoL 19:2"]),
        ("socialtjänstlagen (2025:400) 19:1", ["SoL 19:1"]),
        ("TF 2 kap.", ["TF 2 kap."]),
        ("KamL 5 §", ["KamL 5 §"]),
        ("99 § skollagen", ["skollagen 99 §"]),
        ("lag (2024:99) 5 §", ["lag (2024:99) 5 §"]),
        ("kl. 8–16:30, inom 14 dagar, SFS 2026:1528, 21–40 kap.", []),
        ("HFD 2018 ref. 39 och JO 682-2014", []),
    ],
)
def test_what_a_text_cites(text: str, found: list[str]) -> None:
    """The short form, and the forms that laws and officers use; times, years and decisions are no sections."""
    assert [str(one) for one in citations(text, LAW.names)] == found


@pytest.mark.parametrize("text", ["enligt 6 § ska", "(19 kap. 1 §)", "19:1 a."])
def test_a_section_without_its_act_is_loose(text: str) -> None:
    """A section that names no act cannot be checked."""
    assert list(loose(text, LAW.names))


def test_decisions_are_named_one_by_one() -> None:
    """Several after one another each count."""
    assert list(decisions("JO 1832-2006, 311-2009")) == ["JO 1832-2006", "JO 311-2009"]


@given(
    st.integers(min_value=0, max_value=99),
    st.integers(min_value=1, max_value=99),
    st.sampled_from(["", *"abcdefghijkmnoq"]),
)
def test_a_section_is_read_as_it_is_written(chapter: int, number: int, letter: str) -> None:
    """What a section is shown as is what is read of it, alone and in a text."""
    one = Section(chapter=chapter, number=number, letter=letter)
    assert section(str(one)) == one
    (found,) = citations(f"Det står i OSL {one}, och mer.", LAW.names)
    assert found.first == found.last == one


@pytest.mark.parametrize("text", ["", "0", "0:0", "0 §", "19:0", "19:0 a", "0 kap.", "5 a kap.", "§", "kap."])
def test_what_is_no_section_is_not_read(text: str) -> None:
    """Chapters and sections count from 1: nothing is taken for a whole act by a slip."""
    assert section(text) is None


@given(st.text(alphabet="SoLVUlag19:0 §kap.–,p()ea", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever stands there, citations or none."""
    assert all(str(one) for one in citations(text, LAW.names))
    assert all(loose(text, LAW.names))


UNREAD = "only an article that needs_lawyer, or that a lawyer approved, may cite it"


def changed(ref: str = "PL 12 §", body: str = ARTICLE.body, **changes: object) -> Article:
    """The article with one source."""
    source = Source(title="Prov", ref=ref, retrieved=ARTICLE.reviewed)
    return replace(ARTICLE, sources=(source,), body=body, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("article", "fault"),
    [
        (changed("SoL 19:99", ""), f"sources.0.ref: SoL 19:99: is no section in {PATH}"),
        (changed("LVU 99", ""), f"sources.0.ref: LVU 99 §: is no section in {PATH}"),
        (changed(body="Vänta (PL 99 §)."), f"body: PL 99 §: is no section in {PATH}"),
        (changed(body="Vänta enligt 99 § polislagen."), f"body: PL 99 §: is no section in {PATH}"),
        (changed(body="Vänta (KamL 5 §)."), f"body: KamL 5 §: is of no act in {PATH}"),
        (changed("JO 1-2020", ""), f"sources.0.ref: JO 1-2020: is no decision in {PATH}"),
        (changed(body="Vänta enligt 12 §."), "body: 12 §: names no act: write it as PL 12 § or SoL 19:1"),
        (changed(body="Vänta (PL 13 §)."), "body: PL 13 §: is not among the sources"),
        (changed("BrB 1:6", ""), f"sources.0.ref: BrB 1:6: was not read in force ({PATH}): {UNREAD}"),
        (changed(body="Vänta (PL 0 §)."), "body: PL 0 §: has a part that is no section"),
        (changed(body="Vänta (PL 12 och 0 §§)."), "body: PL 12 och 0 §§: has a part that is no section"),
        (changed("SoL 2 a kap. 1 §", ""), "sources.0.ref: SoL 2 a kap. 1 §: has a part that is no section"),
        (changed(law_as_of=None), "law_as_of: must say how old the law is that the sources cite"),
        (changed("LUL 6 §", ""), "law_as_of: the law that the sources cite was read as of 2025-06-30"),
    ],
)  # fmt: skip
def test_an_unread_section_is_one_fault(article: Article, fault: str) -> None:
    """What was not read is refused, with file, field and section."""
    assert list(faults(LAW, article)) == [f"{FILE}: {fault}"]


@pytest.mark.parametrize(
    "article",
    [
        ARTICLE,
        changed("BrB 1:6", "", status=Status.NEEDS_LAWYER),
        changed("OSL 26:1–26:6", "Hemligt (OSL 26:2)."),
        changed("TF 2", "Allmän handling (TF 2:9)."),
        changed("https://example.org/19:1", "", law_as_of=None),
    ],
)
def test_what_was_read_is_no_fault(article: Article) -> None:
    """Sections on the list, ranges and chapters around them, and pages that are no law."""
    assert list(faults(LAW, article)) == []


def test_the_list_holds_what_the_library_may_cite() -> None:
    """Every act has a day of its text, and no section stands as both read and unread."""
    assert all(act.sections or act.unread for act in LAW.acts.values())
    assert all(act.text_of <= LAW.verified_on for act in LAW.acts.values())


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (
            "sections: 4 6 7 13 15 17 45",
            "sections: 4 6 7 13 15 17 45 45",
            "LVM: sections: 45: is no section, or",
        ),
        (
            "sections: 4 6 7 13 15 17 45",
            "sections: 4 6 7 13 15 17 4a5",
            "LVM: sections: 4a5: is no section, or",
        ),
        ("unread: 22:1 22:2", "unread: 22:1 22:2 3:1", "SoL: unread: a section stands in both lists"),
        ("- id: LVM", "- id: LVU", "acts: an id stands twice"),
        (
            "names: [polislagen]",
            "names: [utlänningslagen]",
            "UtlL: names: utlänningslagen stands also with PL",
        ),
        ("sfs: 1984:387", "sfs: '84'", "acts.5.sfs: "),
        ("- id: SoL", '- id: "So\\e[31mL"', "acts.0.id: must be printable"),
        ("verified_on: 2026-11-23", "verified: 2026-11-23", "verified_on: is missing"),
    ],
)
def test_a_list_with_a_fault_is_refused(was: str, now: str, fault: str) -> None:
    """The list itself is content: read whole or not at all."""
    assert was in TEXT
    with pytest.raises(BadContent) as refused:
        parse_law(TEXT.replace(was, now, 1), PATH)
    assert any(line.startswith(f"{PATH}: {fault}") for line in str(refused.value).splitlines())


def test_covers_knows_ranges_chapters_and_acts() -> None:
    """A change of a section hits who cites it, a range around it, its chapter or its act, and nobody else."""
    (one,) = cited(LAW, changed("OSL 26:1–26:6", ""))
    hit = [text for text in ("26:1", "26:3", "26:6", "26 kap.", "26:7", "25 kap.", "25:8") if (
        found := section(text)) is not None and covers(one, "OSL", found)]  # fmt: skip
    assert hit == ["26:1", "26:3", "26:6", "26 kap."]
    assert covers(one, "OSL", Section(chapter=0, number=0))
    assert not covers(one, "SoL", Section(chapter=0, number=0))
