"""Openings, what was passed on for them, and who was told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.ids import ConsultationId, OrganisationId, PersonId, RoomId
from bot.core.openings_policy import Gives
from bot.flow.records import Entry
from bot.flow.records_devices import DeviceState
from bot.flow.records_openings import Ended, Notice, Opening, PassedShare, Place, WrongShare
from bot.store.device_tables import devices
from bot.store.devices import put_of
from bot.store.ledger import SqlLedger
from bot.store.opening_facts import record
from bot.store.opening_tables import escrow_seats, opening_notices, openings, passed_shares, wrong_shares

_PUT = put_of(openings)
_PUT_NOTICE = upsert(opening_notices).on_conflict_do_nothing()
_GET = select(openings).where(openings.c.id == bindparam("of"))
_UNDER_WAY: Final = openings.c.ended_at.is_(None)
_IN_ROOM = select(openings).where(_UNDER_WAY, openings.c.room == bindparam("of"))
_OF_EVERY_ROOM = select(openings).where(
    _UNDER_WAY, openings.c.room.is_(None), openings.c.organisation == bindparam("of")
)
_GOING_ON = select(openings).where(_UNDER_WAY).order_by(openings.c.id)
_OF_ORGANISATION = (
    select(openings)
    .where(openings.c.organisation == bindparam("of"))
    .order_by(openings.c.asked_at.desc(), openings.c.id.desc())
    .limit(bindparam("most"))
)
_TOLD = (
    select(opening_notices)
    .where(opening_notices.c.person == bindparam("of"), opening_notices.c.at >= bindparam("since"))
    .order_by(opening_notices.c.at.desc(), opening_notices.c.opening)
    .limit(bindparam("most"))
)
_PASS = put_of(passed_shares)
_PASSED = (
    select(passed_shares)
    .where(
        passed_shares.c.opening == bindparam("of"),
        passed_shares.c.room == bindparam("in_room"),
        passed_shares.c.epoch == bindparam("at_epoch"),
    )
    .order_by(passed_shares.c.seat)
)
_HELPERS = (
    select(passed_shares.c.person)
    .distinct()
    .where(passed_shares.c.opening == bindparam("of"))
    .order_by(passed_shares.c.person)
)
_FORGET = (
    update(passed_shares)
    .where(passed_shares.c.opening == bindparam("of"), passed_shares.c.blob.is_not(None))
    .values(blob=None)
)
_CALL = put_of(wrong_shares)
_AT_SEAT = (
    (wrong_shares.c.opening == bindparam("of"))
    & (wrong_shares.c.room == bindparam("in_room"))
    & (wrong_shares.c.epoch == bindparam("at_epoch"))
)
_WRONG = select(wrong_shares).where(_AT_SEAT).order_by(wrong_shares.c.seat)
_CALLED_WRONG = (
    select(wrong_shares.c.seat)
    .where(
        wrong_shares.c.opening == passed_shares.c.opening,
        wrong_shares.c.room == passed_shares.c.room,
        wrong_shares.c.epoch == passed_shares.c.epoch,
        wrong_shares.c.seat == passed_shares.c.seat,
        wrong_shares.c.at >= passed_shares.c.at,
    )
    .exists()
)
_STILL_ACTIVE = (
    select(devices.c.id)
    .where(devices.c.id == passed_shares.c.device, devices.c.state == DeviceState.ACTIVE.value)
    .exists()
)
_HAS_PASSED = (
    select(passed_shares.c.seat)
    .where(
        passed_shares.c.opening == bindparam("of"),
        passed_shares.c.room == escrow_seats.c.room,
        passed_shares.c.epoch == escrow_seats.c.epoch,
        passed_shares.c.seat == escrow_seats.c.seat,
        ~_CALLED_WRONG,
        _STILL_ACTIVE,
    )
    .exists()
)
_LEFT = select(func.count()).where(
    escrow_seats.c.person == bindparam("by"),
    escrow_seats.c.organisation == bindparam("within"),
    escrow_seats.c.device == bindparam("on"),
    ~_HAS_PASSED,
)
_LEFT_IN_ROOM = _LEFT.where(
    escrow_seats.c.room == bindparam("in_room"), escrow_seats.c.epoch <= bindparam("until_epoch")
)


class SqlOpenings:
    """Implements `Openings` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._ledger = SqlLedger(connection)

    def put(self, opening: Opening, entry: Entry, notices: Sequence[Notice] = ()) -> None:
        """Add an opening, or change it. Raises BadInput when another has not ended in that room."""
        row, told = _row(opening), [_notice_row(notice) for notice in notices]
        self._connection.execute(_PUT, row)
        if told:
            self._connection.execute(_PUT_NOTICE, told)
        record(self._ledger, entry, {"openings": [row], "opening_notices": told})

    def get(self, opening: str) -> Opening | None:
        """An opening by id."""
        return self._one(_GET, of=opening)

    def in_room(self, room: RoomId) -> Opening | None:
        """The one of that room that has not ended."""
        return self._one(_IN_ROOM, of=room)

    def of_every_room(self, organisation: OrganisationId) -> Opening | None:
        """The one of every room of the organisation that has not ended."""
        return self._one(_OF_EVERY_ROOM, of=organisation)

    def under_way(self) -> tuple[Opening, ...]:
        """Every one that has not ended, by id."""
        return tuple(opening_of(row) for row in self._connection.execute(_GOING_ON))

    def of_organisation(self, organisation: OrganisationId, limit: int) -> tuple[Opening, ...]:
        """The newest, whether or not they have ended."""
        found = self._connection.execute(_OF_ORGANISATION, {"of": organisation, "most": limit})
        return tuple(opening_of(row) for row in found)

    def told(self, person: PersonId, since: datetime, limit: int) -> tuple[Notice, ...]:
        """What somebody was told, the newest first."""
        found = self._connection.execute(_TOLD, {"of": person, "since": since, "most": limit})
        return tuple(_notice(row) for row in found)

    def pass_on(self, shares: Sequence[PassedShare], entry: Entry) -> None:
        """Keep shares, each in the place of what its seat passed before. Raises BadInput for an unknown opening."""
        rows = [_share_row(share) for share in shares]
        self._connection.execute(_PASS, rows)
        record(self._ledger, entry, {"passed_shares": rows})

    def passed(self, opening: str, place: Place) -> tuple[PassedShare, ...]:
        """The shares passed on for an epoch, by seat."""
        found = self._connection.execute(_PASSED, _named(opening, place))
        return tuple(share_of(row) for row in found)

    def helpers(self, opening: str) -> tuple[PersonId, ...]:
        """Everybody who has passed shares on, by id."""
        return tuple(PersonId(person) for person in self._connection.scalars(_HELPERS, {"of": opening}))

    def call_wrong(self, wrong: WrongShare, entry: Entry) -> None:
        """Keep the word that a share does not hold, the newest of each seat; every one is on the ledger."""
        row = {
            "opening": wrong.opening,
            "room": wrong.place.room,
            "epoch": wrong.place.epoch,
            "seat": wrong.seat,
            "at": wrong.at,
        }
        self._connection.execute(_CALL, row)
        record(self._ledger, entry, {"wrong_shares": [row]})

    def wrong(self, opening: str, place: Place) -> tuple[WrongShare, ...]:
        """Whose shares were called wrong in an epoch, by seat."""
        found = self._connection.execute(_WRONG, _named(opening, place))
        return tuple(WrongShare(opening=row.opening, place=place, seat=row.seat, at=row.at) for row in found)

    def forget_shares(self, opening: str) -> None:
        """Destroy the shares themselves."""
        self._connection.execute(_FORGET, {"of": opening})

    def left(self, opening: Opening, person: PersonId, device: bytes) -> int:
        """Of how many epochs the device has a share that was not passed on."""
        named: dict[str, object] = {
            "of": opening.id,
            "by": person,
            "within": opening.organisation,
            "on": device,
        }
        if opening.room is None:
            return self._connection.execute(_LEFT, named).scalar_one()
        of_room = {"in_room": opening.room, "until_epoch": opening.epoch}
        return self._connection.execute(_LEFT_IN_ROOM, {**named, **of_room}).scalar_one()

    def _one(self, query: Any, **named: object) -> Opening | None:  # noqa: ANN401 - one of the statements above
        row = self._connection.execute(query, named).one_or_none()
        return None if row is None else opening_of(row)


