"""Openings over HTTP, as a supervisor's device does them: ask, help, read, end; hand seats on, deal keys again.

Nothing is written to disk, and nothing a server says is believed that no signature and no checked directory bears out.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.client import opening_keys
from bot.client.answers import bytes_of, number_of, text_of
from bot.client.api import Api, Json
from bot.client.device import PythonDevice, read_directory
from bot.client.opening_keys import Holder, Kept
from bot.client.transcript import Transcript, check_begun, read_transcript
from bot.core.errors import Denied, Unavailable
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.errors import Tampered, WrongShare
from bot.seal.event import Event
from bot.seal.event import from_bytes as event_from_bytes
from bot.seal.opening import EVERY_ROOM, Request, ask, check_signer, request_from_bytes
from bot.seal.passing import Passed, passed_from_bytes, passed_to_bytes
from bot.seal.redeal import redeal_from_bytes
from bot.seal.room import RoomKey
from bot.seal.symmetric import KEY, NONCE
from bot.seal.threshold import Supervisor, to_bytes
from bot.seal.threshold import from_bytes as escrow_from_bytes
from bot.seal.wire import from_base64url, to_base64url

BATCH: Final = 64  # shares in one request
_OPENINGS: Final = "/api/v1/openings"
_SEATS: Final = "/api/v1/seats"
_MOST: Final = 4096  # pages of one list, before a server that never ends is left

Members = dict[bytes, Member]
Draw = Callable[[int], bytes]  # unpredictable bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of what a server keeps, with the plain answer that it came in."""

    plain: Json
    kept: tuple[Kept, ...]


def holder(device: PythonDevice) -> Holder:
    """The device's person, in the device's organisation."""
    known = device.known
    return Holder(organisation=known.organisation, person=known.person, secret=device.secret)


async def purposes(api: Api) -> Json:
    """For what, on which ground and for how long one may open."""
    return await api.get(f"{_OPENINGS}/purposes")


async def newest(api: Api) -> list[Json]:
    """The organisation's openings, the newest first."""
    return _rows(await api.get(_OPENINGS), "openings")


async def request(
    api: Api,
    device: PythonDevice,
    *,
    opening: str,
    room: str,
    purpose: str,
    ground: str,
    at: int,
    until: int,
) -> Json:
    """Sign a request to open a room and hand it in. `opening`: a fresh id. Raises Problem."""
    signed = ask(
        secret=device.secret,
        opening=opening,
        organisation=device.known.organisation,
        room=room,
        purpose=purpose,
        ground=ground,
        person=device.known.person,
        at=at,
        until=until,
    )
    return await api.post(_OPENINGS, {"request": to_base64url(signed.content)})


async def pass_on(api: Api, device: PythonDevice, opening: str, *, now: int) -> int:
    """Pass on every share that this device has and is asked for; returns how many were new.

    What its person has passed on already is left: done again after a failure, it goes on there. Raises Tampered when the request does not hold: its device is not the requester's own, active and with the right,
    its time is over, an escrow is of another room or not in force (FORMAT.md 63).
    """
    members, came, taken = await home_members(api, device, now=now), list[Json](), 0
    async for page in _pages(api, f"{_OPENINGS}/{opening}"):
        asked = request_from_bytes(bytes_of(page.plain, "request"))
        if asked.opening != opening:
            raise Tampered("The request is of another opening.")
        for row, kept in zip(_rows(page.plain, "epochs"), page.kept, strict=True):
            if _is_done(row, device.known.person):
                continue
            passed = opening_keys.pass_on(asked, kept, holder(device), members, now=now)
            if passed is not None:
                came.append(_share(kept, passed))
        taken += await _hand_in(api, f"{_OPENINGS}/{opening}/shares", came)
        came.clear()
    return taken


async def is_ready(api: Api, opening: str) -> bool:
    """Whether enough people have passed their shares on for every epoch, as the server counts."""
    pages = [page async for page in _pages(api, f"{_OPENINGS}/{opening}")]
    epochs = [row for page in pages for row in _rows(page.plain, "epochs")]
    return bool(epochs) and all(row.get("ready") is True for row in epochs)


async def read(api: Api, device: PythonDevice, opening: str, *, now: int) -> Transcript:
    """Open a room on this device, from its first event on.

    Raises WrongShare naming the seats whose shares do not hold, once the others can see it; Tampered for whatever
    else does not hold, and Problem while too few have passed their shares on.
    """
    asked, keys = await _keys(api, device, opening)
    members = await _everybody(api, device, keys, now=now)
    events = [event async for event in _events(api, opening)]
    opened = {
        kept.escrow.epoch: await _open(api, device, asked, kept, members)
        for page in keys
        for kept in page.kept
    }
    check_begun(events, [kept.began for page in keys for kept in page.kept])
    return read_transcript(asked.room, events, opened, members)


