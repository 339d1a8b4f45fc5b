"""The route of who does what: what serves it, and what the OpenAPI document says of it."""

from typing import Final

from aiohttp import web

from bot.web import find
from bot.web.shapes import Route

SERVED: Final = (web.get("/find", find.page), web.get("/api/v1/find", find.as_json))

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path="/find",
        does="Who does what at a place: whom to ask, where to refer, contacts and forums; functions, no people",
        asks=("place",),
        gives={200: "text/html"},
        fails=(400, 401, 403, 503),
        needs_session=True,
    ),
    Route(
        method="get",
        path="/api/v1/find",
        does="The same as JSON, in both languages: what `samjour find --json` tells",
        asks=("place",),
        gives={200: "application/json"},
        fails=(400, 401, 403, 503),
        needs_session=True,
    ),
)
