"""Widens a span over words that a pattern cannot see: the words of a street's name before its last."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.core.guard.checks import DIRECTIONS, Match, is_bare_street
from bot.core.guard.lexicon import Lexicon

Grow = Callable[[Match, Lexicon], int]
MAX_BEFORE: Final = 3  # words of a street's name before its last
_BEFORE: Final = re.compile(r"([a-zåäö'-]+) $")


def street(match: Match, lexicon: Lexicon) -> int:
    """Where the street's name begins: Professor Wallers plats, Norra esplanaden, Nedre Slottsbacken."""
    start = match.start
    bare = is_bare_street(match)
    for _ in range(MAX_BEFORE):
        before = _BEFORE.search(match.text.plain[:start])
        if before is None:
            break
        word = before[1]
        capital = match.text.shown[before.start(1)].isupper()
        name = capital and (word in lexicon.first or word in lexicon.first_weak)
        known = not name and (word in lexicon.ordinary or word in lexicon.place or word in lexicon.role)
        if not (word in DIRECTIONS or (bare and (capital or word.endswith("s")) and not known)):
            break
        start = before.start(1)
    return start


GROWTHS: Final[Mapping[str, Grow]] = {"street": street}
