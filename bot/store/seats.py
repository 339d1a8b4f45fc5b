"""Escrows in force, who holds which of their seats, and how both came about."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    case,
    delete,
    distinct,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.errors import BadInput, NotNow
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.flow.records import Entry
from bot.flow.records_openings import HandOn, Keeping, KeptEscrow, Place, Redealt, Sitting
from bot.seal import threshold
from bot.seal.errors import SealError
from bot.seal.plain import Sealed
from bot.store.ledger import SqlLedger
from bot.store.opening_facts import record
from bot.store.opening_tables import escrow_seats, hand_ons, redeals
from bot.store.tables import escrows

_SIT = insert(escrow_seats)
_TAKE_SEAT = upsert(escrow_seats).on_conflict_do_nothing()


def _here(table: Any) -> Any:  # noqa: ANN401 - a table, and a condition on it
    return (
        (table.c.room == bindparam("in_room"))
        & (table.c.epoch == bindparam("at_epoch"))
        & (table.c.organisation == bindparam("of"))
    )


_ESCROW = select(escrows.c.blob).where(_here(escrows))
_REPLACE = update(escrows).where(_here(escrows)).values(blob=bindparam("new"))
_EVERY = (
    select(escrows.c.room, escrows.c.epoch, escrows.c.blob)
    .where(escrows.c.organisation == bindparam("of"))
    .where(tuple_(escrows.c.room, escrows.c.epoch) > tuple_(bindparam("past"), bindparam("past_epoch")))
    .order_by(escrows.c.room, escrows.c.epoch)
    .limit(bindparam("most"))
)
_OF_ROOM = (
    select(escrows.c.room, escrows.c.epoch, escrows.c.blob)
    .where(
        escrows.c.room == bindparam("in_room"),
        escrows.c.organisation == bindparam("of"),
        escrows.c.epoch <= bindparam("last"),
    )
    .order_by(escrows.c.epoch)
)
_HELD = (
    select(escrow_seats.c.room, escrow_seats.c.epoch)
    .distinct()
    .where(escrow_seats.c.person == bindparam("by"), escrow_seats.c.organisation == bindparam("of"))
    .where(
        tuple_(escrow_seats.c.room, escrow_seats.c.epoch) > tuple_(bindparam("past"), bindparam("past_epoch"))
    )
    .order_by(escrow_seats.c.room, escrow_seats.c.epoch)
    .limit(bindparam("most"))
)
_SITTING = (
    select(escrow_seats).where(_here(escrow_seats)).order_by(escrow_seats.c.seat, escrow_seats.c.device)
)
_COUNT = (
    select(escrow_seats.c.device, func.count())
    .where(escrow_seats.c.organisation == bindparam("of"))
    .group_by(escrow_seats.c.device)
)
_LEAVE = delete(escrow_seats).where(
    _here(escrow_seats), escrow_seats.c.seat == bindparam("at_seat"), escrow_seats.c.person != bindparam("to")
)
_CLEAR = delete(escrow_seats).where(_here(escrow_seats))
_ADD_HAND_ON = insert(hand_ons)
_HAND_ONS = (
    select(hand_ons)
    .where(_here(hand_ons), hand_ons.c.escrow == bindparam("belonging_to"))
    .order_by(hand_ons.c.number)
)
_HAND_ONS_MADE = select(func.count()).select_from(hand_ons).where(_here(hand_ons))
_ADD_REDEAL = insert(redeals)
_REDEALS = select(redeals).where(_here(redeals)).order_by(redeals.c.number)


def _living(devices: Any) -> Any:  # noqa: ANN401 - an expanding parameter, and a count
    return func.count(distinct(case((escrow_seats.c.device.in_(devices), escrow_seats.c.person))))


_BY_EPOCH = (
    select(
        func.max(escrow_seats.c.needed).label("needed"),
        func.count(distinct(escrow_seats.c.seat)).label("seats"),
        _living(bindparam("living", expanding=True)).label("living"),
        _living(bindparam("left", expanding=True)).label("left"),
    )
    .where(escrow_seats.c.organisation == bindparam("of"))
    .group_by(escrow_seats.c.room, escrow_seats.c.epoch)
    .subquery()
)
_KEEPING = select(
    func.count(),
    func.coalesce(func.sum(case((_BY_EPOCH.c.living < _BY_EPOCH.c.seats, 1), else_=0)), 0),
    func.coalesce(func.sum(case((_BY_EPOCH.c.living < _BY_EPOCH.c.needed, 1), else_=0)), 0),
).select_from(_BY_EPOCH)
_BEHIND = (
    select(escrow_seats.c.room, escrow_seats.c.epoch)
    .where(escrow_seats.c.organisation == bindparam("of"))
    .group_by(escrow_seats.c.room, escrow_seats.c.epoch)
    .having(_living(bindparam("living", expanding=True)) < func.count(distinct(escrow_seats.c.seat)))
    .order_by(_living(bindparam("living", expanding=True)), escrow_seats.c.room, escrow_seats.c.epoch)
    .limit(bindparam("most"))
)
_LOSING = (
    select(func.count())
    .select_from(_BY_EPOCH)
    .where(_BY_EPOCH.c.living >= _BY_EPOCH.c.needed, _BY_EPOCH.c.left < _BY_EPOCH.c.needed)
)


def seat_everybody(connection: Connection, place: Place, organisation: OrganisationId, blob: Sealed) -> None:
    """Seat those for whom an escrow was made. Raises BadInput for what is no escrow."""
    try:
        escrow = threshold.from_bytes(blob.content)
    except SealError as error:
        raise BadInput("that is no escrow") from error
    rows = [
        _seat_row(place, organisation, seat.person, seat.person, share.device_id, escrow.t)
        for seat in escrow.seats
        for share in seat.shares
    ]
    connection.execute(_SIT, rows)


class SqlSeats:
    """Implements `Seats` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def escrow(self, place: Place, organisation: OrganisationId) -> Sealed | None:
        """The escrow in force."""
        found: Sealed | None = self._connection.execute(_ESCROW, _named(place, organisation)).scalar()
        return found

    def escrows(
        self, organisation: OrganisationId, after: Place | None, limit: int
    ) -> tuple[KeptEscrow, ...]:
        """Every epoch's, by place."""
        found = self._connection.execute(_EVERY, {"of": organisation, **_past(after), "most": limit})
        return tuple(_kept(row) for row in found)

    def escrows_of(self, room: RoomId, organisation: OrganisationId, epoch: int) -> tuple[KeptEscrow, ...]:
        """A room's up to that epoch."""
        named = {"in_room": room, "of": organisation, "last": epoch}
        return tuple(_kept(row) for row in self._connection.execute(_OF_ROOM, named))

    def held_by(
        self, person: PersonId, organisation: OrganisationId, after: Place | None, limit: int
    ) -> tuple[Place, ...]:
        """The epochs where somebody holds a seat, by place."""
        named = {"by": person, "of": organisation, **_past(after), "most": limit}
        found = self._connection.execute(_HELD, named)
        return tuple(Place(room=RoomId(row.room), epoch=row.epoch) for row in found)

    def sitting(self, place: Place, organisation: OrganisationId) -> tuple[Sitting, ...]:
        """Who holds which seat on which devices, by seat and device."""
        found = self._connection.execute(_SITTING, _named(place, organisation))
        return tuple(sitting_of(row) for row in found)

    def count(self, organisation: OrganisationId) -> dict[bytes, int]:
        """Of how many epochs each device has a share; none that has none."""
        return {row[0]: row[1] for row in self._connection.execute(_COUNT, {"of": organisation})}

    def hand_on(self, hand_ons: Sequence[HandOn], entry: Entry) -> None:
        """Keep hand-ons of one room; who had a seat of another person's has it no more."""
        rows = [_hand_on_row(hand_on) for hand_on in hand_ons]
        self._connection.execute(_ADD_HAND_ON, rows)
        for hand_on in hand_ons:
            self._take_seat(hand_on)
        record(self._ledger, entry, {"hand_ons": rows})

    def hand_ons(self, place: Place, organisation: OrganisationId, escrow: bytes) -> tuple[HandOn, ...]:
        """Those that belong to that escrow, in order."""
        named = {**_named(place, organisation), "belonging_to": escrow}
        return tuple(hand_on_of(row) for row in self._connection.execute(_HAND_ONS, named))

    def hand_ons_made(self, place: Place, organisation: OrganisationId) -> int:
        """How many there are, of this escrow and those before it."""
        return self._connection.execute(_HAND_ONS_MADE, _named(place, organisation)).scalar_one()

    def redeal(self, redealt: Sequence[tuple[Redealt, Sealed]], entry: Entry) -> None:
        """Put new escrows in the place of those in force. Raises NotNow where there is none."""
        rows = [_redeal_row(one) for one, _ in redealt]
        self._connection.execute(_ADD_REDEAL, rows)
        for one, new in redealt:
            named = _named(one.place, one.organisation)
            if self._connection.execute(_REPLACE, {**named, "new": new}).rowcount != 1:
                raise NotNow("there is no escrow to replace")
            self._connection.execute(_CLEAR, named)
            seat_everybody(self._connection, one.place, one.organisation, new)
        record(self._ledger, entry, {"redeals": rows})

    def redeals(self, place: Place, organisation: OrganisationId) -> tuple[Redealt, ...]:
        """The chain from the manifest's escrow to the one in force."""
        found = self._connection.execute(_REDEALS, _named(place, organisation))
        return tuple(redealt_of(row) for row in found)

    def keeping(self, organisation: OrganisationId, living: Collection[bytes]) -> Keeping:
        """How safely its escrows are kept."""
        named = {"of": organisation, "living": list(living), "left": []}
        epochs, thin, lost = self._connection.execute(_KEEPING, named).one()
        return Keeping(epochs=epochs, thin=thin, lost=lost)

    def behind(
        self, organisation: OrganisationId, living: Collection[bytes], limit: int
    ) -> tuple[Place, ...]:
        """The epochs that `keeping` counts as thin, those with the fewest holders first."""
        named = {"of": organisation, "living": list(living), "most": limit}
        found = self._connection.execute(_BEHIND, named)
        return tuple(Place(room=RoomId(row.room), epoch=row.epoch) for row in found)

    def losing(
        self, organisation: OrganisationId, living: Collection[bytes], without: Collection[bytes]
    ) -> int:
        """How many epochs could not be opened any more without some of the living devices."""
        named = {"of": organisation, "living": list(living), "left": sorted(set(living) - set(without))}
        return self._connection.execute(_LOSING, named).scalar_one()

    def _take_seat(self, hand_on: HandOn) -> None:
        named = _named(hand_on.place, hand_on.organisation)
        needed = {one.seat: one.needed for one in self.sitting(hand_on.place, hand_on.organisation)}
        self._connection.execute(_LEAVE, {**named, "at_seat": hand_on.seat, "to": hand_on.person})
        row = _seat_row(
            hand_on.place,
            hand_on.organisation,
            hand_on.seat,
            hand_on.person,
            hand_on.device,
            needed[hand_on.seat],
        )
        self._connection.execute(_TAKE_SEAT, row)


