"""How long one process may be silent before another tells of it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.vigil import EVERY, ROUNDS, Vigil, heard, looked


def test_twenty_seconds() -> None:
    """As long as a phone waits before it says "ring", and no longer."""
    assert EVERY * ROUNDS == 20
    assert looked(Vigil(heard=0.0), 20.0) == (Vigil(heard=0.0), False)
    gone, is_news = looked(Vigil(heard=0.0), 20.1)
    assert is_news
    assert gone.is_gone


@given(st.lists(st.tuples(st.floats(0.1, 60.0), st.booleans()), max_size=60))
def test_gone_and_back_are_told_in_turn(happened: list[tuple[float, bool]]) -> None:
    """However it comes and goes: never told gone twice without back between, and never back without gone."""
    known, at, told = Vigil(heard=0.0), 0.0, ["back"]
    for passed, answers in happened:
        at += passed
        known, is_news = heard(known, at) if answers else looked(known, at)
        if is_news:
            told.append("back" if answers else "gone")
    assert all(one != other for one, other in pairwise(told))
    assert known.is_gone == (told[-1] == "gone")
