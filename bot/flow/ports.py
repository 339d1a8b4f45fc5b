"""What the flow needs from outside: time, chance, memory and channels."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.core.consultation import Consultation
from bot.core.ids import ConsultationId, OfferId, OrganisationId, PersonId, RoomId
from bot.core.people import Person
from bot.core.roster import Override, Shift
from bot.seal.plain import Plain, Sealed

T = TypeVar("T")


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell is set or the instant is reached, whichever comes first."""
        ...

    async def sleep(self, span: timedelta) -> None:
        """Return after that long."""
        ...


class Entropy(Protocol):
    """The only source of chance."""

    def draw(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        ...


# ---- what the store keeps ----------------------------------------------------------------------------


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
    """One ledger entry as stored."""

    entry: Entry
    index: int
    leaf: bytes


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device that rooms or escrows may be sealed to: kind "bridge" or "supervisor"."""

    id: bytes
    kind: str
    organisation: OrganisationId
    person: PersonId | None
    public: bytes
    active: bool


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
    HUSH = "hush"  # what became of an offer: ref = offer; only edits
    SHOW = "show"  # live message: ref = consultation
    TELL = "tell"  # notice: ref = consultation, key = notice
    CARRY = "carry"  # a room's message: ref = room, seq
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


class People(Protocol):
    """People, their addresses and their ways in. Everything changed here is on the ledger."""

    def put(self, person: Person, entry: Entry) -> None: ...
    def get(self, person: PersonId) -> Person | None: ...
    def all(self) -> tuple[Person, ...]: ...
    def link(self, address: Address, entry: Entry) -> None: ...
    def unlink(self, channel: str, person: PersonId, entry: Entry) -> None: ...
    def by_address(self, channel: str, lookup: bytes) -> Address | None: ...
    def addresses(self, person: PersonId) -> tuple[Address, ...]: ...
    def reachable(self) -> frozenset[PersonId]: ...
    def set_language(self, channel: str, person: PersonId, language: str) -> None: ...
    def issue(self, ticket: Ticket) -> None: ...
    def redeem(self, digest: bytes, purpose: str, now: datetime) -> PersonId | None: ...
    def open_session(self, session: Session) -> None: ...
    def session(self, digest: bytes, now: datetime) -> Session | None: ...
    def close_session(self, digest: bytes) -> None: ...
    def put_device(self, device: Device, entry: Entry) -> None: ...
    def devices(self, kind: str, organisation: OrganisationId | None = None) -> tuple[Device, ...]: ...


class Rosters(Protocol):
    """Shifts and what people changed in them."""

    def replace(
        self, organisation: OrganisationId, source: str, shifts: tuple[Shift, ...], entry: Entry
    ) -> None: ...
    def override(self, override: Override, entry: Entry) -> None: ...
    def shifts(self, start: datetime, end: datetime) -> tuple[Shift, ...]: ...
    def overrides(self, start: datetime, end: datetime) -> tuple[Override, ...]: ...


class Consultations(Protocol):
    """Consultations and their offers."""

    def get(self, consultation: ConsultationId) -> Consultation | None: ...
    def save(self, before: Consultation, after: Consultation, entry: Entry) -> None:
        """Store `after` if `before.version` is still the stored one; else raises NotNow."""
        ...

    def by_offer(self, offer: OfferId) -> Consultation | None: ...
    def of_officer(self, officer: PersonId, limit: int) -> tuple[Consultation, ...]: ...
    def of_holder(self, holder: PersonId, limit: int) -> tuple[Consultation, ...]: ...
    def offered_to(self, person: PersonId) -> tuple[Consultation, ...]: ...
    def open_rooms(self) -> dict[PersonId, int]: ...
    def last_offered(self) -> dict[PersonId, datetime]: ...
    def next_due(self) -> datetime | None: ...
    def overdue(self, now: datetime, limit: int) -> tuple[Consultation, ...]: ...


class Rooms(Protocol):
    """Sealed rooms: heads, sealed events, sealed keys, escrows."""

    def create(self, room: Room) -> None: ...
    def get(self, room: RoomId) -> Room | None: ...
    def append(self, before: Room, after: Room, event: Sealed) -> None:
        """Add the event at `after.seq`; raises NotNow when `before` is no longer the head."""
        ...

    def event(self, room: RoomId, seq: int) -> Sealed | None: ...
    def epoch(self, room: RoomId, epoch: int) -> Sealed | None:
        """The event that began the epoch."""
        ...

    def put_key(self, room: RoomId, epoch: int, device: bytes, blob: Sealed) -> None: ...
    def key(self, room: RoomId, epoch: int, device: bytes) -> Sealed | None: ...
    def put_escrow(self, room: RoomId, epoch: int, organisation: OrganisationId, escrow: Sealed) -> None: ...


class Inbox(Protocol):
    """What has arrived and is not yet handled; each native update once."""

    def put(self, arrival: Arrival) -> bool:
        """Keep it; False if `(channel, native_id)` was seen before."""
        ...

    def waiting(self, limit: int) -> tuple[Arrival, ...]: ...
    def failed(self, channel: str, native_id: str) -> int:
        """Count one more failed attempt; returns how many."""
        ...

    def done(self, channel: str, native_id: str) -> bool:
        """Forget its body; False if it was already handled."""
        ...

    def forget(self, before: datetime) -> int:
        """Forget that what was handled before then ever came; returns how many."""
        ...


class Outbox(Protocol):
    """What is to be said, by lease and fence."""

    def put(self, saying: Saying) -> None: ...
    def claim(self, now: datetime, lease_until: datetime, limit: int) -> tuple[Saying, ...]: ...
    def next_due(self) -> datetime | None: ...
    def finish(self, saying: Saying) -> bool: ...
    def retry(self, saying: Saying, due: datetime) -> bool: ...
    def spot(self, person: PersonId, channel: str, key: str) -> Spot | None: ...
    def spot_at(self, person: PersonId, channel: str, native_id: str) -> Spot | None: ...
    def put_spot(self, spot: Spot) -> None: ...


class Ledger(Protocol):
    """The record that cannot be rewritten."""

    def append(self, entry: Entry) -> Recorded: ...
    def size(self, organisation: OrganisationId) -> int: ...
    def root(self, organisation: OrganisationId, size: int | None = None) -> bytes: ...
    def last_checkpoint(self, organisation: OrganisationId) -> str | None: ...
    def unsigned(self) -> tuple[OrganisationId, ...]: ...
    def put_checkpoint(self, organisation: OrganisationId, size: int, note: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored consultation; None when its row cannot be read. `agrees`: columns and offers repeat what it says."""

    consultation: Consultation | None
    agrees: bool


class Audit(Protocol):
    """Everything the ledger answers for, row by row, for `ledger verify`; in order, a few in memory at a time."""

    def organisations(self) -> tuple[OrganisationId, ...]: ...
    def entries(self, organisation: OrganisationId) -> Iterator[Recorded]: ...
    def levels(self, organisation: OrganisationId) -> tuple[int, ...]: ...
    def nodes(self, organisation: OrganisationId, level: int) -> Iterator[tuple[int, bytes]]: ...
    def checkpoints(self, organisation: OrganisationId) -> Iterator[tuple[int, str]]: ...
    def fact_versions(self) -> dict[str, int]: ...
    def facts(self, table: str) -> Iterator[tuple[str, object]]: ...
    def consultation(self, consultation: ConsultationId) -> Kept | None: ...
    def consultations(self) -> Iterator[ConsultationId]: ...
    def rooms(self) -> Iterator[Room]: ...
    def events(self, room: RoomId) -> Iterator[tuple[int, Sealed]]: ...
    def epochs(self, room: RoomId) -> Iterator[tuple[int, int]]: ...
    def keys(self, room: RoomId) -> Iterator[tuple[int, bytes, Sealed]]: ...
    def escrows(self, room: RoomId) -> Iterator[tuple[int, OrganisationId, Sealed]]: ...
    def devices(self) -> Iterator[Device]: ...
    def strays(self) -> Iterator[str]: ...


class Tx(Protocol):
    """One transaction: all of it happens, or nothing."""

    @property
    def people(self) -> People: ...
    @property
    def rosters(self) -> Rosters: ...
    @property
    def consultations(self) -> Consultations: ...
    @property
    def rooms(self) -> Rooms: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def audit(self) -> Audit: ...


class Store(Protocol):
    """The memory. An act is a plain function of one transaction; it may run again after a conflict."""

    async def write(self, act: Callable[[Tx], T]) -> T:
        """Run the act in one transaction and return once it is durable. Raises what the act raises."""
        ...

    async def read(self, ask: Callable[[Tx], T]) -> T:
        """Run a question against a consistent snapshot; it cannot change anything."""
        ...


# ---- channels ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message from a person, as its channel understood it.

    Exactly one of `text`, `press`, `command` is set, or `odd` names what cannot be used ("photo", "edit").
    """

    channel: str
    address: str = field(repr=False)
    native_id: str
    at: datetime
    text: Plain | None = None
    press: str | None = None
    command: str | None = None
    argument: Plain | None = None
    odd: str | None = None
    reply_to: str | None = None  # native id of the message this answers
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice under a message: what it says, and what it means (`press`), or where it leads (`url`)."""

    text: str
    press: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message to one address, ready to be sent. `replaces` is the native id of a message to change."""

    address: str = field(repr=False)
    text: Plain
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: str | None = None
    silent: bool = False


class Delivery(StrEnum):
    """What came of sending."""

    SENT = "sent"
    SAME = "same"  # the message already showed this
    GONE = "gone"  # the message to change no longer exists: send a new one
    LATER = "later"  # try again
    NEVER = "never"  # blocked or unknown: this person cannot be reached here


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The outcome of one sending, with the native id, or how long to wait before the next try (seconds)."""

    delivery: Delivery
    native_id: str = ""
    wait: float = 0.0


class Channel(Protocol):
    """A way to speak with people."""

    name: str

    async def send(self, message: Outbound) -> Receipt: ...
