"""Choices: every button says something, fits a phone, and means no more than a channel carries."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from bot.core.errors import BadInput
from bot.core.events import Ending
from bot.core.ids import DistrictId
from bot.core.places import Structure
from bot.core.press import Choose, encode
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.text import Language, Texts

MAX_BUTTON: Final = 40  # characters: what a narrow phone shows on one line
# Tables of texts that become buttons, with the choices that each must have a word for.
CHOICES: Final[Mapping[str, type[StrEnum] | None]] = {
    "button": None,
    "matter": Matter,
    "need": Need,
    "decision": DecisionKind,
    "urgency": Urgency,
    "ending": Ending,
}


def choice_faults(texts: Texts, structure: Structure) -> list[str]:
    """Every choice without a word, with too long a word for a phone, or with too much to say for a channel."""
    return [*_wordy(texts), *_wordless(texts), *_places(structure)]


def _wordy(texts: Texts) -> Iterator[str]:
    for language, sentences in texts.sentences.items():
        for key, sentence in sentences.items():
            if key.partition(".")[0] in CHOICES and len(sentence) > MAX_BUTTON:
                yield f"bot/texts: {key}: a button has at most {MAX_BUTTON} characters ({language})"


def _wordless(texts: Texts) -> Iterator[str]:
    for table, choices in CHOICES.items():
        for choice in choices or ():
            if f"{table}.{choice}" not in texts.sentences[Language.SV]:
                yield f"bot/texts: {table}.{choice}: is missing"


def _places(structure: Structure) -> Iterator[str]:
    for district in structure.districts.values():
        if max(len(district.label.sv), len(district.label.en)) > MAX_BUTTON:
            yield f"districts.{district.id}: label: a button has at most {MAX_BUTTON} characters"
        if not _fits(district.id):
            yield f"districts.{district.id}: id: is too long for a button"


def _fits(district: DistrictId) -> bool:
    """Whether a whole request from there can be told by one button."""
    longest = Choose(
        district=district,
        matter=max(Matter, key=len),
        need=Need.DECISION,
        detail=max(DecisionKind, key=len),
        urgency=max(Urgency, key=len),
    )
    try:
        encode(longest)
    except BadInput:
        return False
    return True
