"""Passing on: a supervisor's shares, sealed by their device to the one that asked; and the word that one is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bot.core.errors import BadInput, Denied
from bot.core.ids import RoomId
from bot.core.openings_policy import Gives
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.device_trust import read
from bot.flow.opening_end import is_open, own, told
from bot.flow.opening_people import Supervisor, holds_seats, may, took_part
from bot.flow.opening_told import ring_asker
from bot.flow.ports import Tx
from bot.flow.records_devices import Device, DeviceState
from bot.flow.records_openings import Opening, PassedShare, Place, WrongShare
from bot.flow.refusals import Code, Refused
from bot.seal.errors import SealError
from bot.seal.keys import DevicePublic, public_from_bytes
from bot.seal.passing import Passed, check_passed, for_opening, passed_from_bytes
from bot.seal.plain import Sealed
from bot.seal.threshold import Escrow, from_bytes

_JUST: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A share as it came, and the epoch that it is said to be of."""

    place: Place
    content: bytes


def pass_on(tx: Tx, deps: Deps, who: Supervisor, id_: str, came: Sequence[Came]) -> int:
    """Keep shares that this device passes on for an opening; returns how many are new. Harmless the second time.

    Raises Denied for whoever asked, had part in the talk, or may not; Refused for an opening that is over or a share
    that is not one of this device's. All are taken, or none.
    """
    if len({one.place for one in came}) < len(came):
        raise BadInput("nobody has two shares of one escrow")
    opening = _open(tx, deps, who, id_)
    rules, asker = _may_help(tx, deps, who, opening), _asker(tx, opening)
    new = 0
    for room, of_room in groupby(sorted(came, key=_place), key=lambda one: one.place.room):
        shares = [share for one in of_room if (share := _share(tx, who, opening, asker, one)) is not None]
        if shares:
            _keep(tx, deps, who, opening, room, shares, rules)
        new += len(shares)
    if new and tx.openings.left(opening, who.person.id, who.device.id) == 0:
        ring_asker(tx, deps, opening)
    return new


def call_wrong(tx: Tx, deps: Deps, who: Supervisor, id_: str, place: Place, seat: str) -> None:
    """Record that, by the word of whoever asked, a seat's share does not hold. Its holder may pass it on again.

    Said twice of the same share, it is recorded once.
    """
    opening = own(tx, deps, who, id_)
    if opening.opened_at is None or seat not in _seats(tx, opening, place):
        raise Refused(Code.NOT_YOURS)
    passed = [share.at for share in tx.openings.passed(opening.id, place) if share.seat == seat]
    if any(
        one.seat == seat and one.at >= max((one.at, *passed)) for one in tx.openings.wrong(opening.id, place)
    ):
        return  # it was said, and nothing was passed on since
    wrong = WrongShare(opening=opening.id, place=place, seat=seat, at=max((who.now, *passed)))
    where = {"room": place.room, "epoch": place.epoch, "seat": seat}
    tx.openings.call_wrong(wrong, told(deps, opening, "wrong", who.now, by=who.person.id, **where))


def standing(tx: Tx, opening: str, place: Place) -> tuple[PassedShare, ...]:
    """The shares of an epoch that count: not called wrong since, and passed on by a device that was not revoked since.

    Who reports a device as lost may not know what it was used for.
    """
    wrong = {one.seat: one.at for one in tx.openings.wrong(opening, place)}
    return tuple(
        share
        for share in tx.openings.passed(opening, place)
        if not (share.seat in wrong and wrong[share.seat] >= share.at) and _is_active(tx, share.device)
    )


def _open(tx: Tx, deps: Deps, who: Supervisor, id_: str) -> Opening:
    opening = tx.openings.get(id_)
    if opening is None or opening.organisation != who.organisation:
        raise Refused(Code.NOT_YOURS)
    asker = tx.people.get(opening.person)
    if asker is None or not holds_seats(deps.content(), asker, opening.organisation, who.now):
        raise Refused(Code.OPENING_OVER)
    if not is_open(opening, who.now):
        raise Refused(Code.OPENING_OVER)
    return opening


