"""The route of who is on duty: what serves it, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import who
from bot.web.shapes import Route
from bot.web.who_models import WhoNow

SERVED: Final = (web.get("/api/v1/who", who.who_now),)
MODELS: Final[tuple[Any, ...]] = (WhoNow,)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path="/api/v1/who",
        does="Who is asked for a place at a minute, and whom to call: for a telephone exchange with a token",
        asks=("organisation", "area", "matter", "need", "decision", "at"),
        gives={200: "WhoNow"},
        fails=(400, 401, 403, 429, 503),
        needs_token=True,
    ),
)
