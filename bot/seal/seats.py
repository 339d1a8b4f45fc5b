"""Seats: who holds which seat of an escrow now, and the opening that counts people instead of seats."""

from collections.abc import Mapping, Sequence

from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.errors import Malformed, Tampered
from bot.seal.passing import Passed, check_passed, successor
from bot.seal.room import RoomKey
from bot.seal.threshold import Escrow, Share, open_escrow


def follow_hand_ons(
    escrow: Escrow, hand_ons: Sequence[Passed], members: Mapping[bytes, Member]
) -> dict[str, str]:
    """Seat -> the person who holds it now. `hand_ons`: those of this escrow, in the order in which they were made.

    `members`: devices by id as a checked directory has them, revoked ones among them. Raises `Tampered` for a
    hand-on by somebody who did not hold the seat, to a device that is not the successor's or may hold no shares,
    or to somebody who holds another seat of this escrow.
    """
    holders = {seat.person: seat.person for seat in escrow.seats}
    for passed in hand_ons:
        signed = passed.signed
        sender, receiver = members.get(signed.sender), members.get(signed.receiver)
        if sender is None or receiver is None:
            raise Tampered("A seat was handed on by, or to, a device that is not known.")
        check_passed(passed, escrow, use=signed.use, sender=sender.public, receiver=receiver.public)
        person = successor(signed.use)
        if holders[signed.seat] != sender.person or receiver.person != person:
            raise Tampered("A seat was handed on by somebody who did not hold it, or to another's device.")
        if not receiver.rights & Right.SHARES:
            raise Tampered("A seat was handed on to a device that may not hold shares.")
        check_sits_once(holders, signed.seat, person)
        holders[signed.seat] = person
    return holders


def check_sits_once(holders: Mapping[str, str], seat: str, person: str) -> None:
    """Raise `Tampered` when the person would hold another seat beside this one: nobody is two people."""
    if any(held == person for other, held in holders.items() if other != seat):
        raise Tampered("Nobody holds two seats of one escrow.")


def open_together(
    escrow: Escrow, shares: Sequence[Share], *, holders: Mapping[str, str], kc: bytes
) -> RoomKey:
    """Open an escrow where seats may have been handed on. `holders`: seat -> the person who holds it now.

    Raises what `open_escrow` raises, and `Malformed` when fewer than t different people stand behind the shares.
    """
    people = {holders[share.person] for share in shares if share.person in holders}
    if len(people) < escrow.t or any(share.person not in holders for share in shares):
        raise Malformed("Opening takes the shares of t different people who hold a seat.")
    return open_escrow(escrow, shares, kc=kc)
