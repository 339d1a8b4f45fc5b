"""What the flow needs from the store about openings and seats."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.flow.records import Entry
from bot.flow.records_openings import (
    HandOn,
    Keeping,
    KeptEscrow,
    Notice,
    Opening,
    PassedShare,
    Place,
    Redealt,
    Sitting,
    WrongShare,
)
from bot.seal.plain import Sealed


class Openings(Protocol):
    """Openings and what was passed on for them. Everything changed here is on the ledger."""

    def put(self, opening: Opening, entry: Entry, notices: Sequence[Notice] = ()) -> None:
        """Add an opening, or change it; with whom that tells."""
        ...

    def get(self, opening: str) -> Opening | None: ...
    def in_room(self, room: RoomId) -> Opening | None:
        """The one that has not ended."""
        ...

    def of_every_room(self, organisation: OrganisationId) -> Opening | None:
        """Likewise, of every room of an organisation."""
        ...

    def under_way(self) -> tuple[Opening, ...]:
        """Every one that has not ended."""
        ...

    def of_organisation(self, organisation: OrganisationId, limit: int) -> tuple[Opening, ...]:
        """The newest."""
        ...

    def told(self, person: PersonId, since: datetime, limit: int) -> tuple[Notice, ...]:
        """What somebody was told since then, the newest first."""
        ...

    def pass_on(self, shares: Sequence[PassedShare], entry: Entry) -> None:
        """Keep shares of one room, each in the place of what its seat passed before."""
        ...

    def passed(self, opening: str, place: Place) -> tuple[PassedShare, ...]: ...
    def helpers(self, opening: str) -> tuple[PersonId, ...]:
        """Everybody who has passed shares on."""
        ...

    def call_wrong(self, wrong: WrongShare, entry: Entry) -> None: ...
    def wrong(self, opening: str, place: Place) -> tuple[WrongShare, ...]: ...
    def forget_shares(self, opening: str) -> None:
        """Destroy the shares themselves; who passed them stays."""
        ...

    def left(self, opening: Opening, person: PersonId, device: bytes) -> int:
        """Of how many epochs the device has a share that was not passed on."""
        ...


class Seats(Protocol):
    """Escrows in force, and who holds which of their seats. Everything changed here is on the ledger."""

    def escrow(self, place: Place, organisation: OrganisationId) -> Sealed | None: ...
    def escrows(
        self, organisation: OrganisationId, after: Place | None, limit: int
    ) -> tuple[KeptEscrow, ...]:
        """Every epoch's, by place."""
        ...

    def escrows_of(self, room: RoomId, organisation: OrganisationId, epoch: int) -> tuple[KeptEscrow, ...]:
        """A room's up to that epoch."""
        ...

    def held_by(
        self, person: PersonId, organisation: OrganisationId, after: Place | None, limit: int
    ) -> tuple[Place, ...]:
        """The epochs where somebody holds a seat."""
        ...

    def sitting(self, place: Place, organisation: OrganisationId) -> tuple[Sitting, ...]: ...
    def count(self, organisation: OrganisationId) -> dict[bytes, int]:
        """Of how many epochs each device has a share."""
        ...

    def hand_on(self, hand_ons: Sequence[HandOn], entry: Entry) -> None:
        """Keep hand-ons of one room; who had a seat of another person's has it no more."""
        ...

    def hand_ons(self, place: Place, organisation: OrganisationId, escrow: bytes) -> tuple[HandOn, ...]:
        """Those that belong to that escrow, in order."""
        ...

    def hand_ons_made(self, place: Place, organisation: OrganisationId) -> int:
        """How many there are, of this escrow and those before it."""
        ...

    def redeal(self, redealt: Sequence[tuple[Redealt, Sealed]], entry: Entry) -> None:
        """Put new escrows, of one room, in the place of those in force; the seats are those of the new ones."""
        ...

    def redeals(self, place: Place, organisation: OrganisationId) -> tuple[Redealt, ...]:
        """In order."""
        ...

    def keeping(self, organisation: OrganisationId, living: Collection[bytes]) -> Keeping:
        """How safely its escrows are kept, when these devices can open what they have."""
        ...

    def behind(
        self, organisation: OrganisationId, living: Collection[bytes], limit: int
    ) -> tuple[Place, ...]:
        """The epochs with fewer living holders than seats, those with the fewest first."""
        ...

    def losing(
        self, organisation: OrganisationId, living: Collection[bytes], without: Collection[bytes]
    ) -> int:
        """How many epochs could not be opened any more without some of the living devices, and still can with them."""
        ...


class OpeningAudit(Protocol):
    """Every row about openings and seats, for `ledger verify`."""

    def rows(self) -> Iterator[tuple[str, str, object]]:
        """Each row as the ledger was told of it: table, key, row."""
        ...

    def openings(self) -> Iterator[Opening]: ...
    def shares(self, opening: str) -> Iterator[PassedShare]: ...
    def redeals_of(self, room: RoomId) -> Iterator[Redealt]:
        """By epoch, organisation and number."""
        ...

    def hand_ons_of(self, room: RoomId) -> Iterator[HandOn]:
        """Likewise."""
        ...

    def escrows_of(self, room: RoomId) -> Iterator[tuple[Place, OrganisationId, Sealed]]:
        """Those in force."""
        ...

    def sittings_of(self, room: RoomId) -> Iterator[tuple[Place, OrganisationId, Sitting]]: ...
