"""What the guard knows of words: the lists, and how a single word can look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.guard.lexicon import Lexicon
from bot.core.guard.rules_file import Shape

LONGEST_WORD: Final = 40  # letters of a word that are looked at, from its end
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

    def is_of_two(self, word: str) -> bool:
        """Whether the word is two everyday words in one, an s between them or none: vårsol."""
        ordinary = self.lexicon.ordinary
        for at in range(_SHORTEST_PART, len(word[:LONGEST_WORD]) - _SHORTEST_PART + 1):
            head, tail = word[:at], word[at:]
            if head in ordinary and (tail in ordinary or (tail[:1] == "s" and tail[1:] in ordinary)):
                return True
        return False
