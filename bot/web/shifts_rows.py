"""The routes of shifts and swaps: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import shifts, swaps
from bot.web import shifts_models as models
from bot.web.shapes import Route

_FAILS: Final = (400, 401, 403, 408, 409, 413, 415, 503)
_ONCE: Final = "; once for each Idempotency-Key"

SERVED: Final = (
    web.get("/api/v1/shifts", swaps.shifts),
    web.get("/api/v1/organisations/{organisation}/shifts", shifts.of_organisation),
    web.post("/api/v1/shifts/take-over", shifts.take_over),
    web.post("/api/v1/shifts/give-back", shifts.give_back),
    web.post("/api/v1/shifts/swap", shifts.swap),
    web.post("/api/v1/shifts/sick", shifts.sick),
    web.post("/api/v1/shifts/override", shifts.override),
    web.post("/api/v1/swaps", swaps.propose),
    web.post("/api/v1/swaps/{id}/consent", swaps.consent),
    web.post("/api/v1/swaps/{id}/refuse", swaps.refuse),
    web.post("/api/v1/swaps/{id}/withdraw", swaps.withdraw),
)

MODELS: Final[tuple[Any, ...]] = (
    models.OneStretch,
    models.TwoStretches,
    models.CannotWork,
    models.OnOrOff,
    models.NewSwap,
    models.Shifts,
    models.Parts,
    models.SwapShown,
    models.ShiftChanged,
)


def _changes(path: str, does: str, takes: str) -> Route:
    return Route(
        method="post",
        path=f"/api/v1/shifts/{path}",
        does=does + _ONCE,
        takes=takes,
        gives={201: "ShiftChanged"},
        fails=_FAILS,
        needs_session=True,
    )


def _answers(path: str, does: str) -> Route:
    return Route(
        method="post",
        path=f"/api/v1/swaps/{{id}}/{path}",
        does=does + _ONCE,
        gives={201: "SwapShown"},
        fails=(400, 401, 403, 409, 503),
        needs_session=True,
    )


DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path="/api/v1/shifts",
        does="One's own shifts of the next 60 days, what one could take, and proposals that wait for an answer",
        gives={200: "Shifts"},
        fails=(401, 403, 503),
        needs_session=True,
    ),
    Route(
        method="get",
        path="/api/v1/organisations/{organisation}/shifts",
        does="Every part of every shift for an organisation in the next 60 days, and who holds it",
        gives={200: "Parts"},
        fails=(400, 401, 403, 503),
        needs_session=True,
    ),
    _changes(
        "take-over", "Take a stretch that nobody holds, or let somebody have it as coordinator", "OneStretch"
    ),
    _changes(
        "give-back", "Give back what was taken; whoever had it is asked, unless nobody had it", "OneStretch"
    ),
    _changes("swap", "Exchange two people's stretches, as coordinator", "TwoStretches"),
    _changes("sick", "Somebody cannot work, from now until the shift ends or for a stretch", "CannotWork"),
    _changes(
        "override", "Put somebody on duty beside every roster, or take them off, as coordinator", "OnOrOff"
    ),
    Route(
        method="post",
        path="/api/v1/swaps",
        does="Propose a swap, or that somebody takes a shift" + _ONCE,
        takes="NewSwap",
        gives={201: "SwapShown"},
        fails=_FAILS,
        needs_session=True,
    ),
    _answers("consent", "Say yes to a proposal: judged anew, both halves or none"),
    _answers("refuse", "Say no to a proposal"),
    _answers("withdraw", "Take one's own proposal back"),
)
