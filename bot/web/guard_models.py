"""What `/api/v1/guard` gives: everything that the guard's twin in the browser must know and that is not code."""

from pydantic import Field

from bot.core.guard.rules_file import Phase
from bot.core.guard.spans import SpanType
from bot.web.shapes import Strict


class GuardFold(Strict):
    """The tables of folding: ranges of code points in hexadecimal, zeros, and characters with a plain spelling."""

    read: str
    marks: str
    unseen: str
    zeros: tuple[int, ...]
    special: dict[str, str]


class GuardDecision(Strict):
    """What is done about which types on which channels in which phases; the first that covers both decides."""

    channels: tuple[str, ...]
    phases: tuple[Phase, ...]
    block: tuple[SpanType, ...]
    warn: tuple[SpanType, ...]


class GuardDocument(Strict):
    """The whole document; `digest` names the content that it is made of.

    `rules`: id, type (null hides), pattern, what the text must hold, check, growth. `lists`: front-coded words.
    """

    version: int
    digest: str
    fold: GuardFold
    numbering: str
    shapes: dict[str, str]
    rules: tuple[tuple[str, SpanType | None, str, str | None, str | None, str | None], ...]
    lists: dict[str, str] = Field(repr=False)
    decisions: tuple[GuardDecision, ...]
    texts: dict[str, str]
