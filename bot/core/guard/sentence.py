"""The words of one text with their neighbours: what a rule about names looks at."""

import re
from collections.abc import Sequence
from typing import Final

from bot.core.guard.rules_file import Shape
from bot.core.guard.words import Word

_AGE: Final = re.compile(r",? ?(?:[1-9]|1[0-9])(?:[ ,.\n]|år|(?![\s\S]))")
_YEARS: Final = re.compile(r",? [1-9][0-9]? ?år(?![a-zåäö])")
_CUE_REACH: Final = 4  # words between "heter" and the name


class Sentence:
    """Words by their place, `at`; a neighbour that is not there, or in another sentence, is None."""

    __slots__ = ("shown", "words")

    def __init__(self, words: Sequence[Word], shown: str) -> None:
        self.words = words
        self.shown = shown

    def before(self, at: int) -> Word | None:
        """The word before, if no sentence ends between."""
        return self.words[at - 1] if at > 0 and not self.words[at].opens else None

    def touching(self, at: int) -> bool:
        """Whether only a space stands between this word and the one before it."""
        return 0 < at < len(self.words) and self.words[at].gap == " "

    def after(self, at: int) -> Word | None:
        """The next word, if only a space stands between."""
        return self.words[at + 1] if self.touching(at + 1) else None

    def aged(self, at: int) -> bool:
        """Whether an age follows ("Emre 13")."""
        return _AGE.match(self.shown, self.words[at].end) is not None

    def aged_years(self, at: int) -> bool:
        """Whether years follow ("Leokadia 84 år")."""
        return _YEARS.match(self.shown, self.words[at].end) is not None

    def after_role(self, at: int) -> bool:
        """Whether it follows "mamman", or "bror till"."""
        before = self.before(at)
        if before is None or not self.touching(at):
            return False
        if before.plain == "till" and at > 1 and self.touching(at - 1):
            before = self.words[at - 2]
        return before.kin

    def after_place_word(self, at: int) -> bool:
        """Whether it follows "i", "på", "från"."""
        before = self.before(at)
        return before is not None and before.plain in before.know.lexicon.place_before

    def after_person_word(self, at: int) -> bool:
        """Whether it follows "hos", "med", "av", or a role."""
        before = self.before(at)
        return before is not None and (
            before.plain in before.know.lexicon.person_before or self.after_role(at)
        )

    def announced(self, at: int) -> bool:
        """Whether it follows "heter", "kallas", "namn:", "c/o"; a filling word may stand between."""
        for step in range(at, max(0, at - _CUE_REACH), -1):
            before = self.before(step)
            if before is None:
                break
            if before.plain in before.know.lexicon.name_cue and self.words[step].gap.strip() in {
                "",
                ":",
                "=",
            }:
                return not self._is_of_a_house(step - 1)
            if not self.touching(step) or before.plain not in before.know.lexicon.cue_filler:
                break
        start = self.words[at].start
        return self.shown[max(0, start - 4) : start].lower() == "c/o "

    def is_thing(self, at: int) -> bool:
        """Whether it is what a house is called: boendet Nattugglan, boendet heter Solgläntan."""
        before = self.before(at)
        if before is None or (before.capital and not before.opens):
            return False
        if before.plain in before.know.lexicon.name_cue:
            return self._is_of_a_house(at - 1)
        thing = before.plain in before.know.lexicon.thing
        return thing or (before.looks(Shape.PUBLIC) and self.words[at].looks(Shape.NOUN))

    def has_family(self, at: int) -> bool:
        """Whether a family name follows."""
        after = self.after(at)
        return after is not None and after.capital and (after.last or after.last_weak)

    def nicknamed(self, at: int) -> bool:
        """Whether "han kallas", "flickan kallas för" stands before it."""
        step = at - 2 if at > 1 and self.touching(at) and self.words[at - 1].plain == "för" else at - 1
        if step < 1 or not (self.touching(step) and self.touching(step + 1)):
            return False
        word, who = self.words[step], self.words[step - 1]
        lexicon = word.know.lexicon
        return word.plain in lexicon.name_cue and (who.plain in lexicon.pronoun or who.plain in lexicon.role)

    def _is_of_a_house(self, at: int) -> bool:
        """Whether what "heter" is said of is a house or a place: boendet heter Solgläntan."""
        who = self.before(at)
        if who is None or who.plain in who.know.lexicon.role:
            return False
        if (
            who.plain[-1] not in "nt"
            or who.plain in who.know.lexicon.public
            or (who.capital and not who.opens)
        ):
            return False
        return (who.plain.endswith("et") or who.looks(Shape.PUBLIC)) and not self.after_place_word(at - 1)

    def does(self, at: int) -> bool:
        """Whether what follows is something that people do."""
        after = self.after(at)
        return after is not None and after.plain in after.know.lexicon.person_verb

    def speaks(self, at: int) -> bool:
        """Whether what follows is something that only people do: says, calls, threatens."""
        after = self.after(at)
        return after is not None and after.plain in after.know.lexicon.speaking_verb

    def is_institution(self, at: int) -> bool:
        """Whether the word after makes it a place: Katarina kyrka; but "Ahmeds skola" is still Ahmed's."""
        word, after = self.words[at], self.after(at)
        if after is None or not after.looks(Shape.INSTITUTION):
            return False
        return not (word.first and word.plain.endswith("s") and word.plain not in word.know.lexicon.first)

    def is_memorial(self, at: int) -> bool:
        """Whether a place is called after them: Selma Lagerlöfs torg, Maria Magdalena kyrka, Per Brahegymnasiet."""
        word, after = self.words[at], self.after(at)
        if after is None:
            return False
        if after.looks(Shape.FAMILY_STREET):
            return True
        if after.looks(Shape.MEMORIAL):
            return after.capital or not word.first or after.looks(Shape.NOBODYS)
        place = self.after(at + 1)
        if place is None or place.plain[-1:] == "s":
            return False
        if after.capital:
            return place.looks(Shape.MEMORIAL)
        return after.plain[-1:] == "s" and place.looks(Shape.NOBODYS)

    def is_stem(self, at: int, shape: Shape) -> bool:
        """Whether the word without its genitive s has that shape."""
        word = self.words[at]
        return word.know.looks(word.plain.removesuffix("s"), shape)

    def is_somebodys(self, at: int) -> bool:
        """Whether "hans", "hennes", "min" stands before it: hans syrra."""
        before = self.before(at)
        return before is not None and self.touching(at) and before.plain in before.know.lexicon.possessive

    def in_list_of_places(self, at: int) -> bool:
        """Whether it is joined to a place: after "Bergsjön o", "Skäret, Ängen,", "Ale kommun och"."""
        word = self.words[at]
        if at == 0 or word.opens:
            return False
        joined = at > 1 and self.touching(at) and self.words[at - 1].plain in word.know.lexicon.join
        if not joined and word.gap != ", ":
            return False
        last = at - 2 if joined else at - 1
        if last > 0 and self.touching(last) and self.is_institution(last - 1):
            last -= 1
        other = self.words[last]
        place = other.public or other.looks(Shape.PUBLIC) or self.is_institution(last)
        return other.shown[0].isupper() and place and not other.first

    def joins(self, at: int, other: int) -> bool:
        """Whether "o" or "och" stands between two words, and the other is a name that is nothing else."""
        low, high = min(at, other), max(at, other)
        if low < 0 or high >= len(self.words) or not (self.touching(low + 1) and self.touching(high)):
            return False
        return self.words[low + 1].plain in self.words[at].know.lexicon.join and (
            self.words[other].first or self.words[other].last
        )
