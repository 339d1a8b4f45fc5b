"""Makes what begins an epoch, out of what the server plans and only for whom checked directories vouch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.client.answers import Json, bytes_of, number_of, rows_of, text_of
from bot.client.audience import audience_of
from bot.client.room_log import Members
from bot.core.errors import Unavailable
from bot.seal import threshold
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.epoch import MAX_ESCROWS, MAX_RECIPIENTS, start_epoch
from bot.seal.errors import Tampered
from bot.seal.event import Head, to_bytes
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.symmetric import KEY, NONCE
from bot.seal.threshold import MAX_DEVICES, MAX_PEOPLE, Supervisor
from bot.seal.wire import from_base64url, to_base64url

Draw = Callable[[int], bytes]  # unpredictable bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A device that the server wants in the room. `person` is empty for a bridge."""

    device: bytes
    organisation: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrowed:
    """An escrow that the server wants: people with their devices, in order."""

    organisation: str
    t: int
    seats: tuple[tuple[str, tuple[bytes, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What the next epoch is to be, as the server says."""

    head: Head
    recipients: tuple[Recipient, ...]
    escrows: tuple[Escrowed, ...]

    @property
    def organisations(self) -> frozenset[str]:
        """Whose directories it takes."""
        sealed_to = {one.organisation for one in self.recipients}
        return frozenset(sealed_to | {one.organisation for one in self.escrows})

    @property
    def bridged(self) -> bool:
        """Whether a bridge is to hold the key."""
        return any(not one.person for one in self.recipients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What begins the epoch: the body to send, and the key."""

    body: dict[str, object]
    key: RoomKey = field(repr=False)


def read_plan(plain: Json) -> Planned:
    """Read a plan off the wire. Raises Malformed or Unavailable."""
    return Planned(
        head=read_head(text_of(plain, "room"), plain.get("head")),
        recipients=tuple(_recipient(row) for row in rows_of(plain, "recipients", MAX_RECIPIENTS)),
        escrows=tuple(_escrowed(row) for row in rows_of(plain, "escrows", MAX_ESCROWS)),
    )


def read_head(room: str, plain: object) -> Head:
    """Read where a room stands. Raises Malformed or Unavailable."""
    if not isinstance(plain, dict):
        raise Unavailable("the server does not say where the room stands")
    epoch, seq = number_of(plain, "epoch"), number_of(plain, "seq")
    return Head(room=room, epoch=epoch, seq=seq, hash=bytes_of(plain, "hash"))


def make_epoch(planned: Planned, members: Members, *, secret: DeviceSecret, person: str, draw: Draw) -> Made:
    """Make the next epoch as this person's device (FORMAT.md 15, 54 to 56).

    Raises `Tampered` where the server wants somebody in the room, or in an escrow, for whom no checked directory vouches,
    more than two people, a bridge beside two, or not this very device: then nothing is sealed.
    """
    inside = [_checked(one, members) for one in planned.recipients]
    if person not in audience_of(inside).people or secret.public.device_id not in _ids(inside):
        raise Tampered("Those are not the people of this room.")
    key = RoomKey(room=planned.head.room, epoch=planned.head.epoch + 1, key=draw(KEY))
    sealed = {member.public.device_id: seal_room_key(key, member.public) for member in inside}
    escrows = {one.organisation: _escrow(one, members, key, draw) for one in planned.escrows}
    event = start_epoch(
        room_key=key, head=planned.head, secret=secret, author=person, room_keys=sealed, escrows=escrows
    )
    return Made(
        body={
            "event": to_base64url(to_bytes(event)),
            "keys": [
                {"device": to_base64url(id_), "key": to_base64url(blob.content)}
                for id_, blob in sealed.items()
            ],
            "escrows": [
                {"organisation": name, "escrow": to_base64url(threshold.to_bytes(escrow))}
                for name, escrow in escrows.items()
            ],
        },
        key=key,
    )


def _checked(wanted: Recipient, members: Members) -> Member:
    """The recipient as a checked directory has it: active, with the right for it, and whose the server says."""
    member = members.get(wanted.device)
    right = Right.MEMBER if wanted.person else Right.BRIDGE
    if member is None or not member.active or not member.rights & right:
        raise Tampered("Nothing is sealed to that device.")
    if member.organisation != wanted.organisation or wanted.person not in ("", member.person):
        raise Tampered("That device is somebody else's.")
    return member


def _escrow(wanted: Escrowed, members: Members, key: RoomKey, draw: Draw) -> threshold.Escrow:
    supervisors = [
        Supervisor(person=person, devices=[_holder(wanted, person, id_, members) for id_ in devices])
        for person, devices in wanted.seats
    ]
    return threshold.make_escrow(
        key, t=wanted.t, supervisors=supervisors, escrow_key=draw(KEY), iv=draw(NONCE)
    )


def _holder(wanted: Escrowed, person: str, device: bytes, members: Members) -> DevicePublic:
    member = members.get(device)
    if member is None or not member.active or not member.rights & Right.SHARES:
        raise Tampered("No share is sealed to that device.")
    if (member.organisation, member.person) != (wanted.organisation, person):
        raise Tampered("That seat is somebody else's.")
    return member.public


def _recipient(row: Json) -> Recipient:
    bridge, person = row.get("bridge"), row.get("person")
    if bridge is not True and not isinstance(person, str):
        raise Unavailable("the server does not say whose device it is")
    return Recipient(
        device=bytes_of(row, "device"),
        organisation=text_of(row, "organisation"),
        person="" if bridge is True else str(person),
    )


def _escrowed(row: Json) -> Escrowed:
    return Escrowed(
        organisation=text_of(row, "organisation"),
        t=number_of(row, "t"),
        seats=tuple(_seat(seat) for seat in rows_of(row, "seats", MAX_PEOPLE)),
    )


def _seat(row: Json) -> tuple[str, tuple[bytes, ...]]:
    devices = row.get("devices")
    if (
        not isinstance(devices, list)
        or len(devices) > MAX_DEVICES
        or not all(isinstance(d, str) for d in devices)
    ):
        raise Unavailable("the server does not say which devices a seat has")
    return text_of(row, "person"), tuple(from_base64url(device) for device in devices)


def _ids(inside: list[Member]) -> Mapping[bytes, Member]:
    return {member.public.device_id: member for member in inside}
