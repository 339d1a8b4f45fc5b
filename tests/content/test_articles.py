"""The articles as they stand in knowledge/: their sources, their state, and that their own wordings find them."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from bot.core.library import entries, search, swedish, vocabulary
from bot.core.library.article import Article, Status, parse
from bot.core.library.glossary import Glossary
from bot.core.library.glossary import parse as parse_glossary
from bot.core.library.search import Library

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "knowledge"

# Sections that the project's law sheet names, read in consolidated text. A section outside this table was not read, and
# an article may not cite it; add a row only with the text at hand.
READ = {
    "SoL": """3:1 4:1 4:3 6:3 6:8 9:5 9:6 10:2 13:1 13:8 13:10 14:2 14:3 14:4 15:5 15:7 16:1 16:2 16:2a 18:2 18:4 18:5
        18:6 18:7 18:8 18:9 19:1 19:2 19:4 19:5 19:6 20:1 20:2 20:3 20:6 20:7 21:1 21:2 22:1 22:2 22:5 25:1 27:2 27:6
        29:1 29:2 29:4 29:7 30:7""",
    "PL": "6 10 10a 12 12a 13 15 19",
    "OSL": """5:1 5:2 6:3 6:4 6:5 8:1 8:2 10:1 10:2 10:2a 10:15a 10:18a 10:18b 10:18c 10:19 10:20 10:21 10:22 10:22a 10:23
        10:24 10:27 10:28 12:1 12:2 12:3 18:1 18:2 18:3 18:8 26:1 26:2 26:5 26:6 26:7 26:9 26:9a 26:14c 35:1 35:20 40:7g""",
    "LVU": "1 2 3 4 6 7 8 9 11 12 21 31a 31d 32 40 43 43a 43b 43c 45",
    "LVM": "4 6 7 13 15 17 45",
    "LPT": "47",
    "LUL": "5 6 6a 7 11 14 23 23a 24 31 34 35 36 36b 37 38",
    "FuK": "2a 13a 13f 17 18",
    "BrB": "1:6 4:1a 4:3 4:4e 6:9 20:3 24:4",
    "RB": "23:9 23:10 24:7 24:8",
    "FB": "6:11",
    "JB": "12:25a 12:44",
    "TF": "2 2:4 2:9 2:10 2:12",
    "UtlL": "17:1",
    "LMA": "3",
    "SäkL": "3:1 3:13 3:14",
    "CybL": "2:5 2:6 2:7 2:8",
    "JO": "682-2014 1598-2020 3134-2009 5723-2010 1832-2006 311-2009 1079-2002",
    "lag (2024:79)": "3:1 4:1 5:4 8:7 8:8 8:9",
    "lag (1988:688)": "1 1a 1b 2 2a 4 6 7",
    "lag (2025:170)": "4 6 8",
    "lag (2023:196)": "4 5 10 11 12",
    "lag (2018:1693)": "2:1",
    "lag (2001:454)": "6 7 7a 10",
}
SECTION = r"(?:\d+-\d{4}|\d+:\d+(?: [a-n]\b)?|\d+(?: [a-n]\b)? ?§?)(?: p\. \d+)?"
LAW = "|".join(re.escape(name) for name in sorted(READ, key=len, reverse=True))
CITED = re.compile(rf"(?<!\w)(?P<law>{LAW}) (?P<sections>{SECTION}(?:(?:, |–| och ){SECTION})*)")
# Sources that are no law: pages, papers with a journal number, a decision, an unread act that is said to be unread.
OTHER = re.compile(
    r"https://\S+|eskilstuna\.se|ASN-\d{4}-\d+(?:, nämndinitiativ)?|(?:Farsta|Stockholm) \d{4}-\d{2}-\d{2}|"
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


def shelf() -> list[Article]:
    return [
        parse(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
        for path in sorted((KNOWLEDGE / "sv").rglob("*.md"))
    ]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return shelf()


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return parse_glossary(
        (KNOWLEDGE / "glossary.yaml").read_text(encoding="utf-8"), "knowledge/glossary.yaml"
    )


@pytest.fixture(scope="module")
def library(articles: list[Article], glossary: Glossary) -> Library:
    return search.build(articles, glossary)


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Every law and section that `text` cites; of a range both ends."""
    for found in CITED.finditer(text):
        for section in re.findall(SECTION, found["sections"]):
            yield found["law"], re.sub(r" p\. \d+| |§", "", section)


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


def test_every_source_is_one_that_was_read(articles: list[Article]) -> None:
    """No article rests on a section that nobody read, or on a source of an unknown kind."""
    strange = []
    for article in articles:
        for source in article.sources:
            found = list(citations(source.ref))
            unread = [one for one in found if one[1] not in READ[one[0]].split()]
            if unread or not (found or OTHER.fullmatch(source.ref) or source.ref == "TF 2"):
                strange.append((article.id, source.ref))
    assert strange == []


def test_what_the_text_cites_stands_among_its_sources(articles: list[Article]) -> None:
    """A section named in an answer is a section named as its source."""
    loose = []
    for article in articles:
        named = {one for source in article.sources for one in citations(source.ref)}
        loose += [(article.id, one) for one in citations(article.body) if one not in named]
    assert loose == []


def test_a_law_that_is_cited_has_a_date(articles: list[Article]) -> None:
    """An answer that rests on law says how old the text of that law is."""
    dateless = [
        a.id
        for a in articles
        if a.law_as_of is None
        and any(list(citations(s.ref)) for s in a.sources if not s.ref.startswith("JO"))
    ]
    assert dateless == []


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
            ranked = [one.place for one in entries.rank(library.shelf, asked, search.CONSIDERED)]
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
