"""Routes of signing in with a device or a passkey."""

from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from bot.core.errors import BadInput, Denied
from bot.flow import device_sign_in, passkeys
from bot.flow.changed import can_be_reached
from bot.flow.device_trust import seconds
from bot.flow.sign_in import SignedIn
from bot.web import devices_models as models
from bot.web.acting import flow_deps, read_model
from bot.web.asking import now_of, token_of
from bot.web.deps import DEPS
from bot.web.device_asking import Bytes, given, keep_session, person_of
from bot.web.problems import problem
from bot.web.shapes import SessionAnswer, Strict

MAX_ASKED = 4 * 1024  # bytes
MAX_CREDENTIAL = 64 * 1024  # bytes; attestations with certificates are a few thousand

# What a browser's `credential.toJSON()` gives: WebAuthn says which fields, its library checks them.
Json = Annotated[dict[str, Any], Field(max_length=16)]


class PasskeyRequest(Strict):
    """A credential as `toJSON()` writes it. `clientExtensionResults` may hold the PRF secret: it is refused unread."""

    credential: Json


class PasskeyOptions(Strict):
    """What `navigator.credentials` takes, as JSON: `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`."""

    options: Json


class PasskeyAnswer(Strict):
    """One of one's own passkeys."""

    passkey: Annotated[Bytes, Field(min_length=1, max_length=1023)]  # as WebAuthn bounds an id


class PasskeysAnswer(Strict):
    """One's own passkeys."""

    passkeys: list[PasskeyAnswer]


async def challenge(request: web.Request) -> web.Response:
    """32 bytes for a device to sign, once, within two minutes."""
    await read_model(request, MAX_ASKED, models.Nothing)
    made, expires = await device_sign_in.issue_challenge(request.app[DEPS])
    return given(models.Challenge(challenge=made, expires=expires, now=seconds(now_of(request))), 201)


async def by_device(request: web.Request) -> web.Response:
    """Open a session that is bound to an active device, in the place of the browser's old one."""
    asked = await read_model(request, MAX_ASKED, models.DeviceSignIn)
    try:
        opened = await device_sign_in.sign_in(
            request.app[DEPS],
            bytes.fromhex(asked.device),
            challenge=asked.challenge,
            answer=asked.answer,
            instead_of=token_of(request),
        )
    except Denied:
        return problem(request, 403, code="sign_in_failed")
    flow = request.app[DEPS].flow
    if flow is not None:
        await can_be_reached(flow, opened.person)
    return _opened(request, opened)


async def passkey_options(request: web.Request) -> web.Response:
    """What signing in with a passkey takes."""
    await read_model(request, MAX_ASKED, models.Nothing)
    return given(PasskeyOptions(options=await passkeys.sign_in_options(flow_deps(request))), 201)


async def by_passkey(request: web.Request) -> web.Response:
    """Open a session for the person whose passkey has signed."""
    credential = await _credential(request)
    try:
        opened = await passkeys.sign_in(flow_deps(request), credential, instead_of=token_of(request))
    except Denied:
        return problem(request, 403, code="sign_in_failed")
    return _opened(request, opened)


async def new_passkey_options(request: web.Request) -> web.Response:
    """What registering a passkey takes."""
    person = await person_of(request)
    await read_model(request, MAX_ASKED, models.Nothing)
    return given(PasskeyOptions(options=await passkeys.registration_options(flow_deps(request), person)), 201)


async def new_passkey(request: web.Request) -> web.Response:
    """Keep a passkey of whoever is signed in."""
    person = await person_of(request)
    made = await passkeys.register(flow_deps(request), person, await _credential(request))
    return given(PasskeyAnswer(passkey=made.id), 201)


async def my_passkeys(request: web.Request) -> web.Response:
    """One's own passkeys."""
    person = await person_of(request)
    known = await flow_deps(request).store.read(lambda tx: tx.passkeys.of_person(person.id))
    return given(PasskeysAnswer(passkeys=[PasskeyAnswer(passkey=passkey.id) for passkey in known]))


async def remove_passkey(request: web.Request) -> web.Response:
    """Forget one of one's own passkeys; harmless the second time."""
    person = await person_of(request)
    asked = await read_model(request, MAX_ASKED, PasskeyAnswer)
    await passkeys.remove(flow_deps(request), person, asked.passkey)
    return web.Response(status=204)


async def _credential(request: web.Request) -> dict[str, Any]:
    asked = await read_model(request, MAX_CREDENTIAL, PasskeyRequest)
    if asked.credential.get("clientExtensionResults"):
        raise BadInput("a passkey's extension results stay in the browser")
    return {name: value for name, value in asked.credential.items() if name != "clientExtensionResults"}


def _opened(request: web.Request, opened: SignedIn) -> web.Response:
    response = given(SessionAnswer(expires=opened.expires), 201)
    keep_session(request, response, opened)
    return response
