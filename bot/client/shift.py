"""The end of a shift over HTTP, as a worker's device has it: everything that one holds goes to a colleague in one act."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.client.answers import Json, rows_of, text_of
from bot.client.api import Api, Problem
from bot.client.room import AGAIN, KEY, MOST, TRIES, Room
from bot.client.room_giving import grants_for
from bot.client.room_plan import Draw
from bot.core.errors import NotNow, Unavailable
from bot.seal.wire import to_base64url

Rooms = Callable[[str], Room]  # a room on this device, by its id
Promises = Mapping[str, Sequence[Json]]  # room -> what is promised there from now on

_PATH: Final = "/api/v1/shift/handover"
_GIVEN: Final = "/api/v1/shift/handovers"


async def leaving(api: Api) -> Json:
    """What one holds, and to whom all of it can be given, as the server says."""
    return await api.get(_PATH)


async def receipts(api: Api) -> list[Json]:
    """The handovers that one gave or was given, the newest first."""
    return rows_of(await api.get(_GIVEN), "handovers", MOST)


async def promise(api: Api, draw: Draw, consultation: str, promises: Sequence[Json]) -> Json:
    """Say what is promised in a talk of one's own, in the place of what was."""
    body = {"promises": list(promises)}
    return await api.post(f"/api/v1/consultations/{consultation}/promises", body, key=_key(draw))


async def hand_over(
    api: Api, rooms: Rooms, draw: Draw, to: str, shown: Sequence[str], promises: Promises | None = None
) -> Json:
    """Give these talks, which are all that one holds, to that person; returns the receipt.

    First whatever still waits here is sent. Raises NotNow, with nothing handed over, while it cannot be; Problem
    "talks_changed" when one holds others by now; `Tampered` where a room does not hold, or a device is not theirs.
    """
    for room in shown:
        await _send_waiting(rooms(room))
    key = _key(draw)
    for _ in range(TRIES):
        due = await _due(api, to)
        named = [await _part(rooms(room), due.get(room), to, promises or {}) for room in shown]
        try:
            receipt = await _post_surely(api, {"to": to, "rooms": named}, key)
        except Problem as error:
            if error.code not in AGAIN:
                raise
            continue
        for room in shown:
            rooms(room).outgoing.forget(room)
        return receipt
    raise Unavailable("the rooms move on faster than this device")


async def take_up(api: Api, rooms: Rooms, text: str) -> int:
    """Say in each talk that one was given, and has not yet spoken in, that one has it now; returns in how many."""
    given = {
        text_of(talk, "room"): talk
        for receipt in await receipts(api)
        if receipt.get("role") == "receiver"
        for talk in rows_of(receipt, "talks", MOST)
        if talk.get("waits") is True
    }
    for room in given:
        await rooms(room).follow()
        await rooms(room).say(text)
    return len(given)


async def _post_surely(api: Api, body: dict[str, object], key: str) -> Json:
    """Once more where no answer came: it may have been done, and is not done twice."""
    try:
        return await api.post(_PATH, body, key=key)
    except Problem:
        raise
    except Unavailable:
        return await api.post(_PATH, body, key=key)


async def _send_waiting(room: Room) -> None:
    if room.outgoing.waiting(room.log.room):
        await room.flush()
    if room.outgoing.waiting(room.log.room):
        raise NotNow("what you have written is not sent yet: send it, or let go of it, before you hand over")


async def _due(api: Api, to: str) -> dict[str, Json]:
    """What has to be given with each talk to that person. Raises Unavailable for somebody who cannot be given them."""
    for row in rows_of(await leaving(api), "colleagues", MOST):
        if row.get("person") == to:
            return {text_of(one, "room"): one for one in rows_of(row, "rooms", MOST)}
    raise Unavailable("that person cannot be given all of it")


async def _part(room: Room, due: Json | None, to: str, promises: Promises) -> dict[str, object]:
    part: dict[str, object] = {"room": room.log.room, "grants": []}
    if due is not None and due.get("grants"):
        await room.make_safe()
        part["grants"] = await grants_for(room, due, to)
    if room.log.room in promises:
        part["promises"] = list(promises[room.log.room])
    return part


def _key(draw: Draw) -> str:
    return to_base64url(draw(KEY))
