import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library import index as indexes
from bot.core.library.index import among, build, held, mass, rarity, scores

LAW, NIGHT = {"w:lag": 1.0, "w:natt": 1.0}, {"w:natt": 1.0}


def test_the_document_that_holds_more_scores_more() -> None:
    """What is asked for is found where it stands, and nothing where nothing is shared."""
    found = scores(build([LAW, NIGHT, {"w:bil": 1.0}]), {"w:lag": 1.0, "w:natt": 1.0})
    assert found[0] > found[1] > 0
    assert 2 not in found


def test_rare_words_tell_more() -> None:
    """A word that every document holds decides nothing."""
    index = build([{"w:och": 1.0, "w:arrest": 1.0}, {"w:och": 1.0}, {"w:och": 1.0}])
    assert rarity(index, "w:arrest") > rarity(index, "w:och")
    assert rarity(index, "w:unknown") == index.rarest


def test_unknown_words_lower_the_score() -> None:
    """What nobody knows about was asked too."""
    index = build([LAW, NIGHT])
    assert scores(index, {"w:lag": 1.0, "?:x": 1.0})[0] < scores(index, {"w:lag": 1.0})[0]


def test_prominence_is_found_again() -> None:
    """What a document holds can be asked for by its number; what it does not hold is nothing."""
    index = build([LAW, NIGHT])
    assert 0 < held(index, "w:lag", 0) < 1
    assert held(index, "w:lag", 1) == held(index, "w:x", 0) == 0.0


def test_an_empty_index_and_an_empty_question() -> None:
    """Nothing in, nothing out, no division by zero."""
    assert scores(build([]), LAW) == {}
    assert scores(build([LAW]), {}) == {}
    assert mass(build([]), {}) == 1.0


def test_a_short_walk_finds_what_a_long_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large index the common words only rank what the rare ones found: the same first, with the same score."""
    index = build([{"w:och": 1.0, f"w:{number}": 1.0} for number in range(50)])
    asked = {"w:och": 1.0, "w:7": 1.0}
    whole = scores(index, asked)
    monkeypatch.setattr(indexes, "WIDEST", 10)
    short = scores(index, asked)
    assert list(short) == [7]
    assert short[7] == pytest.approx(whole[7])


WORDS = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 3), max_size=6)


@given(st.lists(WORDS, max_size=6), WORDS)
def test_scores_lie_between_nothing_and_everything(
    documents: list[dict[str, float]], asked: dict[str, float]
) -> None:
    """A score is a share, whatever is indexed and asked."""
    assert all(0.0 < score <= 1.0 + 1e-9 for score in scores(build(documents), asked).values())


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_some_documents_score_as_among_all(
    documents: list[dict[str, float]], asked: dict[str, float]
) -> None:
    """Whether all documents are walked or a few are looked up, each scores the same."""
    index = build(documents)
    whole = scores(index, asked)
    few = range(0, len(documents), 2)
    assert among(index, asked, few) == pytest.approx({number: whole.get(number, 0.0) for number in few})
