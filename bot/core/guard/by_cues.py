"""Where a person's name begins, by a word that announces one: "heter", a role, somebody's kin, an initial.

Each function says whether a name begins with the word at that place.
"""

import re
from typing import Final

from bot.core.guard.acts import nicknamed
from bot.core.guard.rules_file import Shape
from bot.core.guard.sentence import Sentence

INITIAL: Final = re.compile(r"[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?|[a-zåäö]-[a-zåäö]")
_TOLD: Final = re.compile(
    r",? ?\(?(?:(?:ja|jo|alltså|asså|så|typ),? )?(?:(?:han|hon|hen|den) (?:heter|hette|kallas)|kallas så|"
    r"(?:heter|hette|kallas|kallad|kallar|kallade) (?:(?:dom|de|vi|alla|ungarna|man) (?:honom|henne|hen)|"
    r"han|hon|hen)(?![a-zåäö])|kallade?[,.]|(?:är|e|var) (?:hans|hennes|hens|killens|tjejens|pojkens|flickans|barnets) "
    r"(?:smek)?namn)"
)
_SHORTEST: Final = 3  # letters of a name that stands in no list


def cued(s: Sentence, at: int) -> bool:
    """After "heter", "kallas", "namn:", "kallar honom"."""
    word = s.words[at]
    by_others = nicknamed(s, at)
    if word.public or word.shouted or not (by_others or s.announced(at)):
        return False
    if word.capital and not word.opens:
        return not word.ordinary or word.weak
    if word.weak and not word.grammar:
        return True
    if (by_others or s.nicknamed(at)) and not word.ordinary and not word.looks(Shape.EVERYDAY):
        return True
    return not word.everyday and len(word.plain) > 1


def called(s: Sentence, at: int) -> bool:
    """Before "kallas han", "ja han heter så", "är hennes namn"."""
    word = s.words[at]
    lexicon = word.know.lexicon
    if word.plain in lexicon.cue_filler or word.plain in lexicon.pronoun:
        return False
    if (word.public or (word.everyday and not word.capital)) and not (word.weak and not word.grammar):
        return False
    return _TOLD.match(s.shown, word.end) is not None


def initials(s: Sentence, at: int) -> bool:
    """E. Tapper, C-G Wennberg, p-o rönnqvist, J.L."""
    word = s.words[at]
    if not INITIAL.fullmatch(word.shown) or at + 1 == len(s.words):
        return False
    after = s.words[at + 1]
    if len(after.shown) == 1:
        return (
            after.gap in {".", ". "} and after.shown.isupper() and s.shown[after.end : after.end + 1] == "."
        )
    close = after.gap == ". " or (after.gap in {" ", "."} and (len(word.shown) > 1 or after.last))
    if not after.capital:
        return close and (after.last or (after.last_weak and len(word.shown) > 1))
    return close and not after.public and (after.last_weak or not after.ordinary)


def particle(s: Sentence, at: int) -> bool:
    """Le Van Thanh, El Hassan: a particle with a capital before names; without one after "heter" or a role."""
    word, after = s.words[at], s.after(at)
    if word.plain not in word.know.lexicon.particle or after is None:
        return False
    if not word.capital:
        lower = s.after_role(at) and (after.last or after.last_weak or after.weak) and not after.grammar
        return lower or ((s.announced(at) or s.after_role(at)) and _is_particled(s, at))
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
    if not word.stranger:
        return False
    if s.does(at) or s.is_somebodys(at - 1):
        return not word.looks(Shape.PARTICIPLE) and not word.looks(Shape.PUBLIC)
    return len(word.plain) > _SHORTEST and word.looks(Shape.FOREIGN)


def owner(s: Sentence, at: int) -> bool:
    """Before somebody's kin or friend: sagas mamma."""
    word, after = s.words[at], s.after(at)
    if after is None or after.plain not in word.know.lexicon.role or not word.plain.endswith("s"):
        return False
    if word.shouted or word.plain in word.know.lexicon.first_weak:
        return False
    if word.weak:
        return word.plain[:-1] not in word.know.lexicon.rarely_name or word.capital
    if not word.capital and (s.is_stem(at, Shape.INFLECTED) or s.is_stem(at, Shape.EVERYDAY)):
        return False
    return word.stranger and len(word.plain) > _SHORTEST + 1 and not word.looks(Shape.PUBLIC)


def _is_particled(s: Sentence, at: int) -> bool:
    """Whether a name with a capital follows one particle or two: van der Berg."""
    for step in (at + 1, at + 2):
        if not s.touching(step):
            return False
        word = s.words[step]
        if word.plain not in word.know.lexicon.particle:
            return word.capital and (word.last_weak or not word.public)
    return False
