"""People's names: by the lists, and by the words around a word that stands in none.

A name begins where one of the `_STARTS` says so, the surest first, and grows over what can follow it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot.core.guard.rules_file import Shape
from bot.core.guard.words import Word

MAX_WORDS: Final = 5  # of one name
_AGE: Final = re.compile(r",? ?(?:[1-9]|1[0-9])(?:[ ,.]|$|år)")
_LAST_LETTER: Final = re.compile(r" [A-ZÅÄÖ](?![\w.'-])")
_INITIAL: Final = re.compile(r"[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?")
_FAMILY_CUES: Final = frozenset({"hos", "familjen", "herr", "fru", "fröken", "doktor", "makarna", "syskonen"})
_DEFINITE: Final = re.compile(r"(?:en|et|na|ns|ade|are)$")
_THE: Final = re.compile(r"(?:en|et)$")
_NOUNLIKE: Final = re.compile(r"(?:en|et|na|ns|er|ar|or|ade|are|ing|het|ion|skt?|igt?|.{7}an|.{11})$")
_PARTICIPLE: Final = re.compile(r"(?:[aeiouyåäö]?d|t|ig|ar|er|or|en|et|isk|full|lös|sam)$")
_CALLED: Final = frozenset({"kallas", "kallad", "kallar", "heter"})
_ARTICLES: Final = frozenset(["en", "ett", "den", "det", "de", "dom", "min", "din", "sin", "mitt", "ditt", "sitt", "någon", "nån", "något", "ingen", "inget", "hela"])
_NEVER: Final = frozenset(  # names that are pronouns, prepositions, verbs of every second sentence
    ["hans", "per", "jan", "maj", "dina", "mina", "sin", "inga", "tom", "tim", "klara", "lova", "tina", "van", "var", "vår", "sina", "in", "an", "ta", "tar", "vi", "du", "jul", "jun", "juli", "juni", "ett", "en", "mars", "min", "max", "kan", "tor", "dag", "son", "sol", "star", "dan", "vill", "ville", "vilja", "mark", "marin", "rosa", "stark", "gala", "inge", "ros", "tur", "tu", "liv", "storm", "sten", "lucia", "valborg", "ramadan", "april", "flora", "paris", "milan", "jordan"]
) - {"max", "dan", "dag", "vilja", "rosa", "inge", "marin"}
_PRONOUNS: Final = frozenset({"han", "hon", "hen", "den", "de", "dom"})

Found = tuple[int, int, str]


class Sentence:
    """The words of one folded text, with the text itself: what a rule about names looks at."""

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


Start = Callable[[Sentence, int], bool]


def find_names(sentence: Sentence) -> Iterator[Found]:
    """Every name as (start, end, rule) in the folded text; they do not overlap."""
    at = 0
    while at < len(sentence.words):
        rule = _begins(sentence, at)
        if rule is None:
            at += 1
            continue
        last = _grow(sentence, at)
        end = sentence.words[last].end
        letter = _LAST_LETTER.match(sentence.shown, end)
        yield sentence.words[at].start, letter.end() if letter else end, rule
        at = last + 1


def _begins(sentence: Sentence, at: int) -> str | None:
    if sentence.words[at].plainly_ordinary:
        return None
    return next((rule for rule, begins in _STARTS if begins(sentence, at)), None)


# ---- where a name begins ------------------------------------------------------------------------------------


def _known(s: Sentence, at: int) -> bool:
    """A first name that is nothing else, whatever its spelling; not "Katarina kyrka"."""
    word, after = s.words[at], s.after(at)
    if not word.first:
        return False
    return not (after is not None and word.capital and _is_place(word, after))


def _is_place(word: Word, after: Word) -> bool:
    """Whether the word after makes it a place; "Ahmeds skola" is still Ahmed's."""
    known_genitive = word.plain.endswith("s") and word.plain not in word.lexicon.first
    return after.looks(Shape.INSTITUTION) and not (word.first and known_genitive)


