"""What a supervisor's device does with keys: find its share, pass it on, put shares together, deal them again.

Pure: whatever a server says comes in as values, and is believed as far as it is signed by devices of a checked
directory (`members`), and no further.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.epoch import Manifest, read_epoch
from bot.seal.errors import Malformed, Tampered, WrongShare
from bot.seal.event import Event
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.opening import Request, check_asker, check_covers
from bot.seal.passing import Passed, for_opening, for_successor, open_passed, pass_share, successor
from bot.seal.redeal import Redeal, follow_redeals, sign_redeal
from bot.seal.room import RoomKey
from bot.seal.seats import check_sits_once, follow_hand_ons, open_together
from bot.seal.threshold import Escrow, Share, Supervisor, hash_escrow, make_escrow, open_share

Members = Mapping[bytes, Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One epoch as a server keeps it for an organisation. `passed`: what others passed on for an opening."""

    began: Event
    escrow: Escrow
    redeals: tuple[Redeal, ...] = ()
    hand_ons: tuple[Passed, ...] = ()
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody at one of their devices."""

    organisation: str
    person: str
    secret: DeviceSecret = field(repr=False)


def check_kept(kept: Kept, organisation: str, members: Members) -> Manifest:
    """Raise `Tampered` unless the escrow is the one in force: the manifest's, or the last of a chain of re-deals."""
    manifest, escrow = read_epoch(kept.began), kept.escrow
    first = manifest.escrows.get(organisation)
    if first is None or (kept.began.room, kept.began.epoch) != (escrow.room, escrow.epoch):
        raise Tampered("The epoch names no such escrow.")
    in_force = follow_redeals(
        kept.redeals,
        organisation=organisation,
        room=escrow.room,
        epoch=escrow.epoch,
        first=first,
        devices=_keepers(organisation, members),
    )
    if in_force != hash_escrow(escrow):
        raise Tampered("The escrow is not the one in force.")
    return manifest


def own_share(kept: Kept, who: Holder, members: Members) -> Share | None:
    """The share that this device has of a seat that its person holds; None when there is none.

    Raises `WrongShare` for one that was not dealt, `Tampered` for hand-ons that do not hold.
    """
    holders, device = follow_hand_ons(kept.escrow, kept.hand_ons, members), who.secret.public.device_id
    for seat in kept.escrow.seats:
        if holders[seat.person] == who.person == seat.person and device in {
            share.device_id for share in seat.shares
        }:
            return open_share(kept.escrow, person=seat.person, secret=who.secret)
    for passed in reversed(kept.hand_ons):
        if passed.signed.receiver == device and holders[passed.signed.seat] == who.person:
            sender, use = _known(passed.signed.sender, members), for_successor(who.person)
            return open_passed(passed, kept.escrow, use=use, sender=sender.public, secret=who.secret)
    return None


def pass_on(request: Request, kept: Kept, who: Holder, members: Members, *, now: int) -> Passed | None:
    """Seal one's share to the device that asked; None where one has none.

    Raises `Tampered` when the request, its device or the escrow does not hold (FORMAT.md 63).
    """
    asker = _known(request.device_id, members)
    check_asker(request, asker, passer=who.person, now=now)
    check_covers(request, kept.escrow)
    check_kept(kept, request.organisation, members)
    share = own_share(kept, who, members)
    if share is None:
        return None
    return pass_share(
        escrow=kept.escrow,
        share=share,
        use=for_opening(request.opening),
        to=asker.public,
        secret=who.secret,
    )


def hand_on(kept: Kept, who: Holder, to: Member, members: Members) -> Passed | None:
    """Hand one's seat on to a successor's device, or its share to a new device of one's own; None where one has none.

    Raises `Tampered` for a device that may hold no shares, or of somebody who holds another seat (FORMAT.md 67).
    """
    check_kept(kept, who.organisation, members)
    share = own_share(kept, who, members)
    if share is None:
        return None
    if not to.active or not to.rights & Right.SHARES or to.organisation != who.organisation:
        raise Tampered("That device may not hold shares.")
    holders = follow_hand_ons(kept.escrow, kept.hand_ons, members)
    check_sits_once(holders, share.person, to.person)
    use = for_successor(to.person)
    return pass_share(escrow=kept.escrow, share=share, use=use, to=to.public, secret=who.secret)


def open_epoch(request: Request, kept: Kept, who: Holder, members: Members) -> RoomKey:
    """Put one's own share and those passed on together (FORMAT.md 32, 65, 66).

    Raises `WrongShare` naming every seat whose share does not hold, `Malformed` when too few people stand behind the
    shares, `Tampered` for whatever was not signed by whoever holds the seat, or is not the room's key.
    """
    manifest = check_kept(kept, request.organisation, members)
    holders = follow_hand_ons(kept.escrow, kept.hand_ons, members)
    own = own_share(kept, who, members)
    shares, wrong = [] if own is None else [own], list[str]()
    for passed in kept.passed:
        if own is not None and passed.signed.seat == own.person:
            continue  # handed on to us since
        try:
            shares.append(_taken(request, kept, passed, who, members))
        except WrongShare as error:
            wrong += error.people
    if wrong:
        raise WrongShare(*wrong)
    return open_together(kept.escrow, shares, holders=holders, kc=manifest.kc)


def deal_again(
    request: Request,
    kept: Kept,
    room_key: RoomKey,
    who: Holder,
    *,
    people: Sequence[Supervisor],
    t: int,
    escrow_key: bytes,
    iv: bytes,
    at: int,
) -> tuple[Redeal, Escrow]:
    """Deal a key again to those who can hold seats now, and sign that this takes the old escrow's place.

    `room_key`: as `open_epoch` gave it, so that its commitment was compared; `t`: at least the old one's. `escrow_key`
    (32 bytes) and `iv` (12) are random, used once. Raises `Malformed` for a smaller t.
    """
    if (room_key.room, room_key.epoch) != (kept.escrow.room, kept.escrow.epoch):
        raise Malformed("The key is of another room or epoch.")
    new = make_escrow(room_key, t=t, supervisors=people, escrow_key=escrow_key, iv=iv)
    statement = sign_redeal(
        secret=who.secret,
        organisation=request.organisation,
        opening=request.opening,
        old=kept.escrow,
        new=new,
        at=at,
    )
    return statement, new


def _taken(
    request: Request,
    kept: Kept,
    passed: Passed,
    who: Holder,
    members: Members,
) -> Share:
    """Open one share. Who passed it may have handed the seat on since: whoever holds it now is who counts."""
    sender, seat = _known(passed.signed.sender, members), passed.signed.seat
    handed_on = {successor(one.signed.use) for one in kept.hand_ons if one.signed.seat == seat}
    if sender.person not in {seat, *handed_on} or not sender.rights & Right.SHARES:
        raise Tampered("A share was passed on by somebody who never held the seat.")
    use = for_opening(request.opening)
    return open_passed(passed, kept.escrow, use=use, sender=sender.public, secret=who.secret)


def _known(device: bytes, members: Members) -> Member:
    member = members.get(device)
    if member is None:
        raise Tampered("The directory does not know that device.")
    return member


def _keepers(organisation: str, members: Members) -> dict[bytes, DevicePublic]:
    """The devices whose re-deals count."""
    return {
        device: member.public
        for device, member in members.items()
        if member.organisation == organisation and member.rights & Right.SHARES
    }