async def practise(api: Api, device: PythonDevice, opening: str, *, now: int) -> int:
    """Have the keys of a drill, and forget them; returns of how many epochs. Raises what `read` raises."""
    asked, keys = await _keys(api, device, opening)
    members = await home_members(api, device, now=now)
    opened = [await _open(api, device, asked, kept, members) for page in keys for kept in page.kept]
    return len(opened)


async def call_wrong(api: Api, opening: str, *, room: str, epoch: int, seat: str) -> Json:
    """Say that a seat's share does not hold, so that the others see it."""
    return await api.post(f"{_OPENINGS}/{opening}/wrong", {"room": room, "epoch": epoch, "seat": seat})


async def end(api: Api, opening: str) -> Json:
    """End one's own opening."""
    return await api.post(f"{_OPENINGS}/{opening}/end", {})


async def state(api: Api) -> Json:
    """How safely the organisation's keys are kept."""
    return await api.get(f"{_SEATS}/state")


async def rooms(api: Api) -> dict[str, int]:
    """The rooms of which one's organisation gave one a share, the oldest first, each with how many epochs; what the
    server says, of ids alone.
    """
    found: dict[str, int] = {}
    async for page in _pages(api, _SEATS):
        for row in _rows(page.plain, "epochs"):
            room = text_of(row, "room")
            found[room] = found.get(room, 0) + 1
    return dict(sorted(found.items()))


async def hand_on(api: Api, device: PythonDevice, to: bytes, *, now: int) -> int:
    """Hand every seat on to a successor's device, or copies of its shares to a new device of one's own.

    Raises Tampered for a device that the directory does not list as active and with the right (FORMAT.md 67).
    """
    members, taken = await home_members(api, device, now=now), 0
    target = members.get(to)
    if target is None:
        raise Tampered("The directory does not know that device.")
    async for page in _pages(api, _SEATS):
        handed = ((kept, opening_keys.hand_on(kept, holder(device), target, members)) for kept in page.kept)
        came = [_share(kept, passed) for kept, passed in handed if passed is not None]
        taken += await _hand_in(api, f"{_SEATS}/hand-on", came)
    return taken


async def deal_again(api: Api, device: PythonDevice, opening: str, *, now: int, draw: Draw) -> int:
    """Deal every key that can be had again to those who can hold seats now; returns how many escrows are new.

    What could not be had yet is left: done again later, it goes on there. `draw`: unpredictable bytes. Raises Denied
    for an opening of one room.
    """
    members, taken = await home_members(api, device, now=now), 0
    asked = await _own_request(api, device, opening)
    if asked.room != EVERY_ROOM:
        raise Denied("that opening is of one room; keys are dealt again in one of every room")
    async for page in _pages(api, f"{_OPENINGS}/{opening}/material"):
        people = _seating(page.plain, device, members)
        keys = [await _open(api, device, asked, kept, members) for kept in page.kept]
        dealt = [
            _dealt(asked, kept, key, device, people, number_of(page.plain, "needed"), now, draw)
            for kept, key in zip(page.kept, keys, strict=True)
        ]
        if dealt:
            told = await api.post(f"{_OPENINGS}/{opening}/redeals", {"redeals": dealt})
            taken += number_of(told, "taken")
    return taken


async def home_members(api: Api, device: PythonDevice, *, now: int) -> Members:
    """The devices of one's own organisation, by a directory that was checked."""
    return dict((await read_directory(api, device, device.known.organisation, now=now)).members)


async def _everybody(api: Api, device: PythonDevice, keys: Sequence[Page], *, now: int) -> Members:
    """The devices of every organisation that had part in the room, each by a directory that was checked."""
    found = await home_members(api, device, now=now)
    others = {str(name) for page in keys for name in _list(page.plain, "organisations")}
    for organisation in sorted(others - {device.known.organisation}):
        found.update((await read_directory(api, device, organisation, now=now)).members)
    return found


async def _open(api: Api, device: PythonDevice, asked: Request, kept: Kept, members: Members) -> RoomKey:
    try:
        return opening_keys.open_epoch(asked, kept, holder(device), members)
    except WrongShare as error:
        for seat in error.people:
            await call_wrong(api, asked.opening, room=kept.escrow.room, epoch=kept.escrow.epoch, seat=seat)
        raise


