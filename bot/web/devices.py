"""Routes of devices: enrolled, approved, revoked, listed; and the directories by which clients believe in them."""

from collections.abc import Callable
from typing import Final, TypeVar

from aiohttp import web

from bot.core.errors import BadInput, Denied
from bot.core.ids import PersonId
from bot.core.people import Person
from bot.core.policy import Act
from bot.flow import device_acts, device_invite
from bot.flow.device_answer import directory_answer
from bot.flow.device_enrol import enrol
from bot.flow.device_permit import permit
from bot.flow.device_sign_in import web_origin
from bot.flow.device_trust import found, root_of, seconds
from bot.flow.ports import Tx
from bot.flow.records_devices import Device, DeviceState, Invitation, Tier
from bot.flow.sign_in import SignedIn
from bot.seal.enrolment import root_id
from bot.seal.wire import MAX_NUMBER
from bot.web import devices_models as models
from bot.web.acting import flow_deps, read_model
from bot.web.asking import token_of
from bot.web.device_asking import (
    MAX_STATEMENT,
    device_of,
    given,
    keep_session,
    organisation_of,
    person_of,
)
from bot.web.problems import problem

MAX_ASKED: Final = 4 * 1024  # bytes of a request without a signed statement
MAX_SIGNED: Final = 2 * MAX_STATEMENT  # bytes of one with
PAGE: Final = 100  # devices

T = TypeVar("T")


async def invite(request: web.Request) -> web.Response:
    """Invite somebody, or oneself, to enrol a device of the organisation."""
    who, own, deps = await person_of(request), organisation_of(request), flow_deps(request)
    asked = await read_model(request, MAX_ASKED, models.InvitationRequest)

    def act(tx: Tx) -> device_invite.Invited:
        subject = tx.people.get(asked.person)  # type: ignore[arg-type]  # of the form of an id; unknown below
        if subject is None:
            raise Denied("nobody of that id may be invited")
        return device_invite.invite(tx, deps, who, subject, organisation=own, rights=asked.rights)

    made = await deps.store.write(act)
    answer = models.InvitationAnswer(secret=made.secret, expires=made.invitation.expires, link=made.link)
    return given(answer, 201)


async def redeem(request: web.Request) -> web.Response:
    """Take an invitation, once: who is invited to what, and a session for them."""
    deps, asked = flow_deps(request), await read_model(request, MAX_ASKED, models.RedeemRequest)
    token = token_of(request)

    def act(tx: Tx) -> tuple[Invitation, SignedIn, str | None]:
        invitation, opened = device_invite.redeem(tx, deps, asked.secret, instead_of=token)
        return invitation, opened, _name(tx, invitation.person)

    try:
        invitation, opened, name = await deps.store.write(act)
    except Denied:
        return problem(request, 403, code="invitation_spent")
    answer = models.RedeemAnswer(
        organisation=invitation.organisation,
        person=invitation.person,
        name=name,
        rights=invitation.rights,
        inviter=invitation.inviter,
        invitation=invitation.digest,
        expires=invitation.expires,
        session_expires=opened.expires,
    )
    response = given(answer, 201)
    keep_session(request, response, opened)
    return response


async def enrol_device(request: web.Request) -> web.Response:
    """Keep the device that was invited; it waits for approval."""
    who, deps = await person_of(request), flow_deps(request)
    asked = await read_model(request, MAX_SIGNED, models.EnrolRequest)
    device = await deps.store.write(
        lambda tx: enrol(
            tx,
            deps,
            who,
            asked.bundle,
            tier=Tier(asked.tier),
            challenge=asked.challenge,
            answer=asked.answer,
        )
    )
    return given(models.device_answer(device, (), name=who.name), 201)


async def mine(request: web.Request) -> web.Response:
    """One's own devices, whatever their state."""
    who, now = await person_of(request), seconds(flow_deps(request).clock.now())

    def ask(tx: Tx) -> list[models.DeviceAnswer]:
        return [_told(tx, device) for device in tx.devices.of_person(who.id)]

    told = await flow_deps(request).store.read(ask)
    return given(models.DevicesAnswer(devices=told, next=None, now=now))


