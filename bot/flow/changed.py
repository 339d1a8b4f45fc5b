"""What follows when who can be asked has changed: doorbells are taken back, and what waits is offered to whoever came.

Called in the transaction of whatever changed it: a duty pressed, a roster put in another's place, a posting, a channel
linked, a talk that ended, a shift that began or ended. It is harmless to call it once too often.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import chain
from bot.core.consultation import Consultation, State
from bot.core.events import Offered, Withdrawn
from bot.core.ids import PersonId
from bot.core.matching import Reason, Why, no_longer
from bot.core.places import Structure, organisation, place_of
from bot.core.request import Offer
from bot.core.roster import Attendance
from bot.flow.checks import begin_due
from bot.flow.deps import Deps, pinned
from bot.flow.ports import Tx
from bot.flow.ready import shut
from bot.flow.record import happen
from bot.flow.seek import go_on, moment, offered
from bot.flow.shift_watch import watch_again
from bot.flow.situation import Situation, after, load, ready, situation, worker

MOST = 500  # requests looked at for one change, the oldest first
_OVERDUE = timedelta(hours=1)  # a deadline that is so long over is passed before anything else


def duty_changed(
    tx: Tx, deps: Deps, now: datetime, people: Collection[PersonId] | None = None, rules: tuple[str, ...] = ()
) -> None:
    """Take back doorbells from whoever can no longer be asked, and offer what waits to whoever has come.

    `people`: whose duties, postings or channels differ now from a moment ago (`turned` compares two minutes); None:
    not known, so every doorbell is judged, and nobody is asked out of turn. `rules`: what let whoever did it. What was
    left to the telephone is offered to anybody who can take it. At most MOST requests, the oldest first.
    """
    deps.gates.forget()
    watch_again(tx, now, people)
    came = frozenset(people or ())
    found: Situation | None = None
    for c in tx.consultations.unanswered(now - _OVERDUE, MOST):
        found = found or situation(tx, now)
        c, found = _taken_back(tx, deps, c, found, people, rules)  # noqa: PLW2901 - it has gone on
        found = _offered(tx, deps, c, found, came)
    begin_due(tx, deps, now)  # a shift that begins now is checked at once


def load_changed(
    tx: Tx, deps: Deps, now: datetime, people: Collection[PersonId], found: Situation | None = None
) -> None:
    """The same when these people carry more, or less, than a moment ago; nobody is asked out of turn."""
    if not people:
        return
    found = found or situation(tx, now)
    least = min(step.load_limit for o in deps.content().structure.organisations.values() for step in o.steps)
    if not any(load(tx, found, person) + 1 >= least for person in people):
        return  # none of them was kept from anything by what they carried
    for c in tx.consultations.unanswered(now - _OVERDUE, MOST):
        c, found = _taken_back(tx, deps, c, found, people, ())  # noqa: PLW2901 - it has gone on
        found = _offered(tx, deps, c, found, frozenset())


async def can_be_reached(deps: Deps, person: PersonId) -> None:
    """Somebody has signed in on a device, where offers are seen: what waits is offered to them."""
    await deps.store.write(lambda tx: duty_changed(tx, pinned(deps), deps.clock.now(), (person,)))
    deps.bells.ring()


def turned(before: Attendance, now: Attendance) -> frozenset[PersonId]:
    """Whose duties differ, before a change or a minute and after it."""
    everybody = before.present.keys() | now.present.keys()
    return frozenset(person for person in everybody if before.present.get(person) != now.present.get(person))


def cannot_take(
    tx: Tx, structure: Structure, c: Consultation, offer: Offer, found: Situation, *, reached: bool = False
) -> Why | None:
    """Why somebody who was asked can no longer take it; None: they can. `reached`: they are answering just now."""
    assert c.request is not None
    assert c.organisation is not None
    asked = worker(tx, found, offer.person, c.request)
    if asked is None:
        return Why(reason=Reason.INACTIVE)
    step = next((s for s in organisation(structure, c.organisation).steps if s.id == offer.step), None)
    place = place_of(structure, c.request.district, c.request.at)
    judged = replace(asked, reachable=True) if reached else asked
    return no_longer(judged, c.request, step, place, found.at)


def _taken_back(
    tx: Tx,
    deps: Deps,
    c: Consultation,
    found: Situation,
    people: Collection[PersonId] | None,
    rules: tuple[str, ...],
) -> tuple[Consultation, Situation]:
    """Each doorbell that its person can no longer answer is taken back; the chain goes on at once."""
    for offer in c.pending:
        judged = people is None or offer.person in people
        why = cannot_take(tx, deps.content().structure, c, offer, found) if judged else None
        if why is not None:
            event = Withdrawn(at=moment(c, found.at), offer=offer.id, why=why.reason)
            c, later = go_on(tx, deps, c, event, rules, found)
            found = later or found
    return c, found


def _offered(tx: Tx, deps: Deps, c: Consultation, found: Situation, came: frozenset[PersonId]) -> Situation:
    """Whoever can take it now is asked: of what was left to the telephone anybody, else only who has just come."""
    before = c
    for event in _asks(tx, deps, c, found, came):
        c = happen(tx, deps, c, event)
    return after(tx, found, before, c)


def _asks(
    tx: Tx, deps: Deps, c: Consultation, found: Situation, came: frozenset[PersonId]
) -> tuple[Offered, ...]:
    assert c.request is not None
    assert c.organisation is not None
    structure, at = deps.content().structure, moment(c, found.at)
    if c.answered or not found.attendance.present or (c.state is State.OFFERED and not came):
        return ()
    if shut(tx, deps, c.organisation, at):
        return ()
    there = ready(tx, structure, found, c.request)
    if c.state is State.OFFERED:
        asks = chain.came_in_time(structure, c.request, c.offers, there, came, at)
    else:
        ask = chain.next_step(structure, c.request, c.offers, there, at)
        asks = (ask,) if isinstance(ask, chain.Ask) else ()
    owner = organisation(structure, c.organisation)
    return tuple(event for ask in asks for event in offered(deps, ask, owner, at))
