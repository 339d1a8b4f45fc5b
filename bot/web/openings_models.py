"""What the routes of openings and seats take and give. Bytes are base64url without padding."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from bot.core.openings_policy import Gives
from bot.flow.records_openings import Ended
from bot.seal.errors import Malformed
from bot.seal.wire import from_base64url, to_base64url
from bot.web.shapes import Strict

MAX_SHARES: Final = 128  # passed on in one request
MAX_REDEALS: Final = 32  # escrows in one request
_MOST: Final = 384 * 1024  # bytes of an escrow of 32 people with eight devices each


def _read(value: object) -> object:
    """Canonical base64url (FORMAT.md 4); ValueError is what pydantic takes for a refusal."""
    if not isinstance(value, str):
        return value
    try:
        return from_base64url(value, most=_MOST)
    except Malformed as error:
        raise ValueError("bytes are written as base64url") from error


_Bytes = Annotated[
    bytes,
    BeforeValidator(_read),
    PlainSerializer(to_base64url, return_type=str),
    WithJsonSchema({"type": "string", "description": "base64url without padding (RFC 4648 section 5)"}),
]
_Name = Annotated[str, Field(min_length=1, max_length=255)]
_Epoch = Annotated[int, Field(ge=1, le=2**31)]

# ---- what is taken -----------------------------------------------------------------------------------


class NewOpening(Strict):
    """A request, signed on this device (`samjour/opening-request-bytes/v1`)."""

    request: _Bytes


class NewShare(Strict):
    """A share sealed to a device, signed by this one (`samjour/share-pass-bytes/v1`), and the epoch that it is of."""

    room: _Name
    epoch: _Epoch
    passed: _Bytes


class NewShares(Strict):
    """Shares that are passed on, or handed on; at most one of each epoch. All are taken, or none."""

    shares: Annotated[tuple[NewShare, ...], Field(min_length=1, max_length=MAX_SHARES, strict=False)]


class NewWrong(Strict):
    """The seat whose share does not hold, by the word of whoever asked."""

    room: _Name
    epoch: _Epoch
    seat: _Name


class NewRedeal(Strict):
    """A new escrow, and the statement that it takes the place of the one in force (`samjour/redeal-bytes/v1`)."""

    room: _Name
    epoch: _Epoch
    redeal: _Bytes
    escrow: _Bytes


class NewRedeals(Strict):
    """New escrows, at most one of each epoch. All are taken, or none."""

    redeals: Annotated[tuple[NewRedeal, ...], Field(min_length=1, max_length=MAX_REDEALS, strict=False)]


# ---- what is given -----------------------------------------------------------------------------------


class GroundAnswer(Strict):
    """A ground on which one may open. `says`: what the law says, in the plainest words."""

    ground: str
    label: str
    says: str | None


class PurposeAnswer(Strict):
    """A purpose for which this organisation may open. `minutes`: the longest time."""

    purpose: str
    label: str
    gives: Gives
    minutes: int
    grounds: tuple[GroundAnswer, ...]


class Purposes(Strict):
    """What can be chosen; nothing that needs a lawyer first. `needed` people of `of` open."""

    organisation: str
    needed: int
    of: int
    purposes: tuple[PurposeAnswer, ...]


class OpeningAnswer(Strict):
    """An opening. `room`: none for every room. `left`: epochs of which a share of this device is asked for.

    `mine`: asked for on this device. `helpers`: who has passed shares on.
    """

    opening: str
    organisation: str
    room: str | None
    person: str
    name: Annotated[str, Field(repr=False)]
    mine: bool
    purpose: str
    purpose_label: str
    ground: str
    ground_label: str
    gives: Gives
    asked_at: datetime
    until: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    ended: Ended | None
    helpers: tuple[str, ...]
    left: int


class Openings(Strict):
    """The organisation's openings, the newest first, 50 at most. `ended_at` is null for those under way."""

    openings: tuple[OpeningAnswer, ...]


