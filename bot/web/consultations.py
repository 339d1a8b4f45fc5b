"""Routes of requests and offers: asked for, followed, accepted on a device, declined, ended."""

from aiohttp import web

from bot.core.consultation import Consultation
from bot.core.events import Ending, Reason
from bot.core.ids import ConsultationId, DistrictId, OfferId
from bot.core.places import districts_at
from bot.core.press import Choose
from bot.core.referrals import EntryId
from bot.core.request import DecisionKind, Matter, Need, Outcome, Urgency
from bot.flow import consult, offers, referred
from bot.flow.bridge_epochs import bridge_id
from bot.flow.chat.talks import ENDINGS
from bot.flow.consult import Doing
from bot.flow.deps import Deps
from bot.flow.disclosing import choices as choices_of
from bot.flow.ports import Tx
from bot.flow.refusals import Code, Refused
from bot.flow.register import receipt_of
from bot.flow.room_epochs import devices_of
from bot.flow.words import Words
from bot.web import room_models as models
from bot.web import room_shapes as shapes
from bot.web.acting import Actor, act, answered, flow_deps, look, look_and_record, number_of, read_model
from bot.web.asking import content_of, language_of, now_of
from bot.web.devices_models import Nothing
from bot.web.rooms import MAX_EPOCH

MAX_CHOICE = 4 * 1024  # bytes
MOST = 50  # consultations shown at once


async def choices(request: web.Request) -> web.Response:
    """What a request can be made of now."""
    words = _words(request)
    places = tuple(
        models.Place(district=d.id, place=words.label(d.label), region=d.region)
        for d in districts_at(words.content.structure, words.now)
    )
    return answered(
        models.Choices(
            districts=places,
            matters=tuple(Matter),
            needs=tuple(Need),
            urgencies=tuple(Urgency),
            decisions=tuple(DecisionKind),
            endings=ENDINGS,
            reasons=tuple(Reason),
        )
    )


async def request_person(request: web.Request) -> web.Response:
    """Ask for a person: the chain starts at once."""
    asked = await read_model(request, MAX_CHOICE, models.NewConsultation)
    choice = Choose(
        district=DistrictId(asked.district),
        matter=asked.matter,
        need=asked.need,
        detail=asked.detail,
        urgency=asked.urgency,
    )
    words = _words(request)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.ConsultationAnswer:
        return _shown(tx, words, consult.request(tx, deps, actor.who, choice), actor)

    return await act(request, (asked.model_dump_json(),), do)


async def mine(request: web.Request) -> web.Response:
    """One's own consultations, newest first."""
    limit, words = number_of(request, "limit", default=MOST, most=MOST), _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Consultations:
        found = consult.mine(tx, deps, actor.who, max(limit, 1))
        return models.Consultations(consultations=tuple(_shown(tx, words, c, actor) for c in found))

    return answered(await look(request, ask))


async def one(request: web.Request) -> web.Response:
    """One consultation of one's own."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.ConsultationAnswer:
        return _shown(tx, words, consult.one(tx, deps, actor.who, _named(request)), actor)

    return answered(await look(request, ask))


async def cancel(request: web.Request) -> web.Response:
    """Withdraw a request that nobody has taken."""
    return await _do(request, Doing.CANCEL)


async def raise_urgency(request: web.Request) -> web.Response:
    """Say that it can no longer wait."""
    return await _do(request, Doing.RAISE)


async def could_not_attend(request: web.Request) -> web.Response:
    """Say that one cannot come after all: somebody else is looked for at once."""
    return await _do(request, Doing.COULD_NOT_ATTEND)


async def close(request: web.Request) -> web.Response:
    """End it, with how it ended."""
    asked = await read_model(request, MAX_CHOICE, models.Closing)
    return await _act(request, Doing.CLOSE, asked.ending, EntryId(asked.target) if asked.target else None)


async def targets(request: web.Request) -> web.Response:
    """To what the officer of a talk of one's own can be referred now."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Targets:
        c = consult.one(tx, deps, actor.who, _named(request))
        found = referred.targets(deps.content(), c, actor.who.now)
        return models.Targets(targets=tuple(shapes.target(words, one) for one in found))

    return answered(await look(request, ask))


