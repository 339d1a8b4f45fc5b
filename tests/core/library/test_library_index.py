from hypothesis import given
from hypothesis import strategies as st

from bot.core.library.index import build, mass, scores

LAW, NIGHT = {"w:lag": 1.0, "w:natt": 1.0}, {"w:natt": 1.0}


def test_the_document_that_holds_more_scores_more() -> None:
    """What is asked for is found where it stands, and nothing where nothing is shared."""
    index = build([[(LAW, 1.0)], [(NIGHT, 1.0)], [({"w:bil": 1.0}, 1.0)]])
    law, night, car = scores(index, {"w:lag": 1.0, "w:natt": 1.0})
    assert law > night > car == 0.0


def test_rare_words_tell_more() -> None:
    """A word that every document holds decides nothing."""
    index = build(
        [[({"w:och": 1.0, "w:arrest": 1.0}, 1.0)], [({"w:och": 1.0}, 1.0)], [({"w:och": 1.0}, 1.0)]]
    )
    assert index.rarity["w:arrest"] > index.rarity["w:och"]


def test_unknown_words_lower_the_score() -> None:
    """What nobody knows about was asked too."""
    index = build([[(LAW, 1.0)], [(NIGHT, 1.0)]])
    assert scores(index, {"w:lag": 1.0, "?:x": 1.0})[0] < scores(index, {"w:lag": 1.0})[0]


def test_an_empty_index_and_an_empty_question() -> None:
    """Nothing in, nothing out, no division by zero."""
    assert scores(build([]), LAW) == []
    assert scores(build([[(LAW, 1.0)]]), {}) == [0.0]
    assert mass(build([]), {}) == 1.0


WORDS = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 3), max_size=6)


@given(st.lists(WORDS, max_size=6), WORDS)
def test_scores_lie_between_nothing_and_everything(
    documents: list[dict[str, float]], asked: dict[str, float]
) -> None:
    """A score is a share, whatever is indexed and asked."""
    index = build([[(document, 1.0)] for document in documents])
    assert all(0.0 <= score <= 1.0 for score in scores(index, asked))
