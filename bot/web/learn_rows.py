"""The routes of the learning view: what serves each, and what the OpenAPI document says of it."""

from typing import Final

from aiohttp import web

from bot.web import learn
from bot.web.learn_names import ALL
from bot.web.shapes import Route

_LEARN: Final = "/learn"
_READS: Final = (401, 403, 503)

SERVED: Final = (
    web.get(_LEARN, learn.topics),
    web.post(_LEARN, learn.search),
    web.get(f"{_LEARN}/{ALL}", learn.everything),
    web.get(f"{_LEARN}/{{topic}}", learn.topic),
    web.get(f"{_LEARN}/{{topic}}/{{lesson}}", learn.lesson),
)


def _page(path: str, does: str, *fails: int) -> Route:
    return Route(
        method="get",
        path=path,
        does=does,
        gives={200: "text/html"},
        fails=(*_READS, *fails),
        needs_session=True,
    )


DOCUMENTED: Final[tuple[Route, ...]] = (
    _page(_LEARN, "The library at leisure: every topic"),
    Route(
        method="post",
        path=_LEARN,
        does="Search the library, as a form; the same result as when an officer asks, and nothing is kept",
        takes="application/x-www-form-urlencoded",
        gives={200: "text/html"},
        fails=(400, *_READS, 408, 413, 415),
        needs_session=True,
    ),
    _page(f"{_LEARN}/{ALL}", "Every article on one page, for printing"),
    _page(f"{_LEARN}/{{topic}}", "One topic with its articles", 404),
    _page(f"{_LEARN}/{{topic}}/{{lesson}}", "One article", 404),
)
