"""Records of openings: who asked for what, whose shares were passed on, who holds which seat."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.ids import ConsultationId, OrganisationId, PersonId, RoomId
from bot.core.openings_policy import Gives
from bot.seal.plain import Sealed


class Ended(StrEnum):
    """How an opening ended. The values go into rows and the ledger: add, never rename."""

    ENDED = "ended"  # whoever asked said so
    EXPIRED = "expired"  # its time was over


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening, from the request to its end. Nothing after `epoch` and `seq`, nor after `until`, is handed out."""

    id: str
    organisation: OrganisationId
    room: RoomId | None  # None: every room of the organisation, to be dealt again
    consultation: ConsultationId | None
    person: PersonId
    device: bytes  # 32 bytes; shares are passed to it alone
    purpose: str
    ground: str
    gives: Gives
    asked_at: datetime
    until: datetime
    epoch: int  # the room's last when it was asked; 0 for every room
    seq: int
    request: bytes = field(repr=False)  # signed
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    ended: Ended | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One epoch of one room. In the order of their bytes, places are pages of a list."""

    room: RoomId
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedShare:
    """A share that somebody passed on for an opening. `blob` is gone once the opening has ended; the rest stays."""

    opening: str
    place: Place
    seat: str
    person: PersonId
    device: bytes
    statement: bytes  # `seal.passing.Pass`
    sig: bytes
    blob: Sealed | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongShare:
    """The word of whoever asked that a seat's share does not hold. An accusation: nobody else can check it."""

    opening: str
    place: Place
    seat: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """That somebody was told of the opening of a talk of theirs."""

    opening: str
    person: PersonId
    consultation: ConsultationId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEscrow:
    """The escrow in force of one epoch, of one organisation."""

    place: Place
    blob: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """That a device has a seat's share. `needed`: how many people open the escrow."""

    seat: str
    device: bytes
    person: PersonId
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn:
    """A seat, or a copy of its share, handed on. `number` counts those of one epoch and organisation from 1."""

    place: Place
    organisation: OrganisationId
    number: int
    escrow: bytes  # 32 bytes; the hash of the escrow that it belongs to
    seat: str
    person: PersonId
    device: bytes
    content: Sealed  # `seal.passing.Passed`
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redealt:
    """An escrow in another's place. `number` counts those of one epoch and organisation from 1."""

    place: Place
    organisation: OrganisationId
    number: int
    opening: str
    content: bytes  # `seal.redeal.Redeal`
    old: Sealed  # the escrow that was replaced: kept, should the new one turn out to be worthless
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How safely an organisation's escrows are kept, by the devices that can still open them.

    `thin`: epochs with fewer living holders than seats; `lost`: with fewer than it takes.
    """

    epochs: int
    thin: int
    lost: int
