"""A gateway to telephones over HTTP, in the shape of 46elks: SMS and calls with fixed sentences, never anything else.

POST of a form with Basic auth; the answer is JSON with an id; what becomes of it is posted to an address of ours
(46elks.se/docs: send-sms, make-call, sms-delivery-reports).
"""

import json
import logging
from collections.abc import Mapping
from typing import Final

import aiohttp

from bot.flow.messages import Delivery, Outbound, Receipt

log = logging.getLogger(__name__)

SMS, VOICE = "sms", "voice"  # names of the two channels
PATIENCE: Final = aiohttp.ClientTimeout(total=10, sock_connect=5)  # seconds: less than a lease of the outbox
MAX_ANSWER: Final = 16 * 1024  # bytes
MAX_ID: Final = 80  # characters
MAX_WAIT: Final = 60.0  # seconds that a gateway can ask us to wait
RINGING: Final = 30  # seconds a telephone rings before the call is given up
_AGAIN: Final = 500  # statuses from here on mean: try again
_BUSY: Final = 429


class Gateway:
    """One account at a gateway. Close it at the end."""

    def __init__(self, *, url: str, user: str, secret: str, sender: str) -> None:
        """`url`: without a slash at its end, as https://api.46elks.com/a1. `sender`: whom a telephone shows."""
        self._url = url
        self._sender = sender
        self._session = aiohttp.ClientSession(
            timeout=PATIENCE,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                "User-Agent": "samjour",
                "Authorization": aiohttp.encode_basic_auth(user, secret),  # RFC 7617
            },
        )

    async def post(self, path: str, message: Outbound, form: Mapping[str, str]) -> Receipt:
        """One call or SMS; the outcome is a retry decision. Neither number nor answer comes into a log."""
        whole = {"from": self._sender, "to": message.address, **form}
        headers = {"Idempotency-Key": message.key} if message.key else {}
        try:
            async with self._session.post(
                f"{self._url}{path}", data=whole, headers=headers, allow_redirects=False
            ) as answer:
                return await _receipt(answer)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("calling failed", extra={"kind": type(error).__name__})
            return Receipt(delivery=Delivery.LATER)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()


class Sms:
    """The channel that sends text messages."""

    name = SMS

    def __init__(self, gateway: Gateway) -> None:
        """`gateway`: which sends them."""
        self._gateway = gateway

    async def send(self, message: Outbound) -> Receipt:
        """Send the sentence to a telephone."""
        form = {"message": message.text.reveal().decode(), "whendelivered": message.report}
        return await self._gateway.post("/sms", message, form)


class Voice:
    """The channel that calls and plays one recording."""

    name = VOICE

    def __init__(self, gateway: Gateway, recording: str) -> None:
        """`recording`: where the gateway finds the sentence as sound, or the name of a sound that it has."""
        self._gateway = gateway
        self._recording = recording

    async def send(self, message: Outbound) -> Receipt:
        """Call a telephone; what it hears is the recording, whatever the message says."""
        start = json.dumps({"play": self._recording, "skippable": False}, separators=(",", ":"))
        form = {"voice_start": start, "whenhangup": message.report, "timeout": str(RINGING)}
        return await self._gateway.post("/calls", message, form)


def id_in(body: bytes) -> str:
    """What the gateway calls a call that it has taken, for whoever asks them; empty where it does not say."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    id_ = said.get("id") if isinstance(said, dict) else None
    return id_ if isinstance(id_, str) and len(id_) <= MAX_ID and id_.isascii() and id_.isalnum() else ""


async def _receipt(answer: aiohttp.ClientResponse) -> Receipt:
    if answer.ok and answer.status < 300:
        return Receipt(delivery=Delivery.SENT, native_id=id_in(await answer.content.read(MAX_ANSWER)))
    log.warning("a call was not taken", extra={"status": answer.status})
    if answer.status == _BUSY or answer.status >= _AGAIN:
        return Receipt(delivery=Delivery.LATER, wait=_wait(answer.headers.get("Retry-After", "")))
    return Receipt(
        delivery=Delivery.REFUSED
    )  # our name, our account, the number: none gets better by asking again


def _wait(text: str) -> float:
    return min(float(text), MAX_WAIT) if text.isascii() and text.isdigit() and len(text) <= 6 else 0.0
