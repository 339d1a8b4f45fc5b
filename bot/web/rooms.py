"""Routes of rooms: where one stands, its events, one's own keys, and what a device adds."""

from aiohttp import web

from bot.core.ids import PersonId, RoomId
from bot.core.policy import Act
from bot.flow import handover, room_acts, room_reading
from bot.flow.bridge_epochs import bridge_id
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.room_acts import InRoom, enter
from bot.flow.room_epochs import devices_of
from bot.flow.room_reading import MOST
from bot.seal.errors import SealError
from bot.seal.event import from_bytes
from bot.seal.wire import MAX_NUMBER, to_base64url
from bot.web import room_models as models
from bot.web import room_shapes as shapes
from bot.web.acting import Actor, act, answered, look, look_and_record, number_of, read_model

MAX_EVENT = 96 * 1024  # bytes of body: an event of 65 552 bytes of ciphertext and its header, as base64url
MAX_EPOCH = 1024 * 1024  # bytes: 64 sealed keys, and two escrows of 32 supervisors with eight devices each
MAX_GRANT = 256 * 1024  # bytes: 128 sealed keys
MAX_HANDOVER = 1024 * 1024  # bytes: the grants of eight devices after a hundred epochs
PAGE = 100  # events, where nobody says how many


async def room(request: web.Request) -> web.Response:
    """Where the room stands, who is in it, who waits for history, and what has to be done first."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.RoomAnswer:
        found = room_reading.view(tx, deps, _inside(tx, deps, actor, request, Act.ROOM_READ))
        if found.plan is None:
            return shapes.room(found, None)
        devices = {device.id: device for device in devices_of(tx, found.plan)}
        return shapes.room(found, shapes.plan(found.plan, devices, bridge_id(deps)))

    return answered(await look(request, ask))


async def events(request: web.Request) -> web.Response:
    """Events after a number, in order."""
    after = number_of(request, "after", default=0, most=MAX_NUMBER)
    limit = number_of(request, "limit", default=PAGE, most=MOST)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Events:
        inside = _inside(tx, deps, actor, request, Act.ROOM_READ)
        page, more = room_reading.events(tx, inside, after, max(limit, 1))
        return models.Events(
            events=tuple(to_base64url(event) for event in page), more=more, head=shapes.head(inside.room)
        )

    return answered(await look(request, ask))


async def keys(request: web.Request) -> web.Response:
    """The keys that were sealed to this device. That each was handed out is recorded, the first time."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Keys:
        kept = room_reading.keys(tx, deps, _inside(tx, deps, actor, request, Act.ROOM_READ))
        return models.Keys(keys=tuple(shapes.key(one) for one in kept))

    return answered(await look_and_record(request, ask))


async def put_event(request: web.Request) -> web.Response:
    """Add one sealed event. A repetition may be sealed anew, so only its kind and its size must be the same."""
    asked = await read_model(request, MAX_EVENT, models.NewEvent)
    content = shapes.read_bytes(asked.event)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Added:
        inside = _inside(tx, deps, actor, request, Act.ROOM_SAY)
        return _added(room_acts.put_event(tx, deps, inside, content))

    return await act(request, _shape_of(content), do)


async def begin_epoch(request: web.Request) -> web.Response:
    """Begin the next epoch, because who must hold the key has changed."""
    asked = shapes.read_opening(await read_model(request, MAX_EPOCH, models.NewEpoch))

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Added:
        inside = _inside(tx, deps, actor, request, Act.ROOM_SAY)
        return _added(room_acts.begin_epoch(tx, deps, inside, asked))

    return await act(request, (), do)


async def give(request: web.Request) -> web.Response:
    """Give a newcomer's device the keys of earlier epochs."""
    asked = shapes.read_grant(await read_model(request, MAX_GRANT, models.NewGrant))

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Added:
        inside = _inside(tx, deps, actor, request, Act.ROOM_SAY)
        return _added(room_acts.give(tx, deps, inside, asked.content, asked.keys))

    return await act(request, tuple(str(epoch) for epoch in sorted(asked.keys)), do)


async def receivers(request: web.Request) -> web.Response:
    """Who can be given the talk, and what each has to be given with it."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Receivers:
        inside = _inside(tx, deps, actor, request, Act.CONSULTATION_HAND_OVER)
        found = handover.receivers(tx, deps, inside)
        return models.Receivers(receivers=tuple(shapes.receiver(one) for one in found))

    return answered(await look(request, ask))


async def hand_over(request: web.Request) -> web.Response:
    """Hand the talk over to another worker, with its keys."""
    asked = await read_model(request, MAX_HANDOVER, models.NewHandover)
    grants = [shapes.read_grant(one) for one in asked.grants]

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Added:
        inside = _inside(tx, deps, actor, request, Act.CONSULTATION_HAND_OVER)
        _, after = handover.hand_over(tx, deps, inside, PersonId(asked.to), grants)
        return _added(after)

    return await act(request, (asked.to,), do)


def _inside(tx: Tx, deps: Deps, actor: Actor, request: web.Request, allowed: Act) -> InRoom:
    return enter(tx, deps, actor.who, actor.own, RoomId(request.match_info["room"]), allowed)


def _added(after: Room) -> models.Added:
    return models.Added(head=shapes.head(after))


def _shape_of(content: bytes) -> tuple[str, ...]:
    """What is left of an event when it is sealed again: kind and length; nothing for what is no event."""
    try:
        event = from_bytes(content)
    except SealError:
        return ()
    return (event.kind, str(len(event.ct)))
