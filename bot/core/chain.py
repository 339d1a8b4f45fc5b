"""The chain: whom to ask next about a request, or what to do when there is nobody.

An organisation's steps are gone through in order each time. A step with nobody left is skipped at once; while
somebody has been asked and has not answered, one waits; at the end there are numbers.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.bell import MOST
from bot.core.hours import is_open, next_opening, unanswered
from bot.core.ids import OrganisationId, PersonId
from bot.core.in_force import steps_at
from bot.core.matching import Eligible, Worker, asked_organisations, is_there, judge
from bot.core.people import Role
from bot.core.places import Kind, Number, Organisation, Place, Step, Structure, When, numbers_at, place_of
from bot.core.request import Need, Offer, Outcome, Request, Urgency

ASKABLE: Final = frozenset({Role.SOCIAL_WORKER, Role.JOUR, Role.OUTREACH, Role.SIG_COORDINATOR})
_IN_VAIN: Final = frozenset({Outcome.DECLINED, Outcome.SILENT, Outcome.LAPSED, Outcome.COULD_NOT_ATTEND})
_NEVER_HELD: Final = frozenset({Need.DECISION, Need.INTERVIEW})  # somebody must be found or booked now


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask these people, all at once, until then."""

    step: Step
    people: tuple[Eligible, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Somebody has been asked and may answer until then; None: somebody has accepted."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer:
    """It can wait, and waits for the next opening."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """Nobody is left to ask: the numbers that are answered now, one after the other. Never empty."""

    numbers: tuple[Number, ...]


Next = Ask | Wait | Defer | Exhausted


def next_step(
    structure: Structure, request: Request, offers: Sequence[Offer], workers: Sequence[Worker], now: datetime
) -> Next:
    """What follows now. The place is judged by the map of the request's minute, the hours by those of now.

    `offers`: all of this request, in the order they were made. BadInput if the place belongs to nobody.
    """
    place = place_of(structure, request.district, request.at)
    if any(offer.outcome is Outcome.ACCEPTED for offer in offers):
        return Wait(until=None)
    pending = [offer.until for offer in offers if offer.outcome is Outcome.PENDING]
    if pending:
        return Wait(until=max(pending))
    opening = held_until(place.organisation, request, now)
    if opening is not None:
        return Defer(until=opening)
    return _first_ask(place, request, offers, workers, now)


def applicable(place: Place, request: Request, now: datetime) -> tuple[Step, ...]:
    """The steps that such a request goes through at the hours of now, in order: for a decision the jour first.

    Steps after the jour are among them: whether the jour was tried in vain is seen when their turn comes.
    """
    other_hours = When.CLOSED if is_open(place.organisation.hours, now) else When.OPEN
    at_hand = (step for step in steps_at(place.organisation, now) if step.when is not other_hours)
    steps = [step for step in at_hand if _fits(step, request)]
    if request.need is Need.DECISION:
        steps.sort(key=lambda step: Role.JOUR not in step.roles)
    return tuple(steps)


def candidates(
    place: Place,
    step: Step,
    request: Request,
    workers: Sequence[Worker],
    now: datetime,
    offers: Sequence[Offer],
    *,
    told: bool = False,
) -> tuple[Eligible, ...]:
    """Who can be asked at a step, the first to be asked first: who is on duty at the hour of an interview before others."""
    there = (worker for worker in workers if is_there(worker, step, place))
    judged = (judge(worker, request, step, place, now, offers, told=told) for worker in there)
    able = (j for j in judged if isinstance(j, Eligible))
    return tuple(sorted(able, key=lambda found: (not found.then, found.rank)))


def came_in_time(
    structure: Structure,
    request: Request,
    offers: Sequence[Offer],
    workers: Sequence[Worker],
    came: Collection[PersonId],
    now: datetime,
) -> tuple[Ask, ...]:
    """Whom to ask besides those who are being asked: who has come on duty for a step that has had its turn, or has it now."""
    place = place_of(structure, request.district, request.at)
    steps = applicable(place, request, now)
    pending = {offer.step for offer in offers if offer.outcome is Outcome.PENDING}
    turn = max((n for n, step in enumerate(steps) if step.id in pending), default=-1)
    fresh = [worker for worker in workers if worker.person.id in came]
    asks = []
    for step in steps[: turn + 1]:
        found = () if _too_soon(step, place, offers) else candidates(place, step, request, fresh, now, offers)
        if found:
            asks.append(Ask(step=step, people=found, until=now + timedelta(seconds=step.seconds)))
            fresh = [worker for worker in fresh if worker.person.id not in {one.person for one in found}]
    return tuple(asks)


def asked_for(structure: Structure, request: Request) -> tuple[OrganisationId, ...]:
    """Whose people the chain of the request's place may ask, at whatever hours."""
    place = place_of(structure, request.district, request.at)
    asked = (asked_organisations(step, place) for step in place.organisation.steps)
    return tuple(dict.fromkeys(one for those in asked for one in those))


def jour_in_vain(place: Place, offers: Sequence[Offer]) -> bool:
    """Whether somebody of the jour was asked in this request and said no, nothing, or could not come."""
    jour = {step.id for step in place.organisation.steps if Role.JOUR in step.roles}
    return any(offer.step in jour and offer.outcome in _IN_VAIN for offer in offers)


def held_until(board: Organisation, request: Request, now: datetime) -> datetime | None:
    """The opening until which a request waits before anybody is asked; None: it does not wait."""
    if request.urgency is not Urgency.CAN_WAIT or request.need not in board.deferrable:
        return None
    return None if is_open(board.hours, now) else next_opening(board.hours, now)


def chain_faults(found: Organisation) -> Iterator[str]:
    """What is wrong with an organisation's chain and numbers, as "field: reason"."""
    gap = unanswered([number.hours for number in found.numbers])
    if gap:
        yield f"numbers: none of them is answered on {gap}"
    if not found.steps and found.kind is not Kind.POLICE:
        yield "steps: the chain names nobody"
    for n, step in enumerate(found.steps):
        yield from (f"steps.{step.id}: {fault}" for fault in _step_faults(step, found.steps[:n]))
    if found.steps and not any(_takes_all(step) for step in found.steps):
        yield "steps: the jour must be asked at all hours, for every need and matter"
    yield from _hold_faults(found)


def _first_ask(
    place: Place, request: Request, offers: Sequence[Offer], workers: Sequence[Worker], now: datetime
) -> Ask | Exhausted:
    steps = [step for step in applicable(place, request, now) if not _too_soon(step, place, offers)]
    # Whoever is off duty at the hour of an interview is asked when nobody else is left.
    for then in (True, False) if request.interview_at is not None else (True,):
        for step in steps:
            able = candidates(place, step, request, workers, now, offers)
            people = tuple(one for one in able if one.then is then)[: step.at_once]
            if people:
                return Ask(step=step, people=people, until=now + timedelta(seconds=step.seconds))
    return Exhausted(numbers=numbers_at(place.organisation, now))


def _too_soon(step: Step, place: Place, offers: Sequence[Offer]) -> bool:
    return step.after_jour and not jour_in_vain(place, offers)


def _fits(step: Step, request: Request) -> bool:
    if Role.OUTREACH in step.roles and request.need is not Need.PRESENCE:
        return False
    return (not step.needs or request.need in step.needs) and (
        not step.matters or request.matter in step.matters
    )


def _step_faults(step: Step, before: Sequence[Step]) -> Iterator[str]:
    if any(earlier.id == step.id for earlier in before):
        yield "id: the chain comes back to this step"
    elif any(_asks_nobody_new(step, earlier) for earlier in before):
        yield "roles: an earlier step has already asked all of these people"
    if not ASKABLE.issuperset(step.roles):
        yield "roles: nobody in such a role is asked"
    if Role.OUTREACH in step.roles and (step.needs != (Need.PRESENCE,) or not step.after_jour):
        yield "roles: outreach is asked for presence alone, and after the jour"
    if step.repeat is not None and not step.repeat < step.seconds <= step.repeat * (MOST + 1):
        yield f"repeat: rings again within the step's seconds, at most {MOST} times"
    if step.after_jour and not any(Role.JOUR in earlier.roles for earlier in before):
        yield "after_jour: no earlier step asks the jour"


def _asks_nobody_new(step: Step, earlier: Step) -> bool:
    """Whether everybody the step could ask was asked before, whenever it could."""
    return (
        set(step.roles) <= set(earlier.roles)
        and set(step.organisations) == set(earlier.organisations)
        and earlier.when in {When.ALWAYS, step.when}
        and _no_wider(step.needs, earlier.needs)
        and _no_wider(step.matters, earlier.matters)
        and (step.after_jour or not earlier.after_jour)
        and step.load_limit <= earlier.load_limit
    )


def _no_wider(these: Sequence[object], those: Sequence[object]) -> bool:
    """Whether one list covers no more than another; an empty list covers everything."""
    return not those or (bool(these) and set(these) <= set(those))


def _takes_all(step: Step) -> bool:
    return (
        Role.JOUR in step.roles
        and step.when is When.ALWAYS
        and not (step.needs or step.matters or step.after_jour)
    )


def _hold_faults(found: Organisation) -> Iterator[str]:
    for need in found.deferrable:
        if need in _NEVER_HELD:
            yield f"deferrable: {need.value} cannot wait for an opening"
