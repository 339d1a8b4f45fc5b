"""What every verb of the flow is given: the ports, the content and the keys, made once by the composition root."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.core.channels_policy import ChannelPolicy
from bot.core.guard import GuardRules
from bot.core.ids import OrganisationId
from bot.core.library.law_sections import LawSections
from bot.core.library.search import Library
from bot.core.openings_policy import OpeningPolicy
from bot.core.places import Structure
from bot.core.policy import AccessPolicy
from bot.core.retention import RetentionPolicy
from bot.core.secrecy_policy import SecrecyPolicy
from bot.core.text import Texts
from bot.core.waking import Means
from bot.core.waking_policy import WakingPolicy
from bot.core.witnesses_file import Witness
from bot.flow.asked_lately import AskedLately
from bot.flow.gates import Gates
from bot.flow.ports import Clock, Entropy, Store
from bot.flow.ports_retention import Certificates
from bot.seal.field import FieldKey
from bot.seal.keys import DeviceSecret
from bot.seal.signing import SigningKey

FIRST_ANSWER = timedelta(minutes=3)  # after accepting, and after each word of the officer's
TELEPHONING = timedelta(
    minutes=15
)  # after accepting what is talked over by telephone: ended, or looked for again
LONG_QUIET = timedelta(hours=2)  # an open room where nobody owes an answer
QUESTION = timedelta(minutes=30)  # a question and its answer stay at hand
PHONING = timedelta(hours=12)  # numbers are shown until then
POLICE = OrganisationId("polisen")
LEASE = timedelta(seconds=30)  # how long one attempt to deliver may take


class Content(Protocol):
    """The files as read: one digest names them all."""

    @property
    def digest(self) -> str:
        """SHA-256 over every file, hex."""
        ...

    @property
    def structure(self) -> Structure: ...
    @property
    def library(self) -> Library: ...
    @property
    def guard(self) -> GuardRules: ...
    @property
    def policy(self) -> AccessPolicy: ...
    @property
    def channels(self) -> ChannelPolicy: ...
    @property
    def retention(self) -> RetentionPolicy: ...
    @property
    def openings(self) -> OpeningPolicy: ...
    @property
    def secrecy(self) -> SecrecyPolicy: ...
    @property
    def law(self) -> LawSections: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def waking(self) -> WakingPolicy: ...
    @property
    def witnesses(self) -> tuple[Witness, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The server's own secrets, from files of mode 0600: never in the database."""

    bridge: DeviceSecret = field(repr=False)
    ledger: SigningKey = field(repr=False)
    fields: FieldKey = field(repr=False)  # encrypts staff contact details, and keys the hash that finds them
    webhook_path: str = field(repr=False)  # where Telegram calls us
    webhook_secret: str = field(repr=False)  # what it must show us there


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Who is to look again: rung after each commit that gives them work."""

    inbox: asyncio.Event = field(default_factory=asyncio.Event)
    outbox: asyncio.Event = field(default_factory=asyncio.Event)
    deadlines: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        """Wake everybody; looking twice is cheap, waiting is not."""
        self.inbox.set()
        self.outbox.set()
        self.deadlines.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """Everything the flow works with."""

    store: Store
    clock: Clock
    entropy: Entropy
    content: Callable[[], Content]  # asked each time, so that a reload takes effect at once
    keys: Keys
    certificates: Certificates
    bells: Bells = field(default_factory=Bells)
    lately: AskedLately = field(default_factory=AskedLately)
    gates: Gates = field(default_factory=Gates)
    base_url: str = "http://localhost:8400"
    means: frozenset[Means] = frozenset()  # of calling telephones: what the gateway can do; none without one
    home: OrganisationId = POLICE  # whose ledger keeps what no place owns yet


def pinned(deps: Deps) -> Deps:
    """The same, with the content that is in force now, whatever is published before the work is done.

    Every act and every page asks for it once, at its beginning; where a page reads the database, after it has begun to:
    content that is as new as what is read, or newer, has a place for everything that is open.
    """
    content = deps.content()
    return replace(deps, content=lambda: content)


def fresh_id(now: datetime, entropy: Entropy) -> str:
    """Make a time-ordered id (UUIDv7, RFC 9562 5.7), 32 hex digits: an index is appended to, not scattered."""
    milliseconds = int(now.timestamp() * 1000).to_bytes(6, "big")
    chance = bytearray(entropy.draw(10))
    chance[0] = 0x70 | (chance[0] & 0x0F)
    chance[2] = 0x80 | (chance[2] & 0x3F)
    return (milliseconds + bytes(chance)).hex()


def made_at(id_: str) -> datetime:
    """When `fresh_id` made an id, to the millisecond."""
    return datetime.fromtimestamp(int(id_[:12], 16) / 1000, UTC)
