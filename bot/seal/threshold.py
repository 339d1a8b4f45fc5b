"""Escrow: a room's key in a box that takes t of n supervisors to open, and tells whose share was wrong."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.seal import shamir
from bot.seal.errors import Malformed, Tampered, WrongShare
from bot.seal.hpke import OVERHEAD, SUITE, open_with, seal_to
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey, check_commitment
from bot.seal.symmetric import KEY, NONCE, TAG, decrypt, digest, encrypt, expand
from bot.seal.wire import Reader, count, exact, lp, name

LEAST = 2  # nobody opens a room alone
MAX_PEOPLE = 32  # supervisors of one escrow
MAX_DEVICES = 8  # of one supervisor
SHARE = KEY + 1  # bytes

_BOX = KEY + TAG
_SEALED_SHARE = SHARE + OVERHEAD
_MAX_CTX = 2**14  # bytes; 32 ids of 255 bytes fit
_HASH = KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """Somebody who is to hold one share, however many devices they have."""

    person: str
    devices: Sequence[DevicePublic]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShare:
    """One person's share, sealed to one of their devices."""

    device_id: bytes
    blob: bytes

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        exact(self.device_id, DEVICE_ID)
        exact(self.blob, _SEALED_SHARE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person's place in an escrow: what their share must be, and where it is."""

    person: str
    commitment: bytes
    shares: tuple[SealedShare, ...]

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        name(self.person)
        exact(self.commitment, _HASH)
        if not 1 <= len(self.shares) <= MAX_DEVICES:
            raise Malformed("A supervisor has one to eight devices.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """One room key in its box, with a seat per supervisor; seat i holds the share with x = i, from 1."""

    room: str
    epoch: int
    t: int
    seats: tuple[Seat, ...]
    iv: bytes
    box: bytes

    def __post_init__(self) -> None:
        """Refuse what is out of bounds; nobody sits twice, neither as a person nor with a device."""
        name(self.room)
        count(self.epoch)
        exact(self.iv, NONCE)
        exact(self.box, _BOX)
        _check_size(self.t, len(self.seats))
        people = [seat.person for seat in self.seats]
        devices = [share.device_id for seat in self.seats for share in seat.shares]
        if len(set(people)) < len(people) or len(set(devices)) < len(devices):
            raise Malformed("A supervisor, or a device, has two places in an escrow.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Share:
    """One person's opened share; a secret until the box is open."""

    person: str
    value: bytes = field(repr=False)  # 32 bytes of y, then x


def make_escrow(
    room_key: RoomKey, *, t: int, supervisors: Sequence[Supervisor], escrow_key: bytes, iv: bytes
) -> Escrow:
    """Box the room key under `escrow_key` and deal that key to the supervisors, t of whom open it.

    `escrow_key`: 32 random bytes, `iv`: 12, both new for every call and kept by nobody. Raises `Malformed` when t
    is under 2 or over n, or somebody is named twice.
    """
    people = [supervisor.person for supervisor in supervisors]
    _check_size(t, len(people))
    ctx = _ctx(room_key.room, room_key.epoch, t, people)
    shares = _deal(escrow_key, t, len(people), ctx)
    seats = tuple(_seat(who, share, ctx) for who, share in zip(supervisors, shares, strict=True))
    box = encrypt(escrow_key, iv, room_key.key, aad=ctx)
    return Escrow(room=room_key.room, epoch=room_key.epoch, t=t, seats=seats, iv=iv, box=box)


def check_escrow(escrow: Escrow, *, room: str, epoch: int) -> None:
    """What a server can check: that this well-formed escrow is of that room and epoch. Raises `Tampered`."""
    if (escrow.room, escrow.epoch) != (room, epoch):
        raise Tampered("The escrow is of another room or epoch.")


def open_share(escrow: Escrow, *, person: str, secret: DeviceSecret) -> Share:
    """Open a supervisor's share on one of their devices.

    Raises `Malformed` when none is sealed to that person's device, `WrongShare` when it is not what was dealt.
    """
    device_id = secret.public.device_id
    ctx = context(escrow)
    for seat in escrow.seats:
        for sealed in seat.shares:
            if (seat.person, sealed.device_id) == (person, device_id):
                value = _open_sealed(sealed, person, secret, ctx)
                _name_the_wrong(escrow, {person: value}, ctx)
                return Share(person=person, value=value)
    raise Malformed("This escrow has no share for that person on this device.")


def open_escrow(escrow: Escrow, shares: Sequence[Share], *, kc: bytes) -> RoomKey:
    """Recombine the escrow key, deal it again, compare every commitment, open the box, check `kc`.

    `kc`: the commitment in the room's epoch event. Raises `Malformed` for fewer than t people or a stranger or
    the same person twice, `WrongShare` naming whose share does not hold, `Tampered` for the box or another key.
    """
    ctx = context(escrow)
    values = _one_per_person(escrow, shares)
    _name_the_wrong(escrow, values, ctx)
    escrow_key = shamir.combine(list(values.values())[: escrow.t])
    dealt = _deal(escrow_key, escrow.t, len(escrow.seats), ctx)
    everybody = (seat.person for seat in escrow.seats)
    _name_the_wrong(escrow, dict(zip(everybody, dealt, strict=True)), ctx)
    key = decrypt(escrow_key, escrow.iv, escrow.box, aad=ctx)
    room_key = RoomKey(room=escrow.room, epoch=escrow.epoch, key=key)
    check_commitment(room_key, kc)
    return room_key


def check_share(escrow: Escrow, share: Share) -> None:
    """Raise `WrongShare` unless the share is what was dealt to that seat, `Malformed` where there is no such seat."""
    if share.person not in {seat.person for seat in escrow.seats}:
        raise Malformed("This escrow has no seat for that person.")
    _name_the_wrong(escrow, {share.person: share.value}, context(escrow))


def context(escrow: Escrow) -> bytes:
    """Return `ctx`, which binds an escrow's room, epoch, t and people to everything in it."""
    return _ctx(escrow.room, escrow.epoch, escrow.t, [seat.person for seat in escrow.seats])


def hash_escrow(escrow: Escrow) -> bytes:
    """Return the 32 bytes by which an epoch event names an escrow."""
    return digest(Label.ESCROW_HASH, to_bytes(escrow))


def to_bytes(escrow: Escrow) -> bytes:
    """Write an escrow for the wire."""
    fields: list[bytes | int | str] = [SUITE, context(escrow), escrow.iv, escrow.box]
    for seat in escrow.seats:
        fields += [seat.commitment, len(seat.shares)]
        for share in seat.shares:
            fields += [share.device_id, share.blob]
    return lp(Label.ESCROW_BYTES, *fields)


def to_sealed(escrow: Escrow) -> Sealed:
    """Write an escrow for the store."""
    return Sealed(content=to_bytes(escrow))


def from_bytes(content: bytes) -> Escrow:
    """Read an escrow, or raise `Malformed`; only what `to_bytes` writes is one."""
    reader = Reader(Label.ESCROW_BYTES, content)
    reader.number(least=SUITE, most=SUITE)
    room, epoch, t, people = _read_ctx(reader.up_to(_MAX_CTX))
    iv, box = reader.exact(NONCE), reader.exact(_BOX)
    seats = tuple(_read_seat(person, reader) for person in people)
    reader.end()
    return Escrow(room=room, epoch=epoch, t=t, seats=seats, iv=iv, box=box)


def _read_ctx(ctx: bytes) -> tuple[str, int, int, list[str]]:
    reader = Reader(Label.ESCROW, ctx)
    room, epoch = reader.name(), reader.number()
    t = reader.number(most=MAX_PEOPLE)
    people = [reader.name() for _ in range(reader.number(most=MAX_PEOPLE))]
    reader.end()
    return room, epoch, t, people


def _read_seat(person: str, reader: Reader) -> Seat:
    commitment = reader.exact(_HASH)
    shares = tuple(
        SealedShare(device_id=reader.exact(DEVICE_ID), blob=reader.exact(_SEALED_SHARE))
        for _ in range(reader.number(most=MAX_DEVICES))
    )
    return Seat(person=person, commitment=commitment, shares=shares)


def _ctx(room: str, epoch: int, t: int, people: Sequence[str]) -> bytes:
    return lp(Label.ESCROW, room, epoch, t, len(people), *people)


def _check_size(t: int, n: int) -> None:
    if not LEAST <= t <= n <= MAX_PEOPLE:
        raise Malformed("An escrow takes at least two, and no more than it has, of at most 32 people.")


def _deal(escrow_key: bytes, t: int, n: int, ctx: bytes) -> list[bytes]:
    """Deal without chance, so that whoever recombines the key can deal it again and compare."""
    stream = expand(escrow_key, KEY * (t - 1), Label.SHAMIR, t, n, ctx)
    coefficients = [stream[start : start + KEY] for start in range(0, len(stream), KEY)]
    return shamir.deal(escrow_key, coefficients, n)


def _seat(supervisor: Supervisor, share: bytes, ctx: bytes) -> Seat:
    sealed = tuple(
        SealedShare(
            device_id=device.device_id,
            blob=seal_to(device.kem, share, info=_share_info(ctx, supervisor.person, device)),
        )
        for device in supervisor.devices
    )
    return Seat(person=supervisor.person, commitment=_commit_share(share, ctx), shares=sealed)


def _open_sealed(sealed: SealedShare, person: str, secret: DeviceSecret, ctx: bytes) -> bytes:
    try:
        return open_with(secret.kem, sealed.blob, info=_share_info(ctx, person, secret.public))
    except Tampered as error:
        raise WrongShare(person) from error


def _one_per_person(escrow: Escrow, shares: Sequence[Share]) -> dict[str, bytes]:
    values = {share.person: share.value for share in shares}
    seated = {seat.person for seat in escrow.seats}
    if len(values) < len(shares) or len(values) < escrow.t or not values.keys() <= seated:
        raise Malformed("Opening takes the shares of t different people who have a seat.")
    return values


def _name_the_wrong(escrow: Escrow, values: Mapping[str, bytes], ctx: bytes) -> None:
    wrong = [
        seat.person
        for x, seat in enumerate(escrow.seats, start=1)
        if seat.person in values and not _holds(seat, x, values[seat.person], ctx)
    ]
    if wrong:
        raise WrongShare(*wrong)


def _holds(seat: Seat, x: int, value: bytes, ctx: bytes) -> bool:
    if len(value) != SHARE or value[-1] != x:
        return False
    return hmac.compare_digest(seat.commitment, _commit_share(value, ctx))


def _commit_share(share: bytes, ctx: bytes) -> bytes:
    return digest(Label.SHARE_COMMIT, ctx, share)


def _share_info(ctx: bytes, person: str, device: DevicePublic) -> bytes:
    return lp(Label.SHARE, ctx, person, device.device_id)
