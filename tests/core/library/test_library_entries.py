import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.library.entries import MAX_QUESTION, Entry, index, search
from bot.core.library.glossary import Glossary, Term
from bot.core.library.shelf import Shelf

PASS = Entry(
    id="pass",
    question="Hur förnyar jag mitt pass?",
    alternatives=["passet har gått ut", "boka tid för nytt pass"],
    answer="Boka tid hos polisen och ta med legitimation. Passet kostar 500 kronor.",
    keywords=["resehandling"],
)
TAX = Entry(id="skatt", question="När ska jag deklarera?", answer="Deklarationen ska vara inne den 2 maj.")
CARE = Entry(
    id="vab", answer="Du får tillfällig föräldrapenning när du är hemma från arbetet för att barnet är sjukt."
)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return index([PASS, TAX, CARE])


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("förnya passet", "pass"),
        ("FORNYA PASET", "pass"),
        ("resehandlingar", "pass"),
        ("vad kostar det att få legitimation hos polisen", "pass"),
        ("deklarera när", "skatt"),
        ("vad får jag om mitt sjuka barn är hemma", "vab"),
    ],
)
def test_each_field_finds_its_entry(shelf: Shelf, question: str, first: str) -> None:
    """By question, wording, keyword and answer, in any spelling; also an entry of which only the answer is given."""
    assert search(shelf, question)[0].id == first


def test_hits_are_ordered_shares(shelf: Shelf) -> None:
    """Best first, no more than asked for, between nothing and one."""
    hits = search(shelf, "när ska jag förnya mitt pass", limit=2)
    assert [hit.id for hit in hits] == ["pass", "skatt"]
    assert 1 >= hits[0].score > hits[1].score > 0


def test_nothing_shared_nothing_found(shelf: Shelf) -> None:
    """Neither for a text without words."""
    assert search(shelf, "xyzzy") == search(shelf, "?!") == ()
    assert search(index([]), "pass") == ()


def test_a_glossary_adds_synonyms() -> None:
    """A word that no entry holds finds its entry through the term."""
    terms = (Term(term="deklarera", english="declare", code=None, same=("skattetabben",)),)
    assert search(index([PASS, TAX], Glossary(terms=terms)), "skattetabben")[0].id == "skatt"


def test_ties_go_to_the_first_given() -> None:
    """Two that say the same stand in the order given."""
    twins = [Entry(id=name, question="samma fråga") for name in ("b", "a")]
    assert [hit.id for hit in search(index(twins), "samma fråga")] == ["b", "a"]


def test_a_question_is_bounded(shelf: Shelf) -> None:
    """The longest is read, a longer one refused."""
    search(shelf, "a" * MAX_QUESTION)
    with pytest.raises(BadInput):
        search(shelf, "a" * (MAX_QUESTION + 1))


def test_an_embedding_ranks_by_meaning() -> None:
    """Two that hold the same words stand in the order of their meaning; without one in the order given."""
    twins = [Entry(id="other", question="resa bort nu"), Entry(id="meant", question="resa hem nu")]

    def embed(text: str) -> list[float]:
        return [0.0, 1.0] if "bort" in text else [1.0, 0.0]

    assert search(index(twins), "resa nu")[0].id == "other"
    assert search(index(twins, embed=embed), "resa nu")[0].id == "meant"


TEXT = st.text(max_size=60)


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(
            Entry,
            id=TEXT,
            question=TEXT,
            alternatives=st.lists(TEXT, max_size=3),
            answer=TEXT,
            keywords=st.lists(TEXT, max_size=2),
        ),
        max_size=5,
    ),
    TEXT,
)
def test_any_list_can_be_searched_for_anything(entries: list[Entry], question: str) -> None:
    """No text breaks it; the same gives the same; a score is a share; an entry is found at most once."""
    shelf = index(entries)
    hits = search(shelf, question, limit=10)
    assert hits == search(shelf, question, limit=10)
    assert all(0 < hit.score <= 1 for hit in hits)
    assert len(hits) <= len(entries)


def test_a_text_alone_is_a_list_of_one() -> None:
    """One wording, or keywords in one text, are not read letter by letter."""
    shelf = index([Entry(id="a", alternatives="vem hämtar barnet"), Entry(id="b", keywords="pass, körkort")])
    assert [hit.id for hit in search(shelf, "hämtar")] == ["a"]
    assert [hit.id for hit in search(shelf, "körkort")] == ["b"]


def test_any_script_can_be_searched() -> None:
    """A list in other letters than ours is found by its words."""
    shelf = index([Entry(id="ru", question="Где ребёнок?"), Entry(id="ar", question="أين الطفل")])
    assert [hit.id for hit in search(shelf, "ребенок")] == ["ru"]
    assert [hit.id for hit in search(shelf, "الطفل")] == ["ar"]
