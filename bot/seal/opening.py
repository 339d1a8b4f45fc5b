"""Openings: the signed request to open rooms, by which others know what they pass their shares for."""

from dataclasses import dataclass, field

from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.statement import sign_statement, split_statement, verify_statement
from bot.seal.wire import Reader, exact, lp, name, number

MAX_SECONDS = 4 * 3600  # that an opening may last


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks to open which room, why, on which device, and until when. Made by `ask`, read by `request_from_bytes`."""

    opening: str
    organisation: str
    room: str
    purpose: str  # one of the organisation's fixed purposes
    ground: str  # one of its fixed grounds
    person: str
    device_id: bytes  # 32 bytes; shares are passed to it and to no other
    at: int  # seconds since 1970
    until: int
    content: bytes = field(repr=False)


def ask(
    *,
    secret: DeviceSecret,
    opening: str,
    organisation: str,
    room: str,
    purpose: str,
    ground: str,
    person: str,
    at: int,
    until: int,
) -> Request:
    """Sign a request on the device that is to receive the shares. Raises `Malformed` for a time box out of bounds."""
    texts = (name(opening), name(organisation), name(room), name(purpose), name(ground), name(person))
    statement = lp(Label.OPENING_REQUEST, *texts, secret.public.device_id, number(at), number(until))
    return request_from_bytes(sign_statement(Label.OPENING_REQUEST_BYTES, statement, secret.signing))


def request_from_bytes(content: bytes) -> Request:
    """Read a request, or raise `Malformed`; who signed, `check_request` says."""
    reader = Reader(Label.OPENING_REQUEST, split_statement(Label.OPENING_REQUEST_BYTES, content)[0])
    request = Request(
        opening=reader.name(),
        organisation=reader.name(),
        room=reader.name(),
        purpose=reader.name(),
        ground=reader.name(),
        person=reader.name(),
        device_id=reader.exact(DEVICE_ID),
        at=reader.number(),
        until=reader.number(),
        content=content,
    )
    reader.end()
    if not 0 < request.until - request.at <= MAX_SECONDS:
        raise Malformed("An opening ends after it begins, within four hours.")
    return request


def check_request(request: Request, device: DevicePublic, *, now: int) -> None:
    """Return when this device signed it and its time box (seconds) is open; else raise `Tampered`."""
    if exact(request.device_id, DEVICE_ID) != device.device_id:
        raise Tampered("Another device asks.")
    verify_statement(device.ed25519, *split_statement(Label.OPENING_REQUEST_BYTES, request.content))
    if not request.at - MAX_SECONDS <= now <= request.until:
        raise Tampered("The time of this opening is over.")
