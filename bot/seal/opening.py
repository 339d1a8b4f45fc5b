"""Openings: the signed request to open a room, by which others know what they pass their shares for."""

from dataclasses import dataclass, field

from bot.seal.directory import MAX_AHEAD, Member
from bot.seal.enrolment import Right
from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.statement import sign_statement, split_statement, verify_statement
from bot.seal.threshold import Escrow
from bot.seal.wire import Reader, exact, lp, name, number

MAX_SECONDS = 4 * 3600  # that an opening may last
EVERY_ROOM = "*"  # in a room's place: every escrow of the organisation, to be dealt again


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks to open which room, why, on which device, and until when. Made by `ask`, read by `request_from_bytes`."""

    opening: str
    organisation: str
    room: str  # or `EVERY_ROOM`
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
    check_signer(request, device)
    if not request.at - MAX_AHEAD <= now <= request.until:
        raise Tampered("The time of this opening is over, or has not come.")


def check_signer(request: Request, device: DevicePublic) -> None:
    """Return when this device signed it, whenever that was; else raise `Tampered`."""
    if exact(request.device_id, DEVICE_ID) != device.device_id:
        raise Tampered("Another device asks.")
    verify_statement(device.ed25519, *split_statement(Label.OPENING_REQUEST_BYTES, request.content))


def check_asker(request: Request, member: Member, *, passer: str, now: int) -> None:
    """What a supervisor (`passer`) checks before passing any share on; raises `Tampered`.

    `member`: the requester's device as a checked directory has it. Its keys, and no others, are sealed to.
    """
    if (member.organisation, member.person) != (request.organisation, request.person):
        raise Tampered("The device is another person's, or another organisation's.")
    if not member.active or not member.rights & Right.SHARES:
        raise Tampered("The device may not hold shares.")
    if request.person == passer:
        raise Tampered("Nobody helps themselves to open a room.")
    check_request(request, member.public, now=now)


def check_covers(request: Request, escrow: Escrow) -> None:
    """Return when the request is for this escrow's room, or for every room; else raise `Tampered`."""
    if request.room not in (escrow.room, EVERY_ROOM):
        raise Tampered("The escrow is of another room than the one to be opened.")
