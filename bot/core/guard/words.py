"""The words of a text, each with what the guard's lists and shapes say of it."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.core.guard.alphabet import OTHER_LETTER
from bot.core.guard.fold import LETTER
from bot.core.guard.knowledge import Knowledge
from bot.core.guard.once import Once
from bot.core.guard.rules_file import Shape

_WORD: Final = re.compile(rf"{LETTER}+(?:['-]{LETTER}+)*")
_VOWEL: Final = re.compile(rf"[aeiouyåäö{OTHER_LETTER}]")
_JOINT: Final = re.compile(r"[-']")
_SENTENCE: Final = re.compile(r"[.!?\n]")
_BEFORE_A_SENTENCE: Final = " \"'([-*:"
_SHORTEST_STEM: Final = 3
_SHORTEST_TAIL: Final = 4  # letters of an everyday word that ends a compound


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word: `start` to `end` of the folded text, and what stands between it and the one before.

    What is asked of it is worked out once, when it is first asked.
    """

    start: int
    end: int
    shown: str
    plain: str
    gap: str
    opens: bool  # first of a sentence: its capital says nothing
    know: Knowledge

    @Once
    def capital(self) -> bool:
        """It is written as a name: a capital, and none within (not SoL, LVU)."""
        return self.shown[0].isupper() and not self.shouted and not self._mixed

    @Once
    def shouted(self) -> bool:
        """All capitals, at least two."""
        return len(self.shown) > 1 and self.shown.isupper()

    @Once
    def plainly_ordinary(self) -> bool:
        """An everyday word without a capital that no name begins with, not even as a "van"."""
        lexicon = self.know.lexicon
        if self.shown[0].isupper() or self.plain in lexicon.first_weak or self.plain in lexicon.particle:
            return False
        return self.plain in self.know.lexicon.ordinary

    @Once
    def first(self) -> bool:
        """A first name that is nothing else."""
        return self._in(self.know.lexicon.first) or self._of_parts()

    @Once
    def weak(self) -> bool:
        """A first name that is an everyday word or a place as well."""
        return not self.first and self._in(self.know.lexicon.first_weak)

    @Once
    def last(self) -> bool:
        """A family name that is nothing else."""
        if self.listed or self.weak:
            return False
        return self._in(self.know.lexicon.last) or self.looks(Shape.FAMILY_SURE)

    @Once
    def last_weak(self) -> bool:
        """A family name that is an everyday word or a place as well."""
        return not self.last and self._in(self.know.lexicon.last_weak)

    @Once
    def ordinary(self) -> bool:
        """An everyday word, or a compound with a hyphen that has one in it (Rut-avdrag, not Öman-Sjö)."""
        listed = [part in self.know.lexicon.ordinary for part in self._parts]
        return all(listed) if self._capitals else any(listed)

    @Once
    def public(self) -> bool:
        """A place, an organisation, an abbreviation: a proper noun that is no person."""
        lexicon = self.know.lexicon
        if any(spelling in lexicon.place or spelling in lexicon.public for spelling in self._spellings):
            return True
        if len(self._parts) > 1 and all(part in lexicon.place for part in self._parts):
            return True
        return (self._mixed or self.shouted) and not self.first

    @Once
    def listed(self) -> bool:
        """An everyday word or a public noun."""
        return self.plain in self.know.lexicon.ordinary or self.public

    @Once
    def everyday(self) -> bool:
        """An everyday word by list, by ending, by stem, or as the end of a compound."""
        if self.ordinary or self.looks(Shape.EVERYDAY):
            return True
        compound = self.know.is_compound(self.plain, _SHORTEST_TAIL) or self.know.is_of_two(self.plain)
        return compound or self.know.is_inflected(self.plain)

    @Once
    def unknown(self) -> bool:
        """In no list at all."""
        return not (self.first or self.weak or self.last or self.last_weak or self.listed)

    @Once
    def stranger(self) -> bool:
        """In no list, not an everyday word by its look, and no abbreviation (tbx): it has a vowel."""
        spoken = len(self.plain) >= _SHORTEST_STEM and _VOWEL.search(self.plain) is not None
        return spoken and self.unknown and not self.everyday

    @Once
    def kin(self) -> bool:
        """Kin or a role, by itself or as the end of a compound: mamman, patrullkollega."""
        return self.know.is_role(self.plain)

    @Once
    def grammar(self) -> bool:
        """A pronoun, an article, a helping verb: a name too, but hardly ever meant as one."""
        return self.plain in self.know.lexicon.grammar or self.plain in self.know.lexicon.pronoun

    def looks(self, shape: Shape) -> bool:
        """Whether it has that shape."""
        return self.know.looks(self.plain, shape)

    @Once
    def _mixed(self) -> bool:
        """A capital within, not after a hyphen."""
        return any(a.islower() and b.isupper() for a, b in pairwise(self.shown))

    @Once
    def _capitals(self) -> bool:
        """Two parts or more, each with a capital."""
        shown = _JOINT.split(self.shown)
        return len(shown) > 1 and all(part[:1].isupper() for part in shown)

    @Once
    def _parts(self) -> tuple[str, ...]:
        whole = tuple(_JOINT.split(self.plain))
        return tuple(part for part in whole if part not in self.know.lexicon.particle) or whole

    @Once
    def _spellings(self) -> tuple[str, ...]:
        """As it stands, and without a genitive s."""
        return (self.plain, self.plain[:-1]) if self.plain.endswith("s") else (self.plain,)

    def _in(self, names: frozenset[str]) -> bool:
        if self.plain in names:
            return True
        lexicon = self.know.lexicon
        known = self.plain in lexicon.ordinary or self.plain in lexicon.public or self.plain in lexicon.place
        return len(self._spellings) > 1 and not known and self._spellings[1] in names

    def _of_parts(self) -> bool:
        """Ulla-Britt, Haile-Mariam: a first name in it, and no everyday word without a capital (Rut-avdrag).

        Parts that all can be first names make one in any spelling (gun-britt).
        """
        if not _JOINT.search(self.plain):
            return False
        first, weak = self.know.lexicon.first, self.know.lexicon.first_weak
        if self.ordinary and not self._capitals:
            return all(part in first or part in weak for part in self._parts) and not first.isdisjoint(
                self._parts
            )
        return any(part in first or part.removesuffix("s") in first for part in self._parts)


def words_of(shown: str, know: Knowledge) -> tuple[Word, ...]:
    """The words of a folded text (with its capitals). A text all in capitals is read as if it had none."""
    if sum(map(str.isupper, shown)) > sum(map(str.islower, shown)):
        shown = shown.lower()
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(shown):
        gap = shown[end : match.start()]
        opens = (end == 0 and not gap.strip(_BEFORE_A_SENTENCE)) or _SENTENCE.search(gap) is not None
        end = match.end()
        word, plain = match[0], match[0].lower()
        found.append(
            Word(start=match.start(), end=end, shown=word, plain=plain, gap=gap, opens=opens, know=know)
        )
    return tuple(found)
