"""Every row about openings and seats, in order, for `ledger verify`: nothing is judged here."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from bot.core.ids import OrganisationId, RoomId
from bot.flow.records_openings import HandOn, Opening, PassedShare, Place, Redealt, Sitting
from bot.seal.plain import Sealed
from bot.store.handover_tables import handovers, promises
from bot.store.in_step import InStep, belonging
from bot.store.opening_facts import FACTS
from bot.store.opening_tables import (
    escrow_seats,
    hand_ons,
    opening_notices,
    openings,
    passed_shares,
    redeals,
    wrong_shares,
)
from bot.store.openings import opening_of, share_of
from bot.store.seats import hand_on_of, redealt_of, sitting_of
from bot.store.tables import escrows

_AT_A_TIME: Final = 256  # rows in memory
_TABLES: Final = (
    *(openings, passed_shares, wrong_shares, opening_notices, hand_ons, redeals),
    *(handovers, promises),  # which are told of in the same way
)
_OPENINGS = select(openings).order_by(openings.c.id)
_SHARES = (
    select(passed_shares)
    .where(passed_shares.c.opening == bindparam("of"))
    .order_by(passed_shares.c.room, passed_shares.c.epoch, passed_shares.c.seat)
)
_REDEALS = belonging(
    select(redeals), redeals.c.room, redeals.c.epoch, redeals.c.organisation, redeals.c.number
)
_HAND_ONS = belonging(
    select(hand_ons), hand_ons.c.room, hand_ons.c.epoch, hand_ons.c.organisation, hand_ons.c.number
)
_ESCROWS = belonging(select(escrows), escrows.c.room, escrows.c.epoch, escrows.c.organisation)
_SITTINGS = belonging(
    select(escrow_seats),
    escrow_seats.c.room,
    *(escrow_seats.c.epoch, escrow_seats.c.organisation, escrow_seats.c.seat, escrow_seats.c.device),
)


class SqlOpeningAudit:
    """Implements `OpeningAudit` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in a transaction that sees one snapshot."""
        self._connection = connection
        self._redeals = InStep(connection, _REDEALS)
        self._hand_ons = InStep(connection, _HAND_ONS)
        self._escrows = InStep(connection, _ESCROWS)
        self._sittings = InStep(connection, _SITTINGS)

    def rows(self) -> Iterator[tuple[str, str, object]]:
        """Each row as the ledger was told of it: table, key, row."""
        for table in _TABLES:
            for row in self._each(select(table)):
                key, told = FACTS[table.name](row._asdict())
                yield table.name, key, told

    def openings(self) -> Iterator[Opening]:
        """Every opening."""
        for row in self._each(_OPENINGS):
            yield opening_of(row)

    def shares(self, opening: str) -> Iterator[PassedShare]:
        """What was passed on for an opening."""
        for row in self._each(_SHARES, of=opening):
            yield share_of(row)

    def redeals_of(self, room: RoomId) -> Iterator[Redealt]:
        """A room's re-deals."""
        for row in self._redeals.of(room):
            yield redealt_of(row)

    def hand_ons_of(self, room: RoomId) -> Iterator[HandOn]:
        """A room's hand-ons."""
        for row in self._hand_ons.of(room):
            yield hand_on_of(row)

    def escrows_of(self, room: RoomId) -> Iterator[tuple[Place, OrganisationId, Sealed]]:
        """A room's escrows in force."""
        for row in self._escrows.of(room):
            yield Place(room=RoomId(row.room), epoch=row.epoch), OrganisationId(row.organisation), row.blob

    def sittings_of(self, room: RoomId) -> Iterator[tuple[Place, OrganisationId, Sitting]]:
        """Who holds which seat of a room's escrows."""
        for row in self._sittings.of(room):
            place = Place(room=RoomId(row.room), epoch=row.epoch)
            yield place, OrganisationId(row.organisation), sitting_of(row)

    def _each(self, query: Select[Any], **named: object) -> Iterator[Row[Any]]:
        return iter(self._connection.execute(query.execution_options(yield_per=_AT_A_TIME), named))
