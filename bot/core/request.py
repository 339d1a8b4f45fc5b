"""What an officer asks for: fixed choices only, so that nothing in a request needs sealing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import DistrictId, OfferId, PersonId, StepId


class Matter(StrEnum):
    """What it is about (ärendetyp). The values go into buttons and the ledger: add, never rename."""

    CHILD = "child"  # barn som kan fara illa
    SUSPECT = "suspect"  # ung misstänkt för brott
    VIOLENCE = "violence"  # våld i nära relation
    HONOUR = "honour"  # hedersrelaterat våld och förtryck
    MISSING = "missing"  # avvikit; hemtagning
    ADDICTION = "addiction"  # missbruk och beroende
    EXIT = "exit"  # avhopp
    EXPLOITED = "exploited"  # sex mot ersättning, människohandel
    HOUSING = "housing"  # utan bostad, vräkning
    ADULT = "adult"  # äldre, funktionsnedsättning, annan vuxen
    OTHER = "other"  # annat


class Need(StrEnum):
    """What the officer needs (behov). The values go into buttons and the ledger: add, never rename."""

    ADVICE = "advice"  # råd
    CONSULT = "consult"  # konsultation inför orosanmälan
    PRESENCE = "presence"  # närvaro på plats
    INTERVIEW = "interview"  # närvaro vid förhör (LUL 7 §)
    NOTIFY = "notify"  # underrättelse (LUL 6 §)
    HANDOVER = "handover"  # överlämning, ingen hämtar (PL 12 §)
    PROTECTION = "protection"  # akut skydd eller boende
    DECISION = "decision"  # beslut
    CALL_ME = "call_me"  # ring upp mig


class Urgency(StrEnum):
    """How soon (brådska)."""

    NOW = "now"  # nu
    TONIGHT = "tonight"  # inom några timmar
    CAN_WAIT = "can_wait"  # kan vänta till nästa öppettid


class DecisionKind(StrEnum):
    """Which decision is needed, when the need is one; a delegation is dated and names the kind."""

    LVU_6 = "lvu_6"  # omedelbart omhändertagande: the board, its chair or an appointed member (LVU 6 §)
    SHELTER_CHILD = "shelter_child"  # barn i skyddat boende: the board or its chair (lag 2024:79 4 kap. 1 §)
    PLACEMENT = "placement"  # placering med samtycke
    AID = "aid"  # akut bistånd, logi
    OTHER = "other"  # annat beslut


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `district` is where the officers are now; `interview_at` only with INTERVIEW, `decision`
    only with DECISION.
    """

    officer: PersonId
    district: DistrictId
    matter: Matter
    need: Need
    urgency: Urgency
    at: datetime
    interview_at: datetime | None = None
    decision: DecisionKind | None = None


class Outcome(StrEnum):
    """What became of one offer."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"  # taken by another, closed, or the person went off duty
    LAPSED = "lapsed"  # accepted, then owed an answer and was silent
    COULD_NOT_ATTEND = "could_not_attend"  # kunde inte komma
    HANDED_OVER = "handed_over"  # accepted, then handed over to somebody else
    TAKEN_OVER = "taken_over"  # accepted, then taken over by a colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One person asked, at one step of the chain, until one instant (all aware, UTC)."""

    id: OfferId
    person: PersonId
    step: StepId
    at: datetime
    until: datetime
    outcome: Outcome = Outcome.PENDING
    settled_at: datetime | None = None  # when it got that outcome
