"""Whom a chain asks, by product.md 3.3 said once more in plain words: slow, flat, and sharing no step with what it judges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.hours import is_open
from bot.core.ids import AreaId, OrganisationId
from bot.core.matching import Worker
from bot.core.people import Delegation, Posting, Role, VettingState
from bot.core.places import Organisation, Step, Structure, When
from bot.core.request import DecisionKind, Need, Offer, Outcome, Request
from bot.core.roster import Duty

STOCKHOLM = ZoneInfo("Europe/Stockholm")
IN_VAIN = {Outcome.DECLINED, Outcome.SILENT, Outcome.LAPSED, Outcome.COULD_NOT_ATTEND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a chain is told."""

    structure: Structure
    request: Request
    workers: tuple[Worker, ...]
    offers: tuple[Offer, ...]
    now: datetime


def owner(found: Situation) -> tuple[Organisation, AreaId]:
    """Whose ground it was at the minute of the request."""
    day = swedish_day(found.request.at)
    for board in found.structure.organisations.values():
        for mapping in board.mappings:
            if mapping.district == found.request.district and within(
                day, mapping.valid_from, mapping.valid_to
            ):
                area, known = mapping.area, found.structure.areas[mapping.area]
                return known[0], area
    raise AssertionError(found.request.district)


def steps(found: Situation) -> list[Step]:
    """The steps whose turn it may be now, in order."""
    board, _ = owner(found)
    open_now, day = is_open(board.hours, found.now), swedish_day(found.now)
    fitting = []
    for step in board.steps:
        exists = within(day, step.valid_from or date.min, step.valid_to)
        hours = step.when is When.ALWAYS or (step.when is When.OPEN) == open_now
        need = (not step.needs or found.request.need in step.needs) and (
            Role.OUTREACH not in step.roles or found.request.need is Need.PRESENCE
        )
        matter = not step.matters or found.request.matter in step.matters
        turn = not step.after_jour or jour_could_not(found, board)
        if exists and hours and need and matter and turn:
            fitting.append(step)
    if found.request.need is Need.DECISION:
        fitting = [s for s in fitting if Role.JOUR in s.roles] + [
            s for s in fitting if Role.JOUR not in s.roles
        ]
    return fitting


def able(found: Situation, step: Step) -> list[Worker]:
    """Whoever may be asked at a step."""
    return [worker for worker in found.workers if any(grounds(found, step, worker))]


def grounds(found: Situation, step: Step, worker: Worker) -> Iterator[OrganisationId]:
    """The organisations in whose name somebody may be asked."""
    today, one = swedish_day(found.now), worker.person
    fit = (
        one.active
        and one.id != found.request.officer
        and one.vetting.state is VettingState.CLEARED
        and one.vetting.since <= today
        and worker.reachable
        and worker.open_rooms + worker.pending < step.load_limit
        and all(o.outcome is Outcome.WITHDRAWN for o in found.offers if o.person == one.id)
    )
    for posting in one.postings if fit else ():
        for duty in worker.duties:
            if _stands(found, step, posting, duty, today) and _may_decide(
                found, posting, one.delegations, today
            ):
                yield posting.organisation


def turn(found: Situation, step: Step, worker: Worker) -> tuple[int, int, float, str]:
    """Whose turn it is, the smallest first: the own board and a nearer area, competence, who rested longest."""
    board, area = owner(found)
    last = worker.last_offered.timestamp() if worker.last_offered else float("-inf")
    best = []
    for posting in worker.person.postings:
        for duty in worker.duties:
            today = swedish_day(found.now)
            if _stands(found, step, posting, duty, today) and _may_decide(
                found, posting, worker.person.delegations, today
            ):
                far = (0 if posting.organisation == board.id else 2) + (
                    area not in (*posting.areas, *duty.areas)
                )
                unversed = (
                    1 if not posting.competences else 2 * (found.request.matter not in posting.competences)
                )
                best.append((far, unversed, last, worker.person.id))
    return min(best)


def then_on_duty(found: Situation, step: Step, worker: Worker) -> bool:
    """Whether somebody is on duty at the hour of an interview; always where there is none."""
    at = found.request.interview_at
    if at is None or worker.then is None:
        return True
    day = swedish_day(at)
    return any(_stands(found, step, p, d, day) for p in worker.person.postings for d in worker.then)


def jour_could_not(found: Situation, board: Organisation) -> bool:
    """Whether somebody of the jour was asked in vain."""
    jour = {step.id for step in board.steps if Role.JOUR in step.roles}
    return any(offer.step in jour and offer.outcome in IN_VAIN for offer in found.offers)


def swedish_day(at: datetime) -> date:
    """The day on the wall in Sweden."""
    return at.astimezone(STOCKHOLM).date()


def within(day: date, first: date, until: date | None) -> bool:
    """Half-open, as everywhere."""
    return first <= day and (until is None or day < until)


def _stands(found: Situation, step: Step, posting: Posting, duty: Duty, day: date) -> bool:
    board, area = owner(found)
    return (
        posting.organisation in (step.organisations or (board.id,))
        and posting.organisation in duty.organisations
        and posting.role in step.roles
        and posting.role is duty.role
        and within(day, posting.valid_from, posting.valid_to)
        and (not posting.areas or area in posting.areas)
        and (not duty.areas or area in duty.areas)
    )


def _may_decide(found: Situation, posting: Posting, given: Sequence[Delegation], day: date) -> bool:
    kind, board = found.request.decision, owner(found)[0].id
    if found.request.need is not Need.DECISION or posting.role is Role.JOUR:
        return True
    return kind not in {DecisionKind.LVU_6, DecisionKind.SHELTER_CHILD} and any(
        d.organisation == board and d.decision is kind and within(day, d.valid_from, d.valid_to)
        for d in given
    )
