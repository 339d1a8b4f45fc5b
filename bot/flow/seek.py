"""Seeks: takes one event into a consultation, then whatever follows by itself until nothing more does."""

from dataclasses import replace
from datetime import datetime

from bot.core import chain
from bot.core.consultation import Consultation, State
from bot.core.events import Deferred, Event, Exhausted, Offered
from bot.core.ids import OfferId
from bot.core.matching import Eligible
from bot.core.places import Organisation, numbers_at, organisation
from bot.core.request import Offer
from bot.flow.deps import PHONING, QUESTION, Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.ready import shut
from bot.flow.record import happen
from bot.flow.situation import Situation, after, ready, situation


def go_on(
    tx: Tx,
    deps: Deps,
    c: Consultation,
    event: Event,
    rules: tuple[str, ...] = (),
    found: Situation | None = None,
) -> tuple[Consultation, Situation | None]:
    """Take the event, and then offer, defer or give numbers until the consultation waits for somebody.

    `found`: the situation, if it has been read in this act; returned as it is afterwards. Raises NotNow, with nothing
    changed, if the event has no place.
    """
    before, c = c, happen(tx, deps, c, event, rules)
    found = after(tx, found, before, c) if found is not None else None
    while c.state is State.SEEKING:
        c, found = seek(tx, deps, c, moment(c, deps.clock.now()), found)
    return c, found


def seek(
    tx: Tx, deps: Deps, c: Consultation, at: datetime, found: Situation | None
) -> tuple[Consultation, Situation | None]:
    """Take what follows for whoever is looked for now: offers, a wait for the opening, or numbers."""
    assert c.organisation is not None
    before = c
    owner = organisation(deps.content().structure, c.organisation)
    found = found or situation(tx, at)
    if shut(tx, deps, c.organisation, at):
        return happen(tx, deps, c, replace(_numbers(c, owner, at), unready=True)), found
    for event in follows(tx, deps, c, at, found):
        c = happen(tx, deps, c, event)
    return c, after(tx, found, before, c)


def follows(tx: Tx, deps: Deps, c: Consultation, at: datetime, found: Situation) -> tuple[Event, ...]:
    """What follows by itself for a request that nobody has taken."""
    assert c.request is not None
    assert c.organisation is not None
    structure = deps.content().structure
    owner = organisation(structure, c.organisation)
    match chain.next_step(structure, c.request, c.offers, ready(tx, structure, found, c.request), at):
        case chain.Ask() as ask:
            return offered(deps, ask, owner, at)
        case chain.Defer(until=until):
            return (Deferred(at=at, until=until),)
        case chain.Exhausted() | chain.Wait():
            return (_numbers(c, owner, at),)


def offered(deps: Deps, ask: chain.Ask, owner: Organisation, at: datetime) -> tuple[Offered, ...]:
    """An offer for each of those who are to be asked."""
    return tuple(_offer(deps, ask, person, owner, at) for person in ask.people)


def moment(c: Consultation, now: datetime) -> datetime:
    """When it happens: now, but never before what has already happened, should the clock have jumped back."""
    return max(now, c.last_at) if c.last_at is not None else now


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


def _numbers(c: Consultation, owner: Organisation, at: datetime) -> Exhausted:
    """The numbers that are answered now. Left to the telephone a second time it does not begin its hours anew."""
    first = c.numbers == () or c.request is None
    until = at + PHONING if first or c.request is None else max(c.request.at + PHONING, at + QUESTION)
    return Exhausted(at=at, numbers=tuple(n.id for n in numbers_at(owner, at)), until=until)
