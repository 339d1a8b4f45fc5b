"""People's names: where one begins (`starts`), and how far it goes."""

import re
from collections.abc import Iterator
from typing import Final

from bot.core.guard.by_cues import INITIAL
from bot.core.guard.fold import LETTER
from bot.core.guard.rules_file import Shape
from bot.core.guard.sentence import Sentence
from bot.core.guard.starts import STARTS
from bot.core.guard.words import Word

MAX_WORDS: Final = 5  # of one name after its first
_AFTER_LETTER: Final = frozenset({" ", ". ", "."})  # between an initial and what it belongs to
_LAST_LETTER: Final = re.compile(rf" [A-ZÅÄÖ](?!{LETTER}|[0-9_.'-])")  # Rasmus W

Found = tuple[int, int, str]


def find_names(sentence: Sentence) -> Iterator[Found]:
    """Every name as (start, end, rule) in the folded text; they do not overlap."""
    at = 0
    while at < len(sentence.words):
        rule = _begins(sentence, at)
        if rule is None:
            at += 1
            continue
        last = _last(sentence, at)
        end = sentence.words[last].end
        letter = _LAST_LETTER.match(sentence.shown, end)
        yield sentence.words[at].start, letter.end() if letter else end, rule
        at = last + 1


def _begins(sentence: Sentence, at: int) -> str | None:
    if sentence.words[at].plainly_ordinary:
        return None
    return next((rule for rule, begins in STARTS if begins(sentence, at)), None)


def _last(s: Sentence, at: int) -> int:
    """The place of the last word of the name that begins at `at`."""
    last = at
    if (
        INITIAL.fullmatch(s.words[at].shown)
        and at + 1 < len(s.words)
        and s.words[at + 1].gap in _AFTER_LETTER
    ):
        last = at + 1
    while last - at < MAX_WORDS:
        step = _step(s, at, last)
        if step == 0:
            break
        last += step
    return last


def _step(s: Sentence, at: int, last: int) -> int:
    """How many of the words after `last` belong to the name: one, none, or two with a "von" or a letter."""
    if not s.touching(last + 1):
        return 0
    word, after = s.words[last + 1], s.after(last + 1)
    if word.plain in word.know.lexicon.particle and after is not None and _follows_particle(word, after):
        return 2
    if INITIAL.fullmatch(word.shown) and last + 2 < len(s.words):
        return 2 if _follows_letter(s.words[last + 2]) else 0
    return 1 if _belongs(s, last + 1, lone=last == at) else 0


def _follows_particle(word: Word, after: Word) -> bool:
    """Whether a name goes on after "von", "al"; a pronoun that looks like one ("den") wants a capital after it."""
    if after.public:
        return False
    return after.capital or after.last or (after.first and word.plain not in word.know.lexicon.article)


def _follows_letter(word: Word) -> bool:
    """Anna K. Berg."""
    return word.gap in {". ", " "} and word.capital and (word.last_weak or not word.ordinary)


def _belongs(s: Sentence, at: int, *, lone: bool) -> bool:
    """Whether the word goes on the name before it; without a capital only right after a `lone` first name."""
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
        return _may_end(s, at) and (word.last_weak or not word.ordinary)
    if word.ordinary or word.looks(Shape.FAMILY):
        return not word.ordinary
    return not word.everyday and len(word.plain) > 3 and not word.looks(Shape.VERB)


def _may_end(s: Sentence, at: int) -> bool:
    """Whether a name could end with this word: nothing more, a sign, an age, or what a person does."""
    return s.after(at) is None or s.aged(at) or s.does(at)