def opening_of(row: Row[Any]) -> Opening:
    """An opening of its row."""
    return Opening(
        id=row.id,
        organisation=OrganisationId(row.organisation),
        room=None if row.room is None else RoomId(row.room),
        consultation=None if row.consultation is None else ConsultationId(row.consultation),
        person=PersonId(row.person),
        device=row.device,
        purpose=row.purpose,
        ground=row.ground,
        gives=Gives(row.gives),
        asked_at=row.asked_at,
        until=row.until,
        epoch=row.epoch,
        seq=row.seq,
        request=row.request,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        ended=None if row.ended is None else Ended(row.ended),
    )


def share_of(row: Row[Any]) -> PassedShare:
    """A passed share of its row."""
    return PassedShare(
        opening=row.opening,
        place=Place(room=RoomId(row.room), epoch=row.epoch),
        seat=row.seat,
        person=PersonId(row.person),
        device=row.device,
        statement=row.statement,
        sig=row.sig,
        blob=row.blob,
        at=row.at,
    )


def _row(opening: Opening) -> dict[str, object]:
    return {
        "id": opening.id,
        "organisation": opening.organisation,
        "room": opening.room,
        "consultation": opening.consultation,
        "person": opening.person,
        "device": opening.device,
        "purpose": opening.purpose,
        "ground": opening.ground,
        "gives": opening.gives.value,
        "asked_at": opening.asked_at,
        "until": opening.until,
        "epoch": opening.epoch,
        "seq": opening.seq,
        "request": opening.request,
        "opened_at": opening.opened_at,
        "ended_at": opening.ended_at,
        "ended": None if opening.ended is None else opening.ended.value,
    }


def _share_row(share: PassedShare) -> dict[str, object]:
    return {
        "opening": share.opening,
        "room": share.place.room,
        "epoch": share.place.epoch,
        "seat": share.seat,
        "person": share.person,
        "device": share.device,
        "statement": share.statement,
        "sig": share.sig,
        "blob": share.blob,
        "at": share.at,
    }


def _notice_row(notice: Notice) -> dict[str, object]:
    return {
        "opening": notice.opening,
        "person": notice.person,
        "consultation": notice.consultation,
        "at": notice.at,
    }


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        opening=row.opening,
        person=PersonId(row.person),
        consultation=ConsultationId(row.consultation),
        at=row.at,
    )


def _named(opening: str, place: Place) -> dict[str, object]:
    return {"of": opening, "in_room": place.room, "at_epoch": place.epoch}
