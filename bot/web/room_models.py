"""What the routes of offers, consultations and rooms take and give. Bytes are base64url without padding."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from bot.core.consultation import State
from bot.core.disclosures import Direction
from bot.core.events import Because, Ending, Reason
from bot.core.people import Role
from bot.core.request import DecisionKind, Matter, Need, Outcome, Urgency
from bot.core.retention import RetentionClass
from bot.seal.epoch import MAX_ESCROWS, MAX_RECIPIENTS
from bot.seal.grant import MAX_EPOCHS
from bot.web.shapes import RoomHead, Strict

_Bytes = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", repr=False)]
_Name = Annotated[str, Field(min_length=1, max_length=255)]

# ---- what is taken -----------------------------------------------------------------------------------


class NewConsultation(Strict):
    """A request of fixed choices. `detail`: with an interview "now" or the hour as "2145"; with a decision its kind."""

    district: Annotated[str, Field(min_length=1, max_length=20)]
    matter: Annotated[Matter, Field(strict=False)]
    need: Annotated[Need, Field(strict=False)]
    urgency: Annotated[Urgency, Field(strict=False)]
    detail: Annotated[str, Field(max_length=20)] = ""


class Closing(Strict):
    """How it ended. `target`: with "referred", to which of the talk's targets, from whoever has it."""

    ending: Annotated[Ending, Field(strict=False)]
    target: Annotated[str, Field(min_length=1, max_length=20)] | None = None


class Refusal(Strict):
    """Why somebody declines."""

    reason: Annotated[Reason, Field(strict=False)] = Reason.UNSAID


class SealedKey(Strict):
    """The epoch's key, sealed to one device."""

    device: _Bytes
    key: _Bytes


class SealedEscrow(Strict):
    """The escrow of one organisation."""

    organisation: _Name
    escrow: _Bytes


class NewEpoch(Strict):
    """What begins an epoch: the signed event, and everything that it names."""

    event: _Bytes
    keys: Annotated[tuple[SealedKey, ...], Field(min_length=1, max_length=MAX_RECIPIENTS, strict=False)]
    escrows: Annotated[tuple[SealedEscrow, ...], Field(min_length=1, max_length=MAX_ESCROWS, strict=False)]


class NewEvent(Strict):
    """One sealed event of kind `said` or `receipt`, or of a disclosure: `disclosure:<direction>:<ground>`."""

    event: _Bytes


class GivenKey(Strict):
    """One earlier epoch's key, sealed to the device that the grant names."""

    epoch: Annotated[int, Field(ge=1)]
    key: _Bytes


class NewGrant(Strict):
    """A signed grant, and the keys that it names."""

    event: _Bytes
    keys: Annotated[tuple[GivenKey, ...], Field(min_length=1, max_length=MAX_EPOCHS, strict=False)]


class NewHandover(Strict):
    """To whom, and the grants that are due, each on the one before it."""

    to: _Name
    grants: Annotated[tuple[NewGrant, ...], Field(max_length=MAX_RECIPIENTS, strict=False)] = ()


# ---- what is given -----------------------------------------------------------------------------------


class Wish(Strict):
    """What was asked for: fixed choices, and the name of the place in the reader's language."""

    district: str
    place: str
    matter: Matter
    need: Need
    urgency: Urgency
    at: datetime
    interview_at: datetime | None = None
    decision: DecisionKind | None = None


class ReceiptAnswer(Strict):
    """That somebody was named: since when, which board received it, and the class by which it is kept."""

    entry: str  # its id in the board's register
    at: datetime
    organisation: str
    kept_as: RetentionClass


class Call(Strict):
    """The number that answers now, for what cannot be done here."""

    label: str
    number: Annotated[str, Field(repr=False)]


class TargetAnswer(Strict):
    """Something that an officer can be referred to: what it is called, what it does, and how it is reached."""

    target: str
    label: str
    does: str
    reach: tuple[str, ...]


class Targets(Strict):
    """To what the officer of a talk can be referred now: what is for such matters first."""

    targets: tuple[TargetAnswer, ...]


class ConsultationAnswer(Strict):
    """A consultation as one of its two people sees it. `role`: "officer" who asked, or "holder" who has it.

    `receipt`: once somebody was named; `call`: while it is not over.
    """

    consultation: str
    state: State
    organisation: str
    role: str
    request: Wish
    room: str | None
    identified: bool
    owed: bool
    due: datetime | None
    said: int
    asked: tuple[str, ...]  # the functions that are asked now
    function: str | None  # of whoever has it
    ending: Ending | None
    target: TargetAnswer | None = None  # to what the officer was referred, while the policy has it
    receipt: ReceiptAnswer | None = None
    call: Call | None = None


class GroundAnswer(Strict):
    """A ground that can be chosen: what it is called, the sections it rests on, as of when they were read, and when it holds."""

    ground: str
    label: str
    basis: str
    read: date
    says: str
    routines: tuple[str, ...]  # what the organisation's own routines say of it


class DirectionAnswer(Strict):
    """What can be chosen in one direction."""

    direction: Direction
    grounds: tuple[GroundAnswer, ...]


