import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library.swedish import age, fold, split, stem, words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Åklagaren ÄR öppen", "aklagaren ar oppen"),
        ("Café", "cafe"),
        ("ﬁnns", "finns"),
        ("a\u030aka", "aka"),
        ("oros\u00adan\u200bm\u200däl\u2060an", "orosanmalan"),
        ("\ufeff\u202ejour\u202c", "jour"),
    ],
)
def test_spellings_fold_together(typed: str, read: str) -> None:
    """Case, compatibility forms and missing dots make no difference."""
    assert fold(typed) == read


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded is folded."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("nån har sagt ja", ["nagon", "har", "sagt", "jag"]),
        ("va gör dom inatt", ["vad", "gor", "dem", "natt"]),
        ("§14:1, 2025:170", ["14:1", "2025:170"]),
        ("LVU-beslut", ["lvu", "beslut"]),
        ("en 16-åring", ["en", "16aring"]),
        ("sextonåringen", ["16aring"]),
        ("16 år gammal", ["16aring", "gammal"]),
        ("a 13 year old", ["a", "13aring"]),
        ("где ребёнок nu", ["где", "ребенок", "nu"]),
        ("", []),
        ("?!", []),
    ],
)
def test_words_are_brought_to_one_form(typed: str, read: list[str]) -> None:
    """Sms spelling is written out, and an age is one word however it is written."""
    assert words(typed) == read


def test_an_age_is_a_number() -> None:
    """Only words of age tell an age."""
    assert (age("16aring"), age("aring"), age("16")) == (16, None, None)


@pytest.mark.parametrize(
    "forms",
    [
        ("anmäla", "anmälan", "anmäler", "anmälde"),
        ("flicka", "flickan", "flickor", "flickorna"),
        ("polis", "polisen", "polisens"),
        ("barn", "barnet", "barnen", "barns"),
        ("beslut", "beslutet", "besluten"),
        ("mamma", "mamman", "mammas"),
    ],
)
def test_inflections_share_a_stem(forms: tuple[str, ...]) -> None:
    """One thing in all its forms is one thing."""
    assert len({stem(fold(form)) for form in forms}) == 1


@pytest.mark.parametrize("word", ["lvu", "14:1", "16aring", "a", "ss"])
def test_short_words_and_numbers_stay(word: str) -> None:
    """What has no ending to lose keeps all its letters."""
    assert stem(word) == word


KNOWN = frozenset(
    stem(word) for word in ("anmalan", "oro", "barn", "vard", "utredning", "skydd", "bedomning")
)


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("skyddsbedomning", ("skydds", "bedomning")),
        ("barnutredning", ("barn", "utredning")),
        ("vardutredningen", ("vard", "utredningen")),
        ("utredning", ()),
        ("barnkalas", ()),
    ],
)
def test_compounds_are_split_into_known_words(compound: str, parts: tuple[str, ...]) -> None:
    """Only words that the library knows are parts, with or without the binding s."""
    assert split(compound, KNOWN) == parts


def test_a_run_of_letters_that_is_no_word_is_not_taken_apart() -> None:
    """Every cut of a word is tried: what is longer than any compound would hold up everybody."""
    assert split("barn" * 15, {"barn" * 7, "barn" * 8}) == ("barn" * 8, "barn" * 7)
    assert split("barn" * 16, {"barn" * 8}) == ()
