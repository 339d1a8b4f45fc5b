"""Makes one plain spelling of a text, and remembers where every character of it came from.

Full-width and foreign digits become 0-9, odd spaces and dashes plain ones, runs of spaces one space; invisible
characters go; accents other than å, ä, ö go. The twin in JavaScript does the same with `normalize`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SWEDISH: Final = frozenset("åäöÅÄÖ")
_SPECIAL: Final = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
    **dict.fromkeys("\t\v\f\r\u00a0\u1680\u202f\u205f\u3000", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    **dict.fromkeys("’‘ʼ´`′＇", "'"),
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
    "æ": "ä",
    "Æ": "Ä",
    "ø": "ö",
    "Ø": "Ö",
    "œ": "ö",
    "Œ": "Ö",
    "ß": "s",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "t",
    "Þ": "T",
    "ı": "i",
}
_UNSEEN: Final = frozenset({"Cf", "Cc", "Mn", "Me"})  # Unicode categories
_SIMPLE: Final = re.compile(r"[\n\x20-\x7eåäöÅÄÖéÉèÈüÜ–—§’”]*")
_SIMPLE_TABLE: Final = str.maketrans("éÉèÈüÜ–—’", "eEeEuU--'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The text in plain spelling: `shown` with its capitals, `plain` without; both are of the same length.

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
        return Folded(shown=shown, plain=shown.lower(), starts=None, ends=None)
    return _folded_slowly(text)


def plain_word(word: str) -> str:
    """One word of a list as it would stand in `Folded.plain`."""
    return fold(word).plain


def _folded_slowly(text: str) -> Folded:
    marks = list(_marks(text))
    shown = "".join(mark for mark, _, _ in marks)
    plain = "".join(_lower(mark) for mark in shown)
    starts = tuple(start for _, start, _ in marks)
    return Folded(shown=shown, plain=plain, starts=starts, ends=tuple(end for _, _, end in marks))


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """Every plain character with the stretch it came from; what follows and is dropped belongs to it."""
    held: tuple[str, int, int] | None = None
    for at, char in enumerate(text):
        if held is not None and unicodedata.combining(char):
            both = unicodedata.normalize("NFC", held[0] + char)
            held = (both if both in _SWEDISH else held[0], held[1], at + 1)
            continue
        for mark in _plain(char):
            if held is not None and held[0] == mark == " ":
                continue
            if held is not None:
                yield held
            held = (mark, at, at + 1)
    if held is not None:
        yield held


def _plain(char: str) -> str:
    """A character as plain ones: usually one, none if it cannot be seen."""
    if (" " <= char <= "~") or char in _SWEDISH or char == "\n":
        return char
    if char in _SPECIAL:
        return _SPECIAL[char]
    digit = unicodedata.decimal(char, -1)
    if digit >= 0:
        return str(digit)
    whole = unicodedata.normalize("NFKC", char)
    seen = [part for part in whole if unicodedata.category(part) not in _UNSEEN]
    return "".join(part if part in _SWEDISH else _bare(part) for part in seen)


def _bare(char: str) -> str:
    """A character without its marks: é is e, Ž is Z; a letter of another script is itself."""
    first = unicodedata.normalize("NFD", char)[0]
    return _SPECIAL.get(first, first)


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else low[0]
