"""The articles as they stand in knowledge/: their sources, their state, and that their own wordings find them."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from bot.core.library import law_sections, search, shelf, swedish, vocabulary
from bot.core.library.article import Article, Status, parse
from bot.core.library.glossary import Glossary
from bot.core.library.glossary import parse as parse_glossary
from bot.core.library.law_sections import LawSections
from bot.core.library.search import Library

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "knowledge"

# Sources that are no law: pages, papers with a journal number, a decision, an unread act that is said to be unread.
OTHER = re.compile(
    r"https://\S+|JO(?: dnr)? \d+-\d{4}(?:, \d+-\d{4})*|eskilstuna\.se|ASN-\d{4}-\d+(?:, nämndinitiativ)?|(?:Farsta|Stockholm) \d{4}-\d{2}-\d{2}|"
    r"SFS 2026:1528|HFD 2018 ref\. 39|GDPR|underlag 2026-11-23"
)
# By name, and those whose core rests on practice or on a text that was not read in its present wording.
NEEDS_LAWYER = frozenset(
    """E02 E04 F01 F02 F07 F13 H07 I02 I05 J03 M01 M04
    A05 A07 A08 A13 B05 B06 B07 C06 F05 F14 G03 G06 I07 J01 K01 K10 K11 L12 M03""".split()  # noqa: SIM905 - a list of ids
)
FEWEST_WORDINGS = 20
NEARLY = 92  # per cent of the letters that two wordings share
NUMBER = re.compile(r"\b\d{3}-\d[\d ]{5,}\d\b")
PUBLIC_NUMBERS = {"020-50 50 50", "020-80 80 80", "020-55 00 00", "020-57 70 70"}


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [
        parse(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
        for path in sorted((KNOWLEDGE / "sv").rglob("*.md"))
    ]


@pytest.fixture(scope="module")
def law() -> LawSections:
    path = ROOT / law_sections.PATH
    return law_sections.parse(path.read_text(encoding="utf-8"), law_sections.PATH)


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return parse_glossary(
        (KNOWLEDGE / "glossary.yaml").read_text(encoding="utf-8"), "knowledge/glossary.yaml"
    )


@pytest.fixture(scope="module")
def library(articles: list[Article], glossary: Glossary) -> Library:
    return search.build(articles, glossary)


def signs(text: str) -> list[str]:
    """The numbers and single letters of `text`: sections of law differ in nothing else."""
    return re.findall(r"\b(?:\d+|[a-z])\b", text)


def test_the_library_is_whole(articles: list[Article]) -> None:
    """Every topic of every theme has its article, findable by its id or as an alias."""
    ids = {one for article in articles for one in (article.id, *article.aliases)}
    counts = {
        "A": 16,
        "B": 12,
        "C": 14,
        "D": 11,
        "E": 14,
        "F": 16,
        "G": 8,
        "H": 7,
        "I": 8,
        "J": 5,
        "K": 11,
        "L": 13,
        "M": 8,
        "N": 14,  # what the papers name and the topics lack
    }
    assert ids == {f"{theme}{number:02}" for theme, last in counts.items() for number in range(1, last + 1)}


def test_no_article_is_approved(articles: list[Article]) -> None:
    """Nobody has approved anything yet, so nothing says so."""
    assert [
        article.id for article in articles if article.status is Status.APPROVED or article.approved_by
    ] == []


def test_what_needs_a_lawyer_is_exactly_listed(articles: list[Article]) -> None:
    """An article whose core was not read in law is held back, and no other is."""
    assert {article.id for article in articles if article.status is Status.NEEDS_LAWYER} == NEEDS_LAWYER


def test_nothing_is_cited_that_was_not_read(articles: list[Article], law: LawSections) -> None:
    """No article rests on a section that nobody read; what its text cites stands among its sources, and is dated."""
    assert [fault for article in articles for fault in law_sections.faults(law, article)] == []


def test_every_source_is_of_a_known_kind(articles: list[Article], law: LawSections) -> None:
    """A source that cites no section is a decision, a page, a town's paper, or an act that is said to be unread."""
    strange = [
        (article.id, source.ref)
        for article in articles
        for source in article.sources
        if not law_sections.of_source(law, source.ref) and not OTHER.fullmatch(source.ref)
    ]
    assert strange == []


