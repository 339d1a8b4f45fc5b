"""Numbered things in the order of their numbers, whatever order they come in."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from bot.core.errors import Tampered

T = TypeVar("T")


class InOrder(Generic[T]):
    """Counts from 1. What comes early waits; the same number twice is refused."""

    def __init__(self) -> None:
        """Nothing has come."""
        self.count = 0  # how many were handed out
        self._early: dict[int, T] = {}

    @property
    def complete(self) -> bool:
        """Whether nothing waits for something that did not come."""
        return not self._early

    def take(self, number: int, thing: T) -> Iterator[T]:
        """Hand out what can be handed out now. Raises Tampered for a number that has been."""
        if number <= self.count or number in self._early:
            raise Tampered(f"number {number} is there twice")
        if number == self.count + 1 and not self._early:  # as nearly always
            self.count = number
            yield thing
            return
        self._early[number] = thing
        while (following := self._early.pop(self.count + 1, None)) is not None:
            self.count += 1
            yield following
