"""What happens to a consultation: past tense, frozen, with every time, id and choice it needs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core import matching
from bot.core.ids import AreaId, ArticleId, OfferId, OrganisationId, PersonId, RoomId
from bot.core.referrals import EntryId
from bot.core.registers import RegisterId
from bot.core.request import Offer, Request


class Ending(StrEnum):
    """How it ended. The values go into buttons and the ledger: add, never rename."""

    ADVICE = "advice"  # råd gett
    REPORT = "report"  # orosanmälan görs
    PRESENT = "present"  # närvaro på plats
    JOUR_TOOK_OVER = "jour"  # jouren tog över
    JOUR_COULD_NOT = "no_jour"  # jouren kunde inte komma
    SERIOUS_TALK = "talk"  # allvarssamtal bokas
    REFERRED = "referred"  # hänvisad vidare
    NOTHING = "nothing"  # inget mer
    CANCELLED = "cancelled"  # den som frågade drog tillbaka
    QUIET = "quiet"  # länge tyst
    LIBRARY = "library"  # svaret räckte
    PHONE = "phone"  # ett nummer svarade


class Reason(StrEnum):
    """Why somebody declined. The values go into buttons and the ledger: add, never rename."""

    BUSY = "busy"
    CONFLICT = "conflict"  # jäv
    NOT_MINE = "not_mine"  # fel plats eller ärende
    UNSAID = "unsaid"


class Because(StrEnum):
    """Why a colleague could take a talk over. The values go into the ledger: add, never rename."""

    OWED = "owed"  # the officer waits for an answer
    OFF_DUTY = "off_duty"  # whoever had it is not on duty any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An officer asked the library something. The question itself is not kept."""

    at: datetime
    officer: PersonId
    organisation: OrganisationId
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBack:
    """The library found two or three near answers, and asked which."""

    at: datetime
    candidates: tuple[ArticleId, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An article answered."""

    at: datetime
    article: ArticleId
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """A person was asked for. `organisation` and `area` are the owners of the place at that minute."""

    at: datetime
    organisation: OrganisationId
    area: AreaId
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One person was asked; the answer is awaited until `offer.until`."""

    at: datetime
    offer: Offer
    crossing: OrganisationId | None = None  # the other authority whose person was asked, if so


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """It can wait, and waits for the next opening."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRaised:
    """It can no longer wait."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """Nobody is left to ask: numbers, tried one after the other. `unready`: the organisation cannot be asked at all."""

    at: datetime
    numbers: tuple[str, ...]
    until: datetime
    unready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The officer called a number. `until`: how long the numbers stand, when this ends the asking of others."""

    at: datetime
    number: str
    answered: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The person asked said no."""

    at: datetime
    offer: OfferId
    reason: Reason = Reason.UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An offer was taken back: its person can no longer be asked. `why`: the reason, where it was judged."""

    at: datetime
    offer: OfferId
    why: matching.Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The person asked said yes; a sealed room is open, and a first answer is owed until `answer_by`."""

    at: datetime
    offer: OfferId
    room: RoomId
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sealed message was added to the room. `due` is the state deadline that follows from it."""

    at: datetime
    author: PersonId
    seq: int
    digest: str  # the room event's hash, hex
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A person was deliberately named: the identified phase begins. `register`: the entry it has in the register."""

    at: datetime
    by: PersonId
    register: RegisterId | None = None  # none in ledgers from before there was a register


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """Another worker has the room from now on, with its keys. `offer` names what makes it theirs."""

    at: datetime
    to: PersonId
    answer_by: datetime
    offer: OfferId | None = None
    crossing: OrganisationId | None = None  # the other authority whose person it is, if so


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """A colleague on duty took the room over, without whoever had it. `offer` names what makes it theirs."""

    at: datetime
    to: PersonId
    answer_by: datetime
    offer: OfferId
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """An answer was owed and did not come in time."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotAttend:
    """Whoever had accepted could not come after all (kunde inte komma)."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A booked interview is near: both are told. `due` is the state deadline that follows."""

    at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """It ended. When it is erased stands in no event: the retention run says so (`Erased`).

    `target`: to what the officer was referred, where the ending says so and whoever had it chose one.
    """

    at: datetime
    by: PersonId | None
    ending: Ending
    erase_at: None = None  # never filled; the ledgers of the first version have it
    target: EntryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePassed:
    """The state deadline `due` passed; refused if the deadline has moved meanwhile."""

    at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Its time to be kept was over. `certificate` says by which decision; the rest is all that is left of it."""

    at: datetime
    certificate: str  # id
    ending: Ending | None
    begun_at: datetime


Event = (
    Asked
    | AskedBack
    | Answered
    | Referred
    | Offered
    | Deferred
    | UrgencyRaised
    | Exhausted
    | Tried
    | Declined
    | Withdrawn
    | Accepted
    | Said
    | Identified
    | HandedOver
    | TakenOver
    | Lapsed
    | CouldNotAttend
    | Reminded
    | Closed
    | DeadlinePassed
    | Erased
)

EVENTS: tuple[type[Event], ...] = (
    Asked,
    AskedBack,
    Answered,
    Referred,
    Offered,
    Deferred,
    UrgencyRaised,
    Exhausted,
    Tried,
    Declined,
    Withdrawn,
    Accepted,
    Said,
    Identified,
    HandedOver,
    TakenOver,
    Lapsed,
    CouldNotAttend,
    Reminded,
    Closed,
    DeadlinePassed,
    Erased,
)
