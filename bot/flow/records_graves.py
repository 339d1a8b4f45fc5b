"""What is kept of grave events: a forum's list, the notice, its sealed copies, and what each person answered."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.graves import Answer, GraveId
from bot.core.ids import OrganisationId, PersonId
from bot.core.referrals import EntryId
from bot.seal.plain import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody on a forum's list, from an instant on; `until`: no longer, from then on."""

    forum: EntryId
    person: PersonId
    organisation: OrganisationId  # whose forum it is
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """A notice. What it says is in its copies alone."""

    id: GraveId
    organisation: OrganisationId  # whose forum it is, and on whose ledger
    forum: EntryId
    sender: PersonId
    device: bytes  # 32 bytes; which signed it
    at: datetime  # whole seconds: it is signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The notice as one device can open it."""

    grave: GraveId
    device: bytes
    person: PersonId
    blob: Sealed = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody who was told, and what they have answered; `at`: when they did, or were told."""

    grave: GraveId
    person: PersonId
    answer: Answer
    at: datetime
