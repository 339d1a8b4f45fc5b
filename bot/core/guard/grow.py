"""Widens a span over words that a pattern cannot see: those of a street's name before its last."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.core.guard.knowledge import Knowledge
from bot.core.guard.match import Match, word_before

Grow = Callable[[Match, Knowledge], int]
MAX_BEFORE: Final = 3  # words of a street's name before its last


def street(match: Match, know: Knowledge) -> int:
    """Where the street's name begins: Professor Wallers plats, Norra esplanaden, Nedre Slottsbacken."""
    start = match.start
    bare = match.name in know.lexicon.bare_street
    for _ in range(MAX_BEFORE):
        before = word_before(match.text, start)
        if before is None or not _belongs(*before, bare, know):
            break
        start -= len(before[0]) + 1
    return start


def _belongs(word: str, capital: bool, bare: bool, know: Knowledge) -> bool:  # noqa: FBT001 - two facts of the word
    """Whether a word before a street is part of its name; before a bare "väg" more can be."""
    if word in know.lexicon.direction:
        return True
    if capital and (word in know.lexicon.first or word in know.lexicon.first_weak):
        return bare
    known = word in know.lexicon.ordinary or word in know.lexicon.place or word in know.lexicon.role
    return bare and not known and (capital or word.endswith("s"))


GROWTHS: Final[Mapping[str, Grow]] = {"street": street}
