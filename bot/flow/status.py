"""What a person sees on the status page: sentences in their language, with the choices and times behind them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.consultation import State
from bot.core.ids import ConsultationId, OrganisationId
from bot.core.readiness import Missing
from bot.core.request import Outcome


class Tone(StrEnum):
    """How a thing feels: told by words first, by colour second."""

    PLAIN = "plain"
    WAIT = "wait"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A telephone number: whom it reaches, when it is answered, when somebody last tried it."""

    label: str
    number: str = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers that answer now, for one place or for several places that share them."""

    places: tuple[str, ...]
    lines: tuple[Line, ...]
    near: bool  # of the places this person is most likely to need


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One function that was asked, how many people in it, and what came of it."""

    function: str
    outcome: Outcome
    sentence: str
    at: datetime
    clock: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class MyRequest:
    """An officer's request: where it stands, until when, what comes next, and whom to call meanwhile."""

    id: ConsultationId
    state: State
    tone: Tone
    place: str
    wish: str
    sentence: str
    more: str
    next: str
    until: datetime | None
    happened: tuple[Happened, ...]
    lines: tuple[Line, ...]
    call: int  # which of the lines to call now


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDuty:
    """A worker's own duties right now, and until when; no sentences of `duties` when off duty."""

    on: bool
    sentence: str
    more: str
    duties: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request that waits for this person's answer."""

    id: ConsultationId
    place: str
    wish: str
    sentence: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeable:
    """A colleague's talk that this person may take over, and why."""

    id: ConsultationId
    place: str
    wish: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A consultation that this person has accepted. `call`: the officer's own number, where they talk by phone."""

    id: ConsultationId
    place: str
    wish: str
    tone: Tone
    sentence: str
    more: str
    how: str
    until: datetime | None
    call: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of an organisation, and how many are on duty in it now."""

    label: str
    count: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Who is on duty for one organisation now: functions and counts, never names."""

    organisation: OrganisationId
    label: str
    open: bool
    sentence: str
    count: str
    manned: bool
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be so before an organisation counts as ready."""

    label: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether one organisation is ready, and why not."""

    organisation: OrganisationId
    label: str
    ok: bool
    sentence: str
    checks: tuple[Check, ...]
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """That a talk of this person's was opened."""

    id: str
    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole view. What does not concern this person is None or empty."""

    language: str
    headline: str
    name: str = field(default="", repr=False)
    signed_in: bool = False
    requests: tuple[MyRequest, ...] | None = None
    recent: tuple[MyRequest, ...] = ()
    duty: MyDuty | None = None
    waiting: tuple[Waiting, ...] = ()
    held: tuple[Held, ...] | None = None
    takeable: tuple[Takeable, ...] = ()
    left: tuple[Takeable, ...] = ()  # for whoever oversees: what nobody took when a shift ended
    cover: tuple[Cover, ...] = ()
    readiness: tuple[Readiness, ...] = ()
    register: bool = False  # for whoever may see a register
    opened: tuple[Opened, ...] = ()
    numbers: tuple[Numbers, ...] = ()
