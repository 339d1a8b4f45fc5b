"""Numbers that are not written in plain figures: said in words, or typed with letters that look like figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.guard.fold import fold
from bot.core.guard.lookalike import as_figures
from bot.core.guard.spoken import readings


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("nollsjuttio sjuttonfyrtio sex tjugotre", "0701740623"),
        ("nollsju nollett sjufyra nollsex femton", "0701740615"),
        ("noll sjuttio etthundrasjuttiofyra nollsex tretton", "0701740613"),
        ("oh seven oh one seven four oh six five five", "0701740655"),
        ("nineteen ninety eight oh four", "199804"),
        ("nittonhundraåttiotre", "1983"),
        ("tvåtusenelva", "2011"),
        ("dubbelnolla fyrasex", "0046"),
        ("dubbel sju ett", "771"),
        ("nia åtta nolla etta tvåa", "98012"),
        ("sexhundra", "600"),
        ("tretton noll fem tjugofyra nitti åtta ett tre", "1305249813"),
        ("tjugi sjutti förti", "207040"),
    ],
)
def test_words_are_read_as_figures(words: str, figures: str) -> None:
    """Swedish and English, apart and as one; one of the readings is what was meant."""
    assert figures in readings(words)


@pytest.mark.parametrize("words", ["", "12 34", "hej", "dubbel", "sexig", "trevlig", "nolltolerans"])
def test_other_words_have_no_figures(words: str) -> None:
    """A word that only begins as a number is none."""
    assert "".join(readings(words)) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("o10417-98o2", "010417-9802"),
        ("i5o311-982o", "150311-9820"),
        ("o7o-l74o6 66", "070-17406 66"),
        ("20o9o3l2-98l4", "20090312-9814"),
    ],
)
def test_letters_that_look_like_figures_are_figures_in_a_number(typed: str, meant: str) -> None:
    """O is 0, l and I are 1, where most of a long number is figures."""
    assert as_figures(typed) == meant


@pytest.mark.parametrize(
    "text", ["10 o 12 i 5 min", "lol123", "oil", "1o", "kl 10 i 20 o 30 min", "ioioi1oioio"]
)
def test_letters_between_words_stay_letters(text: str) -> None:
    """A lone o is also "och", and i a word of its own."""
    assert as_figures(text) == text


@given(st.text(alphabet="0123456789oil -.:ab", max_size=60))
def test_no_figure_moves(text: str) -> None:
    """What is read as figures stays where it stood, so that spans stay right."""
    read = as_figures(text)
    assert len(read) == len(text)
    assert all(now == was or (was in "oil" and now in "01") for was, now in zip(text, read, strict=True))


@given(st.text(max_size=100))
def test_capitals_are_kept_as_they_were_typed(text: str) -> None:
    """Only the plain spelling reads letters as figures; both are of one length."""
    folded = fold(text)
    assert len(folded.plain) == len(folded.shown)
    assert as_figures(folded.shown.lower()) == folded.plain
