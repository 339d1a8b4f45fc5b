"""What people do, and what is done with people: words around a word that say it is somebody.

"björn vill inte" and "pratade med leyla" name a person; "björn setts vid tippen" and "letar efter en kniv" do not.
"""

import re
from typing import Final

from bot.core.guard.sentence import Sentence

_OF_AGE: Final = re.compile(
    r" (?:är|e|var|va|fyller|blir|är bara|är nog) (?:[1-9]|1[0-9])(?: år| och|[,.\n]|(?![\s\S]))"
)
_THEIRS: Final = re.compile(
    r" (?:(?:och|o|&|samt|plus) (?:hans|hennes|hens)|(?:har?|hade|tar?|tog|fick|får) (?:sin|sitt|sina)|"
    r"(?:är|e|var|blev) (?:hans|hennes|min|deras) (?:nya|nye|ex|kille|tjej|pojkvän|flickvän|bror|syster|kompis|"
    r"vän|son|dotter|mamma|pappa|fru|man|sambo|kusin)) "
)
_OF_THEMSELVES: Final = re.compile(
    r" [a-zåäö]{2,14} (?:[a-zåäö]{2,8} )?(?:sig|sin|sitt|sina)(?![a-zåäö])|"
    r" (?:har|hade) (?:inte |ej |nu |redan |aldrig |nog )?(?!blivit|varit)[a-zåäö]{2,}(?:at|it|tt)(?![a-zåäö])"
)
_COUNT: Final = re.compile(r" (?:[0-9]|(?:en|ett|två|tre|fyra|fem|halva) )")
_OF_PLACE: Final = frozenset({"från", "i", "på", "hos"})
_REACH: Final = 3  # helping words between somebody and what they do
_BACK: Final = 2  # words between "pratade" and whom with


def acts(s: Sentence, at: int) -> bool:
    """Whether what follows is done by people only: vill, har glömt, tog sig ut, är nog rädd, från Alby är 15."""
    word = s.words[at]
    if has_theirs(s, at):
        return True
    sure = word.weak and word.plain not in word.know.lexicon.rarely_name
    if sure and _OF_THEMSELVES.match(s.shown, word.end):
        return True
    after = s.after(at)
    if after is not None and after.plain in _OF_PLACE and s.touching(at + 2):
        at += 2
    if _OF_AGE.match(s.shown, s.words[at].end):
        return True
    for step in range(at + 1, at + 2 + _REACH):
        if not s.touching(step):
            return False
        done = s.words[step]
        if done.plain in done.know.lexicon.human_act:
            return True
        if done.plain not in done.know.lexicon.helper:
            return False
    return False


def has_theirs(s: Sentence, at: int) -> bool:
    """Whether what follows has them as somebody: fingal o hans hund, pim tog sin nalle, guido är hennes kille."""
    return _THEIRS.match(s.shown, s.words[at].end) is not None


def counts(s: Sentence, at: int) -> bool:
    """Whether a number follows: "max tre timmar" is no Max."""
    return _COUNT.match(s.shown, s.words[at].end) is not None


def begins_clause(s: Sentence, at: int) -> bool:
    """Whether a clause begins here: the first word, one after a comma, or after "att", "när", "men"."""
    word, before = s.words[at], s.before(at)
    return before is None or word.gap == ", " or before.plain in word.know.lexicon.clause_start


def met(s: Sentence, at: int) -> bool:
    """Whether it is somebody whom one can only do that with: träffade, pratade med, körde hem."""
    lexicon = s.words[at].know.lexicon
    return _follows(s, at, lexicon.met, least=0) or _follows(s, at, lexicon.met_with, least=1)


def sought(s: Sentence, at: int) -> bool:
    """Whether it can be somebody whom something is done to: letar efter, såg, slog; a thing can as well."""
    return _follows(s, at, s.words[at].know.lexicon.sought, least=0)


def said_by(s: Sentence, at: int) -> bool:
    """Whether "sa", "säger", "undrar" stands right before it."""
    before = s.before(at)
    return before is not None and s.touching(at) and before.plain in before.know.lexicon.said


def nicknamed(s: Sentence, at: int) -> bool:
    """Whether "kallar honom", "känd som", "kallar hon sig" stands before it."""
    if not s.touching(at) or at < _BACK:
        return False
    lexicon = s.words[at].know.lexicon
    if s.words[at - 1].plain not in lexicon.named_filler:
        return False
    for step in range(at - 1, max(0, at - 1 - _BACK), -1):
        if not s.touching(step):
            return False
        if s.words[step - 1].plain in lexicon.named:
            return True
        if s.words[step - 1].plain not in lexicon.named_filler:
            return False
    return False


def _follows(s: Sentence, at: int, verbs: frozenset[str], *, least: int) -> bool:
    """Whether one of the verbs stands before it, at `least` so many words like "med" between them."""
    for step in range(at, max(0, at - 1 - _BACK), -1):
        if not s.touching(step) or s.words[step].opens:
            return False
        before = s.words[step - 1]
        if before.plain in verbs:
            return at - step >= least
        if before.plain not in before.know.lexicon.met_filler:
            return False
    return False
