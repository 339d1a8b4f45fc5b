"""Matching: whether one person can be asked about one request at one step, in which order, and why.

Every reason is a code with what a sentence about it needs; the sentences are `texts/duty.*.toml`, keyed
`why_<code>`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.hours import clock, local_day, stamp
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import (
    Person,
    Posting,
    Role,
    VettingState,
    delegation_for,
    is_cleared,
    postings_in,
)
from bot.core.places import Place, Step
from bot.core.request import DecisionKind, Matter, Need, Offer, Outcome, Request
from bot.core.roster import Attendance, Duty

# Only the board, its chair or an appointed member decides these (LVU 6 §; lag 2024:79 4 kap. 1 §); the jour
# reaches them, and no delegation to anybody else counts.
ONLY_CHAIR: Final = frozenset({DecisionKind.LVU_6, DecisionKind.SHELTER_CHILD})


class Reason(StrEnum):
    """Why, or why not. The values go into JSON and the ledger: add, never rename."""

    ON_DUTY = "on_duty"
    PRESSED_ON = "pressed_on"
    VETTED = "vetted"
    REACHABLE = "reachable"
    AREA_NAMED = "area_named"
    AREA_ALL = "area_all"
    CROSSING = "crossing"
    COMPETENT = "competent"
    DELEGATED = "delegated"
    REACHES_CHAIR = "reaches_chair"
    HAS_ROOM = "has_room"
    NEVER_ASKED = "never_asked"
    LAST_ASKED = "last_asked"
    THEN_ON_DUTY = "then_on_duty"
    THEN_OFF_DUTY = "then_off_duty"

    OFF_DUTY = "off_duty"
    TAKEN_OFF = "taken_off"
    NO_POSTING = "no_posting"
    INACTIVE = "inactive"
    IS_OFFICER = "is_officer"
    VETTING_PENDING = "vetting_pending"
    VETTING_REVOKED = "vetting_revoked"
    VETTED_LATER = "vetted_later"
    UNREACHABLE = "unreachable"
    OTHER_AREA = "other_area"
    NO_DELEGATION = "no_delegation"
    ONLY_THROUGH_JOUR = "only_through_jour"
    FULL = "full"
    ASKED_NOW = "asked_now"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    LAPSED = "lapsed"
    COULD_NOT_ATTEND = "could_not_attend"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    STEP_GONE = "step_gone"


# What became of an earlier offer that keeps somebody from being asked again; withdrawn does not: they never
# got to answer.
ASKED: Final[Mapping[Outcome, Reason]] = {
    Outcome.PENDING: Reason.ASKED_NOW,
    Outcome.ACCEPTED: Reason.ACCEPTED,
    Outcome.DECLINED: Reason.DECLINED,
    Outcome.SILENT: Reason.SILENT,
    Outcome.LAPSED: Reason.LAPSED,
    Outcome.COULD_NOT_ATTEND: Reason.COULD_NOT_ATTEND,
    Outcome.HANDED_OVER: Reason.HANDED_OVER,
    Outcome.TAKEN_OVER: Reason.TAKEN_OVER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason, with the role and the words (a clock time, a date, a number) its sentence needs."""

    reason: Reason
    role: Role | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the store knows of a person just now."""

    reachable: bool = True
    open_rooms: int = 0
    pending: int = 0  # doorbells that nobody has answered yet
    last_offered: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person at one minute: duties (none: off duty), until when taken off, and how they stand.

    `then`: the duties at the minute for which somebody is wanted, where that is another one.
    """

    person: Person
    duties: tuple[Duty, ...] = ()
    away_until: datetime | None = None
    reachable: bool = True
    open_rooms: int = 0
    pending: int = 0
    last_offered: datetime | None = None
    then: tuple[Duty, ...] | None = None

    @property
    def load(self) -> int:
        """Talks and doorbells together: whoever rings may be accepted."""
        return self.open_rooms + self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """Can be asked, for this organisation; a smaller rank is asked sooner.

    `then`: whether they are on duty at the minute for which somebody is wanted. Whoever is not is asked when nobody
    in the whole chain is: they cannot be there, but can see to it that somebody is.
    """

    person: PersonId
    organisation: OrganisationId
    rank: tuple[int, int, float, str]
    why: tuple[Why, ...]
    then: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ineligible:
    """Cannot be asked, for all of these reasons."""

    person: PersonId
    why_not: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """The duty and the posting by which somebody could be asked."""

    duty: Duty
    posting: Posting
    organisation: OrganisationId


def workers(
    people: Iterable[Person],
    attendance: Attendance,
    standings: Mapping[PersonId, Standing],
    then: Attendance | None = None,
) -> tuple[Worker, ...]:
    """Everybody with their duties of that minute; who has no standing is reachable and free.

    `then`: who is on duty at the minute for which somebody is wanted, where that is another one.
    """
    plain = Standing()
    return tuple(_worker(person, attendance, standings.get(person.id, plain), then) for person in people)