async def identify(request: web.Request) -> web.Response:
    """Begin the identified phase, by a deliberate act of one of the two."""
    await read_model(request, MAX_CHOICE, Nothing)
    words = _words(request)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.ConsultationAnswer:
        c = consult.identify(tx, deps, actor.who, actor.own, _named(request))
        return _shown(tx, words, c, actor)

    return await act(request, (), do)


async def grounds(request: web.Request) -> web.Response:
    """What whoever has the talk chooses among before something is disclosed in it."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.GroundsAnswer:
        c = consult.one(tx, deps, actor.who, _named(request))
        return shapes.grounds(words, choices_of(deps, actor.who, c))

    return answered(await look(request, ask))


async def waiting(request: web.Request) -> web.Response:
    """The offers that wait for an answer."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Offers:
        found = offers.waiting(tx, deps, actor.who)
        return models.Offers(offers=tuple(shapes.offer(words, c, offer) for c, offer in found))

    return answered(await look(request, ask))


async def offer(request: web.Request) -> web.Response:
    """What an offer asks, and on a device what accepting it has to bring."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Offered:
        c, found, plan = offers.show(tx, deps, actor.who, _offered(request))
        devices = {device.id: device for device in devices_of(tx, plan)}
        planned = shapes.plan(plan, devices, bridge_id(deps)) if actor.device is not None else None
        return shapes.offer(words, c, found, planned)

    return answered(await look_and_record(request, ask))


async def accept(request: web.Request) -> web.Response:
    """Accept on a device, with what begins the room's next epoch: the first one wins."""
    asked = shapes.read_opening(await read_model(request, MAX_EPOCH, models.NewEpoch))

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Taken:
        c = offers.accept_on_device(tx, deps, actor.who, actor.own, _offered(request), asked)
        room = tx.rooms.get(c.room) if c.room is not None else None
        assert room is not None
        assert c.due is not None
        return models.Taken(consultation=c.id, room=room.id, head=shapes.head(room), answer_by=c.due)

    try:
        return await act(request, (), do)
    except Refused as refused:
        if (
            refused.code is Code.NOT_ELIGIBLE
        ):  # nothing of this has happened; the chain must go on all the same
            await look_and_record(request, _take_back)
            flow_deps(request).bells.ring()
        raise


async def decline(request: web.Request) -> web.Response:
    """Say no: the chain goes on at once."""
    asked = await read_model(request, MAX_CHOICE, models.Refusal)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Declined:
        c = consult.decline(tx, deps, actor.who, _offered(request), asked.reason)
        return models.Declined(consultation=c.id, outcome=Outcome.DECLINED)

    return await act(request, (asked.reason,), do)


def _shown(tx: Tx, words: Words, c: Consultation, actor: Actor) -> models.ConsultationAnswer:
    return shapes.consultation(words, c, actor.who.person.id, receipt_of(tx, c))


def _take_back(tx: Tx, deps: Deps, actor: Actor) -> None:
    offers.take_back(tx, deps, actor.who.person.id, actor.who.now)


async def _do(request: web.Request, doing: Doing) -> web.Response:
    await read_model(request, MAX_CHOICE, Nothing)
    return await _act(request, doing)


async def _act(
    request: web.Request, doing: Doing, ending: Ending | None = None, target: EntryId | None = None
) -> web.Response:
    words = _words(request)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.ConsultationAnswer:
        return _shown(
            tx, words, consult.do(tx, deps, actor.who, _named(request), doing, ending, target), actor
        )

    return await act(request, (ending or "", *([target] if target else [])), do)


def _named(request: web.Request) -> ConsultationId:
    return ConsultationId(request.match_info["consultation"])


def _offered(request: web.Request) -> OfferId:
    return OfferId(request.match_info["offer"])


def _words(request: web.Request) -> Words:
    return Words(content_of(request), language_of(request), now_of(request))
