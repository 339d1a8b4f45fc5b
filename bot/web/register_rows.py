"""The routes of the register: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import register
from bot.web import register_models as models
from bot.web.shapes import Route

_PAGE: Final = "/register"
_REGISTER: Final = "/api/v1/organisations/{organisation}/register"
_READS: Final = (400, 401, 403, 503)

SERVED: Final = (web.get(_PAGE, register.page), web.get(_REGISTER, register.show))

MODELS: Final[tuple[Any, ...]] = (models.RegisterAnswer,)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path=_PAGE,
        does="When somebody was named in a talk and something disclosed, a month at a time; for those who answer for it",
        asks=("organisation", "to"),
        gives={200: "text/html"},
        fails=_READS,
        needs_session=True,
    ),
    Route(
        method="get",
        path=_REGISTER,
        does="The same as JSON, the oldest first",
        asks=("from", "to", "after", "limit"),
        gives={200: "RegisterAnswer"},
        fails=_READS,
        needs_session=True,
    ),
)
