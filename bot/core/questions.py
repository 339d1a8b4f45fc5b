"""Questions that the library could not settle: what is kept of one for the curators, and how it is made unnamed first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.core.codec import to_json
from bot.core.errors import BadInput
from bot.core.guard.spans import Span
from bot.core.ids import ArticleId

MOST_A_DAY: Final = (
    200  # questions of one organisation that are kept as text in a day; the others are counted only
)
MOST_DEVICES: Final = 32  # devices that one question is sealed to
MOST_TEXT: Final = 2_000  # characters of a kept question, with the types in the place of what they stand for


class QuestionKind(StrEnum):
    """Why a question is kept. The values go into counts and the ledger: add, never rename."""

    UNSURE = "unsure"  # asked back
    NOTHING = "nothing"  # the library does not know
    WITHHELD = "withheld"  # the article that answers may not be given
    UNHELPFUL = "unhelpful"  # answered, and it did not help


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a curator reads. No person, no room and no time of day belongs to it."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    kind: QuestionKind
    articles: Annotated[tuple[ArticleId, ...], Field(max_length=8)]  # that were meant, the likeliest first
    text: Annotated[str, Field(max_length=MOST_TEXT)] = field(repr=False)


_QUESTION: Final = TypeAdapter(Question)


def unnamed(text: str, spans: Iterable[Span], label: Callable[[Span], str]) -> str:
    """`text` with the label of each span in brackets in its place; where spans overlap, that of the first."""
    parts, at = [], 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= at:
            parts += [text[at : span.start], f"[{label(span)}]"]
        at = max(at, span.end)
    return "".join([*parts, text[at:]])[:MOST_TEXT]


def question_to_bytes(question: Question) -> bytes:
    """The question as it is sealed."""
    return to_json({"kind": question.kind, "articles": list(question.articles), "text": question.text})


def question_from_bytes(content: bytes) -> Question:
    """Undo `question_to_bytes`. Raises BadInput for anything else."""
    try:
        return _QUESTION.validate_json(content)
    except ValidationError:  # its text repeats the input
        raise BadInput("that is no question") from None
