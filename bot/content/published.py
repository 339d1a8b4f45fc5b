"""The content in force, exchanged in one step."""

import asyncio
from collections.abc import Callable
from datetime import date

from bot.content.whole import Content

Load = Callable[[date], tuple[Content | None, list[str]]]


class Published:
    """The content in force: called, it gives what was put there last."""

    def __init__(self, first: Content, load: Load) -> None:
        """`load` reads and checks the files anew, as of a Swedish day: the content, or None, and every fault."""
        self._current = first
        self.load = load
        self.alone = asyncio.Lock()  # one publishing at a time

    def __call__(self) -> Content:
        """The content in force."""
        return self._current

    def put(self, content: Content) -> None:
        """From now on this one; whoever was given the other keeps it until they ask again."""
        self._current = content
