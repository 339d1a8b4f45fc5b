"""The routes of requests, offers and rooms: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import consultations, rooms, takeovers
from bot.web import room_models as models
from bot.web.shapes import RoomHead, Route

_WRITES: Final = (400, 401, 403, 408, 409, 413, 415, 503)  # how every write can fail
_READS: Final = (400, 401, 403, 503)  # how every question can
_CONSULTATION: Final = "/api/v1/consultations/{consultation}"
_OFFER: Final = "/api/v1/offers/{offer}"
_TAKEOVER: Final = "/api/v1/takeovers/{offer}"
_ROOM: Final = "/api/v1/rooms/{room}"

SERVED: Final = (
    web.get("/api/v1/choices", consultations.choices),
    web.get("/api/v1/consultations", consultations.mine),
    web.post("/api/v1/consultations", consultations.request_person),
    web.get(_CONSULTATION, consultations.one),
    web.post(f"{_CONSULTATION}/cancel", consultations.cancel),
    web.post(f"{_CONSULTATION}/close", consultations.close),
    web.post(f"{_CONSULTATION}/raise", consultations.raise_urgency),
    web.post(f"{_CONSULTATION}/could-not-attend", consultations.could_not_attend),
    web.post(f"{_CONSULTATION}/identify", consultations.identify),
    web.get(f"{_CONSULTATION}/targets", consultations.targets),
    web.get(f"{_CONSULTATION}/grounds", consultations.grounds),
    web.get("/api/v1/offers", consultations.waiting),
    web.get(_OFFER, consultations.offer),
    web.post(f"{_OFFER}/accept", consultations.accept),
    web.post(f"{_OFFER}/decline", consultations.decline),
    web.get("/api/v1/takeovers", takeovers.takeable),
    web.get(_TAKEOVER, takeovers.one),
    web.post(_TAKEOVER, takeovers.take),
    web.get(_ROOM, rooms.room),
    web.get(f"{_ROOM}/events", rooms.events),
    web.post(f"{_ROOM}/events", rooms.put_event),
    web.get(f"{_ROOM}/keys", rooms.keys),
    web.post(f"{_ROOM}/epochs", rooms.begin_epoch),
    web.post(f"{_ROOM}/grants", rooms.give),
    web.get(f"{_ROOM}/handover", rooms.receivers),
    web.post(f"{_ROOM}/handover", rooms.hand_over),
)

MODELS: Final[tuple[Any, ...]] = (
    RoomHead,
    models.NewConsultation,
    models.Closing,
    models.Refusal,
    models.NewEpoch,
    models.NewEvent,
    models.NewGrant,
    models.NewHandover,
    models.Choices,
    models.ConsultationAnswer,
    models.Targets,
    models.TakeableAnswer,
    models.Takeables,
    models.Consultations,
    models.GroundsAnswer,
    models.Offered,
    models.Offers,
    models.Taken,
    models.Declined,
    models.Added,
    models.RoomAnswer,
    models.Events,
    models.Keys,
    models.Receivers,
)


def _read(path: str, does: str, gives: str, *, asks: tuple[str, ...] = ()) -> Route:
    return Route(
        method="get", path=path, does=does, asks=asks, gives={200: gives}, fails=_READS, needs_session=True
    )


def _write(path: str, does: str, takes: str, gives: str) -> Route:
    return Route(
        method="post",
        path=path,
        does=f"{does}. Takes an Idempotency-Key",
        takes=takes,
        gives={201: gives},
        fails=_WRITES,
        needs_session=True,
    )


DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="get",
        path="/api/v1/choices",
        does="What a request can be made of",
        gives={200: "Choices"},
        fails=(503,),
    ),
    _read("/api/v1/consultations", "One's own consultations, newest first", "Consultations", asks=("limit",)),
    _write("/api/v1/consultations", "Ask for a person", "NewConsultation", "ConsultationAnswer"),
    _read(_CONSULTATION, "One consultation of one's own", "ConsultationAnswer"),
    _write(f"{_CONSULTATION}/cancel", "Withdraw a request", "Nothing", "ConsultationAnswer"),
    _write(f"{_CONSULTATION}/close", "End it", "Closing", "ConsultationAnswer"),
    _write(f"{_CONSULTATION}/raise", "Say that it can no longer wait", "Nothing", "ConsultationAnswer"),
    _write(f"{_CONSULTATION}/could-not-attend", "Say that one cannot come", "Nothing", "ConsultationAnswer"),
    _write(f"{_CONSULTATION}/identify", "Begin the identified phase", "Nothing", "ConsultationAnswer"),
    _read(
        f"{_CONSULTATION}/grounds", "The grounds on which something can be disclosed in it", "GroundsAnswer"
    ),
    _read(f"{_CONSULTATION}/targets", "To what the officer can be referred", "Targets"),
    _read("/api/v1/offers", "The offers that wait for an answer", "Offers"),
    _read(_OFFER, "What an offer asks, and what accepting it on this device has to bring", "Offered"),
    _write(f"{_OFFER}/accept", "Accept on a device; the first one wins", "NewEpoch", "Taken"),
    _write(f"{_OFFER}/decline", "Decline", "Refusal", "Declined"),
    _read("/api/v1/takeovers", "The talks of colleagues that can be taken over", "Takeables"),
    _read(_TAKEOVER, "One of them, and what taking it over on this device has to bring", "TakeableAnswer"),
    _write(_TAKEOVER, "Take it over on a device; the first one wins", "NewEpoch", "Taken"),
    _read(_ROOM, "Where a room stands and who is in it", "RoomAnswer"),
    _read(f"{_ROOM}/events", "Its events in order", "Events", asks=("after", "limit")),
    _write(f"{_ROOM}/events", "Add one sealed event", "NewEvent", "Added"),
    _read(f"{_ROOM}/keys", "The keys sealed to this device; the first handing out is recorded", "Keys"),
    _write(f"{_ROOM}/epochs", "Begin the next epoch", "NewEpoch", "Added"),
    _write(f"{_ROOM}/grants", "Give a device keys of earlier epochs", "NewGrant", "Added"),
    _read(f"{_ROOM}/handover", "Who can be given the talk", "Receivers"),
    _write(f"{_ROOM}/handover", "Hand the talk over, with its keys", "NewHandover", "Added"),
)
