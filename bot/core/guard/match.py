"""A match of a pattern in a folded text: what checks and growths look at."""

import re
from dataclasses import dataclass
from typing import Final

from bot.core.guard.fold import Folded

_FIGURES: Final = re.compile(r"[0-9]+")


_BEFORE: Final = re.compile(r"([a-zåäö'-]+) \Z")
_LONGEST: Final = 40  # characters that are looked at before a place, for the word there


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Code points `start` to `end` of a folded text."""

    text: Folded
    start: int
    end: int

    @property
    def plain(self) -> str:
        """The match without capitals."""
        return self.text.plain[self.start : self.end]

    @property
    def shown(self) -> str:
        """The match with its capitals."""
        return self.text.shown[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before it, without capitals."""
        return self.text.plain[: self.start]

    @property
    def groups(self) -> list[str]:
        """Its figures, as they are grouped."""
        return _FIGURES.findall(self.plain)

    @property
    def digits(self) -> str:
        """Its figures alone."""
        return "".join(self.groups)

    @property
    def name(self) -> str:
        """What stands before its first figure: the street of an address."""
        return _FIGURES.split(self.plain)[0].strip(" ,")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.shown[:1].isupper()


def word_before(text: Folded, start: int) -> tuple[str, bool] | None:
    """The word before a place, with a space between, and whether it begins with a capital."""
    low = max(0, start - _LONGEST)
    found = _BEFORE.search(text.plain[low:start])
    return None if found is None else (found[1], text.shown[low + found.start(1)].isupper())
