"""A text as runs of letters: what is left of it when words are misspelt, inflected, split or joined."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.core.library import swedish

RUN: Final = 5  # letters of a run within a word; shorter words are no longer than their stems
GRAM: Final = 4  # signs of a run across words: "r ja" of "far jag" tells who asks for leave


def grams(text: str) -> list[str]:
    """Every run of GRAM signs in the folded text, spaces between words counted as signs; () of a text without words."""
    words = swedish.TOKEN.findall(swedish.fold(text))
    spaced = f" {' '.join(words)} " if words else ""
    return [spaced[start : start + GRAM] for start in range(len(spaced) - GRAM + 1)]


def runs(words: Iterable[str]) -> Iterator[str]:
    """Every run of RUN letters in the content words among `words`, as features."""
    for word in words:
        if word not in swedish.FUNCTION:
            padded = f" {word} "
            yield from (f"g:{padded[start : start + RUN]}" for start in range(len(padded) - RUN + 1))
