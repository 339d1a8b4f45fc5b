from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadContent, BadInput
from bot.core.ids import ArticleId
from bot.core.library import search
from bot.core.library.article import Article, Source, Status, Stop, WithheldReason
from bot.core.library.ask import report
from bot.core.library.glossary import Glossary, Outside, Term
from bot.core.library.search import Answer, Finding, Library, Nothing, Unsure, Withheld

TODAY = date(2026, 11, 24)
GLOSSARY = Glossary(
    terms=(Term(term="arrest", english="cell", code=None, same=("finkan", "cell", "bura in")),),
    outside=(
        Outside(
            theme="trafik",
            questions=("hur snabbt får man köra", "böter för fortkörning", "hur dyrt är det att parkera"),
        ),
    ),
)


def article(name: str, title: str, *questions: str) -> Article:
    return Article(
        id=ArticleId(name),
        title=title,
        questions=questions,
        keywords=(title,),
        stop=None,
        sources=(Source(title="Lagen", ref="SoL 19:1", retrieved=date(2026, 11, 23)),),
        status=Status.DRAFT,
        approved_by=None,
        law_as_of=date(2026, 2, 12),
        reviewed=date(2026, 11, 23),
        review_in=timedelta(days=180),
        owner="redaktionen",
        org=None,
        related=(),
        aliases=(),
        body="Svaret står här.",
        needs=frozenset(),
        path=f"{name}.md",
    )


REPORT = article(
    "A01",
    "När ska jag göra en orosanmälan?",
    "när måste man göra en orosanmälan om ett barn",
    "ska jag anmäla oro för barnet i lägenheten",
    "anmälningsplikt vid oro för barn",
)
CELL = article(
    "B01",
    "Får en ungdom sitta i arrest?",
    "får en sextonåring sitta i arrest över natten",
    "kan vi låsa in en tonåring i arresten",
    "regler för arrest under 18 år",
)
SHELTER = article(
    "C01",
    "Hur ordnas skyddat boende i natt?",
    "kvinnan behöver skyddat boende i natt",
    "vem ordnar plats på kvinnojouren akut",
    "var finns ett skyddat boende",
)
DRUNK = article(
    "D01",
    "Föräldern är berusad och barnet sover",
    "berusad mamma och barnet sover i lägenheten",
    "pappan är full och ensam med barn",
    "onykter förälder hemma med barn",
)
QUESTION = "får en femtonåring sitta i arrest en hel natt"


@pytest.fixture(scope="module")
def library() -> Library:
    return search.build([DRUNK, SHELTER, CELL, REPORT], GLOSSARY)


def ask(
    library: Library,
    query: str,
    *,
    today: date = TODAY,
    org: frozenset[str] | None = None,
    drafts_allowed: bool = True,
    fields: Mapping[str, str] | None = None,
) -> Finding:
    return search.find(
        library, query, today=today, org=org, drafts_allowed=drafts_allowed, fields=fields or {}
    )


def changed(**changes: object) -> Library:
    """The same library with the article on cells changed."""
    return search.build([REPORT, replace(CELL, **changes), SHELTER, DRUNK], GLOSSARY)  # type: ignore[arg-type]  # the test names fields of Article


def test_a_clear_question_is_answered(library: Library) -> None:
    """The article that fits is given, with a score between 0 and 1."""
    finding = ask(library, QUESTION)
    assert isinstance(finding, Answer)
    assert finding.article == CELL
    assert search.SURE <= finding.score <= 1


@pytest.mark.parametrize(
    "query", ["far en femtonaring sitta i arrest en hel natt", "FÅR EN FEMTONÅRING SITTA I AREST EN HEL NATT"]
)
def test_spelling_does_not_change_the_answer(library: Library, query: str) -> None:
    """Without dots, in capitals, with a slip: the same article."""
    finding = ask(library, query)
    assert isinstance(finding, Answer | Unsure)
    assert report(finding)["entry"] == "B01"


def test_a_synonym_finds_the_article(library: Library) -> None:
    """A word that only the glossary knows leads to the article."""
    assert report(ask(library, "bura in en sextonåring i finkan"))["entry"] == "B01"


def test_a_question_that_stands_in_an_article_is_that_articles(library: Library) -> None:
    """Word for word, whatever the case: full confidence."""
    finding = ask(library, "Var finns ett SKYDDAT boende?")
    assert isinstance(finding, Answer)
    assert (finding.article, finding.score) == (SHELTER, 1.0)


def test_a_vague_question_is_asked_back(library: Library) -> None:
    """Between several that may be meant, at most three are named, best first."""
    finding = ask(library, "barnet i lägenheten")
    assert isinstance(finding, Unsure)
    assert {one.id for one in finding.candidates} == {"A01", "D01"}


@pytest.mark.parametrize(
    "query", ["", "?", "hm", "qwerty", "hur snabbt får man köra", "böter för att parkera fel", "och om att"]
)
def test_what_lies_outside_gets_nothing(library: Library, query: str) -> None:
    """No answer is better than a wrong one."""
    assert isinstance(ask(library, query), Nothing)


def test_an_empty_library_knows_nothing() -> None:
    """Without articles there is nothing to say."""
    assert isinstance(ask(search.build([], Glossary()), QUESTION), Nothing)


