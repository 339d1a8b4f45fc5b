"""Gives keys on: the history to whoever came later, and a whole talk to whoever takes it over."""

from bot.client.answers import Json, bytes_of, rows_of, text_of
from bot.client.room import MOST, Room
from bot.core.errors import NotNow, Unavailable
from bot.seal.errors import Tampered
from bot.seal.event import Event, Head, hash_event, to_bytes
from bot.seal.grant import MAX_EPOCHS, give_history
from bot.seal.keys import DevicePublic
from bot.seal.wire import to_base64url


async def give_missing(room: Room) -> int:
    """Give the devices in the room the keys that they wait for, as far as this one has them; returns how many.

    Only to devices that hold the present key by an epoch which this device has checked.
    """
    await room.follow()
    given = 0
    for row in rows_of(await room.look(), "history", MOST):
        device = bytes_of(row, "device")
        due = [epoch for epoch in numbers_of(row, "epochs") if epoch in room.log.keys][-MAX_EPOCHS:]
        if due and device != room.device.id and device in room.log.recipients:
            await _give(room, device, due)
            given += len(due)
    return given


async def receivers(room: Room) -> list[Json]:
    """Who can be given the talk, as the server says."""
    return rows_of(await room.api.get(f"{room.path}/handover"), "receivers", MOST)


async def hand_over(room: Room, to: str) -> None:
    """Hand the talk over to that person, with every key that this device has; first what still waits here is sent.

    Raises NotNow, and hands nothing over, while words of one's own cannot be sent: afterwards nobody could send them.
    """
    await room.flush()
    if room.outgoing.waiting(room.log.room):
        raise NotNow("what you have written is not sent yet: send it, or let go of it, before you hand over")
    key = room.fresh_key()
    await room.again(lambda: _hand_over(room, to, key))
    room.outgoing.forget(room.log.room)


async def grants_for(room: Room, due: Json, to: str) -> list[dict[str, object]]:
    """The grants that are due with a handover to that person, each on the one before it; `due`: as the server names them.

    Raises `Tampered` for a device that no checked directory says is theirs.
    """
    head, bodies = room.log.head, []
    for row in rows_of(due, "grants", MOST):
        await room.trust.check(frozenset({text_of(row, "organisation")}))
        device = room.trust.member_keys(bytes_of(row, "device"), person=to)
        event, body = _granted(room, head, device, numbers_of(row, "epochs"))
        head = Head(room=head.room, epoch=head.epoch, seq=event.seq, hash=hash_event(event))
        bodies.append(body)
    return bodies


def numbers_of(row: Json, name: str) -> list[int]:
    """A list of epochs."""
    found = row.get(name)
    if not isinstance(found, list) or not all(isinstance(one, int) and one > 0 for one in found):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return found


async def _give(room: Room, device: bytes, epochs: list[int]) -> None:
    async def attempt() -> None:
        if device not in room.log.recipients:  # it was a moment ago
            raise Tampered("Nothing is given to a device that is not in the room.")
        _, body = _granted(room, room.log.head, room.trust.member_keys(device), epochs)
        await room.api.post(f"{room.path}/grants", body, key=room.fresh_key())

    await room.again(attempt)


async def _hand_over(room: Room, to: str, key: str) -> None:
    due = next((row for row in await receivers(room) if row.get("person") == to), None)
    if due is None:
        raise Unavailable("that person cannot be given it")
    body = {"to": to, "grants": await grants_for(room, due, to)}
    await room.api.post(f"{room.path}/handover", body, key=key)


def _granted(room: Room, head: Head, to: DevicePublic, epochs: list[int]) -> tuple[Event, dict[str, object]]:
    keys = [room.log.keys[epoch] for epoch in epochs if epoch in room.log.keys]
    event, sealed = give_history(
        room_keys=keys, head=head, secret=room.device.secret, author=room.person, to=to
    )
    named = [{"epoch": epoch, "key": to_base64url(blob.content)} for epoch, blob in sealed.items()]
    return event, {"event": to_base64url(to_bytes(event)), "keys": named}