async def one(request: web.Request) -> web.Response:
    """One device: one's own, or of an organisation whose devices one may see."""
    who, id_, deps = await person_of(request), device_of(request), flow_deps(request)

    def ask(tx: Tx) -> models.DeviceAnswer:
        device = tx.devices.get(id_)
        if device is None:
            raise web.HTTPNotFound
        if device.person != who.id:
            device_acts.watch(deps.content(), who, device.organisation, deps.clock.now())
        return _told(tx, device)

    return given(await deps.store.read(ask))


async def all_of(request: web.Request) -> web.Response:
    """The organisation's devices, by id; `?state=` one of them, `?after=` the last of the page before."""
    who, own, deps = await person_of(request), organisation_of(request), flow_deps(request)
    state, after, now = _state(request), _after(request), deps.clock.now()
    device_acts.watch(deps.content(), who, own, now)

    def ask(tx: Tx) -> tuple[list[models.DeviceAnswer], bool]:
        known = [d for d in tx.devices.of_organisation(own) if d.id > after and state in (None, d.state)]
        return [_told(tx, device) for device in known[:PAGE]], len(known) > PAGE

    told, more = await deps.store.read(ask)
    last = told[-1].device if more else None
    return given(models.DevicesAnswer(devices=told, next=last, now=seconds(now)))


async def approve(request: web.Request) -> web.Response:
    """Take the word of a device of one's own for somebody's device."""
    asked = await read_model(request, MAX_SIGNED, models.ApprovalRequest)
    return await _acted(
        request, lambda tx, who, id_: device_acts.approve(tx, flow_deps(request), who, id_, asked.approval)
    )


async def revoke(request: web.Request) -> web.Response:
    """Revoke a device: one's own, or by policy somebody else's. Harmless the second time."""
    await read_model(request, MAX_ASKED, models.Nothing)
    return await _acted(request, lambda tx, who, id_: device_acts.revoke(tx, flow_deps(request), who, id_))


async def introduce(request: web.Request) -> web.Response:
    """Take the word of a device of one's own for another organisation's root."""
    who, own, deps = await person_of(request), organisation_of(request), flow_deps(request)
    asked = await read_model(request, MAX_SIGNED, models.IntroductionRequest)
    other = await deps.store.write(
        lambda tx: device_acts.introduce(tx, deps, who, asked.introduction, organisation=own)
    )
    return given(models.IntroductionAnswer(other=other), 201)


async def pins(request: web.Request) -> web.Response:
    """What devices of the organisation pin, to be compared."""
    await person_of(request)
    own, deps = organisation_of(request), flow_deps(request)
    root = await deps.store.read(lambda tx: root_of(tx, own))
    return given(
        models.PinsAnswer(
            organisation=own,
            root=root,
            root_id=root_id(root),
            ledger=device_invite.ledger_key(deps, own),
            origin=web_origin(deps.base_url),
        )
    )


async def directory(request: web.Request) -> web.Response:
    """The newest directory with its proofs; `?since=` the size of the checkpoint accepted before."""
    who, own, deps = await person_of(request), organisation_of(request), flow_deps(request)
    permit(deps.content(), who, Act.DIRECTORY_READ, deps.clock.now(), organisation=own)
    since = _since(request)
    answered = await deps.store.read(lambda tx: directory_answer(tx, own, since))
    return given(models.directory_answer(answered.answer))


async def _acted(request: web.Request, act: Callable[[Tx, Person, bytes], Device]) -> web.Response:
    who, id_, deps = await person_of(request), device_of(request), flow_deps(request)

    def run(tx: Tx) -> models.DeviceAnswer:
        found(tx, id_)
        return _told(tx, act(tx, who, id_))

    answer = await deps.store.write(run)
    deps.bells.ring()
    return given(answer)


def _told(tx: Tx, device: Device) -> models.DeviceAnswer:
    return models.device_answer(device, tx.devices.approvals(device.id), name=_name(tx, device.person))


def _name(tx: Tx, person: PersonId | None) -> str | None:
    found = tx.people.get(person) if person is not None else None
    return found.name if found is not None else None


def _state(request: web.Request) -> DeviceState | None:
    text = request.query.get("state")
    try:
        return None if text is None else DeviceState(text)
    except ValueError as error:
        raise BadInput("there is no such state") from error


def _after(request: web.Request) -> bytes:
    try:
        return bytes.fromhex(request.query.get("after", "")[:64])
    except ValueError as error:
        raise BadInput("a device's id is hexadecimal") from error


def _since(request: web.Request) -> int:
    text = request.query.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MAX_NUMBER):
        raise BadInput("a size is one decimal number")
    return int(text)