def _cued(s: Sentence, at: int) -> bool:
    """After "heter", "kallas", "namn:"."""
    word = s.words[at]
    if not _announced(s, at) or word.public or word.shouted:
        return False
    if word.capital and not word.opens:
        return not word.ordinary or word.weak
    return not word.everyday and len(word.plain) > 1


def _announced(s: Sentence, at: int) -> bool:
    step = at
    while s.before(step) is not None and step > at - 4:
        before = s.words[step - 1]
        if before.plain in before.lexicon.name_cue and s.words[step].gap.strip() in {"", ":", "="}:
            return True
        if not s.touching(step) or before.plain not in before.lexicon.cue_filler:
            break
        step -= 1
    return s.shown[max(0, s.words[at].start - 4) : s.words[at].start].lower() == "c/o "


def _called(s: Sentence, at: int) -> bool:
    """Before "kallas han"."""
    word, called = s.words[at], s.after(at)
    if called is None or called.plain not in _CALLED or (word.everyday and not word.capital):
        return False
    who = s.after(at + 1)
    return who is not None and who.plain in _PRONOUNS and word.plain not in word.lexicon.cue_filler


def _initials(s: Sentence, at: int) -> bool:
    """E. Tapper, C-G Wennberg."""
    word = s.words[at]
    if not _INITIAL.fullmatch(word.shown) or at + 1 == len(s.words):
        return False
    family = s.words[at + 1]
    joined = family.gap == ". " or (family.gap in {" ", "."} and (len(word.shown) > 1 or family.last))
    return joined and family.capital and not family.public and not (family.ordinary and not family.last_weak)


def _in_family(s: Sentence, at: int) -> bool:
    """Hos Ströms, familjen Berg, herr Rask."""
    word, before = s.words[at], s.before(at)
    if before is None or not s.touching(at) or before.plain not in _FAMILY_CUES:
        return False
    if word.public or (word.looks(Shape.PUBLIC) and not (word.last or word.last_weak)):
        return False
    return word.last or (word.capital and (word.last_weak or word.weak or not word.ordinary))


def _family(s: Sentence, at: int) -> bool:
    """A family name by itself: one that is nothing else, with a capital or an ending that leaves no doubt."""
    word, before = s.words[at], s.before(at)
    if word.looks(Shape.FAMILY_SURE) and word.last:
        return True
    if not word.capital:
        return word.last and _after_role(s, at)
    if word.last:
        return before is None or before.plain not in word.lexicon.place_before
    return word.last_weak and not word.opens and not word.public and _person_before(s, at)


def _weak(s: Sentence, at: int) -> bool:
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
        return (after.last or after.last_weak or after.unknown or after.first) and not after.public
    return after.last and not word.ordinary


def _weak_alone(s: Sentence, at: int) -> bool:
    word, before = s.words[at], s.before(at)
    if before is not None and before.plain in word.lexicon.place_before and word.plain in _both(word):
        return False
    if before is not None and before.plain in _ARTICLES:
        return False
    if word.capital and not word.opens:
        return not s.shown[: word.start].rstrip(" ").endswith(tuple("0123456789")) and not _in_list_of_places(s, at)
    if s.touching(at) and _after_role(s, at) and not word.ordinary:
        return True
    aged = s.aged(at) if not word.ordinary else s.shown.startswith(", ", word.end) and s.aged(at)
    return word.capital and (aged or _speaks(s.after(at)) or (_does(s.after(at)) and word.plain not in _NEVER))


def _both(word: Word) -> frozenset[str]:
    return word.lexicon.place | word.lexicon.public | word.lexicon.first_weak


_SPEAKING: Final = frozenset(
    ["sa", "säger", "ringde", "ringer", "hotar", "hotade", "slog", "vägrar", "vägrade", "ljuger", "gråter", "bor", "bodde", "heter", "påstår", "hävdar", "skriker", "berättade", "berättar", "svarar", "mejlar", "undrar"]
)


def _speaks(word: Word | None) -> bool:
    return word is not None and word.plain in _SPEAKING


def _does(word: Word | None) -> bool:
    return word is not None and word.plain in word.lexicon.person_verb


