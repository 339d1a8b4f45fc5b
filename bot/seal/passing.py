"""Passing shares: a supervisor re-seals an opened share to another device, for one stated use."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.seal.errors import Malformed, Tampered, WrongShare
from bot.seal.hpke import OVERHEAD, open_with, seal_to
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.room import RoomKey
from bot.seal.statement import MAX_STATEMENT, SIGNATURE, sign_bare, verify_statement
from bot.seal.symmetric import KEY
from bot.seal.threshold import SHARE, Escrow, Share, check_share, context, open_escrow
from bot.seal.wire import Reader, exact, lp, name

_PASSED = SHARE + OVERHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One seat's share, sealed to one device for one use. Who signed, `check_passed` says."""

    use: str  # `for_opening(id)` or `for_successor(person)`
    ctx: bytes  # 32 bytes; SHA-256 of the escrow's context
    seat: str  # whose seat in the escrow it is
    sender: bytes  # 32 bytes; the device that passed it on and signs
    receiver: bytes  # 32 bytes; the device that can open it
    blob: bytes  # 1169 bytes
    content: bytes = field(repr=False)


def for_opening(opening: str) -> str:
    """The use of a share that is passed on for an opening."""
    return name(f"opening:{opening}")


def for_successor(person: str) -> str:
    """The use of a share that is handed on to whoever sits in the seat from now on, or to one's own new device."""
    return name(f"hand-on:{person}")


def pass_share(*, escrow: Escrow, share: Share, use: str, to: DevicePublic, secret: DeviceSecret) -> Passed:
    """Seal an opened share to another device, and sign that. Raises `WrongShare` for one that was not dealt."""
    check_share(escrow, share)
    info = _info(escrow, use, share.person, to)
    blob = seal_to(to.kem, share.value, info=info)
    statement = lp(
        Label.SHARE_PASS,
        name(use),
        _ctx_hash(escrow),
        share.person,
        secret.public.device_id,
        to.device_id,
        hashlib.sha256(blob).digest(),
    )
    return passed_from_bytes(
        lp(Label.SHARE_PASS_BYTES, statement, blob, sign_bare(statement, secret.signing))
    )


def passed_from_bytes(content: bytes) -> Passed:
    """Read a passed share, or raise `Malformed`."""
    statement, blob, _ = _split(content)
    reader = Reader(Label.SHARE_PASS, statement)
    passed = Passed(
        use=reader.name(),
        ctx=reader.exact(KEY),
        seat=reader.name(),
        sender=reader.exact(DEVICE_ID),
        receiver=reader.exact(DEVICE_ID),
        blob=blob,
        content=content,
    )
    hashed = reader.exact(KEY)
    reader.end()
    if hashed != hashlib.sha256(blob).digest():
        raise Malformed("The signed hash is of another share.")
    return passed


def check_passed(passed: Passed, escrow: Escrow, sender: DevicePublic) -> None:
    """What needs no secret: a share of a seat of this escrow, signed by that device. Raises `Tampered`.

    Whether the sender's person holds that seat, the caller knows: its own, or one that was handed on to them.
    """
    if passed.ctx != _ctx_hash(escrow) or passed.seat not in {seat.person for seat in escrow.seats}:
        raise Tampered("The share is of another escrow.")
    if passed.sender != sender.device_id:
        raise Tampered("Another device passed the share on.")
    statement, _, sig = _split(passed.content)
    verify_statement(sender.ed25519, statement, sig)


def open_passed(passed: Passed, escrow: Escrow, *, use: str, secret: DeviceSecret) -> Share:
    """Open a share that `check_passed` has passed.

    Raises `Tampered` for another use or device, `WrongShare` (naming the seat) when it is not what was dealt.
    """
    if (passed.use, passed.receiver) != (use, secret.public.device_id):
        raise Tampered("The share was passed on for another use, or to another device.")
    try:
        value = open_with(secret.kem, passed.blob, info=_info(escrow, use, passed.seat, secret.public))
    except Tampered as error:
        raise WrongShare(passed.seat) from error
    share = Share(person=passed.seat, value=exact(value, SHARE))
    check_share(escrow, share)
    return share


def open_together(
    escrow: Escrow, shares: Sequence[Share], *, holders: Mapping[str, str], kc: bytes
) -> RoomKey:
    """Open an escrow where seats may have been handed on. `holders`: seat -> the person who holds it now.

    Raises what `open_escrow` raises, and `Malformed` when fewer than t different people stand behind the shares:
    nobody is two people by holding two seats.
    """
    people = {holders[share.person] for share in shares if share.person in holders}
    if len(people) < escrow.t or any(share.person not in holders for share in shares):
        raise Malformed("Opening takes the shares of t different people who hold a seat.")
    return open_escrow(escrow, shares, kc=kc)


def _info(escrow: Escrow, use: str, seat: str, device: DevicePublic) -> bytes:
    return lp(Label.PASSED_SHARE, name(use), context(escrow), seat, device.device_id)


def _ctx_hash(escrow: Escrow) -> bytes:
    return hashlib.sha256(context(escrow)).digest()


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    reader = Reader(Label.SHARE_PASS_BYTES, content)
    parts = reader.up_to(MAX_STATEMENT), reader.exact(_PASSED), reader.exact(SIGNATURE)
    reader.end()
    return parts
