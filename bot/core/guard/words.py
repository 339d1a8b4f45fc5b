"""The words of a text, each with what the guard's lists and shapes say of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from bot.core.guard.lexicon import Lexicon
from bot.core.guard.rules_file import Shape

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_JOINT: Final = re.compile(r"[-']")
_SENTENCE: Final = re.compile(r"[.!?\n]")
_ENDINGS: Final = ("arna", "erna", "orna", "ens", "ets", "ade", "are", "na", "en", "et", "ar", "er", "or", "te", "de", "n", "t", "s", "a", "r")
_LONGEST_WORD: Final = 40  # letters that are looked at
_SHORTEST_TAIL: Final = 4  # letters of a word that makes a compound an everyday word


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word: code points `start` to `end` of the folded text, and what stands between it and the one before."""

    start: int
    end: int
    shown: str
    plain: str
    gap: str
    opens: bool  # first of a sentence: its capital says nothing
    lexicon: Lexicon
    shapes: Mapping[Shape, re.Pattern[str]]

    @cached_property
    def capital(self) -> bool:
        """It is written as a name: a capital, and none within (not SoL, LVU)."""
        return self.shown[0].isupper() and not self.shouted and not self._mixed

    @cached_property
    def shouted(self) -> bool:
        """All capitals, at least two."""
        return len(self.shown) > 1 and self.shown.isupper()

    @cached_property
    def plainly_ordinary(self) -> bool:
        """An everyday word without a capital: no name begins here."""
        if self.shown[0].isupper() or self.plain in self.lexicon.first_weak:
            return False
        return self.plain in self.lexicon.ordinary

    @cached_property
    def first(self) -> bool:
        """A first name that is nothing else."""
        return self._named(self.lexicon.first) or self._of_parts()

    @cached_property
    def weak(self) -> bool:
        """A first name that is an everyday word or a place as well."""
        return not self.first and self._named(self.lexicon.first_weak)

    @cached_property
    def last(self) -> bool:
        """A family name that is nothing else."""
        if self.lexicon_knows or self.weak:
            return False
        return self._named(self.lexicon.last) or self.looks(Shape.FAMILY_SURE)

    @cached_property
    def last_weak(self) -> bool:
        """A family name that is an everyday word or a place as well."""
        return not self.last and self._named(self.lexicon.last_weak)

    @cached_property
    def ordinary(self) -> bool:
        """An everyday word, as it stands in the list or with a part that does."""
        return any(part in self.lexicon.ordinary for part in self._parts)

    @cached_property
    def public(self) -> bool:
        """A place, an organisation, an abbreviation: a proper noun that is no person."""
        if any(spelling in self.lexicon.place or spelling in self.lexicon.public for spelling in self._spellings):
            return True
        if len(self._parts) > 1 and all(part in self.lexicon.place for part in self._parts):
            return True
        return (self._mixed or self.shouted) and not self.first

    @cached_property
    def lexicon_knows(self) -> bool:
        """It is an everyday word or a public noun in the lists."""
        return self.plain in self.lexicon.ordinary or self.public

    @cached_property
    def everyday(self) -> bool:
        """An everyday word by list, by ending, by stem or as the end of a compound."""
        return self.ordinary or self.looks(Shape.EVERYDAY) or self._stem_known() or self._tail_known()

    @cached_property
    def unknown(self) -> bool:
        """In no list at all."""
        return not (self.first or self.weak or self.last or self.last_weak or self.lexicon_knows)

    def looks(self, shape: Shape) -> bool:
        """Whether it has that shape."""
        return self.shapes[shape].search(self.plain[-_LONGEST_WORD:]) is not None

    @cached_property
    def _mixed(self) -> bool:
        """A capital within, not after a hyphen."""
        return any(a.islower() and b.isupper() for a, b in pairwise(self.shown))

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        whole = tuple(_JOINT.split(self.plain))
        return tuple(part for part in whole if part not in self.lexicon.particle) or whole

    @cached_property
    def _spellings(self) -> tuple[str, ...]:
        """As it stands, and without a genitive s."""
        return (self.plain, self.plain[:-1]) if self.plain.endswith("s") else (self.plain,)

    def _named(self, names: frozenset[str]) -> bool:
        if self.plain in names:
            return True
        return len(self._spellings) > 1 and self.plain not in self.lexicon.ordinary and self._spellings[1] in names

    def _of_parts(self) -> bool:
        """Ulla-Britt, Haile-Mariam: a first name in it, and no everyday word (not Rut-avdrag)."""
        if not _JOINT.search(self.plain):
            return False
        capitals = all(part[:1].isupper() for part in _JOINT.split(self.shown))
        if self.ordinary and not capitals:
            return False
        return any(part in self.lexicon.first or part.removesuffix("s") in self.lexicon.first for part in self._parts)

    def _stem_known(self) -> bool:
        words = self.lexicon.ordinary
        for ending in _ENDINGS:
            stem = self.plain.removesuffix(ending)
            if len(stem) >= 3 and stem != self.plain and (stem in words or stem + "a" in words or stem + "e" in words):
                return True
        return False

    def _tail_known(self) -> bool:
        """Granntanten ends with tanten."""
        plain = self.plain[-_LONGEST_WORD:]
        return any(plain[at:] in self.lexicon.ordinary for at in range(3, len(plain) - _SHORTEST_TAIL + 1))


def words_of(shown: str, lexicon: Lexicon, shapes: Mapping[Shape, re.Pattern[str]]) -> tuple[Word, ...]:
    """The words of a folded text (with its capitals). A text all in capitals is read as if it had none."""
    if sum(map(str.isupper, shown)) > sum(map(str.islower, shown)):
        shown = shown.lower()
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(shown):
        gap = shown[end : match.start()]
        opens = (end == 0 and not gap.strip(" \"'([-*–:")) or _SENTENCE.search(gap) is not None
        end = match.end()
        word = match[0]
        found.append(
            Word(
                start=match.start(), end=end, shown=word, plain=word.lower(), gap=gap, opens=opens,
                lexicon=lexicon, shapes=shapes,
            )  # fmt: skip
        )
    return tuple(found)
