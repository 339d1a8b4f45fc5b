"""Where a person's name begins: by the lists, and by the words around a word that stands in none.

Each function says whether a name begins with the word at that place. STARTS tries the surest first.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.core.guard.rules_file import Shape
from bot.core.guard.sentence import Sentence
from bot.core.guard.words import Word

Start = Callable[[Sentence, int], bool]

INITIAL: Final = re.compile(r"[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?")
_SHORTEST: Final = 3  # letters of a name that stands in no list
_DIGITS: Final = tuple("0123456789")


# ---- by the lists -------------------------------------------------------------------------------------------


def known(s: Sentence, at: int) -> bool:
    """A first name that is nothing else, whatever its spelling; not "Katarina kyrka"."""
    word = s.words[at]
    return word.first and not (word.capital and s.is_institution(at))


def weak(s: Sentence, at: int) -> bool:
    """A first name that is an everyday word too: only where something says that it is a name."""
    word = s.words[at]
    if not word.weak or word.shouted:
        return False
    return _weak_in_pair(s, at) or _weak_alone(s, at)


def _weak_in_pair(s: Sentence, at: int) -> bool:
    word, after = s.words[at], s.after(at)
    if after is None:
        return False
    if after.capital and word.capital:
        return after.last_weak or (not after.public and (after.last or after.unknown or after.first))
    return after.last and not word.ordinary


def _weak_alone(s: Sentence, at: int) -> bool:
    word, before = s.words[at], s.before(at)
    if s.after_place_word(at) or (before is not None and before.plain in word.know.lexicon.article):
        return False
    if word.capital and not word.opens:
        return not s.shown[: word.start].rstrip(" ").endswith(_DIGITS) and not s.in_list_of_places(at)
    if s.after_role(at) and not word.ordinary:
        return True
    if word.plain in word.know.lexicon.pronoun:
        return False  # Vi ringde
    if not word.capital:
        return word.opens and s.speaks(at) and word.plain not in word.know.lexicon.rarely_name
    aged = s.aged(at) and (not word.ordinary or s.shown.startswith(", ", word.end))
    return aged or s.speaks(at) or (s.does(at) and word.plain not in word.know.lexicon.rarely_name)


def family(s: Sentence, at: int) -> bool:
    """A family name by itself: one that is nothing else, with a capital or an ending that leaves no doubt."""
    word = s.words[at]
    if word.last and word.looks(Shape.FAMILY_SURE):
        return True
    if not word.capital:
        return word.last and s.after_role(at)
    if word.last:
        return not s.after_place_word(at)
    return word.last_weak and not word.opens and not word.public and s.after_person_word(at)


def in_family(s: Sentence, at: int) -> bool:
    """Hos Ströms, familjen Berg, herr Rask."""
    word, before = s.words[at], s.before(at)
    if before is None or not s.touching(at) or before.plain not in word.know.lexicon.family_cue:
        return False
    if not (word.last or word.last_weak) and (word.public or word.looks(Shape.PUBLIC)):
        return False
    if not word.capital:
        return word.last or (word.last_weak and not word.listed)
    return word.last or word.last_weak or word.weak or not word.ordinary


def joined(s: Sentence, at: int) -> bool:
    """Daniyar o Emil, sofia och emil: joined to a first name that is nothing else."""
    word = s.words[at]
    if word.shouted or (word.listed and not word.weak) or word.plain in word.know.lexicon.rarely_name:
        return False
    if not (word.weak or (word.capital and _is_stranger(word))):
        return False
    return s.joins(at, at + 2) or s.joins(at, at - 2)


# ---- by what stands around ----------------------------------------------------------------------------------


def cued(s: Sentence, at: int) -> bool:
    """After "heter", "kallas", "namn:"."""
    word = s.words[at]
    if word.public or word.shouted or not s.announced(at):
        return False
    if word.capital and not word.opens:
        return not word.ordinary or word.weak
    if s.nicknamed(at) and not word.ordinary and not word.looks(Shape.EVERYDAY):
        return True
    return not word.everyday and len(word.plain) > 1


def called(s: Sentence, at: int) -> bool:
    """Before "kallas han"."""
    word, after, who = s.words[at], s.after(at), s.after(at + 1)
    if after is None or who is None or word.public or (word.everyday and not word.capital):
        return False
    lexicon = word.know.lexicon
    return (
        after.plain in lexicon.called
        and who.plain in lexicon.pronoun
        and word.plain not in lexicon.cue_filler
    )


def initials(s: Sentence, at: int) -> bool:
    """E. Tapper, C-G Wennberg."""
    word = s.words[at]
    if not INITIAL.fullmatch(word.shown) or at + 1 == len(s.words):
        return False
    after = s.words[at + 1]
    close = after.gap == ". " or (after.gap in {" ", "."} and (len(word.shown) > 1 or after.last))
    return close and after.capital and not after.public and (after.last_weak or not after.ordinary)


def particle(s: Sentence, at: int) -> bool:
    """Le Van Thanh, El Hassan: a particle with a capital before names; without one after "heter" or a role."""
    word, after = s.words[at], s.after(at)
    if word.plain not in word.know.lexicon.particle or after is None:
        return False
    if not word.capital:
        return (s.announced(at) or s.after_role(at)) and _is_particled(s, at)
    if not after.capital:
        return False
    if word.opens and (word.plain in word.know.lexicon.pronoun or word.plain in word.know.lexicon.article):
        return False
    return not after.public and (after.first or after.last or after.weak or after.unknown)


def role(s: Sentence, at: int) -> bool:
    """After "mamman", "grannen", "läraren": a capital, or a word that is hardly Swedish."""
    word = s.words[at]
    if not s.after_role(at) or word.public or word.shouted:
        return False
    if word.capital:
        return not word.ordinary and (word.looks(Shape.FAMILY) or not word.looks(Shape.PUBLIC))
    if not _is_stranger(word):
        return False
    return (len(word.plain) > _SHORTEST and word.looks(Shape.FOREIGN)) or (
        s.does(at) and not word.looks(Shape.PARTICIPLE)
    )


def owner(s: Sentence, at: int) -> bool:
    """Before somebody's kin or friend: sagas mamma."""
    word, after = s.words[at], s.after(at)
    if after is None or after.plain not in word.know.lexicon.role or not word.plain.endswith("s"):
        return False
    if word.shouted or word.plain in word.know.lexicon.first_weak:
        return False
    if word.weak:
        return word.plain[:-1] not in word.know.lexicon.rarely_name or word.capital
    return _is_stranger(word) and len(word.plain) > _SHORTEST + 1 and not word.looks(Shape.PUBLIC)


