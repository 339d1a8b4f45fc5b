import pytest

from bot.core.library import swedish
from bot.core.library.asking import asked, given
from bot.core.library.entries import Entry, index, search
from bot.core.library.everyday import EVERYDAY


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("Vad kostar det?", "Avgiften är 500 kronor.", "k:sum"),
        ("Hur lång tid tar det?", "Beslut fattas inom tio veckor.", "k:time"),
        ("Får jag ta med hunden?", "Nej, av hänsyn till allergiker.", "k:yes"),
        ("Varför får jag restskatt?", "Det beror på att arbetsgivaren drog för lite.", "k:why"),
        ("Hur överklagar jag?", "Skicka brevet till nämnden.", "k:how"),
        ("Vem kan få hjälp?", "Du som bor i kommunen.", "k:who"),
        ("Hur många dagar har vi?", "Högst 480.", "k:count"),
        ("Var hittar jag beslutet?", "Det ligger på webbplatsen.", "k:where"),
        ("Vad är en sektion?", "Det är en ritning i genomskärning.", "k:what"),
    ],
)
def test_a_question_and_its_answer_are_of_one_kind(question: str, answer: str, kind: str) -> None:
    """A question for a sum is answered with one, without a word in common."""
    assert kind in dict(asked(swedish.words(question)))
    assert kind in dict(given(swedish.words(answer)))


def test_the_kind_finds_an_answer_that_shares_no_word() -> None:
    """Where only answers are given, as in a list that nobody wrote questions for."""
    shelf = index(
        [Entry(id="sum", answer="500 kronor."), Entry(id="yes", answer="Nej, av hänsyn till allergiker.")]
    )
    assert search(shelf, "får man ta med hunden")[0].id == "yes"
    assert search(shelf, "vad blir det, hur mycket")[0].id == "sum"


def test_everyday_words_stand_in_one_group_only_once() -> None:
    """A group tells two words apart from the rest."""
    assert all(len(set(term.spellings)) >= 3 for term in EVERYDAY.terms)
