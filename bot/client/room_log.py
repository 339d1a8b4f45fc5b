"""A room as one device has checked it: event after event from the first on, and not a line of what does not hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.client.audience import Audience, audience_of
from bot.core.disclosures import Disclosure, disclosed_in
from bot.core.errors import BadInput
from bot.core.receipt import KIND as RECEIPT
from bot.core.receipt import Receipt, receipt_from_text
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.epoch import accept_room_key, read_epoch
from bot.seal.errors import SealError, Tampered
from bot.seal.event import EPOCH_KIND, GRANT_KIND, Event, Head, check_event, from_bytes, genesis, open_event
from bot.seal.grant import accept_granted_key, read_grant
from bot.seal.keys import DeviceSecret
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey
from bot.seal.trust import check_recipients, check_speaker

SAID = "said"  # the kind of an event that holds a message

Members = Mapping[bytes, Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said. `bridged`: a bridge spoke for them, and could read it; `disclosure`: what it was marked as."""

    seq: int
    author: str
    bridged: bool
    text: str = field(repr=False)
    disclosure: Disclosure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipted:
    """How far somebody's devices have come."""

    seq: int
    author: str
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """Who is in the room from here on: people by their devices, and bridges. To be shown before anything after it."""

    seq: int
    epoch: int
    people: tuple[str, ...]
    bridges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Keys of earlier epochs were given to a device."""

    seq: int
    to: bytes
    epochs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Something that this device has not been given the key for yet: the history is on its way."""

    seq: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """That something does not hold, and its number; nothing of it is shown."""

    seq: int


Shown = Said | Receipted | Began | Given | Locked | Unverified


