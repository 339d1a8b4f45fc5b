"""What the guard knows of words: the lists, and how a single word can look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.guard.lexicon import Lexicon
from bot.core.guard.rules_file import Shape

LONGEST_WORD: Final = 40  # letters of a word that are looked at, from its end
_ENDINGS: Final = (
    *("arna", "erna", "orna", "ens", "ets", "ade", "are", "na", "en", "et", "ar", "er", "or", "te", "de"),
    *("n", "t", "s", "a", "r"),
)
_SHORTEST_STEM: Final = 3
_SHORTEST_ROLE: Final = 6  # letters of a role that ends a compound
_SHORTEST_PART: Final = 3  # letters that an everyday word may add to a compound


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The word lists and the shapes of words."""

    lexicon: Lexicon
    shapes: Mapping[Shape, re.Pattern[str]]

    def looks(self, word: str, shape: Shape) -> bool:
        """Whether a word (or the end of a text, for shapes that look back) has that shape."""
        return self.shapes[shape].search(word[-LONGEST_WORD:]) is not None

    def is_compound(self, word: str, tail: int) -> bool:
        """Whether the word ends with an everyday word of at least `tail` letters: granntanten with tanten."""
        end = word[-LONGEST_WORD:]
        return any(end[at:] in self.lexicon.ordinary for at in range(_SHORTEST_PART, len(end) - tail + 1))

    def is_role(self, word: str) -> bool:
        """Whether the word is a role, or a compound that ends with one: patrullkollega."""
        role, end = self.lexicon.role, word[-LONGEST_WORD:]
        return word in role or any(
            end[at:] in role for at in range(_SHORTEST_PART, len(end) - _SHORTEST_ROLE + 1)
        )

    def is_of_two(self, word: str) -> bool:
        """Whether the word is two everyday words in one, an s between them or none: vårsol."""
        ordinary = self.lexicon.ordinary
        for at in range(_SHORTEST_PART, len(word[:LONGEST_WORD]) - _SHORTEST_PART + 1):
            head, tail = word[:at], word[at:]
            if head in ordinary and (tail in ordinary or (tail[:1] == "s" and tail[1:] in ordinary)):
                return True
        return False

    def is_inflected(self, word: str) -> bool:
        """Whether the word is an everyday word with an ending: patrullens."""
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            long = stem != word and len(stem) >= _SHORTEST_STEM
            if long and not self.lexicon.ordinary.isdisjoint((stem, stem + "a", stem + "e")):
                return True
        return False
