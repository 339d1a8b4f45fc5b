"""Makes one plain spelling of a text, and remembers where every character of it came from.

Full-width and foreign digits become 0-9, odd spaces and dashes plain ones, runs of spaces one space; invisible
characters go; accents other than å, ä, ö go. Nothing is left but ASCII, å, ä, ö, a line's end and the three stand-ins
of `alphabet`: so Python and JavaScript, whatever their version of Unicode, mean the same by what follows.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.core.guard.alphabet import (
    MARKS,
    OTHER_CAPITAL,
    OTHER_LETTER,
    READ,
    SIGN,
    SPECIAL,
    SWEDISH,
    UNSEEN,
    class_of,
)
from bot.core.guard.lookalike import as_figures

LETTER: Final = f"[A-Za-zÅÄÖåäö{OTHER_CAPITAL}{OTHER_LETTER}]"  # every letter that a folded text can hold
_READ: Final = re.compile(class_of(READ))
_MARK: Final = re.compile(class_of(MARKS))
_UNSEEN: Final = re.compile(class_of(UNSEEN))
_JOINED: Final = {
    "a\u030a": "å",
    "a\u0308": "ä",
    "o\u0308": "ö",
    "A\u030a": "Å",
    "A\u0308": "Ä",
    "O\u0308": "Ö",
}
_SIMPLE: Final = re.compile(r"[\n\x20-_a-~åäöÅÄÖéÉèÈüÜ–—§’”]*")
_SIMPLE_TABLE: Final = str.maketrans("éÉèÈüÜ–—’§”", f"eEeEuU--'{SIGN}\"")
_KEPT: Final = 4096  # characters whose plain ones are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The text in plain spelling: `shown` with its capitals, `plain` without, and with figures for letters that
    look like them in a number (`lookalike`); both are of the same length.

    `starts` and `ends` give, for every character, where it came from in the text as given (None: unmoved).
    """

    shown: str
    plain: str
    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as given that became `shown[start:end]` (not empty)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """`text` in plain spelling."""
    if _SIMPLE.fullmatch(text) and "  " not in text:
        shown = text.translate(_SIMPLE_TABLE)
        return Folded(shown=shown, plain=as_figures(shown.lower()), starts=None, ends=None)
    return _folded_slowly(text)


def plain_word(word: str) -> str:
    """One word of a list as it would stand in `Folded.plain`."""
    return fold(word).plain


def _folded_slowly(text: str) -> Folded:
    marks = list(_marks(text))
    shown = "".join(mark for mark, _, _ in marks)
    starts = tuple(start for _, start, _ in marks)
    ends = tuple(end for _, _, end in marks)
    return Folded(shown=shown, plain=as_figures(shown.lower()), starts=starts, ends=ends)


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """Every plain character with the stretch it came from; a mark belongs to the letter before it."""
    held: tuple[str, int, int] | None = None
    for at, char in enumerate(text):
        if held is not None and char > "\u02ff" and _MARK.match(char):
            held = (_JOINED.get(held[0] + char, held[0]), held[1], at + 1)
            continue
        for mark in _plain(char):
            if held is not None and held[0] == mark == " ":
                continue
            if held is not None:
                yield held
            held = (mark, at, at + 1)
    if held is not None:
        yield held


@lru_cache(_KEPT)
def _plain(char: str) -> str:
    """A character as plain ones: usually one, none if it cannot be seen."""
    if char in SPECIAL:
        return SPECIAL[char]
    if " " <= char <= "~" or char in SWEDISH or char == "\n":
        return char
    if _UNSEEN.match(char) or _MARK.match(char):
        return ""
    if not _READ.match(char):
        return SIGN
    return "".join(map(_part, unicodedata.normalize("NFKC", char)))


def _part(part: str) -> str:
    """One character of a decomposition; a letter without its marks: é is e, Ž is Z."""
    if part in SWEDISH:
        return part
    bare = unicodedata.normalize("NFD", part)[0]
    if bare in SPECIAL:
        return SPECIAL[bare]
    if " " <= bare <= "~":
        return bare
    if _MARK.match(bare):
        return ""
    if not unicodedata.category(bare).startswith("L"):
        return SIGN
    return OTHER_LETTER if bare.lower() == bare else OTHER_CAPITAL
