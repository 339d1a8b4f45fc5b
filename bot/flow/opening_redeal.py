"""Re-deals: escrows replaced by others of the same keys, for those who can hold seats now."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId, RoomId
from bot.core.openings_policy import Gives
from bot.core.places import organisation
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.device_trust import read, refuse_other_times
from bot.flow.opening_end import own
from bot.flow.opening_people import Supervisor, living, may
from bot.flow.opening_read import counted
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_openings import KeptEscrow, Opening, Place, Redealt
from bot.flow.refusals import Code, Refused
from bot.seal.errors import SealError
from bot.seal.plain import Sealed
from bot.seal.redeal import Redeal, check_redeal, redeal_from_bytes
from bot.seal.threshold import MAX_DEVICES, MAX_PEOPLE, Escrow, from_bytes, hash_escrow

Seating = tuple[
    tuple[str, tuple[bytes, ...]], ...
]  # each person, with the devices that are to have their share


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """An escrow as it came, with the statement that it takes another's place."""

    place: Place
    statement: bytes
    escrow: bytes


def seating(tx: Tx, deps: Deps, name: OrganisationId) -> Seating:
    """Who must be seated in an escrow that is dealt now: everybody who can hold a seat, on each of their devices."""
    people = list(living(tx, deps, name).items())[:MAX_PEOPLE]
    return tuple(
        (str(person), tuple(device.id for device in devices[:MAX_DEVICES])) for person, devices in people
    )


def needed(deps: Deps, name: OrganisationId, before: int) -> int:
    """How many people a new escrow must take: what the organisation has decided, and never fewer than before."""
    return max(organisation(deps.content().structure, name).escrow.needed, before)


def redeal(tx: Tx, deps: Deps, who: Supervisor, id_: str, came: Sequence[Dealt]) -> int:
    """Put new escrows in force; returns how many are new. Harmless the second time.

    Raises Refused when another escrow is in force, when the seats or t are not those that they must be, while a room
    is being opened, or for what was not opened for this (FORMAT.md 68). All are taken, or none.
    """
    if len({one.place for one in came}) < len(came):
        raise BadInput("an escrow is replaced once")
    opening = own(tx, deps, who, id_)
    if opening.gives is not Gives.EVERY_KEY or opening.opened_at is None:
        raise Refused(Code.OPENING_INCOMPLETE)
    rules, seats, new = may(deps, who, Act.SEAT_REDEAL), seating(tx, deps, who.organisation), 0
    ordered = sorted(came, key=lambda one: (one.place.room, one.place.epoch))
    for room, of_room in groupby(ordered, key=lambda one: one.place.room):
        made = [m for one in of_room if (m := _redealt(tx, deps, who, opening, seats, one)) is not None]
        if made:
            _keep(tx, deps, who, opening, room, made, rules)
        new += len(made)
    return new


def _redealt(
    tx: Tx, deps: Deps, who: Supervisor, opening: Opening, seats: Seating, came: Dealt
) -> tuple[Redealt, Sealed] | None:
    """The replacement to be kept; None when it is in force already."""
    statement, new = read(redeal_from_bytes, came.statement), read(from_bytes, came.escrow)
    kept = tx.seats.escrow(came.place, who.organisation)
    if kept is None:
        raise Refused(Code.NO_ESCROW)
    if kept.content == came.escrow:
        return None
    old = from_bytes(kept.content)
    _check_statement(statement, opening, who, old, new)
    if tx.openings.in_room(came.place.room) is not None:
        raise Refused(Code.OPENING_UNDER_WAY)
    if not counted(tx, opening, KeptEscrow(place=came.place, blob=kept))[2]:
        raise Refused(Code.OPENING_INCOMPLETE)
    if (_seating(new), new.t) != (seats, needed(deps, who.organisation, old.t)):
        raise Refused(Code.ESCROW_STALE)
    redealt = Redealt(
        place=came.place,
        organisation=who.organisation,
        number=len(tx.seats.redeals(came.place, who.organisation)) + 1,
        opening=opening.id,
        content=came.statement,
        old=kept,
        at=who.now,
    )
    return redealt, Sealed(content=came.escrow)


def _check_statement(statement: Redeal, opening: Opening, who: Supervisor, old: Escrow, new: Escrow) -> None:
    refuse_other_times(statement.at, who.now)
    if statement.opening != opening.id or statement.old != hash_escrow(old):
        raise Refused(Code.ESCROW_STALE)
    try:
        check_redeal(statement, organisation=who.organisation, old=old, new=new, device=who.public)
    except SealError as error:
        raise Refused(Code.ESCROW_STALE) from error


def _seating(escrow: Escrow) -> Seating:
    return tuple((seat.person, tuple(share.device_id for share in seat.shares)) for seat in escrow.seats)


def _keep(
    tx: Tx,
    deps: Deps,
    who: Supervisor,
    opening: Opening,
    room: RoomId,
    made: Sequence[tuple[Redealt, Sealed]],
    rules: tuple[str, ...],
) -> None:
    by = {"room": room, "by": who.person.id, "opening": opening.id, "rules": list(rules)}
    tx.seats.redeal(made, fact(deps, who.organisation, "redeal", who.now, act="redealt", **by))