def test_an_answer_is_short(articles: list[Article]) -> None:
    """Two to six sentences: an officer reads them standing."""
    lengths = {article.id: len(re.findall(r"[.?!](?= [A-ZÅÄÖ{]|$)", article.body)) for article in articles}
    assert {one: n for one, n in lengths.items() if not 2 <= n <= 6} == {}


def test_there_are_many_wordings(articles: list[Article]) -> None:
    """At least twenty each that differ by more than a missing sign, and no question belongs to two articles."""
    spelt = {article.id: {search.wording(question) for question in article.questions} for article in articles}
    assert {one: len(texts) for one, texts in spelt.items() if len(texts) < FEWEST_WORDINGS} == {}
    owners = Counter(text for texts in spelt.values() for text in texts)
    assert [text for text, n in owners.items() if n > 1] == []


def test_no_wording_is_nearly_another_articles(articles: list[Article]) -> None:
    """Two wordings that differ in one letter, or in the order of their words, say the same and belong together."""
    told = [
        (article.id, " ".join(sorted(swedish.words(question))))
        for article in articles
        for question in article.questions
    ]
    spelt = [text for _, text in told]
    near = [
        (one, told[place + found][0], text, like)
        for place, (one, text) in enumerate(told)
        for like, _, found in process.extract(
            text, spelt[place:], scorer=fuzz.ratio, score_cutoff=NEARLY, limit=None
        )
        if told[place + found][0] != one and signs(text) == signs(like)
    ]
    assert near == []


def test_a_merged_id_opens_the_article_that_serves_it(articles: list[Article], library: Library) -> None:
    """An id that was merged away is found as an alias; what is given names the id that stayed."""
    merged = {alias: article.id for article in articles for alias in article.aliases}
    assert merged == {"J02": "B12"}
    for alias, kept in merged.items():
        found = search.opened(
            library, alias, today=date(2026, 11, 23), org=None, drafts_allowed=True, fields={}
        )
        assert isinstance(found, search.Answer)
        assert found.article.id == kept


def test_only_public_numbers_are_printed(articles: list[Article]) -> None:
    """No telephone number but the public support lines; a jour's number is a field that its organisation fills."""
    printed = {number for article in articles for number in NUMBER.findall(article.body)}
    assert printed == PUBLIC_NUMBERS
    assert {article.id for article in articles if article.needs} == {"L04", "N08", "N09"}


def test_local_forms_belong_somewhere(articles: list[Article]) -> None:
    """What only one city has is only that city's answer."""
    assert {article.id: article.org for article in articles if article.org} == {
        "G05": "stockholm", "L06": "malmo", "L07": "malmo", "L08": "malmo", "L09": "malmo", "L10": "malmo", "L11": "stockholm",
        "N03": "farsta", "N04": "malmo", "N05": "malmo", "N06": "farsta", "N11": "malmo", "N12": "farsta", "N13": "stockholm",
        "N14": "malmo",
    }  # fmt: skip


def test_trefas_is_not_explained(articles: list[Article]) -> None:
    """The papers name Trefas without telling what it is, and so does the article."""
    (trefas,) = (article for article in articles if article.id == "G05")
    assert "förklarar inte" in trefas.body


def test_an_articles_own_wordings_find_it(articles: list[Article], library: Library) -> None:
    """Also by its words alone, without being recognised word for word, every wording has its article among three."""
    lost = []
    for place, article in enumerate(library.articles):
        for question in article.questions:
            asked = vocabulary.read(library.shelf.vocabulary, question)
            ranked = [one.place for one in shelf.rank(library.shelf, asked, search.CONSIDERED)]
            if place not in [one for one in ranked if one < len(articles)][:3]:
                lost.append((article.id, question))
    assert lost == []


def test_the_glossary_bridges_to_words_that_articles_use(glossary: Glossary, articles: list[Article]) -> None:
    """A term of which no article knows any spelling leads nowhere."""
    known = {
        swedish.stem(word)
        for article in articles
        for text in (article.title, article.body, *article.questions, *article.keywords)
        for word in swedish.words(text)
    }
    idle = [
        term.term
        for term in glossary.terms
        if not any(all(swedish.stem(word) in known for word in swedish.words(one)) for one in term.spellings)
    ]
    assert idle == []
