"""Routes of colleagues' talks: which can be taken over, and taking one over on a device."""

from aiohttp import web

from bot.core.ids import OfferId
from bot.flow import take_over
from bot.flow.bridge_epochs import bridge_id
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.room_epochs import devices_of
from bot.flow.words import Words
from bot.web import room_models as models
from bot.web import room_shapes as shapes
from bot.web.acting import Actor, act, answered, look, read_model
from bot.web.asking import content_of, language_of, now_of
from bot.web.rooms import MAX_EPOCH


async def takeable(request: web.Request) -> web.Response:
    """The talks that can be taken over now."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Takeables:
        found = take_over.takeable(tx, deps.content(), actor.who.person, actor.who.now)
        return models.Takeables(takeovers=tuple(shapes.takeable(words, one) for one in found))

    return answered(await look(request, ask))


async def one(request: web.Request) -> web.Response:
    """One of them, and on a device what taking it over has to bring."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.TakeableAnswer:
        found, plan = take_over.show(tx, deps, actor.who, _named(request))
        devices = {device.id: device for device in devices_of(tx, plan)}
        planned = shapes.plan(plan, devices, bridge_id(deps)) if actor.device is not None else None
        return shapes.takeable(words, found, planned)

    return answered(await look(request, ask))


async def take(request: web.Request) -> web.Response:
    """Take it over on a device, with what begins the room's next epoch: the first one wins."""
    asked = shapes.read_opening(await read_model(request, MAX_EPOCH, models.NewEpoch))

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Taken:
        c = take_over.take_over_on_device(tx, deps, actor.who, actor.own, _named(request), asked)
        room = tx.rooms.get(c.room) if c.room is not None else None
        assert room is not None
        assert c.due is not None
        return models.Taken(consultation=c.id, room=room.id, head=shapes.head(room), answer_by=c.due)

    return await act(request, (), do)


def _named(request: web.Request) -> OfferId:
    return OfferId(request.match_info["offer"])


def _words(request: web.Request) -> Words:
    return Words(content_of(request), language_of(request), now_of(request))
