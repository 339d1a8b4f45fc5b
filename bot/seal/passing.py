"""Passing shares: a supervisor re-seals an opened share to another device, for one stated use."""

import hashlib
from dataclasses import dataclass, field

from bot.seal.errors import Malformed, Tampered, WrongShare
from bot.seal.hpke import OVERHEAD, open_with, seal_to
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.statement import MAX_STATEMENT, SIGNATURE, sign_bare, verify_statement
from bot.seal.symmetric import KEY
from bot.seal.threshold import SHARE, Escrow, Share, check_share, context, hash_escrow
from bot.seal.wire import Reader, exact, lp, name

PASSED = SHARE + OVERHEAD  # bytes of a share as it is passed on

_OPENING = "opening:"
_HAND_ON = "hand-on:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a sender signs of a share that is passed on; it stays as evidence when the share itself is gone."""

    use: str  # `for_opening(id)` or `for_successor(person)`
    escrow: bytes  # 32 bytes; the escrow's hash
    seat: str  # whose seat in the escrow it is
    sender: bytes  # 32 bytes; the device that passed it on and signs
    receiver: bytes  # 32 bytes; the device that can open it
    hash: bytes  # 32 bytes; SHA-256 of the sealed share
    content: bytes = field(repr=False)
    sig: bytes = field(repr=False)  # 65 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One seat's share, sealed to one device for one use. Who signed, `check_passed` says."""

    signed: Pass
    blob: bytes = field(repr=False)  # 1169 bytes


def for_opening(opening: str) -> str:
    """The use of a share that is passed on for an opening."""
    return name(f"{_OPENING}{name(opening)}")


def for_successor(person: str) -> str:
    """The use of a share that is handed on to whoever sits in the seat from now on, or to one's own new device."""
    return name(f"{_HAND_ON}{name(person)}")


def successor(use: str) -> str:
    """The person that `for_successor` named. Raises `Malformed` for another use."""
    if not use.startswith(_HAND_ON):
        raise Malformed("That share was not handed on.")
    return name(use.removeprefix(_HAND_ON))


def pass_share(*, escrow: Escrow, share: Share, use: str, to: DevicePublic, secret: DeviceSecret) -> Passed:
    """Seal an opened share to another device, and sign that. Raises `WrongShare` for one that was not dealt."""
    check_share(escrow, share)
    blob = seal_to(to.kem, share.value, info=_info(escrow, use, share.person, to))
    statement = lp(
        Label.SHARE_PASS,
        name(use),
        hash_escrow(escrow),
        share.person,
        secret.public.device_id,
        to.device_id,
        hashlib.sha256(blob).digest(),
    )
    return Passed(signed=read_pass(statement, sign_bare(statement, secret.signing)), blob=blob)


def passed_to_bytes(passed: Passed) -> bytes:
    """Write a passed share."""
    return lp(Label.SHARE_PASS_BYTES, passed.signed.content, passed.blob, passed.signed.sig)


def passed_from_bytes(content: bytes) -> Passed:
    """Read a passed share, or raise `Malformed`."""
    reader = Reader(Label.SHARE_PASS_BYTES, content)
    statement, blob, sig = reader.up_to(MAX_STATEMENT), reader.exact(PASSED), reader.exact(SIGNATURE)
    reader.end()
    return join_passed(read_pass(statement, sig), blob)


def join_passed(signed: Pass, blob: bytes) -> Passed:
    """Put what was signed and the sealed share together. Raises `Malformed` when they are not each other's."""
    if signed.hash != hashlib.sha256(exact(blob, PASSED)).digest():
        raise Malformed("The signed hash is of another share.")
    return Passed(signed=signed, blob=blob)


def read_pass(statement: bytes, sig: bytes) -> Pass:
    """Read what was signed, or raise `Malformed`; who signed, `check_sender` says."""
    reader = Reader(Label.SHARE_PASS, statement)
    signed = Pass(
        use=reader.name(),
        escrow=reader.exact(KEY),
        seat=reader.name(),
        sender=reader.exact(DEVICE_ID),
        receiver=reader.exact(DEVICE_ID),
        hash=reader.exact(KEY),
        content=statement,
        sig=exact(sig, SIGNATURE),
    )
    reader.end()
    return signed


def check_sender(signed: Pass, sender: DevicePublic) -> None:
    """Return when that device signed it; else raise `Tampered`, or `Malformed` for another signature algorithm."""
    if signed.sender != sender.device_id:
        raise Tampered("Another device passed the share on.")
    verify_statement(sender.ed25519, signed.content, signed.sig)


def check_passed(
    passed: Passed, escrow: Escrow, *, use: str, sender: DevicePublic, receiver: DevicePublic
) -> None:
    """What needs no secret: a share of a seat of this escrow, for this use and receiver, signed by that sender.

    Raises `Tampered`. Whether the sender's person holds that seat, `seats.follow_hand_ons` says.
    """
    signed = passed.signed
    if signed.escrow != hash_escrow(escrow) or signed.seat not in {seat.person for seat in escrow.seats}:
        raise Tampered("The share is of another escrow.")
    if (signed.use, signed.receiver) != (use, receiver.device_id):
        raise Tampered("The share was passed on for another use, or to another device.")
    check_sender(signed, sender)


def open_passed(
    passed: Passed, escrow: Escrow, *, use: str, sender: DevicePublic, secret: DeviceSecret
) -> Share:
    """Check a share that was passed on to this device, and open it.

    Raises what `check_passed` raises, and `WrongShare` (naming the seat) when it is not what was dealt.
    """
    check_passed(passed, escrow, use=use, sender=sender, receiver=secret.public)
    seat = passed.signed.seat
    try:
        value = open_with(secret.kem, passed.blob, info=_info(escrow, use, seat, secret.public))
    except Tampered as error:
        raise WrongShare(seat) from error
    share = Share(person=seat, value=exact(value, SHARE))
    check_share(escrow, share)
    return share


def _info(escrow: Escrow, use: str, seat: str, device: DevicePublic) -> bytes:
    return lp(Label.PASSED_SHARE, name(use), context(escrow), seat, device.device_id)