def test_a_question_is_bounded(library: Library) -> None:
    """The longest question is read, a longer one refused."""
    ask(library, "a" * search.MAX_QUERY)
    with pytest.raises(BadInput):
        ask(library, "a" * (search.MAX_QUERY + 1))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": Status.NEEDS_LAWYER}, WithheldReason.NEEDS_LAWYER),
        ({"reviewed": date(2024, 1, 1)}, WithheldReason.EXPIRED),
        ({"org": "malmo"}, WithheldReason.OTHER_ORG),
        ({"needs": frozenset({"jour_number"})}, WithheldReason.MISSING_FIELD),
    ],
)
def test_what_may_not_be_given_is_withheld(changes: dict[str, object], reason: WithheldReason) -> None:
    """The article is named with the reason, and is no answer."""
    finding = ask(changed(**changes), QUESTION, org=frozenset({"farsta"}))
    assert isinstance(finding, Withheld)
    assert (finding.article.id, finding.reason) == ("B01", reason)


def test_drafts_are_withheld_where_they_are_not_allowed(library: Library) -> None:
    """The organisation's rule is asked each time."""
    finding = ask(library, QUESTION, drafts_allowed=False)
    assert isinstance(finding, Withheld)
    assert finding.reason is WithheldReason.DRAFT


def test_articles_of_another_place_are_not_suggested() -> None:
    """Neither beside an answer nor when asking back."""
    library = search.build([replace(REPORT, org="malmo"), CELL, SHELTER, DRUNK], GLOSSARY)
    finding = ask(library, "barnet i lägenheten", org=frozenset({"farsta"}))
    assert isinstance(finding, Unsure)
    assert [one.id for one in finding.candidates] == ["D01"]


def test_danger_in_the_question_raises_the_flag(library: Library) -> None:
    """Whatever is found, and also when nothing is."""
    assert ask(library, "hon andas inte").stop is Stop.EMERGENCY
    assert ask(library, "pojken krampar, får en femtonåring sitta i arrest").stop is Stop.EMERGENCY


def test_an_articles_own_flag_is_shown() -> None:
    """With the answer and when it is withheld; when asking back only if all candidates carry it."""
    library = changed(stop=Stop.LEADER)
    assert ask(library, QUESTION).stop is Stop.LEADER
    assert ask(library, QUESTION, drafts_allowed=False).stop is Stop.LEADER
    assert ask(library, "barnet i lägenheten").stop is None
    both = search.build(
        [replace(REPORT, stop=Stop.JOUR), CELL, SHELTER, replace(DRUNK, stop=Stop.JOUR)], GLOSSARY
    )
    assert ask(both, "barnet i lägenheten").stop is Stop.JOUR


def test_ties_go_to_the_lower_id() -> None:
    """The same library gives the same order, however its files were read."""
    twin = replace(
        CELL,
        id=ArticleId("B02"),
        title="En annan rubrik",
        questions=("helt annat", "något tredje", "ett fjärde"),
        keywords=("x",),
    )
    first, second = search.build([CELL, twin, REPORT], GLOSSARY), search.build([REPORT, twin, CELL], GLOSSARY)
    assert report(ask(first, QUESTION)) == report(ask(second, QUESTION))
    same = [
        replace(REPORT, id=ArticleId(name), title=name, questions=(f"{name} oro",), path=name)
        for name in ("Z01", "Y01")
    ]
    finding = ask(search.build(same, Glossary()), "oro orosanmälan")
    assert report(finding)["entry"] in {"Y01", None}


def test_an_article_can_be_opened_by_its_id_or_alias() -> None:
    """A choice among suggestions obeys the same rules as a search."""
    library = changed(aliases=(ArticleId("B09"),))

    def opened(name: str, *, drafts_allowed: bool) -> Answer | Withheld | None:
        return search.opened(
            library, ArticleId(name), today=TODAY, org=None, drafts_allowed=drafts_allowed, fields={}
        )

    given_ = opened("B09", drafts_allowed=True)
    assert isinstance(given_, Answer)
    assert given_.article.id == "B01"
    assert isinstance(opened("B01", drafts_allowed=False), Withheld)
    assert opened("Q99", drafts_allowed=True) is None


@pytest.mark.parametrize(
    ("shelf", "named"),
    [
        ([REPORT, replace(REPORT, path="b.md", title="x", questions=("y",))], "stands also in"),
        ([REPORT, replace(CELL, aliases=(ArticleId("A01"),))], "A01 stands also in"),
        ([REPORT, replace(CELL, related=(ArticleId("Q99"),))], "Q99 is no article"),
        ([REPORT, replace(CELL, questions=("Anmälningsplikt vid ORO för barn?",))], "questions"),
    ],
)
def test_articles_that_contradict_each_other_are_refused(shelf: list[Article], named: str) -> None:
    """An id, an alias and a question belong to one article; a relation leads to one."""
    with pytest.raises(BadContent) as refused:
        search.build(shelf, GLOSSARY)
    assert named in str(refused.value)


@given(query=st.text(max_size=500))
def test_any_question_has_an_outcome(library: Library, query: str) -> None:
    """No text breaks the search; the same text has the same outcome; scores lie between 0 and 1."""
    finding = ask(library, query)
    assert finding == ask(library, query)
    assert 0 <= finding.score <= 1
