"""Records: what the store keeps, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.consultation import Consultation
from bot.core.ids import ConsultationId, OrganisationId, PersonId, RoomId
from bot.seal.plain import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One ledger entry before it is numbered: `body` is JSON of fixed choices, ids and times, never content."""

    organisation: OrganisationId
    kind: str  # "consultation", "person", "roster", "override", "address", "device", "room", "content"
    body: bytes
    salt: bytes = field(repr=False)  # 16 random bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One ledger entry as stored. An erased one has no salt and no body, and names a certificate or "" for none."""

    entry: Entry
    index: int
    leaf: bytes
    about: ConsultationId | None = None  # the consultation that the store thinks the body is about
    erased_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a person is reached on one channel. `lookup` is a keyed hash, `sealed` the encrypted address."""

    channel: str
    lookup: bytes
    person: PersonId
    sealed: bytes
    language: str
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A short-lived, single-use code: to link a channel ("link") or to sign in on the web ("sign_in").

    `digest` is SHA-256 of the code; the code itself is never stored.
    """

    digest: bytes
    purpose: str
    person: PersonId
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. `digest` is SHA-256 of the cookie's token."""

    digest: bytes
    person: PersonId
    created: datetime
    expires: datetime
    device: bytes | None = None  # which signed in; None: somebody did without one


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room's head: what the next event must follow."""

    id: RoomId
    consultation: ConsultationId
    organisation: OrganisationId
    epoch: int
    seq: int  # of the last event
    head: bytes  # hash of the last event


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A native update in the inbox. `body` is sealed to the channel's bridge, and gone once handled."""

    channel: str
    native_id: str
    body: Sealed | None
    at: datetime
    attempts: int = 0


class Kind(StrEnum):
    """What an outbox row asks to be said; the text is made at delivery, from the state at that moment."""

    RING = "ring"  # doorbell: ref = offer
    RING_AGAIN = "ring_again"  # doorbell that got no answer, once more: ref = offer
    HUSH = "hush"  # what became of an offer: ref = offer; only edits
    SHOW = "show"  # live message: ref = consultation
    TELL = "tell"  # notice: ref = consultation, key = notice
    CARRY = "carry"  # a room's message: ref = room, seq
    CALL_OUT = "call_out"  # SMS or voice through a gateway: ref = ring, key = purpose, params = until when
    READY = "ready"  # can you be reached? ref = check, key = stage
    DRILL = "drill"  # a doorbell that is only tried: ref = day
    SHIFT = "shift"  # what became of shifts: key = what, ref = proposal, params = which stretch
    GRAVE = "grave"  # that a grave event was told of: ref = notice
    REPLY = "reply"  # answer to something just sent: key = text, params = fixed choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """An outbox row: references and fixed choices only."""

    id: str
    person: PersonId | None  # None: a stranger, known only by `address`
    channel: str  # "telegram"; "" = every channel that reaches the person
    kind: Kind
    ref: str = ""
    key: str = ""
    seq: int = 0
    params: dict[str, str] = field(default_factory=dict)
    address: bytes | None = None  # sealed address of a stranger
    due: datetime
    attempts: int = 0
    fence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where something was said natively, so that it can be changed: `key` as "show:<consultation>"."""

    person: PersonId
    channel: str
    key: str
    native_id: str
    digest: bytes  # of what it shows now


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored consultation; None when its row cannot be read. `agrees`: columns and offers repeat what it says."""

    consultation: Consultation | None
    agrees: bool
