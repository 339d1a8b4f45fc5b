"""Routes of grave events: forums and their lists, a notice sealed to a list, what was told, what everybody answers."""

from typing import Final

from aiohttp import web

from bot.core.facts import roles_on
from bot.core.graves import GraveId
from bot.core.ids import PersonId
from bot.core.referrals import EntryId
from bot.flow import forum_lists, graves
from bot.flow.deps import Deps
from bot.flow.graves import Sending
from bot.flow.ports import Tx
from bot.flow.records_graves import Grave
from bot.flow.refusals import Code, Refused
from bot.flow.words import Words
from bot.seal.plain import Sealed
from bot.seal.wire import to_base64url
from bot.web import graves_models as models
from bot.web import room_shapes as shapes
from bot.web.acting import Actor, act, answered, look, look_and_record, read_model

MAX_GRAVE: Final = 4 * 1024 * 1024  # bytes: 256 copies of the longest notice, as base64url
MAX_ANSWER: Final = 1024  # bytes


async def forums(request: web.Request) -> web.Response:
    """The forums that one may tell."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Forums:
        words = _words(deps, actor)
        rows = tuple(
            models.ForumRow(
                forum=forum.id,
                label=words.label(forum.label),
                organisation=own.id,
                organisation_label=words.label(own.label),
                people=len(forum_lists.listed_at(tx, forum.id, actor.who.now)),
            )
            for own, forum in graves.forums(deps, actor.who)
        )
        return models.Forums(forums=rows)

    return answered(await look(request, ask))


async def plan(request: web.Request) -> web.Response:
    """To whom a notice to a forum would go now."""
    forum = _named(request, "forum")

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.GravePlan:
        found = graves.plan(tx, deps, actor.who, forum)
        reading = {device.person for device in found.devices}
        return models.GravePlan(
            forum=found.forum.id,
            organisation=found.organisation.id,
            people=len(found.people),
            unread=sum(person not in reading for person in found.people),
            recipients=tuple(
                models.GraveRecipient(
                    device=to_base64url(device.id),
                    organisation=device.organisation,
                    person=device.person or "",
                )
                for device in found.devices
            ),
        )

    return answered(await look(request, ask))


async def send(request: web.Request) -> web.Response:
    """Tell a forum's list: everybody is rung at once."""
    asked = await read_model(request, MAX_GRAVE, models.NewGrave)
    copies = {
        shapes.read_bytes(one.device): Sealed(content=shapes.read_bytes(one.blob)) for one in asked.copies
    }
    if len(copies) != len(asked.copies):
        raise Refused(Code.BAD_SEAL)
    sent = Sending(id=GraveId(asked.id), at=asked.at, copies=copies)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.GraveSent:
        grave = graves.send(tx, deps, actor.who, actor.own, EntryId(asked.forum), sent)
        return models.GraveSent(id=grave.id, people=len(tx.graves.told(grave.id)))

    repeated = (asked.id, asked.forum)  # sealing again changes every copy, and the instant
    return await act(request, repeated, do)


async def mine(request: web.Request) -> web.Response:
    """What one sent, with everybody's answers, and what one was told."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Graves:
        sent, told = graves.mine(tx, deps, actor.who)
        return models.Graves(
            sent=tuple(_row(tx, deps, actor, grave) for grave in sent),
            told=tuple(_row(tx, deps, actor, grave) for grave in told),
        )

    return answered(await look(request, ask))


async def show(request: web.Request) -> web.Response:
    """A notice and the copy for this device; it is known then that they looked."""
    named = GraveId(_named(request, "grave"))

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.GraveShown:
        grave, copy = graves.view(tx, deps, actor.who, actor.own, named)
        device = tx.devices.get(grave.device)
        return models.GraveShown(
            grave=_row(tx, deps, actor, grave),
            sender=grave.sender,
            sender_device=to_base64url(grave.device),
            sender_organisation=device.organisation if device is not None else "",
            signed_at=int(grave.at.timestamp()),
            blob=to_base64url(copy.blob.content) if copy is not None else None,
        )

    return answered(await look_and_record(request, ask))


async def answer(request: web.Request) -> web.Response:
    """Answer a notice, or answer otherwise than before."""
    asked = await read_model(request, MAX_ANSWER, models.GraveAnswered)
    named = GraveId(_named(request, "grave"))

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.GraveSaid:
        graves.answer(tx, deps, actor.who, named, asked.answer)
        return models.GraveSaid(id=named, answer=asked.answer)

    return await act(request, (asked.answer,), do)


async def listed(request: web.Request) -> web.Response:
    """Who stands on the list of one's own organisation's forum."""
    forum = _named(request, "forum")

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.ForumList:
        return _list(tx, deps, actor, forum)

    return answered(await look(request, ask))


async def change_list(request: web.Request) -> web.Response:
    """Put somebody on the list, or take them off."""
    asked, forum = await read_model(request, MAX_ANSWER, models.ListChange), _named(request, "forum")

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.ForumList:
        found = forum_lists.owner_of(deps, forum)
        forum_lists.may_keep(deps, actor.who, found[0].id)
        change = forum_lists.put_on if asked.listed else forum_lists.take_off
        change(tx, deps, found[1].id, PersonId(asked.person), by=actor.who.person.id)
        return _list(tx, deps, actor, forum)

    return await act(request, (asked.model_dump_json(),), do)


def _list(tx: Tx, deps: Deps, actor: Actor, named: str) -> models.ForumList:
    own, forum = forum_lists.owner_of(deps, named)
    forum_lists.may_keep(deps, actor.who, own.id)
    return models.ForumList(forum=forum.id, people=forum_lists.listed_at(tx, forum.id, actor.who.now))


def _row(tx: Tx, deps: Deps, actor: Actor, grave: Grave) -> models.GraveRow:
    words, replies = _words(deps, actor), []
    for told in graves.answers(tx, actor.who, grave):
        person = tx.people.get(told.person)
        roles = roles_on(person, actor.who.now) if person is not None else ()
        replies.append(
            models.GraveReply(
                person=told.person,
                name=person.name if person is not None else told.person,
                roles=tuple(sorted(words.say(f"web.role.{role}") for role in roles)),
                answer=told.answer,
                at=told.at,
                rung=graves.was_rung(tx, grave, told),
            )
        )
    return models.GraveRow(
        id=grave.id,
        organisation=grave.organisation,
        forum=grave.forum,
        label=graves.label_of(deps, words, grave),
        at=grave.at,
        replies=tuple(replies),
    )


def _named(request: web.Request, name: str) -> str:
    found: str = request.match_info[name]
    return found


def _words(deps: Deps, actor: Actor) -> Words:
    return Words(deps.content(), actor.who.language, actor.who.now)
