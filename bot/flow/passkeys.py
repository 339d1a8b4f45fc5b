"""Passkeys: registered by whoever is signed in, and then a way to sign in; the user is always verified (WebAuthn)."""

import json
from base64 import urlsafe_b64decode
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from bot.core.errors import BadInput, Denied
from bot.core.ids import PersonId
from bot.core.people import Person
from bot.flow.deps import Deps
from bot.flow.device_sign_in import LIFETIME, issue_challenge, take_challenge, web_origin
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Entry
from bot.flow.records_devices import Passkey
from bot.flow.refusals import Code, Refused
from bot.flow.sign_in import SignedIn, draw_token, open_session
from bot.flow.speaker import organisations_of
from bot.seal.wire import to_base64url

SIGN_IN: Final = "passkey"  # what a challenge is for
MOST: Final = 16  # passkeys of one person
RP_NAME: Final = "Samjour"
_TIMEOUT: Final = int(LIFETIME.total_seconds() * 1000)  # milliseconds
_PRF: Final = sha256(
    b"samjour/device-prf/v1"
).digest()  # the salt; what makes the secret one's own is the passkey

Json = dict[str, Any]  # what a browser gives and takes; the library checks its fields


async def registration_options(deps: Deps, person: Person) -> Json:
    """What `navigator.credentials.create()` takes, as JSON, with the `prf` extension asked for."""
    challenge, _ = await issue_challenge(deps, _registering(person.id))
    known = await deps.store.read(lambda tx: tx.passkeys.of_person(person.id))
    options = generate_registration_options(
        rp_id=rp_id(deps.base_url),
        rp_name=RP_NAME,
        user_id=sha256(person.id.encode()).digest(),
        user_name=person.id,
        user_display_name=person.name,
        challenge=challenge,
        timeout=_TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.id) for passkey in known],
    )
    return _with_prf(options_to_json(options))


async def register(deps: Deps, person: Person, credential: Json) -> Passkey:
    """Keep the passkey that a browser has made. Raises BadInput or Denied for one that does not hold, Refused for one too many."""
    challenge, now = _challenge(credential), deps.clock.now()
    verified = _registered(deps, credential, challenge)
    passkey = Passkey(
        id=verified.credential_id,
        person=person.id,
        public=verified.credential_public_key,
        made_at=now,
        signed=verified.sign_count,
    )

    def act(tx: Tx) -> Passkey:
        take_challenge(tx, challenge, _registering(person.id), now)
        if len(tx.passkeys.of_person(person.id)) >= MOST or tx.passkeys.get(passkey.id) is not None:
            raise Refused(Code.PASSKEY_KNOWN, told="that passkey is known, or there are enough")
        tx.passkeys.put(passkey, entry_about(deps, person, now, "made", by=person.id))
        return passkey

    return await deps.store.write(act)


async def remove(deps: Deps, person: Person, id_: bytes) -> None:
    """Forget one's own passkey; harmless the second time."""
    now = deps.clock.now()

    def act(tx: Tx) -> None:
        known = tx.passkeys.get(id_)
        if known is not None and known.person == person.id:
            tx.passkeys.drop(id_, entry_about(deps, person, now, "removed", by=person.id))

    await deps.store.write(act)


async def sign_in_options(deps: Deps) -> Json:
    """What `navigator.credentials.get()` takes, as JSON: any passkey of this site; nothing is said of who has one."""
    challenge, _ = await issue_challenge(deps, SIGN_IN)
    options = generate_authentication_options(
        rp_id=rp_id(deps.base_url),
        challenge=challenge,
        timeout=_TIMEOUT,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _with_prf(options_to_json(options))


async def sign_in(deps: Deps, credential: Json, *, instead_of: str | None = None) -> SignedIn:
    """Open a session for the person whose passkey has signed.

    Raises BadInput or Denied for what does not hold, a passkey that is not known, or a person who is not active.
    """
    challenge, now = _challenge(credential), deps.clock.now()
    token = draw_token(deps.entropy)
    id_ = _decoded(credential.get("rawId"))
    passkey = await deps.store.read(lambda tx: tx.passkeys.get(id_))
    if passkey is None:
        raise Denied("that passkey is not known")
    verified = _authenticated(deps, credential, challenge, passkey)

    def act(tx: Tx) -> SignedIn:
        take_challenge(tx, challenge, SIGN_IN, now)
        known, person = tx.passkeys.get(id_), tx.people.get(passkey.person)
        if known != passkey or person is None or not person.active:
            raise Denied("that passkey was used meanwhile, or its person is not active")
        tx.passkeys.used(id_, verified.new_sign_count)
        return open_session(tx, person.id, token, now, instead_of=instead_of)

    return await deps.store.write(act)


def rp_id(base_url: str) -> str:
    """The relying party: the host, to which a browser binds the passkey."""
    return urlsplit(base_url).hostname or ""


def _registering(person: PersonId) -> str:
    return f"register:{person}"


def _registered(deps: Deps, credential: Json, challenge: bytes) -> VerifiedRegistration:
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(deps.base_url),
            expected_origin=web_origin(deps.base_url),
            require_user_verification=True,
        )
    except (
        Exception
    ) as error:  # a library of parsers, on what a stranger sent: whatever it raises is a refusal
        raise BadInput("the passkey does not hold") from error


def _authenticated(
    deps: Deps, credential: Json, challenge: bytes, passkey: Passkey
) -> VerifiedAuthentication:
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(deps.base_url),
            expected_origin=web_origin(deps.base_url),
            credential_public_key=passkey.public,
            credential_current_sign_count=passkey.signed,
            require_user_verification=True,
        )
    except Exception as error:  # likewise
        raise Denied("the passkey does not hold") from error


def _challenge(credential: Json) -> bytes:
    """The challenge that the browser says it signed; whether it was ours, and whether it was signed, is checked after."""
    response = credential.get("response")
    try:
        told = json.loads(_decoded(response["clientDataJSON"] if isinstance(response, dict) else None))
        if told.get("crossOrigin") is True:
            raise BadInput("a passkey is not used from within another site")
        return _decoded(told["challenge"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadInput("the passkey's data cannot be read") from error


def _decoded(text: object) -> bytes:
    if not isinstance(text, str):
        raise BadInput("the passkey's data cannot be read")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise BadInput("the passkey's data cannot be read") from error


def _with_prf(options: str) -> Json:
    """py_webauthn has no place for extensions. A get() after create() asks again: some authenticators answer only then."""
    told: Json = json.loads(options)
    told["extensions"] = {"prf": {"eval": {"first": to_base64url(_PRF)}}}
    return told


def entry_about(deps: Deps, person: Person, now: datetime, act: str, *, by: str) -> Entry:
    """What is written about a passkey, on the ledger of the person's organisation."""
    home = next(iter(organisations_of(person, now)), deps.home)
    return fact(deps, home, "passkey", now, act=act, by=by)