def _after_role(s: Sentence, at: int) -> bool:
    """After "mamman", or after "bror till"."""
    before = s.before(at)
    if before is None or not s.touching(at):
        return False
    if before.plain == "till" and at > 1 and s.touching(at - 1):
        before = s.words[at - 2]
    return before.plain in before.lexicon.role


def _person_before(s: Sentence, at: int) -> bool:
    before = s.before(at)
    return before is not None and (before.plain in before.lexicon.person_before or _after_role(s, at))


def _role(s: Sentence, at: int) -> bool:
    """After "mamman", "grannen", "läraren": a capital, or a word that is hardly Swedish."""
    word = s.words[at]
    if not _after_role(s, at) or word.public or word.shouted:
        return False
    if word.capital:
        return not word.ordinary and not (word.looks(Shape.PUBLIC) and not word.looks(Shape.FAMILY))
    if not word.unknown or word.everyday or len(word.plain) < 4:
        return False
    return word.looks(Shape.FOREIGN) or (_does(s.after(at)) and not _PARTICIPLE.search(word.plain))


def _stranger(s: Sentence, at: int) -> bool:
    """A capital in the middle of a sentence, in no list, not where a place would stand."""
    word, before = s.words[at], s.before(at)
    if word.opens or not word.capital or not word.unknown or len(word.plain) < 3 or word.everyday:
        return False
    if _in_list_of_places(s, at) or (before is not None and before.public and before.shown[0].isupper()):
        return False
    if _before_institution(s, at) or (_THE.search(word.plain) and not _after_role(s, at)):
        return False
    if before is not None and before.plain in word.lexicon.place_before:
        return _pair_of_strangers(s, at) and not word.looks(Shape.PUBLIC)
    return not word.looks(Shape.PUBLIC) or (word.looks(Shape.FAMILY) and _person_before(s, at))


def _before_institution(s: Sentence, at: int) -> bool:
    after = s.after(at)
    return after is not None and _is_place(s.words[at], after)


def _in_list_of_places(s: Sentence, at: int) -> bool:
    """After "Bergsjön o", "Skäret, Ängen,"."""
    word = s.words[at]
    if at == 0 or word.opens:
        return False
    joined = at > 1 and s.words[at - 1].plain in word.lexicon.join and s.words[at].gap == " "
    if not joined and word.gap != ", ":
        return False
    other = s.words[at - 2] if joined else s.words[at - 1]
    return other.shown[0].isupper() and (other.public or other.looks(Shape.PUBLIC)) and not other.first


def _strangers(s: Sentence, at: int) -> bool:
    """Two words with capitals at the start of a sentence, neither of them everyday."""
    word = s.words[at]
    if _before_institution(s, at + 1) if at + 1 < len(s.words) else False:
        return False
    return word.opens and word.capital and word.unknown and not word.everyday and _pair_of_strangers(s, at)


def _pair_of_strangers(s: Sentence, at: int) -> bool:
    word, after = s.words[at], s.after(at)
    if after is None or not after.capital or (word.looks(Shape.PUBLIC) and not after.last):
        return False
    return not after.public and not (after.ordinary and not after.last_weak)


def _acting(s: Sentence, at: int) -> bool:
    """At the start of a sentence: a word in no list that has an age or does what only people do."""
    word, after = s.words[at], s.after(at)
    if not word.opens or not word.capital or not word.unknown or word.everyday or len(word.plain) < 3:
        return False
    if word.looks(Shape.PUBLIC) or _before_institution(s, at):
        return False
    if s.aged(at) or (_speaks(after) and not _DEFINITE.search(word.plain)):
        return True
    return _does(after) and not _NOUNLIKE.search(word.plain)


def _joined(s: Sentence, at: int) -> bool:
    """Daniyar o Emil, sofia och emil: joined to a first name that is nothing else."""
    word = s.words[at]
    if word.shouted or word.plain in _NEVER or (word.lexicon_knows and not word.weak):
        return False
    if not (word.weak or (word.capital and word.unknown and not word.everyday)):
        return False
    return _joins(s, at, at + 1, at + 2) or _joins(s, at, at - 1, at - 2)


