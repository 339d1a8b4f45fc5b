"""Signs in with a device: it answers a challenge, and the session is bound to it from then on."""

from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from bot.core.errors import Denied
from bot.core.people import Person
from bot.flow.ports import Tx
from bot.flow.records_devices import Device, DeviceState
from bot.flow.sign_in import SignedIn, SignInDeps, draw_token, open_session, session_of, signed_in
from bot.seal.errors import SealError
from bot.seal.keys import DevicePublic, public_from_bytes
from bot.seal.sign_in import CHALLENGE, verify_challenge

LIFETIME = timedelta(minutes=2)  # of a challenge (FORMAT.md 57)
DEVICE = "device"  # what a challenge is for
_PORTS = {"http": 80, "https": 443}


async def issue_challenge(deps: SignInDeps, purpose: str = DEVICE) -> tuple[bytes, datetime]:
    """A fresh challenge of 32 bytes, and until when it holds. Only its hash is kept."""
    challenge, expires = deps.entropy.draw(CHALLENGE), deps.clock.now() + LIFETIME
    await deps.store.write(lambda tx: tx.challenges.issue(_digest(challenge), purpose, expires))
    return challenge, expires


def take_challenge(tx: Tx, challenge: bytes, purpose: str, now: datetime) -> None:
    """Take a challenge, once. Raises Denied when it was not issued for that, was answered, or is too old."""
    if not tx.challenges.take(_digest(challenge), purpose, now):
        raise Denied("the challenge is unknown, was answered, or is too old")


def check_answer(public: DevicePublic, *, base_url: str, challenge: bytes, answer: bytes) -> None:
    """Return when this device answered this challenge of ours. Raises Denied."""
    try:
        verify_challenge(public, origin=web_origin(base_url), challenge=challenge, sig=answer)
    except SealError as error:
        raise Denied("the answer does not hold") from error


async def sign_in(
    deps: SignInDeps, device: bytes, *, challenge: bytes, answer: bytes, instead_of: str | None = None
) -> SignedIn:
    """Open a session that is bound to an active device; `instead_of` is a session's token that ends with it.

    Raises Denied for a device that is not known or not active, a person who is not, and whatever does not hold.
    """
    token, now = draw_token(deps.entropy), deps.clock.now()

    def act(tx: Tx) -> SignedIn:
        known = tx.devices.get(device)
        person = None if known is None or known.person is None else tx.people.get(known.person)
        if known is None or known.state is not DeviceState.ACTIVE or person is None or not person.active:
            raise Denied("the device is not known, or not active")
        take_challenge(tx, challenge, DEVICE, now)
        public = public_from_bytes(known.public)
        check_answer(public, base_url=deps.base_url, challenge=challenge, answer=answer)
        return open_session(tx, person.id, token, now, device=device, instead_of=instead_of)

    return await deps.store.write(act)


def signed_in_device(tx: Tx, token: str, now: datetime) -> tuple[Person, Device] | None:
    """Who is signed in with this session, and on which device; None without either.

    The device is active and the person's own at this moment: a session does not outlive its device.
    """
    person, session = signed_in(tx, token, now), session_of(tx, token, now)
    if person is None or session is None or session.device is None:
        return None
    device = tx.devices.get(session.device)
    if device is None or device.state is not DeviceState.ACTIVE or device.person != person.id:
        return None
    return person, device


def web_origin(base_url: str) -> str:
    """The origin as browsers write it (RFC 6454 section 6.2): lower case, without a port that goes without saying."""
    url = urlsplit(base_url)
    port = "" if url.port in (None, _PORTS.get(url.scheme)) else f":{url.port}"
    return f"{url.scheme}://{url.hostname}{port}"


def _digest(challenge: bytes) -> bytes:
    return sha256(challenge).digest()
