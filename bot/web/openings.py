"""Routes of openings and seats: asked for, helped, read, ended; held, handed on, dealt again. All take a device."""

from collections.abc import Callable
from typing import Final, TypeVar

from aiohttp import web

from bot.core.ids import RoomId
from bot.core.openings_policy import Gives, offered
from bot.core.places import organisation
from bot.core.policy import Act
from bot.flow import (
    opening_end,
    opening_list,
    opening_pass,
    opening_read,
    opening_ready,
    opening_redeal,
    opening_request,
    opening_seats,
)
from bot.flow.deps import Deps
from bot.flow.opening_people import Supervisor, may
from bot.flow.ports import Tx
from bot.flow.records_openings import Opening, Place
from bot.flow.words import Words
from bot.seal.wire import MAX_NUMBER
from bot.web import openings_models as models
from bot.web import openings_shapes as shapes
from bot.web.acting import Actor, answered, flow_deps, look, look_and_record, number_of, read_model
from bot.web.devices_models import Nothing

MAX_REQUEST: Final = 16 * 1024  # bytes of body: a signed statement and a little
MAX_SHARES: Final = 1024 * 1024  # bytes: 128 shares of 1.4 kB, as base64url, with the longest names
MAX_REDEALS: Final = 16 * 1024 * 1024  # bytes: 32 escrows of the largest

T = TypeVar("T")


async def purposes(request: web.Request) -> web.Response:
    """For what, on which ground and for how long one may open."""

    def ask(_: Tx, deps: Deps, actor: Actor) -> models.Purposes:
        who, content = _at(actor), deps.content()
        may(deps, who, Act.OPENING_WATCH)
        own = organisation(content.structure, who.organisation)
        choices = offered(content.openings, own.kind)
        return models.Purposes(
            organisation=own.id,
            needed=own.escrow.needed,
            of=own.escrow.of,
            purposes=tuple(shapes.purpose(_words(deps, actor), one) for one in choices),
        )

    return answered(await look(request, ask))


async def newest(request: web.Request) -> web.Response:
    """The organisation's openings, the newest first."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Openings:
        words = _words(deps, actor)
        found = opening_list.newest(tx, deps, _at(actor))
        return models.Openings(openings=tuple(shapes.opening(words, one) for one in found))

    return answered(await look(request, ask))


async def ask_to_open(request: web.Request) -> web.Response:
    """Take a signed request; harmless the second time."""
    asked = await read_model(request, MAX_REQUEST, models.NewOpening)
    return await _acted(
        request, lambda tx, deps, who: opening_request.request(tx, deps, who, asked.request), status=201
    )


async def one(request: web.Request) -> web.Response:
    """One opening: what was signed, and the epochs that it takes shares of."""
    id_, after = _id(request), shapes.place_of(request.query.get("after"))

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.OpeningDetail:
        return shapes.whole(_words(deps, actor), opening_list.whole(tx, deps, _at(actor), id_, after))

    return answered(await look(request, ask))


async def pass_on(request: web.Request) -> web.Response:
    """Pass shares on to the device that asked; harmless the second time."""
    id_, asked = _id(request), await read_model(request, MAX_SHARES, models.NewShares)
    return await _taken(
        request, lambda tx, deps, who: opening_pass.pass_on(tx, deps, who, id_, shapes.came(asked))
    )


async def material(request: web.Request) -> web.Response:
    """The keys, once enough people have passed their shares on. The first time, that is the opening."""
    id_, after = _id(request), shapes.place_of(request.query.get("after"))

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Material:
        who = _at(actor)
        found, following = opening_read.keys(tx, deps, who, id_, after)
        opening = opening_end.own(tx, deps, who, id_)
        c = tx.consultations.get(opening.consultation) if opening.consultation is not None else None
        again = opening.gives is Gives.EVERY_KEY
        return models.Material(
            epochs=tuple(shapes.material(one) for one in found),
            next=shapes.following(following),
            seq=opening.seq,
            officer=c.officer if c is not None else None,
            organisations=opening_read.organisations(tx, opening),
            needed=opening_redeal.needed(deps, who.organisation, 0),
            seating=shapes.seating(opening_redeal.seating(tx, deps, who.organisation)) if again else (),
        )

    answer = await look_and_record(request, ask)
    flow_deps(request).bells.ring()
    return answered(answer)


async def events(request: web.Request) -> web.Response:
    """The room's events, once it is opened; none later than the request."""
    id_, after = _id(request), number_of(request, "after", default=0, most=MAX_NUMBER)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.OpenedEvents:
        page = opening_read.events(tx, deps, _at(actor), id_, after)
        last = page[-1][0] if page else None
        return models.OpenedEvents(events=tuple(sealed.content for _, sealed in page), next=last)

    return answered(await look(request, ask))


