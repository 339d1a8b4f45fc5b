"""Figures typed as letters that look like them: O for 0, l and I for 1, in what is a long number otherwise."""

import re
from typing import Final

_TOKEN: Final = "[0-9oil]{0,40}[0-9][0-9oil]{0,40}"  # noqa: S105 - a pattern
_RUN: Final = re.compile(rf"(?<![0-9a-zåäö]){_TOKEN}(?:[ ./:+-]{{1,3}}{_TOKEN})*(?![0-9a-zåäö])")
_LETTER: Final = re.compile("[oil]")
_FIGURE: Final = re.compile("[0-9]")
_FEWEST: Final = 6  # figures and letters of a number that is somebody's
_AS_FIGURES: Final = str.maketrans("oil", "011")


def as_figures(plain: str) -> str:
    """A folded text, its long numbers in figures alone; nothing moves."""
    if _LETTER.search(plain) is None or _FIGURE.search(plain) is None:
        return plain
    return _RUN.sub(lambda found: _figures(found[0]), plain)


def _figures(run: str) -> str:
    figures = len(_FIGURE.findall(run))
    letters = len(_LETTER.findall(run))
    return (
        run.translate(_AS_FIGURES) if letters and figures + letters >= _FEWEST and figures > letters else run
    )
