"""Escrows: which organisations keep one of a room, and who sits in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId, PersonId
from bot.core.places import organisation as organisation_named
from bot.flow.deps import Deps
from bot.flow.opening_people import living
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.seal import threshold
from bot.seal.keys import public_from_bytes
from bot.seal.room import RoomKey
from bot.seal.symmetric import KEY, NONCE
from bot.seal.threshold import MAX_DEVICES, MAX_PEOPLE, Escrow, Supervisor


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The escrow that one organisation must keep: any `t` of these people open it, each on each of their devices."""

    organisation: OrganisationId
    t: int
    people: tuple[tuple[PersonId, tuple[Device, ...]], ...]  # by id, as the devices of each


def unready(tx: Tx, deps: Deps, organisation: OrganisationId) -> str:
    """Why the organisation cannot open rooms, as a code; empty when it can."""
    wanted = organisation_named(deps.content().structure, organisation).escrow.of
    return "" if len(living(tx, deps, organisation)) >= wanted else "supervisors"


def seats_for(tx: Tx, deps: Deps, owner: OrganisationId) -> tuple[Seats, ...]:
    """The escrows without which a room of the owner is none: its own, and the police's once they can keep one.

    Raises Unavailable when the owner cannot keep one.
    """
    if unready(tx, deps, owner):
        raise Unavailable("a room needs the escrow of its organisation")
    police = () if deps.home == owner or unready(tx, deps, deps.home) else (deps.home,)
    return tuple(_seats(tx, deps, keeper) for keeper in (owner, *police))


def deal(deps: Deps, seats: Iterable[Seats], room_key: RoomKey) -> dict[str, Escrow]:
    """Make the escrows that are wanted of a key that the bridge has made."""
    return {wanted.organisation: _deal(deps, wanted, room_key) for wanted in seats}


def check_seats(seats: Iterable[Seats], escrows: Mapping[str, Escrow]) -> None:
    """Raise Refused unless exactly these escrows came, each with these seats in their order, and with that t."""
    wanted = {one.organisation: (one.t, _places(one)) for one in seats}
    came = {
        organisation: (
            escrow.t,
            tuple((seat.person, tuple(share.device_id for share in seat.shares)) for seat in escrow.seats),
        )
        for organisation, escrow in escrows.items()
    }
    if wanted != came:
        raise Refused(Code.PLAN_STALE)


def _seats(tx: Tx, deps: Deps, organisation: OrganisationId) -> Seats:
    people = sorted(living(tx, deps, organisation).items())[:MAX_PEOPLE]
    return Seats(
        organisation=organisation,
        t=organisation_named(deps.content().structure, organisation).escrow.needed,
        people=tuple((person, tuple(devices[:MAX_DEVICES])) for person, devices in people),
    )


def _places(seats: Seats) -> tuple[tuple[str, tuple[bytes, ...]], ...]:
    return tuple((person, tuple(device.id for device in devices)) for person, devices in seats.people)


def _deal(deps: Deps, seats: Seats, room_key: RoomKey) -> Escrow:
    return threshold.make_escrow(
        room_key,
        t=seats.t,
        supervisors=[
            Supervisor(person=person, devices=[public_from_bytes(device.public) for device in devices])
            for person, devices in seats.people
        ],
        escrow_key=deps.entropy.draw(KEY),
        iv=deps.entropy.draw(NONCE),
    )
