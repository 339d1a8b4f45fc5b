"""The routes of curators' questions: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import questions
from bot.web import questions_models as models
from bot.web.shapes import Route

_QUESTIONS: Final = "/api/v1/questions"
_FAILS: Final = (400, 401, 403, 409, 503)

SERVED: Final = (
    web.get(_QUESTIONS, questions.newest),
    web.get(f"{_QUESTIONS}/counts", questions.counts),
)

MODELS: Final[tuple[Any, ...]] = (models.QuestionsAnswer, models.QuestionCounts)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path=_QUESTIONS,
        does="Questions that the library could not settle, sealed to this device; for curators and lawyers, and recorded",
        asks=("organisation", "after"),
        gives={200: "QuestionsAnswer"},
        fails=_FAILS,
        needs_session=True,
    ),
    Route(
        method="get",
        path=f"{_QUESTIONS}/counts",
        does="How many such questions there were, by kind and by article",
        asks=("organisation", "days"),
        gives={200: "QuestionCounts"},
        fails=_FAILS,
        needs_session=True,
    ),
)
