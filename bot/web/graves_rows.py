"""The routes of grave events: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import graves
from bot.web import graves_models as models
from bot.web.shapes import Route

_FORUMS: Final = "/api/v1/forums"
_PLAN: Final = "/api/v1/forums/{forum}/plan"
_LIST: Final = "/api/v1/forums/{forum}/list"
_GRAVES: Final = "/api/v1/graves"
_ONE: Final = "/api/v1/graves/{grave}"
_ANSWER: Final = "/api/v1/graves/{grave}/answer"
_READS: Final = (400, 401, 403, 409, 503)
_WRITES: Final = (400, 401, 403, 408, 409, 413, 415, 503)

SERVED: Final = (
    web.get(_FORUMS, graves.forums),
    web.get(_PLAN, graves.plan),
    web.get(_LIST, graves.listed),
    web.post(_LIST, graves.change_list),
    web.get(_GRAVES, graves.mine),
    web.post(_GRAVES, graves.send),
    web.get(_ONE, graves.show),
    web.post(_ANSWER, graves.answer),
)

MODELS: Final[tuple[Any, ...]] = (
    models.NewGrave,
    models.GraveAnswered,
    models.ListChange,
    models.Forums,
    models.GravePlan,
    models.GraveSent,
    models.GraveSaid,
    models.Graves,
    models.GraveShown,
    models.ForumList,
)


def _route(method: str, path: str, does: str, gives: str, takes: str = "") -> Route:
    status = 200 if method == "get" else 201
    fails = _READS if method == "get" else _WRITES
    return Route(
        method=method,
        path=path,
        does=does,
        takes=takes,
        gives={status: gives},
        fails=fails,
        needs_session=True,
    )


DOCUMENTED: Final[tuple[Route, ...]] = (
    _route("get", _FORUMS, "The forums that a commander in the field may tell of a grave event", "Forums"),
    _route("get", _PLAN, "To whom a notice to a forum goes now, device by device", "GravePlan"),
    _route("get", _LIST, "Who stands on a forum's list; for the coordinator of whose it is", "ForumList"),
    _route("post", _LIST, "Put somebody on a forum's list, or take them off", "ForumList", "ListChange"),
    _route("get", _GRAVES, "The notices that one sent, with the answers, and that one was told", "Graves"),
    _route(
        "post",
        _GRAVES,
        "Tell a forum's list of a grave event; never in place of RLC, TiB or POSOM",
        "GraveSent",
        "NewGrave",
    ),
    _route("get", _ONE, "A notice, with the copy that this device opens", "GraveShown"),
    _route("post", _ANSWER, "Answer a notice, or answer otherwise", "GraveSaid", "GraveAnswered"),
)