def no_longer(worker: Worker, request: Request, step: Step | None, place: Place, at: datetime) -> Why | None:
    """Why somebody who was asked can no longer take it; None: they can. `step`: where they were asked, if it still is.

    Judged as if they had not been asked yet. Doorbells do not count: only talks can be too many for one more.
    """
    if step is None:
        return Why(reason=Reason.STEP_GONE)
    found = judge(replace(worker, pending=0), request, step, place, at, ())
    return found.why_not[0] if isinstance(found, Ineligible) else None


def judge(
    worker: Worker,
    request: Request,
    step: Step,
    place: Place,
    at: datetime,
    offers: Sequence[Offer],
    *,
    told: bool = True,
) -> Eligible | Ineligible:
    """Whether this person can be asked now at this step. `offers`: all that were made in this request.

    `told`: also why they can be; among hundreds on duty that takes longer than to find out who can.
    """
    day = local_day(at)
    stands = _stands(worker, step, place, day)
    faults = [*_person_faults(worker, request, day), *_asked(worker.person, offers)]
    if not stands:
        return Ineligible(person=worker.person.id, why_not=(_off_duty(worker, step, place), *faults))
    own = [(_duty_faults(worker, request, step, stand, place, day), stand) for stand in stands]
    fewest: list[Why] = min((found for found, _ in own), key=len)
    faults += fewest
    if faults:
        return Ineligible(person=worker.person.id, why_not=tuple(faults))
    ranks = [(_rank(worker, request, stand, place), n) for n, (found, stand) in enumerate(own) if not found]
    rank, best = min(ranks)
    return Eligible(
        person=worker.person.id,
        organisation=stands[best].organisation,
        rank=rank,
        why=tuple(_reasons(worker, request, step, stands[best], place, at)) if told else (),
        then=_then(worker, request, step, place) is not False,
    )


def concerns(worker: Worker, step: Step, place: Place, at: datetime) -> bool:
    """Whether somebody belongs to a step at all: posted there that day, or on duty for it."""
    day = local_day(at)
    return any(
        postings_in(worker.person, organisation, role, day) or _duties(worker, organisation, role)
        for organisation in asked_organisations(step, place)
        for role in step.roles
    )


def is_there(worker: Worker, step: Step, place: Place) -> bool:
    """Whether somebody has a duty for the step; `judge` lets nobody be asked who has none, and takes longer to say so."""
    asked = asked_organisations(step, place)
    return any(
        duty.role in step.roles and any(one in asked for one in duty.organisations) for duty in worker.duties
    )


def asked_organisations(step: Step, place: Place) -> tuple[OrganisationId, ...]:
    """Whose people a step asks: those it names, else the organisation's own."""
    return step.organisations or (place.organisation.id,)


def _worker(person: Person, attendance: Attendance, standing: Standing, then: Attendance | None) -> Worker:
    return Worker(
        person=person,
        duties=attendance.present.get(person.id, ()),
        away_until=attendance.away.get(person.id),
        reachable=standing.reachable,
        open_rooms=standing.open_rooms,
        pending=standing.pending,
        last_offered=standing.last_offered,
        then=then.present.get(person.id, ()) if then is not None else None,
    )


def _stands(worker: Worker, step: Step, place: Place, day: date) -> list[_Stand]:
    """Every duty with a posting of that day behind it."""
    return [
        _Stand(duty=duty, posting=posting, organisation=organisation)
        for organisation in (asked_organisations(step, place) if worker.duties else ())
        for role in step.roles
        for duty in _duties(worker, organisation, role)
        for posting in postings_in(worker.person, organisation, role, day)
    ]


def _duties(worker: Worker, organisation: OrganisationId, role: Role) -> list[Duty]:
    """The duties in that role for that organisation, the longest first."""
    fitting = [d for d in worker.duties if d.role is role and organisation in d.organisations]
    return sorted(fitting, key=lambda duty: duty.until, reverse=True)


def _off_duty(worker: Worker, step: Step, place: Place) -> Why:
    names = asked_organisations(step, place)
    if any(_duties(worker, name, role) for name in names for role in step.roles):
        return Why(reason=Reason.NO_POSTING)
    if worker.away_until is not None:
        return Why(reason=Reason.TAKEN_OFF, note=stamp(worker.away_until))
    return Why(reason=Reason.OFF_DUTY)


def _person_faults(worker: Worker, request: Request, day: date) -> list[Why]:
    faults = []
    if not worker.person.active:
        faults.append(Why(reason=Reason.INACTIVE))
    if worker.person.id == request.officer:
        faults.append(Why(reason=Reason.IS_OFFICER))
    if not is_cleared(worker.person, day):
        faults.append(_vetting_fault(worker.person))
    if not worker.reachable:
        faults.append(Why(reason=Reason.UNREACHABLE))
    return faults