def sitting_of(row: Row[Any]) -> Sitting:
    """A sitting of its row."""
    return Sitting(seat=row.seat, device=row.device, person=PersonId(row.person), needed=row.needed)


def hand_on_of(row: Row[Any]) -> HandOn:
    """A hand-on of its row."""
    return HandOn(
        place=Place(room=RoomId(row.room), epoch=row.epoch),
        organisation=OrganisationId(row.organisation),
        number=row.number,
        escrow=row.escrow,
        seat=row.seat,
        person=PersonId(row.person),
        device=row.device,
        content=row.content,
        at=row.at,
    )


def redealt_of(row: Row[Any]) -> Redealt:
    """A re-deal of its row."""
    return Redealt(
        place=Place(room=RoomId(row.room), epoch=row.epoch),
        organisation=OrganisationId(row.organisation),
        number=row.number,
        opening=row.opening,
        content=row.content,
        old=row.old,
        at=row.at,
    )


def _kept(row: Any) -> KeptEscrow:  # noqa: ANN401 - a row of three columns
    return KeptEscrow(place=Place(room=RoomId(row.room), epoch=row.epoch), blob=row.blob)


def _named(place: Place, organisation: OrganisationId) -> dict[str, object]:
    return {"in_room": place.room, "at_epoch": place.epoch, "of": organisation}


def _past(after: Place | None) -> dict[str, object]:
    return {"past": "" if after is None else after.room, "past_epoch": 0 if after is None else after.epoch}


def _seat_row(
    place: Place, organisation: OrganisationId, seat: str, person: str, device: bytes, needed: int
) -> dict[str, object]:
    return {
        "room": place.room,
        "epoch": place.epoch,
        "organisation": organisation,
        "seat": seat,
        "device": device,
        "person": person,
        "needed": needed,
    }


def _hand_on_row(hand_on: HandOn) -> dict[str, object]:
    return {
        "room": hand_on.place.room,
        "epoch": hand_on.place.epoch,
        "organisation": hand_on.organisation,
        "number": hand_on.number,
        "escrow": hand_on.escrow,
        "seat": hand_on.seat,
        "person": hand_on.person,
        "device": hand_on.device,
        "content": hand_on.content,
        "at": hand_on.at,
    }


def _redeal_row(one: Redealt) -> dict[str, object]:
    return {
        "room": one.place.room,
        "epoch": one.place.epoch,
        "organisation": one.organisation,
        "number": one.number,
        "opening": one.opening,
        "content": one.content,
        "old": one.old,
        "at": one.at,
    }