class GroundsAnswer(Strict):
    """What whoever has the talk chooses among before something is disclosed. What waits for a lawyer is left out."""

    directions: tuple[DirectionAnswer, ...]


class Consultations(Strict):
    """One's own, newest first."""

    consultations: tuple[ConsultationAnswer, ...]


class PlannedDevice(Strict):
    """A device that must hold the next key. `person` is None for a bridge."""

    device: str
    organisation: str
    person: str | None
    bridge: bool


class PlannedSeat(Strict):
    """One supervisor of an escrow, with the devices that their share is sealed to, in this order."""

    person: str
    devices: tuple[str, ...]


class PlannedEscrow(Strict):
    """An escrow that must come with the next epoch: any `t` of these seats, in this order."""

    organisation: str
    t: int
    seats: tuple[PlannedSeat, ...]


class PlanAnswer(Strict):
    """What the next epoch must be, exactly."""

    room: str
    head: RoomHead
    recipients: tuple[PlannedDevice, ...]
    escrows: tuple[PlannedEscrow, ...]


class Offered(Strict):
    """An offer that waits for an answer. `plan`: what accepting on a device has to bring; only with one offer."""

    offer: str
    consultation: str
    at: datetime
    until: datetime
    request: Wish
    plan: PlanAnswer | None = None


class Offers(Strict):
    """The offers that wait for this person's answer, oldest first."""

    offers: tuple[Offered, ...]


class TakeableAnswer(Strict):
    """A colleague's talk that can be taken over. `offer`: the one by which it is held, and by which it is asked for.

    `plan`: what taking it over has to bring on a device; only with one talk.
    """

    offer: str
    consultation: str
    because: Because
    due: datetime | None
    function: str
    request: Wish
    plan: PlanAnswer | None = None


class Takeables(Strict):
    """The talks that this person may take over now, those whose deadline is next first."""

    takeovers: tuple[TakeableAnswer, ...]


class Declined(Strict):
    """The offer went on."""

    consultation: str
    outcome: Outcome


class Taken(Strict):
    """It is yours: where its room stands, and until when a first answer is owed."""

    consultation: str
    room: str
    head: RoomHead
    answer_by: datetime


class Added(Strict):
    """Where the room stands after what was added; for an event, `head` is that very event."""

    head: RoomHead


class MemberDevice(Strict):
    """One device of a member, and the organisation whose root vouches for it."""

    device: str
    organisation: str


class RoomMember(Strict):
    """One of the two people. `bridged`: has no device, and the bridge speaks for them."""

    person: str
    role: str
    devices: tuple[MemberDevice, ...]
    bridged: bool


class BegunEpoch(Strict):
    """An epoch, and the number of the event that began it."""

    epoch: int
    seq: int


class MissingHistory(Strict):
    """The epochs whose keys a device of a member still waits for."""

    device: str
    person: str
    epochs: tuple[int, ...]


class RoomAnswer(Strict):
    """A room. `recipients` hold the present key; `bridge` is the bridge's device while it does.

    `rekey`: nothing more is said before somebody begins the epoch of `plan`.
    """

    room: str
    consultation: str
    organisation: str
    state: State
    identified: bool
    owed: bool
    due: datetime | None
    head: RoomHead
    epochs: tuple[BegunEpoch, ...]
    members: tuple[RoomMember, ...]
    recipients: tuple[str, ...]
    bridge: str | None
    history: tuple[MissingHistory, ...]
    organisations: tuple[str, ...]  # whose directories it takes to check everybody who was ever in it
    rekey: bool
    plan: PlanAnswer | None


class Events(Strict):
    """Events in order. `more`: there are others after the last of them."""

    events: tuple[str, ...]
    more: bool
    head: RoomHead


class KeptKeyAnswer(Strict):
    """An epoch's key sealed to this device, and the number of the event that names it: the epoch's own, or a grant."""

    epoch: int
    seq: int
    key: str


class Keys(Strict):
    """All keys that were sealed to this device; of one epoch there may be several."""

    keys: tuple[KeptKeyAnswer, ...]


class DueGrant(Strict):
    """A device of a receiver, and the epochs whose keys it has to be given."""

    device: str
    organisation: str
    epochs: tuple[int, ...]


class ReceiverAnswer(Strict):
    """Somebody who can be given the talk."""

    person: str
    name: Annotated[str, Field(repr=False)]
    role: Role
    organisation: str
    grants: tuple[DueGrant, ...]


class Receivers(Strict):
    """Who can be given the talk now: on duty, or within an hour."""

    receivers: tuple[ReceiverAnswer, ...]


class Place(Strict):
    """A place that can be chosen."""

    district: str
    place: str
    region: str


class Choices(Strict):
    """What a request can be made of, here and now."""

    districts: tuple[Place, ...]
    matters: tuple[Matter, ...]
    needs: tuple[Need, ...]
    urgencies: tuple[Urgency, ...]
    decisions: tuple[DecisionKind, ...]
    endings: tuple[Ending, ...]
    reasons: tuple[Reason, ...]