async def _keys(api: Api, device: PythonDevice, opening: str) -> tuple[Request, list[Page]]:
    asked = await _own_request(api, device, opening)
    return asked, [page async for page in _pages(api, f"{_OPENINGS}/{opening}/material")]


async def _own_request(api: Api, device: PythonDevice, opening: str) -> Request:
    """What this device has asked for. Raises Denied for what it has not."""
    plain = await api.get(f"{_OPENINGS}/{opening}")
    asked = request_from_bytes(bytes_of(plain, "request"))
    if (asked.opening, asked.device_id) != (opening, device.id):
        raise Denied("that was asked for on another device")
    check_signer(asked, device.secret.public)
    return asked


async def _pages(api: Api, path: str) -> AsyncIterator[Page]:
    after: str | None = None
    for _ in range(_MOST):
        plain = await (api.get(path) if after is None else api.get(path, after=after))
        yield Page(plain=plain, kept=tuple(_kept(row) for row in _rows(plain, "epochs")))
        if plain.get("next") is None:
            return
        after = text_of(plain, "next")
    raise Unavailable("the server's list does not end")


async def _events(api: Api, opening: str) -> AsyncIterator[Event]:
    after = 0
    for _ in range(_MOST):
        plain = await api.get(f"{_OPENINGS}/{opening}/events", after=after)
        for content in _bytes(plain, "events"):
            yield event_from_bytes(content)
        if plain.get("next") is None:
            return
        after = number_of(plain, "next")
    raise Unavailable("the server's list does not end")


async def _hand_in(api: Api, path: str, came: Sequence[Json]) -> int:
    taken = 0
    for start in range(0, len(came), BATCH):
        told = await api.post(path, {"shares": list(came[start : start + BATCH])})
        taken += number_of(told, "taken")
    return taken


def _share(kept: Kept, passed: Passed) -> Json:
    content = to_base64url(passed_to_bytes(passed))
    return {"room": kept.escrow.room, "epoch": kept.escrow.epoch, "passed": content}


def _is_done(row: Json, person: str) -> bool:
    """Whether that person's share of the epoch was passed on, and counts."""
    return any(one.get("person") == person and one.get("wrong") is not True for one in _rows(row, "passed"))


def _dealt(
    asked: Request,
    kept: Kept,
    key: RoomKey,
    device: PythonDevice,
    people: Sequence[Supervisor],
    needed: int,
    now: int,
    draw: Draw,
) -> Json:
    statement, new = opening_keys.deal_again(
        asked,
        kept,
        key,
        holder(device),
        people=people,
        t=max(needed, kept.escrow.t),
        escrow_key=draw(KEY),
        iv=draw(NONCE),
        at=now,
    )
    return {
        "room": kept.escrow.room,
        "epoch": kept.escrow.epoch,
        "redeal": to_base64url(statement.content),
        "escrow": to_base64url(to_bytes(new)),
    }


def _seating(plain: Json, device: PythonDevice, members: Members) -> list[Supervisor]:
    """Whom to deal to: as the server says, as far as the directory bears it out (FORMAT.md 55)."""
    found = []
    for row in _rows(plain, "seating"):
        person = text_of(row, "person")
        devices = [members.get(_id(text)) for text in _list(row, "devices")]
        for one in devices:
            named = one is not None and (one.organisation, one.person) == (
                device.known.organisation,
                person,
            )
            if one is None or not named or not one.active or not one.rights & Right.SHARES:
                raise Tampered("The directory does not bear out who is to have shares.")
        publics = [one.public for one in devices if one is not None]
        found.append(Supervisor(person=person, devices=publics))
    return found


def _kept(row: Json) -> Kept:
    return Kept(
        began=event_from_bytes(bytes_of(row, "began")),
        escrow=escrow_from_bytes(bytes_of(row, "escrow")),
        redeals=tuple(redeal_from_bytes(content) for content in _bytes(row, "redeals")),
        hand_ons=tuple(passed_from_bytes(content) for content in _bytes(row, "hand_ons")),
        passed=tuple(passed_from_bytes(content) for content in _bytes(row, "shares")),
    )


def _bytes(plain: Json, name: str) -> list[bytes]:
    """A list of bytes; empty where there is none."""
    return [from_base64url(str(text)) for text in _list(plain, name)]


def _id(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError as error:
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind") from error


def _rows(plain: Json, name: str) -> list[Json]:
    found = _list(plain, name)
    if not all(isinstance(row, dict) for row in found):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return found


def _list(plain: Json, name: str) -> list[Any]:
    found = plain.get(name, [])
    if not isinstance(found, list):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return found
