"""Where a person's name begins, by where a word stands that is in no list.

Each function says whether a name begins with the word at that place.
"""

from typing import Final

from bot.core.guard.acts import acts, begins_clause, has_theirs, met, said_by, sought
from bot.core.guard.rules_file import Shape
from bot.core.guard.sentence import Sentence

_SHORTEST: Final = 3  # letters of a name that stands in no list


def before_family(s: Sentence, at: int) -> bool:
    """Two words in no list, the second a family name by shape or by what follows: klese nykmar 12."""
    word, after = s.words[at], s.after(at)
    if after is None or not word.stranger:
        return False
    if after.last:
        return not word.capital or not word.looks(Shape.PUBLIC)
    if word.capital or after.capital or not after.unknown or len(after.plain) <= _SHORTEST:
        return False
    if after.looks(Shape.FAMILY):
        return not after.looks(Shape.EVERYDAY)
    return not after.everyday and (s.aged(at + 1) or s.speaks(at + 1))


def stranger(s: Sentence, at: int) -> bool:
    """A capital in the middle of a sentence, in no list, not where a place would stand."""
    word, before = s.words[at], s.before(at)
    if word.opens or not word.capital or not word.stranger or s.is_institution(at) or s.is_memorial(at):
        return False
    if s.in_list_of_places(at) or (before is not None and before.public and before.shown[0].isupper()):
        return False
    if word.looks(Shape.DEFINITE) and not s.after_role(at):
        return False
    if before is not None and (
        s.is_thing(at) or (before.plain in word.know.lexicon.article and not s.has_family(at))
    ):
        return False
    if s.after_place_word(at):
        return _is_pair(s, at) and not word.looks(Shape.PUBLIC)
    return not word.looks(Shape.PUBLIC) or (word.looks(Shape.FAMILY) and s.after_person_word(at))


def strangers(s: Sentence, at: int) -> bool:
    """Two words with capitals at the start of a sentence, neither of them everyday."""
    word = s.words[at]
    if not word.opens or not word.capital or not word.stranger or not _is_pair(s, at):
        return False
    return not s.is_institution(at + 1)


def acting(s: Sentence, at: int) -> bool:
    """At the start of a sentence: a word in no list that has an age or does what only people do."""
    word = s.words[at]
    if not word.stranger or word.looks(Shape.PUBLIC) or s.is_institution(at):
        return False
    if word.opens and word.capital:
        if s.aged(at) or (s.speaks(at) and not word.looks(Shape.INFLECTED)):
            return True
        if s.does(at) and not word.looks(Shape.NOUN):
            return True
    if not begins_clause(s, at):
        return False
    if has_theirs(s, at):
        return not word.looks(Shape.NOUN) and not word.looks(Shape.INFLECTED)
    return (acts(s, at) or s.aged_years(at)) and _is_like_a_name(s, at)


def encountered(s: Sentence, at: int) -> bool:
    """In any spelling, a word in no list that one meets, or that said it: pratade med xhavit, sa dzenan."""
    word = s.words[at]
    if not word.stranger or word.looks(Shape.PUBLIC) or not _is_like_a_name(s, at):
        return False
    if met(s, at):
        return True
    return word.looks(Shape.FOREIGN) and (said_by(s, at) or sought(s, at) or s.after_person_word(at))


def _is_like_a_name(s: Sentence, at: int) -> bool:
    """A word that is hardly Swedish, or one that has an ending of names and looks like no noun and no participle."""
    word = s.words[at]
    if word.looks(Shape.FOREIGN):
        return not word.looks(Shape.ARTICLED)
    if word.looks(Shape.NOUN) or word.looks(Shape.INFLECTED):
        return False
    return word.capital or word.looks(Shape.NAMELIKE)


def _is_pair(s: Sentence, at: int) -> bool:
    word, after = s.words[at], s.after(at)
    if after is None or not after.capital or (word.looks(Shape.PUBLIC) and not after.last):
        return False
    return after.last_weak or not (after.public or after.ordinary)