async def call_wrong(request: web.Request) -> web.Response:
    """Record that a seat's share does not hold, by the word of whoever asked."""
    id_, asked = _id(request), await read_model(request, MAX_REQUEST, models.NewWrong)
    place = Place(room=RoomId(asked.room), epoch=asked.epoch)

    def do(tx: Tx, deps: Deps, who: Supervisor) -> Opening:
        opening_pass.call_wrong(tx, deps, who, id_, place, asked.seat)
        return opening_end.own(tx, deps, who, id_)

    return await _acted(request, do)


async def redeal(request: web.Request) -> web.Response:
    """Put new escrows in force; harmless the second time."""
    id_, asked = _id(request), await read_model(request, MAX_REDEALS, models.NewRedeals)
    return await _taken(
        request, lambda tx, deps, who: opening_redeal.redeal(tx, deps, who, id_, shapes.dealt(asked))
    )


async def end(request: web.Request) -> web.Response:
    """End one's own opening; harmless the second time."""
    id_ = _id(request)
    await read_model(request, MAX_REQUEST, Nothing)
    return await _acted(request, lambda tx, deps, who: opening_end.end(tx, deps, who, id_))


async def seats(request: web.Request) -> web.Response:
    """The epochs where one holds a seat."""
    after = shapes.place_of(request.query.get("after"))

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Seats:
        found, following = opening_seats.held(tx, deps, _at(actor), after)
        return models.Seats(
            organisation=_at(actor).organisation,
            epochs=tuple(shapes.held(one) for one in found),
            next=shapes.following(following),
        )

    return answered(await look(request, ask))


async def hand_on(request: web.Request) -> web.Response:
    """Hand seats on, to a successor or to a new device of one's own; harmless the second time."""
    asked = await read_model(request, MAX_SHARES, models.NewShares)
    return await _taken(
        request, lambda tx, deps, who: opening_seats.hand_on(tx, deps, who, shapes.came(asked))
    )


async def state(request: web.Request) -> web.Response:
    """How safely the organisation's keys are kept, and which devices have shares."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.SeatsState:
        who = _at(actor)
        may(deps, who, Act.SEAT_HOLD)
        own = organisation(deps.content().structure, who.organisation)
        return shapes.state(opening_ready.safety(tx, deps, own))

    return answered(await look(request, ask))


async def _acted(
    request: web.Request, do: Callable[[Tx, Deps, Supervisor], Opening], *, status: int = 200
) -> web.Response:
    """Do it as the supervisor who is signed in, and answer with the opening as it stands."""

    def act(tx: Tx, deps: Deps, actor: Actor) -> models.OpeningAnswer:
        who = _at(actor)
        return shapes.opening(_words(deps, actor), opening_list.show(tx, who, do(tx, deps, who)))

    answer = await look_and_record(request, act)
    flow_deps(request).bells.ring()
    return web.json_response(text=answer.model_dump_json(), status=status)


async def _taken(request: web.Request, do: Callable[[Tx, Deps, Supervisor], int]) -> web.Response:
    """Do it as the supervisor who is signed in, and answer how many were new."""

    def act(tx: Tx, deps: Deps, actor: Actor) -> models.SharesTaken:
        return models.SharesTaken(taken=do(tx, deps, _at(actor)))

    answer = await look_and_record(request, act)
    flow_deps(request).bells.ring()
    return answered(answer)


def _at(actor: Actor) -> Supervisor:
    """Whoever is signed in, at their device. Raises Refused without one."""
    return Supervisor(person=actor.who.person, device=actor.own, now=actor.who.now)


def _words(deps: Deps, actor: Actor) -> Words:
    return Words(deps.content(), actor.who.language, actor.who.now)


def _id(request: web.Request) -> str:
    id_: str = request.match_info["opening"]
    return id_
