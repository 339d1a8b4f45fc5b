"""The routes of posts: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import staffing
from bot.web import staffing_models as models
from bot.web.shapes import Route

_PAGE: Final = "/staffing"
_POSTS: Final = "/api/v1/organisations/{organisation}/posts"
_READS: Final = (400, 401, 403, 503)
_WRITES: Final = (400, 401, 403, 408, 409, 413, 415, 503)

SERVED: Final = (
    web.get(_PAGE, staffing.page),
    web.post(_PAGE, staffing.save),
    web.get(_POSTS, staffing.show),
    web.post(_POSTS, staffing.put),
    web.post(f"{_POSTS}/{{post}}/remove", staffing.remove),
)

MODELS: Final[tuple[Any, ...]] = (
    models.StaffingAnswer,
    models.PostBody,
    models.PostKept,
    models.PostRemoved,
)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path=_PAGE,
        does="The posts of an organisation over time, as table and chart; for those who oversee it",
        asks=("organisation", "post"),
        gives={200: "text/html"},
        fails=_READS,
        needs_session=True,
    ),
    Route(
        method="post",
        path=_PAGE,
        does="Keep a post, as the page's form; what does not hold is told on the page",
        takes="application/x-www-form-urlencoded",
        gives={303: "", 400: "text/html"},
        fails=(401, 403, 408, 409, 413, 415, 503),
        needs_session=True,
    ),
    Route(
        method="get",
        path=_POSTS,
        does="All posts of one organisation, and how many there were over time",
        gives={200: "StaffingAnswer"},
        fails=_READS,
        needs_session=True,
    ),
    Route(
        method="post",
        path=_POSTS,
        does="Keep a post, new or changed; by the organisation's own coordinator, on the ledger",
        takes="PostBody",
        gives={201: "PostKept"},
        fails=_WRITES,
        needs_session=True,
    ),
    Route(
        method="post",
        path=f"{_POSTS}/{{post}}/remove",
        does="Take away a post that was entered by mistake; one that ends gets its last day instead",
        gives={201: "PostRemoved"},
        fails=_WRITES,
        needs_session=True,
    ),
)
