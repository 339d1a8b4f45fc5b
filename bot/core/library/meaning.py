"""The one place where sentence embeddings can be plugged in. None is shipped, none is needed, none is on by default."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

Vector = Sequence[float]  # of length one
Embed = Callable[[str], Vector]  # pure: the same text always has the same vector

WEIGHT: Final = 0.5  # beside the words


def nearest(vector: Vector, others: Iterable[Vector]) -> float:
    """The greatest cosine between `vector` and one of `others`, 0 to 1; 0 where there are none."""
    cosines = (sum(one * other for one, other in zip(vector, each, strict=True)) for each in others)
    return min(1.0, max(0.0, max(cosines, default=0.0)))
