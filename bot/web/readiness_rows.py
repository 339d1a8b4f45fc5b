"""The routes of readiness: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import readiness
from bot.web import readiness_models as models
from bot.web.shapes import Route

_MINE: Final = "/api/v1/readiness"
_STATE: Final = "/api/v1/organisations/{organisation}/readiness"
_FAILS: Final = (400, 401, 403, 408, 409, 413, 415, 503)

SERVED: Final = (
    web.get(_MINE, readiness.asked),
    web.post(f"{_MINE}/drill", readiness.drill_seen),
    web.post(f"{_MINE}/{{check}}", readiness.answer),
    web.get(_STATE, readiness.state),
)

MODELS: Final[tuple[Any, ...]] = (
    models.ReadinessAsked,
    models.ReadinessAnswer,
    models.ReadinessKept,
    models.DrillSeen,
    models.ReadinessState,
)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path=_MINE,
        does="Whether you are asked, before or as a shift begins, if you can be reached; and whether a drill waits",
        gives={200: "ReadinessAsked"},
        fails=(401, 503),
        needs_session=True,
    ),
    Route(
        method="post",
        path=f"{_MINE}/drill",
        does="You have seen today's drill; once for each Idempotency-Key",
        takes="Nothing",
        gives={201: "DrillSeen"},
        fails=_FAILS,
        needs_session=True,
    ),
    Route(
        method="post",
        path=f"{_MINE}/{{check}}",
        does="Answer a check with a device: it signs, as it signs a challenge to sign in, SHA-256 of "
        "'samjour-readiness/1', the check's id and its clock in ms, each ended by a line feed, and the nonce; refused "
        "when the clock is more than five minutes off; once for each Idempotency-Key",
        takes="ReadinessAnswer",
        gives={201: "ReadinessKept"},
        fails=_FAILS,
        needs_session=True,
    ),
    Route(
        method="get",
        path=_STATE,
        does="How ready an organisation is, as samjour readiness --json; for those who oversee it",
        gives={200: "ReadinessState"},
        fails=(401, 403, 404, 503),
        needs_session=True,
    ),
)
