"""One plain spelling, and the way back from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.guard.fold import Folded, _folded_slowly, fold

TRICKY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("０９٣𝟎 \u00a0\u2009\u200b\u00ad–—－＠åÅäé\u030a\u0308\ufe0f\u20e3ﬁßøİ…\n\t  aA1"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("２０１２", "2012"),
        ("٢٠١٢", "2012"),
        ("𝟎𝟕𝟎", "070"),
        ("0️⃣7️⃣", "07"),
        ("20\u200b12", "2012"),
        ("20\u00ad12", "2012"),
        ("1\u00a02\u20093", "1 2 3"),
        ("1 \u00a0  2", "1 2"),
        ("1–2—3－4−5", "1-2-3-4-5"),
        ("A\u030ake A\u0308lg O\u0308", "åke älg ö"),
        ("José Şimşek Đurić Łukasz Søren", "jose simsek duric lukasz sören"),
        ("kalle＠example", "kalle@example"),
        ("a\tb\r\nc", "a b \nc"),
        ("", ""),
    ],
)
def test_plain_spelling(text: str, plain: str) -> None:
    """Digits, spaces, dashes and accents have one spelling; what cannot be seen is gone."""
    assert fold(text).plain == plain


def test_origin_points_into_the_text_as_given() -> None:
    """A hidden character within, and the loose ring over the a, belong to the stretch."""
    text = "x 1\u200b2 A\u030a!"
    folded = fold(text)
    assert folded.plain == "x 12 å!"
    assert text[slice(*folded.origin(2, 4))] == "1\u200b2"
    assert text[slice(*folded.origin(5, 6))] == "A\u030a"


@given(TRICKY)
def test_folding_keeps_its_place(text: str) -> None:
    """Both spellings are as long as their maps; origins rise, lie within the text and are never empty."""
    folded = fold(text)
    assert len(folded.shown) == len(folded.plain)
    origins = [folded.origin(at, at + 1) for at in range(len(folded.plain))]
    assert all(0 <= start < end <= len(text) for start, end in origins)
    assert origins == sorted(origins)
    assert "\x00" not in folded.plain


@given(st.text(st.sampled_from("abcåäöÅÄÖéÉüÜ 019-–—’§.,!?@\n"), max_size=60))
def test_the_short_way_is_the_long_way(text: str) -> None:
    """The fast path for everyday texts folds as the careful one does."""
    quick, slow = fold(text), _folded_slowly(text)
    assert (quick.shown, quick.plain) == (slow.shown, slow.plain)
    assert [quick.origin(n, n + 1) for n in range(len(quick.plain))] == [
        slow.origin(n, n + 1) for n in range(len(slow.plain))
    ]


@given(TRICKY)
def test_folding_twice_changes_nothing(text: str) -> None:
    """A plain spelling is its own plain spelling."""
    folded: Folded = fold(text)
    assert fold(folded.plain).plain == folded.plain