class PassedAnswer(Strict):
    """That a seat's share was passed on. `wrong`: by the word of whoever asked it does not hold."""

    seat: str
    person: str
    at: datetime
    wrong: bool


class EpochAnswer(Strict):
    """One epoch: its beginning, the escrow in force with what leads to it, and which shares have come.

    `began`: the event (`samjour/event-bytes/v1`). `ready`: whether enough people have passed theirs on.
    """

    room: str
    epoch: int
    began: _Bytes
    escrow: _Bytes
    redeals: tuple[_Bytes, ...]
    hand_ons: tuple[_Bytes, ...]
    passed: tuple[PassedAnswer, ...]
    wrong: tuple[str, ...]
    needed: int
    ready: bool


class OpeningDetail(Strict):
    """One opening: the signed request, the device to seal to, and a page of epochs. `after` of the next page is `next`.

    `asker_public` is only a hint: whom to seal to is believed by the directory (FORMAT.md 63), of this number at least.
    """

    opening: OpeningAnswer
    request: _Bytes
    asker: str
    asker_public: _Bytes
    directory: int
    epochs: tuple[EpochAnswer, ...]
    next: str | None


class MaterialEpoch(Strict):
    """One epoch with the shares that were passed on for it (`samjour/share-pass-bytes/v1`)."""

    room: str
    epoch: int
    began: _Bytes
    escrow: _Bytes
    redeals: tuple[_Bytes, ...]
    hand_ons: tuple[_Bytes, ...]
    shares: tuple[_Bytes, ...]


class SeatingAnswer(Strict):
    """Who must be seated in a new escrow, in this order, each on each of these devices."""

    person: str
    devices: tuple[str, ...]


class Material(Strict):
    """A page of keys. `seq`: the last event that is given. `officer`: which author asked, the others are workers.
    `organisations`: whose directories list the devices that have been in the room.

    For a re-deal: `seating`, and that new escrows take `needed` people, or as many as the old one where that is more.
    """

    epochs: tuple[MaterialEpoch, ...]
    next: str | None
    seq: int
    officer: str | None
    organisations: tuple[str, ...]
    needed: int
    seating: tuple[SeatingAnswer, ...]


class OpenedEvents(Strict):
    """A page of events from the one after `after`, in order; empty at the end."""

    events: tuple[_Bytes, ...]
    next: int | None


class HeldSeat(Strict):
    """Who holds a seat, and which of their devices have its share."""

    seat: str
    person: str
    devices: tuple[str, ...]


class HeldEpoch(Strict):
    """One epoch where one holds a seat."""

    room: str
    epoch: int
    began: _Bytes
    escrow: _Bytes
    redeals: tuple[_Bytes, ...]
    hand_ons: tuple[_Bytes, ...]
    seats: tuple[HeldSeat, ...]


class Seats(Strict):
    """A page of the epochs where one holds a seat. `after` of the next page is `next`."""

    organisation: str
    epochs: tuple[HeldEpoch, ...]
    next: str | None


class HavingAnswer(Strict):
    """A supervisor's device, and of how many epochs it has a share: none on a new device that was given none."""

    person: str
    device: str
    epochs: int


class PlaceAnswer(Strict):
    """One epoch of one room."""

    room: str
    epoch: int


class SeatsState(Strict):
    """How safely the organisation's keys are kept. `thin`: epochs with a seat that nobody living holds; `lost`: with too
    few to open them. `alarm`: somebody must act. `behind`: the first fifty of the `thin`, the worst first.
    """

    organisation: str
    enrolled: int
    needed: int
    of: int
    epochs: int
    thin: int
    lost: int
    alarm: bool
    devices: tuple[HavingAnswer, ...]
    behind: tuple[PlaceAnswer, ...]


class SharesTaken(Strict):
    """How many were new; the others were there already."""

    taken: int