def before_family(s: Sentence, at: int) -> bool:
    """Two words in no list, the second a family name by shape or by what follows: klese nykmar 12."""
    word, after = s.words[at], s.after(at)
    if after is None or not _is_stranger(word):
        return False
    if after.last:
        return not word.capital or not word.looks(Shape.PUBLIC)
    if word.capital or after.capital or not after.unknown or len(after.plain) <= _SHORTEST:
        return False
    return after.looks(Shape.FAMILY) or (not after.everyday and (s.aged(at + 1) or s.speaks(at + 1)))


def stranger(s: Sentence, at: int) -> bool:
    """A capital in the middle of a sentence, in no list, not where a place would stand."""
    word, before = s.words[at], s.before(at)
    if word.opens or not word.capital or not _is_stranger(word) or s.is_institution(at):
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
    if not word.opens or not word.capital or not _is_stranger(word) or not _is_pair(s, at):
        return False
    return not s.is_institution(at + 1)


def acting(s: Sentence, at: int) -> bool:
    """At the start of a sentence: a word in no list that has an age or does what only people do."""
    word = s.words[at]
    if not word.opens or not word.capital or not _is_stranger(word):
        return False
    if word.looks(Shape.PUBLIC) or s.is_institution(at):
        return False
    if s.aged(at) or (s.speaks(at) and not word.looks(Shape.INFLECTED)):
        return True
    return s.does(at) and not word.looks(Shape.NOUN)


def _is_particled(s: Sentence, at: int) -> bool:
    """Whether a name with a capital follows one particle or two: van der Berg."""
    for step in (at + 1, at + 2):
        if not s.touching(step):
            return False
        word = s.words[step]
        if word.plain not in word.know.lexicon.particle:
            return word.capital and (word.last_weak or not word.public)
    return False


def _is_stranger(word: Word) -> bool:
    """In no list, and not an everyday word by its look."""
    return word.unknown and not word.everyday and len(word.plain) >= _SHORTEST


def _is_pair(s: Sentence, at: int) -> bool:
    word, after = s.words[at], s.after(at)
    if after is None or not after.capital or (word.looks(Shape.PUBLIC) and not after.last):
        return False
    return after.last_weak or not (after.public or after.ordinary)


STARTS: Final[tuple[tuple[str, Start], ...]] = (
    ("name-known", known),
    ("name-cued", cued),
    ("name-called", called),
    ("name-initials", initials),
    ("name-in-family", in_family),
    ("name-weak", weak),
    ("name-owner", owner),
    ("name-before-family", before_family),
    ("name-joined", joined),
    ("name-particle", particle),
    ("name-role", role),
    ("name-family", family),
    ("name-stranger", stranger),
    ("name-strangers", strangers),
    ("name-acting", acting),
)
