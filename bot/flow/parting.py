"""Parting: what is under way with somebody who may no longer take part goes on without them."""

from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.events import Closed, CouldNotAttend, Ending
from bot.core.facts import roles_on
from bot.core.hours import local_day
from bot.core.ids import PersonId
from bot.core.people import Person, is_cleared
from bot.flow.advance import advance, moment
from bot.flow.deps import Deps
from bot.flow.offers import withdraw_offers
from bot.flow.ports import Tx
from bot.flow.talk import LOOKED_AT


def takes_part(person: Person, at: datetime) -> bool:
    """Whether somebody may be in a talk at all on that day: active, vetted, posted somewhere."""
    return person.active and is_cleared(person, local_day(at)) and bool(roles_on(person, at))


def part(tx: Tx, deps: Deps, person: PersonId, now: datetime) -> None:
    """Take back what is put to them, look for somebody else for what they hold, and end what they asked for."""
    withdraw_offers(tx, deps, person, now)
    for c in tx.consultations.of_holder(person, LOOKED_AT):
        if c.state is State.OPEN and c.holder == person:
            advance(tx, deps, c, CouldNotAttend(at=moment(c, now), by=person))
    for c in tx.consultations.of_officer(person, LOOKED_AT):
        if _goes_on(c):
            advance(tx, deps, c, Closed(at=moment(c, now), by=None, ending=Ending.CANCELLED))


def _goes_on(c: Consultation) -> bool:
    return c.request is not None and c.state not in (State.CLOSED, State.ERASED)
