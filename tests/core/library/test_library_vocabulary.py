from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library import swedish
from bot.core.library.glossary import Glossary, Term
from bot.core.library.vocabulary import Stages, Vocabulary, counted, gather, read, repair, stems

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


def gathered(stages: Stages | None = None) -> Vocabulary:
    counts = Counter(word for text in TEXTS for word in swedish.words(text))
    return gather(counts, Glossary(terms=TERMS), stages)


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return gathered()


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
    assert "w:tvangsvard" in read(known, "tvångs vård").features


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


def test_first_and_last_letters_survive_a_slip(known: Vocabulary) -> None:
    """Where a word is unknown its beginning and its end still tell."""
    right, wrong = read(known, "omhändertagande").features, read(known, "omhändertagna").features
    assert {one for one in right if one[0] in "<>"} & set(wrong)


def test_a_text_is_counted_as_it_is_read(known: Vocabulary) -> None:
    """An entry's features are those of a question in the same words, as often as they stand there."""
    found: dict[str, float] = {}
    counted(known, swedish.words("ring jouren, ring"), 2.0, found)
    assert set(found) == set(read(known, "ring jouren, ring").features)
    assert found["w:ring"] == 4.0


def test_stems_leave_grammar_out(known: Vocabulary) -> None:
    """Only if there is nothing else they are kept."""
    assert stems(known, swedish.words("ring om jouren")) == ["ring", "jour"]
    assert stems(known, ["om"]) == ["om"]


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("repair", "handrakning"),
        ("compounds", "skyddsbedömning"),
        ("terms", "socialjouren"),
        ("letters", "handräckning"),
        ("stems", "jouren"),
    ],
)
def test_each_stage_can_be_left_out(known: Vocabulary, stage: str, text: str) -> None:
    """So that one can measure what it is worth."""
    assert read(gathered(Stages(**{stage: False})), text).features != read(known, text).features


@given(text=st.text(max_size=200))
def test_any_text_is_read(known: Vocabulary, text: str) -> None:
    """No text breaks the reading, and weights are positive."""
    reading = read(known, text)
    assert all(weight > 0 for weight in reading.features.values())
