"""Advances a consultation: one event, then whatever follows by itself until nothing more does."""

from datetime import datetime

from bot.core import chain
from bot.core.consultation import Consultation, State
from bot.core.events import DeadlinePassed, Deferred, Event, Exhausted, Lapsed, Offered
from bot.core.ids import OfferId
from bot.core.matching import Eligible
from bot.core.places import Organisation, numbers_at, organisation
from bot.core.request import Offer
from bot.flow.deps import PHONING, Deps, fresh_id
from bot.flow.escrows import unready
from bot.flow.ports import Tx
from bot.flow.record import happen
from bot.flow.situation import workers


def advance(tx: Tx, deps: Deps, c: Consultation, event: Event, rules: tuple[str, ...] = ()) -> Consultation:
    """Take the event, and then offer, defer or give numbers until the consultation waits for somebody.

    Raises NotNow, with nothing changed, if the event has no place.
    """
    c = happen(tx, deps, c, event, rules)
    while c.state is State.SEEKING:
        for following in _follows(tx, deps, c, moment(c, deps.clock.now())):
            c = happen(tx, deps, c, following)
    return c


def overdue(tx: Tx, deps: Deps, c: Consultation, now: datetime) -> Consultation:
    """What the passed deadline of this consultation means, taken."""
    due = c.due
    assert due is not None
    at = moment(c, now)
    if c.state is State.SEEKING:  # only after a fault between two events: go on where it stopped
        for following in _follows(tx, deps, c, at):
            c = happen(tx, deps, c, following)
        return c
    return advance(tx, deps, c, Lapsed(at=at) if c.owed else DeadlinePassed(at=at, due=due))


def moment(c: Consultation, now: datetime) -> datetime:
    """When it happens: now, but never before what has already happened, should the clock have jumped back."""
    return max(now, c.last_at) if c.last_at is not None else now


def _follows(tx: Tx, deps: Deps, c: Consultation, at: datetime) -> tuple[Event, ...]:
    assert c.request is not None
    assert c.organisation is not None
    structure = deps.content().structure
    owner = organisation(structure, c.organisation)
    if unready(tx, deps, c.organisation):
        return (_numbers(owner, at),)
    found = chain.next_step(structure, c.request, c.offers, workers(tx, at), at)
    match found:
        case chain.Ask():
            return tuple(_offer(deps, found, person, owner, at) for person in found.people)
        case chain.Defer(until=until):
            return (Deferred(at=at, until=until),)
        case chain.Exhausted() | chain.Wait():
            return (_numbers(owner, at),)


def _offer(deps: Deps, found: chain.Ask, eligible: Eligible, owner: Organisation, at: datetime) -> Offered:
    offer = Offer(
        id=OfferId(fresh_id(at, deps.entropy)),
        person=eligible.person,
        step=found.step.id,
        at=at,
        until=found.until,
    )
    crossing = eligible.organisation if eligible.organisation != owner.id else None
    return Offered(at=at, offer=offer, crossing=crossing)


def _numbers(owner: Organisation, at: datetime) -> Exhausted:
    return Exhausted(at=at, numbers=tuple(n.id for n in numbers_at(owner, at)), until=at + PHONING)
