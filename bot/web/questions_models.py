"""What the routes of curators' questions give. Sealed copies are base64url."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.core.questions import QuestionKind
from bot.web.device_asking import Bytes
from bot.web.shapes import Strict


class QuestionCopy(Strict):
    """A question as it was sealed to the device that asks (FORMAT.md 8)."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    day: str
    sealed: Annotated[Bytes, Field(repr=False)]


class QuestionsAnswer(Strict):
    """A page, the newest day first; a day is in it once it is over. `next`: what to ask for as `after`; null at the end."""

    organisation: str
    questions: list[QuestionCopy]
    next: str | None


class ArticleCount(Strict):
    """How many questions of a kind had this article as the likeliest."""

    article: str
    kind: QuestionKind
    count: int


class QuestionCounts(Strict):
    """How many questions there were from that day until yesterday, kept or not."""

    organisation: str
    since: date
    kinds: dict[str, int]
    articles: list[ArticleCount]
