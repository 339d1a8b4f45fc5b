"""Two processes watch each other: how long one may be silent, and when somebody is told of it, once."""

from dataclasses import dataclass, replace
from typing import Final

EVERY: Final = 5.0  # seconds between two questions
ROUNDS: Final = 4  # of them without an answer before somebody is told: twenty seconds, as on the phones
SHORTEST, LONGEST = 1.0, 60.0  # seconds between questions that are taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Vigil:
    """What one process knows of the other, in seconds of a clock that nobody sets. `is_gone`: somebody was told."""

    heard: float
    every: float = EVERY
    is_gone: bool = False


def heard(before: Vigil, at: float, every: float | None = None) -> tuple[Vigil, bool]:
    """It has answered, or asked; and whether it is back after it was gone. `every`: how often it will from now on."""
    return Vigil(heard=at, every=before.every if every is None else every), before.is_gone


def looked(before: Vigil, at: float) -> tuple[Vigil, bool]:
    """Whether it has been silent for too long; true the first time alone."""
    is_gone = at - before.heard > before.every * ROUNDS
    return replace(before, is_gone=before.is_gone or is_gone), is_gone and not before.is_gone


def silence(known: Vigil, at: float) -> int:
    """For how many whole seconds nothing was heard."""
    return int(at - known.heard)