def _vetting_fault(person: Person) -> Why:
    reasons = {
        VettingState.PENDING: Reason.VETTING_PENDING,
        VettingState.REVOKED: Reason.VETTING_REVOKED,
        VettingState.CLEARED: Reason.VETTED_LATER,
    }
    return Why(reason=reasons[person.vetting.state], note=person.vetting.since.isoformat())


def _asked(person: Person, offers: Sequence[Offer]) -> list[Why]:
    outcomes = (offer.outcome for offer in reversed(offers) if offer.person == person.id)
    return [Why(reason=ASKED[outcome]) for outcome in outcomes if outcome in ASKED][:1]


def _duty_faults(
    worker: Worker, request: Request, step: Step, stand: _Stand, place: Place, day: date
) -> list[Why]:
    faults = []
    if not _covers(stand, place):
        faults.append(Why(reason=Reason.OTHER_AREA))
    if worker.load >= step.load_limit:
        faults.append(Why(reason=Reason.FULL, note=f"{worker.load}/{step.load_limit}"))
    if request.need is Need.DECISION and stand.posting.role is not Role.JOUR:
        faults += _decision_fault(worker.person, request.decision, place, day)
    return faults


def _covers(stand: _Stand, place: Place) -> bool:
    both = (stand.posting.areas, stand.duty.areas)
    return place.area is None or all(not areas or place.area in areas for areas in both)


def _decision_fault(person: Person, decision: DecisionKind | None, place: Place, day: date) -> list[Why]:
    if decision is None or decision in ONLY_CHAIR:
        return [Why(reason=Reason.ONLY_THROUGH_JOUR)]
    if delegation_for(person, place.organisation.id, decision, day) is None:
        return [Why(reason=Reason.NO_DELEGATION)]
    return []


def _rank(worker: Worker, request: Request, stand: _Stand, place: Place) -> tuple[int, int, float, str]:
    crossing = 2 if stand.organisation != place.organisation.id else 0
    wide = 0 if _named(stand, place) else 1
    last = worker.last_offered.timestamp() if worker.last_offered else float("-inf")
    return (crossing + wide, _competence(stand.posting, request.matter), last, worker.person.id)


def _named(stand: _Stand, place: Place) -> bool:
    return place.area in stand.posting.areas or place.area in stand.duty.areas


def _competence(posting: Posting, matter: Matter) -> int:
    """0 for this matter, 1 for none in particular, 2 for others."""
    if matter in posting.competences:
        return 0
    return 2 if posting.competences else 1


def _reasons(
    worker: Worker, request: Request, step: Step, stand: _Stand, place: Place, at: datetime
) -> Iterator[Why]:
    duty, person = stand.duty, worker.person
    pressed = Reason.PRESSED_ON if duty.pressed else Reason.ON_DUTY
    today = duty.until - at < timedelta(days=1)
    yield Why(reason=pressed, role=duty.role, note=(clock if today else stamp)(duty.until))
    yield Why(reason=Reason.VETTED, note=person.vetting.since.isoformat())
    yield Why(reason=Reason.REACHABLE)
    if stand.organisation != place.organisation.id:
        yield Why(reason=Reason.CROSSING, note=stand.organisation)
    if place.area is not None:
        yield Why(reason=Reason.AREA_NAMED if _named(stand, place) else Reason.AREA_ALL, note=place.area)
    if request.matter in stand.posting.competences:
        yield Why(reason=Reason.COMPETENT)
    if request.need is Need.DECISION:
        yield _authority(person, request.decision, place, local_day(at))
    then = _then(worker, request, step, place)
    if then is not None and request.interview_at is not None:
        said = Reason.THEN_ON_DUTY if then else Reason.THEN_OFF_DUTY
        yield Why(reason=said, note=stamp(request.interview_at))
    yield Why(reason=Reason.HAS_ROOM, note=f"{worker.load}/{step.load_limit}")
    if worker.last_offered is None:
        yield Why(reason=Reason.NEVER_ASKED)
    else:
        yield Why(reason=Reason.LAST_ASKED, note=stamp(worker.last_offered))


def _then(worker: Worker, request: Request, step: Step, place: Place) -> bool | None:
    """Whether somebody is on duty for the step when the interview begins; None where that is no question."""
    if request.interview_at is None or worker.then is None:
        return None
    later = replace(worker, duties=worker.then)
    day = local_day(request.interview_at)
    return any(_covers(stand, place) for stand in _stands(later, step, place, day))


def _authority(person: Person, decision: DecisionKind | None, place: Place, day: date) -> Why:
    given = delegation_for(person, place.organisation.id, decision, day) if decision else None
    if given is None:
        return Why(reason=Reason.REACHES_CHAIR)
    return Why(reason=Reason.DELEGATED, note=given.number)
