"""The routes of openings and seats: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import openings
from bot.web import openings_models as models
from bot.web.shapes import Route

_READS: Final = (400, 401, 403, 409, 503)
_WRITES: Final = (400, 401, 403, 408, 409, 413, 415, 503)
_OPENINGS: Final = "/api/v1/openings"
_ONE: Final = f"{_OPENINGS}/{{opening}}"
_SEATS: Final = "/api/v1/seats"

SERVED: Final = (
    web.get(_OPENINGS, openings.newest),
    web.post(_OPENINGS, openings.ask_to_open),
    web.get(f"{_OPENINGS}/purposes", openings.purposes),
    web.get(_ONE, openings.one),
    web.post(f"{_ONE}/shares", openings.pass_on),
    web.get(f"{_ONE}/material", openings.material),
    web.get(f"{_ONE}/events", openings.events),
    web.post(f"{_ONE}/wrong", openings.call_wrong),
    web.post(f"{_ONE}/redeals", openings.redeal),
    web.post(f"{_ONE}/end", openings.end),
    web.get(_SEATS, openings.seats),
    web.get(f"{_SEATS}/state", openings.state),
    web.post(f"{_SEATS}/hand-on", openings.hand_on),
)

MODELS: Final[tuple[Any, ...]] = (
    models.NewOpening,
    models.NewShares,
    models.NewWrong,
    models.NewRedeals,
    models.Purposes,
    models.OpeningAnswer,
    models.Openings,
    models.OpeningDetail,
    models.Material,
    models.OpenedEvents,
    models.Seats,
    models.SeatsState,
    models.SharesTaken,
)


def _read(path: str, does: str, gives: str, *, asks: tuple[str, ...] = ()) -> Route:
    return Route(
        method="get", path=path, does=does, asks=asks, gives={200: gives}, fails=_READS, needs_session=True
    )


def _write(path: str, does: str, takes: str, gives: str, *, status: int = 200) -> Route:
    return Route(
        method="post",
        path=path,
        does=f"{does}. Harmless the second time",
        takes=takes,
        gives={status: gives},
        fails=_WRITES,
        needs_session=True,
    )


DOCUMENTED: Final[tuple[Route, ...]] = (
    _read(_OPENINGS, "The organisation's openings, the newest first", "Openings"),
    _write(
        _OPENINGS,
        "Ask to open, by a request signed on this device",
        "NewOpening",
        "OpeningAnswer",
        status=201,
    ),
    _read(f"{_OPENINGS}/purposes", "For what, on which ground and for how long one may open", "Purposes"),
    _read(_ONE, "What was asked, and the epochs that it takes shares of", "OpeningDetail", asks=("after",)),
    _write(f"{_ONE}/shares", "Pass shares on to the device that asked", "NewShares", "SharesTaken"),
    _read(
        f"{_ONE}/material",
        "The keys, to the device that asked, once enough have passed their shares on; that is the opening",
        "Material",
        asks=("after",),
    ),
    _read(f"{_ONE}/events", "The room's events up to the request", "OpenedEvents", asks=("after",)),
    _write(f"{_ONE}/wrong", "Say that a seat's share does not hold", "NewWrong", "OpeningAnswer"),
    _write(f"{_ONE}/redeals", "Put new escrows of the same keys in force", "NewRedeals", "SharesTaken"),
    _write(f"{_ONE}/end", "End one's own opening", "Nothing", "OpeningAnswer"),
    _read(_SEATS, "The epochs where one holds a seat", "Seats", asks=("after",)),
    _read(f"{_SEATS}/state", "How safely the organisation's keys are kept", "SeatsState"),
    _write(f"{_SEATS}/hand-on", "Hand seats on, to a successor or a new device", "NewShares", "SharesTaken"),
)
