"""Routes of handovers: what one holds at the end of a shift, all of it given in one act, the receipt; and promises."""

from collections.abc import Iterable

from aiohttp import web

from bot.core.consultation import State
from bot.core.ids import ConsultationId, PersonId, RoomId
from bot.core.policy import Act
from bot.core.promises import Promise
from bot.flow import promises, shift_handover
from bot.flow.deps import Deps
from bot.flow.handover_receipts import Receipt, receipts
from bot.flow.ports import Tx
from bot.flow.shift_handover import Colleague, Part, Talk
from bot.flow.speaker import may
from bot.flow.words import Words
from bot.seal.wire import to_base64url
from bot.web import handovers_models as models
from bot.web import room_shapes as shapes
from bot.web.acting import Actor, act, answered, look, read_model
from bot.web.asking import content_of, language_of, now_of
from bot.web.room_models import DueGrant

MAX_SHIFT = 4 * 1024 * 1024  # bytes: twenty talks of a hundred epochs, to somebody with eight devices
MAX_PROMISES = 4 * 1024  # bytes


async def leaving(request: web.Request) -> web.Response:
    """What one holds, and to whom all of it can be given."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.LeavingAnswer:
        found = shift_handover.leaving(tx, deps, actor.who, actor.device)
        return models.LeavingAnswer(
            talks=tuple(_talk(words, one) for one in found.talks),
            until=found.until,
            colleagues=tuple(_colleague(one) for one in found.colleagues),
            unreached=tuple(models.Unreached(person=one.id, name=one.name) for one in found.unreached),
        )

    return answered(await look(request, ask))


async def hand_over(request: web.Request) -> web.Response:
    """Hand over every talk that one holds, or none; answers with the receipt."""
    asked = await read_model(request, MAX_SHIFT, models.NewShiftHandover)
    parts, words = [_part(one) for one in asked.rooms], _words(request)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.HandoverReceipt:
        handed = shift_handover.hand_over(tx, deps, actor.who, actor.device, PersonId(asked.to), parts)
        (receipt,) = receipts(tx, actor.who.person.id, handed[0].id)
        return _receipt(tx, words, receipt, actor.who.person.id)

    return await act(request, (asked.to, *sorted(part.room for part in parts)), do)


async def mine(request: web.Request) -> web.Response:
    """The handovers that one gave or was given, with their receipts."""
    words = _words(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.HandoverReceipts:
        me = actor.who.person
        may(deps, actor.who, Act.SHIFT_HAND_OVER, subject=me)
        found = receipts(tx, me.id)
        return models.HandoverReceipts(handovers=tuple(_receipt(tx, words, one, me.id) for one in found))

    return answered(await look(request, ask))


async def promise(request: web.Request) -> web.Response:
    """Say what is promised in a talk of one's own, in the place of what was."""
    asked = await read_model(request, MAX_PROMISES, models.NewPromises)
    named, said = ConsultationId(request.match_info["consultation"]), _read(asked.promises)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.Promised:
        c = promises.make(tx, deps, actor.who, named, said)
        return models.Promised(consultation=c.id, promises=_told(tx.handovers.promised(c.id) or ()))

    return await act(request, (asked.model_dump_json(),), do)


def _words(request: web.Request) -> Words:
    return Words(content_of(request), language_of(request), now_of(request))


def _part(asked: models.HandedTalk) -> Part:
    return Part(
        room=RoomId(asked.room),
        grants=[shapes.read_grant(one) for one in asked.grants],
        promised=None if asked.promises is None else _read(asked.promises),
    )


def _talk(words: Words, talk: Talk) -> models.HeldTalk:
    assert talk.c.request is not None
    return models.HeldTalk(
        consultation=talk.c.id,
        room=talk.room.id,
        request=shapes.wish(words, talk.c.request),
        unread=talk.unread,
        owed=talk.c.owed,
        due=talk.c.due,
        promises=None if talk.promised is None else _told(talk.promised),
        by_device=talk.by_device,
    )


def _colleague(found: Colleague) -> models.ColleagueAnswer:
    person, posting = found.taker.person, found.taker.posting
    return models.ColleagueAnswer(
        person=person.id,
        name=person.name,
        role=posting.role,
        organisation=posting.organisation,
        holds=found.holds,
        until=found.until,
        rooms=tuple(
            models.DueWith(
                room=room,
                grants=tuple(
                    DueGrant(device=to_base64url(device.id), organisation=device.organisation, epochs=epochs)
                    for device, epochs in due
                ),
            )
            for room, due in sorted(found.due.items())
        ),
    )


def _receipt(tx: Tx, words: Words, receipt: Receipt, me: PersonId) -> models.HandoverReceipt:
    digest = receipt.digest
    return models.HandoverReceipt(
        handover=receipt.id,
        at=receipt.at,
        role="giver" if receipt.giver == me else "receiver",
        giver=_name(tx, receipt.giver),
        receiver=_name(tx, receipt.receiver),
        talks=tuple(
            models.HandoverReceiptTalk(
                consultation=line.c.id,
                room=line.c.room,
                request=shapes.wish(words, line.c.request),
                unread=line.handed.unread,
                promises=_told(line.promised),
                mine=line.c.state is State.OPEN and line.c.holder == me,
                waits=line.c.holder == me and line.is_waiting,
                organisation=line.entry.entry.organisation,
                entry=line.entry.index,
                leaf=to_base64url(line.entry.leaf),
            )
            for line in receipt.lines
            if line.c.request is not None
        ),
        erased=receipt.talks - len(receipt.lines),
        digest=to_base64url(digest) if digest is not None else None,
    )


def _name(tx: Tx, person: PersonId) -> str:
    found = tx.people.get(person)
    return found.name if found is not None else ""


def _read(asked: Iterable[models.OnePromise]) -> tuple[Promise, ...]:
    return tuple(Promise(kind=one.kind, due=one.due) for one in asked)


def _told(promised: Iterable[Promise]) -> tuple[models.OnePromise, ...]:
    return tuple(models.OnePromise(kind=one.kind, due=one.due) for one in promised)
