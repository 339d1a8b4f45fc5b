import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library import entries, vocabulary
from bot.core.library.entries import Entry, index, search
from bot.core.library.letters import GRAM, grams, runs
from bot.core.library.vocabulary import Stages


def test_grams_span_words() -> None:
    """Which words stand side by side is kept, whatever the accents and signs between them."""
    assert grams("Får jag?") == [" far", "far ", "ar j", "r ja", " jag", "jag "]


def test_runs_stay_within_content_words() -> None:
    """Grammar gives none; a short word gives itself with its borders."""
    assert list(runs(["jag", "bil"])) == ["g: bil "]


@given(st.text(max_size=80))
def test_grams_are_as_long_as_promised(text: str) -> None:
    """No text breaks it, and without a word there is none."""
    found = grams(text)
    assert all(len(one) == GRAM for one in found)
    assert bool(found) == any(sign.isalnum() for sign in " ".join(found))


def test_words_side_by_side_tell_entries_apart() -> None:
    """Two that hold the same words are told apart by the order in which somebody types them."""
    pair = [
        Entry(id="asks", question="far jag ringa vem som helst"),
        Entry(id="tells", question="vem far ringa jag som helst"),
    ]
    assert search(index(pair), "som far jag ringa")[0].id == "asks"
    assert search(index(pair[::-1]), "som far jag ringa")[0].id == "asks"
    ignorant = index(pair[::-1], stages=Stages(grams=False))
    assert ignorant.grams is None


def test_a_very_large_list_has_no_grams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond MANY entries they would take longer to build than they are worth; the words still find everything."""
    some = [Entry(id=str(number), question=f"fraga {number}") for number in range(3)]
    assert index(some).grams is not None
    monkeypatch.setattr(entries, "MANY", 2)
    large = index(some)
    assert large.grams is None
    assert search(large, "fraga 2")[0].id == "2"


def test_what_was_typed_is_kept_with_its_reading() -> None:
    """Runs of letters and embeddings read the text itself, not its features."""
    assert vocabulary.read(index([]).vocabulary, "Hallå där").typed == "Hallå där"