def _joins(s: Sentence, at: int, between: int, other: int) -> bool:
    """Whether the word `between` joins the words `at` and `other`, and the other is a first name."""
    low, high = min(at, other), max(at, other)
    if low < 0 or high >= len(s.words) or not (s.touching(low + 1) and s.touching(high)):
        return False
    return s.words[between].plain in s.words[at].lexicon.join and s.words[other].first


def _particle(s: Sentence, at: int) -> bool:
    """Le Van Thanh, El Hassan: a particle with a capital before names."""
    word, after = s.words[at], s.after(at)
    if not word.capital or word.plain not in word.lexicon.particle or after is None or not after.capital:
        return False
    if word.opens and word.plain in _PRONOUNS | {"den", "der", "do", "st", "san"}:
        return False
    return (after.first or after.last or after.weak or after.unknown) and not after.public


def _before_family(s: Sentence, at: int) -> bool:
    """Two words in no list, the second a family name by its shape or its age: wilhart andersson, klese nykmar 12."""
    word, after = s.words[at], s.after(at)
    if after is None or word.everyday or word.public or not word.unknown or len(word.plain) < 3:
        return False
    if after.last:
        return not word.capital or not word.looks(Shape.PUBLIC)
    if word.capital or after.capital or not after.unknown or after.everyday or len(after.plain) < 4:
        return False
    return after.looks(Shape.FAMILY) or s.aged(at + 1) or _speaks(s.after(at + 1))


_STARTS: Final[tuple[tuple[str, Start], ...]] = (
    ("name-known", _known),
    ("name-cued", _cued),
    ("name-called", _called),
    ("name-initials", _initials),
    ("name-family-cue", _in_family),
    ("name-weak", _weak),
    ("name-before-family", _before_family),
    ("name-joined", _joined),
    ("name-particle", _particle),
    ("name-role", _role),
    ("name-family", _family),
    ("name-stranger", _stranger),
    ("name-strangers", _strangers),
    ("name-acting", _acting),
)


# ---- how far it goes ----------------------------------------------------------------------------------------


def _grow(s: Sentence, at: int) -> int:
    """The last word of the name that begins at `at`."""
    last = at
    if _INITIAL.fullmatch(s.words[at].shown) and at + 1 < len(s.words) and not s.words[at].first:
        last = at + 1
    while last - at < MAX_WORDS:
        step = _step(s, at, last)
        if step == 0:
            return last
        last += step
    return last


def _step(s: Sentence, at: int, last: int) -> int:
    """How many of the words after `last` belong to the name: usually one or none; two with a "von"."""
    if not s.touching(last + 1):
        return 0
    word, after = s.words[last + 1], s.after(last + 1)
    if word.plain in word.lexicon.particle and after is not None and not after.public:
        if after.capital or after.last or (after.first and word.plain not in {"de", "den", "der", "en"}):
            return 2
    if _INITIAL.fullmatch(word.shown) and last + 2 < len(s.words):
        family = s.words[last + 2]
        return 2 if family.gap in {". ", " "} and family.capital and (family.last_weak or not family.ordinary) else 0
    return 1 if _belongs(s, last + 1, lone=last == at) else 0


def _belongs(s: Sentence, at: int, *, lone: bool) -> bool:
    word = s.words[at]
    if word.first or word.last:
        return True
    if word.shouted or (word.public and not word.last_weak):
        return False
    if word.capital:
        return word.weak or word.last_weak or not word.ordinary
    if not lone:
        return False
    if word.last_weak or word.weak:
        return _ends_name(s, at) and (word.last_weak or not word.ordinary)
    if word.everyday:
        return False
    return word.looks(Shape.FAMILY) or (len(word.plain) > 3 and not word.looks(Shape.VERB))


def _ends_name(s: Sentence, at: int) -> bool:
    """Whether a name could end with this word: nothing more, a sign, an age, or what a person does."""
    after = s.after(at)
    return after is None or s.aged(at) or after.plain in after.lexicon.person_verb
