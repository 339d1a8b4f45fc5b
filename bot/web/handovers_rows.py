"""The routes of handovers: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import handovers
from bot.web import handovers_models as models
from bot.web.shapes import Route

_SHIFT: Final = "/api/v1/shift/handover"
_GIVEN: Final = "/api/v1/shift/handovers"
_PROMISES: Final = "/api/v1/consultations/{consultation}/promises"
_READS: Final = (400, 401, 403, 503)
_WRITES: Final = (400, 401, 403, 408, 409, 413, 415, 503)

SERVED: Final = (
    web.get(_SHIFT, handovers.leaving),
    web.post(_SHIFT, handovers.hand_over),
    web.get(_GIVEN, handovers.mine),
    web.post(_PROMISES, handovers.promise),
)

MODELS: Final[tuple[Any, ...]] = (
    models.NewShiftHandover,
    models.NewPromises,
    models.LeavingAnswer,
    models.HandoverReceipt,
    models.HandoverReceipts,
    models.Promised,
)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path=_SHIFT,
        does="What one holds at the end of a shift, and to whom all of it can be given",
        gives={200: "LeavingAnswer"},
        fails=_READS,
        needs_session=True,
    ),
    Route(
        method="post",
        path=_SHIFT,
        does="Hand over every talk that one holds, or none. Takes an Idempotency-Key",
        takes="NewShiftHandover",
        gives={201: "HandoverReceipt"},
        fails=_WRITES,
        needs_session=True,
    ),
    Route(
        method="get",
        path=_GIVEN,
        does="The handovers that one gave or was given, with their receipts",
        gives={200: "HandoverReceipts"},
        fails=_READS,
        needs_session=True,
    ),
    Route(
        method="post",
        path=_PROMISES,
        does="Say what is promised in a talk of one's own. Takes an Idempotency-Key",
        takes="NewPromises",
        gives={201: "Promised"},
        fails=_WRITES,
        needs_session=True,
    ),
)