class RoomLog:
    """What one device knows of one room."""

    def __init__(self, room: str, secret: DeviceSecret) -> None:
        """Nothing yet."""
        self.head: Head = genesis(room)
        self.keys: dict[int, RoomKey] = {}
        self.broken: int | None = None  # the number of the first event that does not hold
        self._secret = secret
        self._events: list[Event] = []
        self._bridged: set[int] = set()  # numbers of what a bridge signed
        self._began: dict[int, Began] = {}
        self._audiences: dict[int, Audience] = {}
        self._epochs: dict[int, Event] = {}

    @property
    def room(self) -> str:
        """The room's id."""
        return self.head.room

    @property
    def recipients(self) -> frozenset[bytes]:
        """Who holds the present key; nobody before the first epoch."""
        began = self._epochs.get(self.head.epoch)
        return frozenset(read_epoch(began).recipients) if began is not None else frozenset()

    @property
    def audience(self) -> Audience | None:
        """Whoever holds the present key; None before the first epoch."""
        return self._audiences.get(self.head.epoch)

    @property
    def people(self) -> tuple[str, ...]:
        """The people who are in the room by their devices."""
        began = self._began.get(self.head.epoch)
        return began.people if began is not None else ()

    def take(self, content: bytes, members: Members) -> None:
        """Check the next event and keep it (FORMAT.md 24 to 26, 56, 69).

        `members`: every device of the checked directories. Raises `Malformed`, `Tampered` or `StaleHead`: then the room
        is broken from there on, for this device.
        """
        try:
            event = from_bytes(content)
            signer = _known(members, event.device_id)
            head = check_event(event, self.head, signer.public)
            recipients = self.recipients
            began = audience = None
            if event.kind == EPOCH_KIND:
                manifest = read_epoch(event)
                check_recipients(manifest, members)
                recipients = frozenset(manifest.recipients)
                inside = [members[device] for device in sorted(recipients)]
                began, audience = _began(event, inside), audience_of(inside)
            if event.kind == GRANT_KIND:
                read_grant(event)
            check_speaker(event, signer, recipients=recipients)
        except SealError:
            self.broken = self.head.seq + 1
            raise
        if began is not None and audience is not None:
            self._began[event.epoch], self._epochs[event.epoch] = began, event
            self._audiences[event.epoch] = audience
        if signer.rights & Right.BRIDGE:
            self._bridged.add(event.seq)
        self._events.append(event)
        self.head = head

    def knows(self, content: bytes, members: Members) -> bool:
        """Whether every device that the next event names is listed; true for what is no event, which `take` refuses."""
        try:
            event = from_bytes(content)
            named = set(read_epoch(event).recipients) if event.kind == EPOCH_KIND else set()
        except SealError:
            return True
        return named | {event.device_id} <= members.keys()

    def take_key(self, epoch: int, seq: int, blob: bytes) -> None:
        """Open a key of one's own, named by a checked event: the epoch's, or a grant (FORMAT.md 18, 19, 61).

        Raises `Malformed` or `Tampered` for a key that does not hold.
        """
        named_by, began = self._event(seq), self._epochs.get(epoch)
        if named_by is None or began is None:
            raise Tampered("No checked event names that key.")
        sealed = Sealed(content=blob)
        if named_by.kind == EPOCH_KIND:
            key = accept_room_key(named_by, sealed, self._secret)
        else:
            kc = read_epoch(began).kc
            key = accept_granted_key(named_by, sealed, epoch=epoch, kc=kc, secret=self._secret)
        if key.epoch != epoch:
            raise Tampered("That key is of another epoch.")
        self.keys[epoch] = key

    def show(self, after: int = 0) -> tuple[Shown, ...]:
        """What has happened after a number, as far as it holds; where it does not, that and no more."""
        shown = [self._show(event) for event in self._events[after:]]
        if self.broken is not None and self.broken > after:
            shown.append(Unverified(seq=self.broken))
        return tuple(shown)

    def holds(self, seq: int, kind: str, text: str, device: bytes) -> bool:
        """Whether that checked event is this device's, and says just that."""
        event = self._event(seq)
        key = None if event is None else self.keys.get(event.epoch)
        if event is None or key is None or (event.kind, event.device_id) != (kind, device):
            return False
        return open_event(key, event).reveal() == text.encode()

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of an event that was checked; None for one that has not come."""
        if seq == self.head.seq:
            return self.head.hash
        following = self._event(seq + 1)
        return None if following is None else following.prev_hash

    @property
    def bridged(self) -> bool:
        """Whether a bridge holds the present key."""
        began = self._began.get(self.head.epoch)
        return began is not None and began.bridges > 0

    def missing(self) -> frozenset[int]:
        """The epochs whose keys this device does not have."""
        return frozenset(self._epochs) - frozenset(self.keys)

    def _event(self, seq: int) -> Event | None:
        return self._events[seq - 1] if 0 < seq <= len(self._events) else None

    def _show(self, event: Event) -> Shown:
        if event.kind == EPOCH_KIND:
            return self._began[event.epoch]
        if event.kind == GRANT_KIND:
            grant = read_grant(event)
            return Given(seq=event.seq, to=grant.device_id, epochs=tuple(sorted(grant.keys)))
        key = self.keys.get(event.epoch)
        if key is None:
            return Locked(seq=event.seq, author=event.author)
        try:
            return self._opened(event, open_event(key, event).reveal().decode())
        except (SealError, BadInput, UnicodeDecodeError):
            return Unverified(seq=event.seq)

    def _opened(self, event: Event, text: str) -> Shown:
        if event.kind == RECEIPT:
            return Receipted(seq=event.seq, author=event.author, receipt=receipt_from_text(text))
        disclosure = disclosed_in(event.kind)
        if event.kind != SAID and disclosure is None:
            raise Tampered("That is no kind of event that is shown.")
        bridged = event.seq in self._bridged
        return Said(seq=event.seq, author=event.author, bridged=bridged, text=text, disclosure=disclosure)


def _known(members: Members, device: bytes) -> Member:
    member = members.get(device)
    if member is None:
        raise Tampered("No checked directory lists that device.")
    return member


def _began(event: Event, inside: Iterable[Member]) -> Began:
    known = list(inside)
    people = {member.person for member in known if not member.rights & Right.BRIDGE}
    bridges = sum(bool(member.rights & Right.BRIDGE) for member in known)
    return Began(seq=event.seq, epoch=event.epoch, people=tuple(sorted(people)), bridges=bridges)
