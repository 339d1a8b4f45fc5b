"""Makes the name of a field safe to repeat in a fault: it comes from the file, and goes to a terminal or a log."""

from collections.abc import Iterable
from typing import Final

MAX_SHOWN: Final = 40  # characters of each part


def shown(parts: Iterable[object], otherwise: str) -> str:
    """A field's place, as `sources.0.ref`, on one line and printable; `otherwise` where it has none."""
    return ".".join(_printable(str(part)[:MAX_SHOWN]) for part in parts) or otherwise


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
