"""Every refusal, every state of a proposal and every page of shifts has its sentence, in both languages, without a name."""

from pathlib import Path

import pytest

from bot import content as files
from bot.content import Content
from bot.core.booking import Refusal
from bot.core.press import Own
from bot.core.swaps import SwapState

STRETCH = "i dag kl. 16.30–01.00, Malmö stad"
ROOM = 280  # characters: read at a glance


@pytest.fixture(scope="module")
def content() -> Content:
    return files.read(Path(__file__).parents[2])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_answer_about_shifts_can_be_said(content: Content, language: str) -> None:
    """What the code can come to has words, and they are short."""
    keys = [
        *(f"refused_{one}" for one in Refusal),
        *(f"swap_{one}" for one in SwapState),
        *(f"ask_{one}" for one in ("give", "open", "take", "swap", "swap_yours")),
        *(f"said_{one}" for one in (Own.YES, Own.NO, Own.UNDO)),
        *("gone", "taken", "given_out", "asked", "gap", "void", "next_changed", "next_none", "refused_title"),
    ]
    for key in keys:
        said = content.texts.say(language, f"shifts.{key}", shift=STRETCH, gives=STRETCH, returns=STRETCH)
        assert 0 < len(said) < ROOM, key
        assert "{" not in said


def test_nothing_that_is_sent_says_why_somebody_cannot_work(content: Content) -> None:
    """Health is not for a chat: the one word for it stands on a button that the person presses themselves."""
    for key in ("gap", "gone", "void", "next_changed"):
        for language, words in (("sv", ("sjuk",)), ("en", ("ill ", "sick"))):
            said = content.texts.say(language, f"shifts.{key}", shift=STRETCH).lower()
            assert not any(word in said for word in words), (key, said)
