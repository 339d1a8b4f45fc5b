"""Where a person's name begins, by the lists of names.

Each function says whether a name begins with the word at that place.
"""

from typing import Final

from bot.core.guard.acts import acts, begins_clause, counts, met, said_by, sought
from bot.core.guard.rules_file import Shape
from bot.core.guard.sentence import Sentence
from bot.core.guard.words import Word

_DIGITS: Final = tuple("0123456789")


def known(s: Sentence, at: int) -> bool:
    """A first name that is nothing else, whatever its spelling; not "Katarina kyrka"."""
    word = s.words[at]
    return word.first and not s.is_memorial(at) and not (word.capital and s.is_institution(at))


def weak(s: Sentence, at: int) -> bool:
    """A first name that is an everyday word too: only where something says that it is a name."""
    word = s.words[at]
    if not word.weak or word.shouted or (word.capital and s.is_memorial(at)):
        return False
    return _weak_in_pair(s, at) or _weak_alone(s, at) or _weak_acting(s, at)


def _weak_in_pair(s: Sentence, at: int) -> bool:
    word, after = s.words[at], s.after(at)
    if after is None:
        return False
    if after.capital and word.capital:
        return after.last_weak or (not after.public and (after.last or after.unknown or after.first))
    if after.last:
        return not word.ordinary or not word.grammar
    if word.grammar or after.capital:
        return False
    if after.last_weak:
        return s.aged(at + 1) or acts(s, at + 1)
    return after.stranger and not word.ordinary and (after.looks(Shape.FAMILY) or after.looks(Shape.PUBLIC))


def _weak_alone(s: Sentence, at: int) -> bool:
    word, before = s.words[at], s.before(at)
    if (s.after_place_word(at) and not s.after_role(at)) or (
        before is not None and before.plain in word.know.lexicon.article
    ):
        return False
    if word.capital and not word.opens:
        return not s.shown[: word.start].rstrip(" ").endswith(_DIGITS) and not s.in_list_of_places(at)
    if s.after_role(at) and not word.grammar and (not word.ordinary or s.is_somebodys(at - 1) or acts(s, at)):
        return True
    if word.plain in word.know.lexicon.pronoun:
        return False  # Vi ringde
    if not word.capital:
        told = (word.opens and s.speaks(at)) or (begins_clause(s, at) and s.aged_years(at))
        return told and word.plain not in word.know.lexicon.rarely_name
    aged = s.aged(at) and (not word.ordinary or s.shown.startswith(", ", word.end))
    return aged or s.speaks(at) or (_does_more(s, at) and word.plain not in word.know.lexicon.rarely_name)


def _does_more(s: Sentence, at: int) -> bool:
    """It does what people do, and not merely is: "Max är stängt"."""
    after = s.after(at)
    return s.does(at) and after is not None and after.plain not in after.know.lexicon.being


def _weak_acting(s: Sentence, at: int) -> bool:
    """In any spelling: it does what only people do, or one meets it: lo vill inte, sa björn, körde hem liv."""
    word = s.words[at]
    if word.grammar or (word.plain in word.know.lexicon.rarely_name and counts(s, at)):
        return False
    if met(s, at):
        return True
    if said_by(s, at):
        return word.plain not in word.know.lexicon.abbreviation
    if sought(s, at):
        return not word.ordinary
    return begins_clause(s, at) and acts(s, at) and not s.in_list_of_places(at)


def family(s: Sentence, at: int) -> bool:
    """A family name by itself: one that is nothing else, or one that is a word too where it must be a person."""
    word = s.words[at]
    if s.is_memorial(at):
        return False
    if word.last:
        if word.looks(Shape.FAMILY_SURE) or s.after_role(at):
            return True
        return _is_nobodys_place(s, at) and (word.capital or _is_somebody(s, at))
    if word.capital:
        return word.last_weak and not word.opens and not word.public and s.after_person_word(at)
    return word.last_weak and not word.ordinary and not word.grammar and _is_sure(s, at)


def _is_nobodys_place(s: Sentence, at: int) -> bool:
    """A family name stands neither after "i", "på" nor before what makes it a place."""
    return not s.after_place_word(at) and not s.is_institution(at)


def _is_somebody(s: Sentence, at: int) -> bool:
    """Whether a person can stand there: at the start, after "med" or "söker", before an age or a verb."""
    return (
        begins_clause(s, at)
        or s.after_person_word(at)
        or sought(s, at)
        or s.aged(at)
        or s.does(at)
        or _is_sure(s, at)
    )


def _is_sure(s: Sentence, at: int) -> bool:
    """Whether only a person can stand there."""
    return said_by(s, at) or met(s, at) or (begins_clause(s, at) and acts(s, at))


def in_family(s: Sentence, at: int) -> bool:
    """Hos Ströms, familjen Berg, herr Rask, fru da Silva."""
    word, before = s.words[at], s.before(at)
    if before is None or not s.touching(at) or before.plain not in word.know.lexicon.family_cue:
        return False
    shaped = word.looks(Shape.FAMILY) and not word.public
    place = word.public or (word.looks(Shape.PUBLIC) and (before.plain == "hos" or not word.capital))
    if not (word.last or word.last_weak or shaped) and place:
        return False
    if not word.capital:
        return word.last or (word.last_weak and not word.listed) or (shaped and word.stranger)
    return word.last or word.last_weak or word.weak or not (word.ordinary or word.looks(Shape.EVERYDAY))


def joined(s: Sentence, at: int) -> bool:
    """Daniyar o Emil, sofia och emil, nyström och ek: joined to a name that is nothing else."""
    word = s.words[at]
    if (
        word.shouted
        or (word.listed and not _is_name_too(word))
        or word.plain in word.know.lexicon.rarely_name
    ):
        return False
    if not (_is_name_too(word) or (word.capital and word.stranger)):
        return False
    return s.joins(at, at + 2) or s.joins(at, at - 2)


def _is_name_too(word: Word) -> bool:
    return (word.weak or word.last_weak) and not word.grammar
