"""Seats: what somebody holds, and how they hand it on, to a successor or to a new device of their own."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.device_trust import read
from bot.flow.opening_pass import Came
from bot.flow.opening_people import Supervisor, living, may
from bot.flow.opening_read import describe
from bot.flow.opening_told import ring_successor
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_openings import HandOn, Place, Redealt, Sitting
from bot.flow.refusals import Code, Refused
from bot.seal.errors import SealError
from bot.seal.keys import DevicePublic, public_from_bytes
from bot.seal.passing import Passed, check_passed, passed_from_bytes, successor
from bot.seal.plain import Sealed
from bot.seal.seats import check_sits_once
from bot.seal.threshold import from_bytes, hash_escrow

PLACES: Final = 64  # epochs of one page
Held = tuple[Place, Sealed, Sealed, tuple[Redealt, ...], tuple[HandOn, ...], tuple[Sitting, ...]]


def held(tx: Tx, deps: Deps, who: Supervisor, after: Place | None) -> tuple[tuple[Held, ...], Place | None]:
    """A page of the epochs where this person holds a seat, and where the next begins: epoch, its beginning, the
    escrow in force, re-deals, hand-ons, and who holds which seat.
    """
    may(deps, who, Act.SEAT_HOLD)
    page = tx.seats.held_by(who.person.id, who.organisation, after, PLACES)
    found = tuple(_held(tx, who.organisation, place) for place in page)
    return found, page[-1] if len(page) == PLACES else None


def hand_on(tx: Tx, deps: Deps, who: Supervisor, came: Sequence[Came]) -> int:
    """Take hand-ons of seats that this person holds; returns how many are new. Harmless the second time.

    Raises Refused for a seat of somebody else's, for somebody who holds another seat there (FORMAT.md 67) or cannot
    hold any, and for what is not signed by this device. All are taken, or none.
    """
    if len({one.place for one in came}) < len(came):
        raise BadInput("nobody has two seats of one escrow")
    rules, people = may(deps, who, Act.SEAT_HOLD), _devices(tx, deps, who.organisation)
    new, successors = 0, set[PersonId]()
    ordered = sorted(came, key=lambda one: (one.place.room, one.place.epoch))
    for room, of_room in groupby(ordered, key=lambda one: one.place.room):
        made = [made for one in of_room if (made := _hand_on(tx, who, people, one)) is not None]
        if made:
            _keep(tx, deps, who, room, made, rules)
        new += len(made)
        successors |= {one.person for one in made if one.person != who.person.id}
    for person in sorted(successors):
        ring_successor(tx, deps, person)
    return new


def _held(tx: Tx, organisation: OrganisationId, place: Place) -> Held:
    escrow = tx.seats.escrow(place, organisation)
    if escrow is None:
        raise Refused(Code.NO_ESCROW)
    began, redeals, hand_ons = describe(tx, place, organisation, escrow)
    return place, began, escrow, redeals, hand_ons, tx.seats.sitting(place, organisation)


def _devices(tx: Tx, deps: Deps, organisation: OrganisationId) -> dict[PersonId, dict[bytes, DevicePublic]]:
    """The devices that may be given a share, of everybody who may hold a seat."""
    return {
        person: {device.id: public_from_bytes(device.public) for device in devices}
        for person, devices in living(tx, deps, organisation).items()
    }


def _hand_on(
    tx: Tx, who: Supervisor, people: dict[PersonId, dict[bytes, DevicePublic]], came: Came
) -> HandOn | None:
    """The hand-on to be kept; None when its receiver has the share already."""
    passed, kept = read(passed_from_bytes, came.content), tx.seats.escrow(came.place, who.organisation)
    if kept is None:
        raise Refused(Code.NO_ESCROW)
    escrow, signed = from_bytes(kept.content), passed.signed
    person = PersonId(read_successor(passed))
    receiver = people.get(person, {}).get(signed.receiver)
    if receiver is None:
        raise Refused(Code.SEAT_DOUBLE)
    try:
        check_passed(passed, escrow, use=signed.use, sender=who.public, receiver=receiver)
    except SealError as error:
        raise Refused(Code.SHARE_WRONG_PLACE) from error
    sitting = tx.seats.sitting(came.place, who.organisation)
    if any((one.seat, one.device) == (signed.seat, signed.receiver) for one in sitting):
        return None
    _check_holders(sitting, signed.seat, who.person.id, person)
    return HandOn(
        place=came.place,
        organisation=who.organisation,
        number=tx.seats.hand_ons_made(came.place, who.organisation) + 1,
        escrow=hash_escrow(escrow),
        seat=signed.seat,
        person=person,
        device=signed.receiver,
        content=Sealed(content=came.content),
        at=who.now,
    )


def read_successor(passed: Passed) -> str:
    """Whom a share was handed on to. Raises BadInput for one that was passed for something else."""
    try:
        return successor(passed.signed.use)
    except SealError as error:
        raise BadInput("that share was not handed on") from error


def _check_holders(sitting: Sequence[Sitting], seat: str, holder: PersonId, person: PersonId) -> None:
    holders = {one.seat: one.person for one in sitting}
    if holders.get(seat) != holder:
        raise Refused(Code.SEAT_NOT_YOURS)
    try:
        check_sits_once(holders, seat, person)
    except SealError as error:
        raise Refused(Code.SEAT_DOUBLE) from error


def _keep(
    tx: Tx,
    deps: Deps,
    who: Supervisor,
    room: RoomId,
    made: Sequence[HandOn],
    rules: tuple[str, ...],
) -> None:
    by = {"room": room, "by": who.person.id, "rules": list(rules)}
    tx.seats.hand_on(made, fact(deps, who.organisation, "seat", who.now, act="handed_on", **by))
