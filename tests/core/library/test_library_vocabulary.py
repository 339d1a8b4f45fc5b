import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library.glossary import Glossary, Term
from bot.core.library.vocabulary import Vocabulary, gather, grams, read, repair

TERMS = (
    Term(term="jour", english="on-call duty", code=None, same=("socialjour", "beredskap")),
    Term(term="självmord", english="suicide", code=None, same=("ta sitt liv",)),
)
TEXTS = (
    "ring jouren om barnet är försvunnet",
    "handräckning enligt lvu",
    "skydd och bedömning",
    "tvångsvård",
)


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return gather(TEXTS, Glossary(terms=TERMS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("handrakning", "handrackning"),
        ("forsvunet", "forsvunnet"),
        ("beredskapp", "beredskap"),
        ("lvm", None),
        ("pizzeria", None),
        ("barnt", "barnet"),
    ],
)
def test_slips_are_repaired_and_other_words_left(known: Vocabulary, typed: str, meant: str | None) -> None:
    """A near miss of a known word is that word; what is far from all of them is not forced."""
    assert repair(known, typed) == meant


def test_synonyms_meet_in_their_term(known: Vocabulary) -> None:
    """Whoever types one spelling of a term says the same as whoever types another."""
    for one, other in (("socialjouren", "beredskap"), ("hon vill ta sitt liv", "suicide")):
        assert {f for f in read(known, one).features if f[0] == "t"} == {
            f for f in read(known, other).features if f[0] == "t"
        }
        assert any(f[0] == "t" for f in read(known, one).features)


def test_every_word_of_a_phrase_carries_its_term(known: Vocabulary) -> None:
    """So that none of them counts as unexplained."""
    assert all("t:1" in features for features in read(known, "ta sitt liv").words)


def test_compounds_are_split_and_joined(known: Vocabulary) -> None:
    """An unknown compound counts by its parts, a divided one as a whole."""
    assert {"w:skyd", "w:bedomning"} <= set(read(known, "skyddsbedömning").features)
    assert set(read(known, "tvångs vård").features) >= set(read(known, "tvångsvård").features)


def test_an_age_tells_its_group(known: Vocabulary) -> None:
    """What the law treats alike is alike: fifteen and seventeen, thirteen and fourteen."""
    assert "a:15to17" in read(known, "femtonåring").features
    assert "a:15to17" in read(known, "en 17-åring").features
    assert "a:12to14" in read(known, "13 år").features
    assert "a:adult" in read(known, "80-åring").features


def test_grammar_counts_little(known: Vocabulary) -> None:
    """Function words are no content, and weigh less than content."""
    reading = read(known, "ring och om jouren")
    assert reading.content == "ring jouren"
    assert reading.features["w:och" if "w:och" in reading.features else "w:om"] < reading.features["w:ring"]


def test_grams_survive_a_slip() -> None:
    """Most runs of letters of a misspelt word are those of the right one."""
    right, wrong = set(grams("handrackning")), set(grams("handrakning"))
    assert len(right & wrong) > len(right) / 2


@given(text=st.text(max_size=200))
def test_any_text_is_read(known: Vocabulary, text: str) -> None:
    """No text breaks the reading, and weights are positive."""
    reading = read(known, text)
    assert all(weight > 0 for weight in reading.features.values())