def _may_help(tx: Tx, deps: Deps, who: Supervisor, opening: Opening) -> tuple[str, ...]:
    if who.person.id == opening.person:
        raise Denied("nobody helps themselves to open a room")
    if opening.gives is Gives.EVERY_KEY:
        return may(deps, who, Act.SEAT_REDEAL)
    c = tx.consultations.get(opening.consultation) if opening.consultation is not None else None
    if c is None:
        raise Refused(Code.OPENING_OVER)
    return may(deps, who, Act.OPENING_PASS, consultation=c, involved=took_part(tx, c))


def _asker(tx: Tx, opening: Opening) -> DevicePublic:
    """The device that shares are passed to, as long as it may have any."""
    device: Device | None = tx.devices.get(opening.device)
    if device is None or not _is_active(tx, device.id):
        raise Refused(Code.OPENING_OVER)
    return public_from_bytes(device.public)


def _is_active(tx: Tx, id_: bytes) -> bool:
    device = tx.devices.get(id_)
    return device is not None and device.state is DeviceState.ACTIVE


def _share(tx: Tx, who: Supervisor, opening: Opening, asker: DevicePublic, came: Came) -> PassedShare | None:
    """The share to be kept; None when it is kept already."""
    passed, escrow = read(passed_from_bytes, came.content), _escrow(tx, opening, came.place)
    _check(passed, escrow, opening, who, asker)
    seat = passed.signed.seat
    if who.person.id not in _holders(tx, opening, came.place, seat):
        raise Refused(Code.SEAT_NOT_YOURS)
    if not _is_new(tx, opening, came.place, passed):
        return None
    return PassedShare(
        opening=opening.id,
        place=came.place,
        seat=seat,
        person=who.person.id,
        device=who.device.id,
        statement=passed.signed.content,
        sig=passed.signed.sig,
        blob=Sealed(content=passed.blob),
        at=_after_what_was_said(tx, opening, came.place, seat, who.now),
    )


def _check(passed: Passed, escrow: Escrow, opening: Opening, who: Supervisor, asker: DevicePublic) -> None:
    use = for_opening(opening.id)
    try:
        check_passed(passed, escrow, use=use, sender=who.public, receiver=asker)
    except SealError as error:
        raise Refused(Code.SHARE_WRONG_PLACE) from error


def _escrow(tx: Tx, opening: Opening, place: Place) -> Escrow:
    inside = opening.room is None or (opening.room == place.room and place.epoch <= opening.epoch)
    kept = tx.seats.escrow(place, opening.organisation) if inside else None
    if kept is None:
        raise Refused(Code.SHARE_WRONG_PLACE)
    return from_bytes(kept.content)


def _is_new(tx: Tx, opening: Opening, place: Place, passed: Passed) -> bool:
    for share in standing(tx, opening.id, place):
        if share.seat == passed.signed.seat:
            if (share.statement, share.sig) == (passed.signed.content, passed.signed.sig):
                return False
            raise Refused(Code.SHARE_PASSED)
    return True


def _after_what_was_said(tx: Tx, opening: Opening, place: Place, seat: str, now: datetime) -> datetime:
    """Now, or just after the seat's share was called wrong, should the clock have been set back since."""
    said = (one.at + _JUST for one in tx.openings.wrong(opening.id, place) if one.seat == seat)
    return max((now, *said))


def _holders(tx: Tx, opening: Opening, place: Place, seat: str) -> set[str]:
    return {one.person for one in tx.seats.sitting(place, opening.organisation) if one.seat == seat}


def _seats(tx: Tx, opening: Opening, place: Place) -> set[str]:
    return {one.seat for one in tx.seats.sitting(place, opening.organisation)}


def _keep(
    tx: Tx,
    deps: Deps,
    who: Supervisor,
    opening: Opening,
    room: RoomId,
    shares: Sequence[PassedShare],
    rules: tuple[str, ...],
) -> None:
    by = {"by": who.person.id, "room": room, "rules": list(rules)}
    tx.openings.pass_on(shares, told(deps, opening, "passed", who.now, **by))


def _place(came: Came) -> tuple[str, int]:
    return came.place.room, came.place.epoch
