"""The route of gaps: what serves it, and what the OpenAPI document says of it."""

from typing import Final

from aiohttp import web

from bot.web import coverage
from bot.web.shapes import Route

SERVED: Final = (web.get("/coverage", coverage.page), web.post("/coverage", coverage.tested))

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path="/coverage",
        does="Who on duty is not reached, gaps of the next 30 days by area and need, numbers to test, and the last drills; "
        "for those who oversee the organisation",
        asks=("organisation",),
        gives={200: "text/html"},
        fails=(400, 401, 403, 503),
        needs_session=True,
    ),
    Route(
        method="post",
        path="/coverage",
        does="Keep that a number of one's own organisation was rung, and whether it answered, as the page's form",
        takes="application/x-www-form-urlencoded",
        gives={303: ""},
        fails=(400, 401, 403, 408, 413, 415, 503),
        needs_session=True,
    ),
)
