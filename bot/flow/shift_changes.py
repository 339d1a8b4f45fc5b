"""Changes shifts at people's word: takes what is nobody's, lets go, gives back; and whatever the coordinator says."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.core.booking import Book, Refusal, Refused, only_holder, stretch
from bot.core.errors import Denied
from bot.core.events import CouldNotAttend
from bot.core.facts import facts_about
from bot.core.ids import OrganisationId, PersonId
from bot.core.parts import Span
from bot.core.people import Person
from bot.core.policy import Act, decide
from bot.core.roster import Cause, Override, Shift
from bot.core.shift_changes import (
    Change,
    assign,
    drop,
    drop_now,
    give_back,
    swap,
    take_off,
    take_over,
)
from bot.flow.advance import advance, moment
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.shift_book import book, keep, overseers, stamp, tell
from bot.flow.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who changes something, by which rules. The coordinator, and the command line, need nobody's consent."""

    by: PersonId
    rules: tuple[str, ...] = ()


def doer(
    deps: Deps, who: Speaker, act: Act, subject: Person, organisations: Iterable[OrganisationId]
) -> Doer:
    """Whoever speaks, if a rule lets them do it to this person's duty in these organisations. Raises Denied."""
    content = deps.content()
    facts = facts_about(
        content.structure, who.person, who.now, subject=subject, concerns=frozenset(organisations)
    )
    decision = decide(content.policy, who.roles, act, facts)
    if not decision.allowed:
        raise Denied(" ".join(decision.reasons))
    return Doer(by=who.person.id, rules=decision.rules)


def take_for(
    tx: Tx, deps: Deps, span: Span, taker: PersonId, by: Doer, cause: Cause = Cause.TAKEN_OVER
) -> Change:
    """Somebody takes a stretch, whoever holds it. Raises Refused."""
    known = book(tx, deps.clock.now(), span.ends)
    return _kept(tx, deps, known, take_over(known, span, taker, stamp(deps, by.by, cause)), by)


def take_free(tx: Tx, deps: Deps, span: Span, taker: PersonId, by: Doer) -> Change:
    """Somebody takes a stretch that nobody holds. Raises Refused; what somebody holds is asked for (`swaps`)."""
    known = book(tx, deps.clock.now(), span.ends)
    if only_holder(stretch(known, span)) is not None:
        raise Refused(Refusal.HELD)
    return _kept(tx, deps, known, take_over(known, span, taker, stamp(deps, by.by, Cause.TAKEN_OVER)), by)


def take_again(tx: Tx, deps: Deps, person: PersonId, by: Doer) -> None:
    """Whoever said that they could not work, and can after all, has what nobody has taken since and they still may have."""
    now = deps.clock.now()
    known = book(tx, now)
    for part in known.parts:
        if part.person is None and part.before == person and part.starts <= now < part.ends:
            with suppress(Refused):
                take_for(tx, deps, part.span, person, by, Cause.GIVEN_BACK)


def give_back_for(tx: Tx, deps: Deps, span: Span, person: PersonId, by: Doer) -> Change:
    """What somebody took goes back to whomever they had it from. Raises Refused."""
    known = book(tx, deps.clock.now(), span.ends)
    made = give_back(known, span, person, stamp(deps, by.by, Cause.GIVEN_BACK))
    return _opened(tx, deps, known, made, by)


def swap_for(tx: Tx, deps: Deps, one: Span, other: Span, by: Doer) -> Change:
    """Two people's stretches are exchanged. Raises Refused."""
    known = book(tx, deps.clock.now(), one.ends, other.ends)
    return _kept(tx, deps, known, swap(known, one, other, stamp(deps, by.by, Cause.SWAPPED)), by)


def let_go(tx: Tx, deps: Deps, span: Span, person: PersonId, by: Doer) -> Change:
    """Somebody cannot work a stretch that they hold. Under way: as `sick_now`. Raises Refused."""
    known = book(tx, deps.clock.now(), span.ends)
    made = drop(known, span, person, stamp(deps, by.by, Cause.DROPPED))
    found = _opened(tx, deps, known, made, by)
    if any(override.starts <= known.now for override in made.overrides):
        _leave_talks(tx, deps, person, by)
    return found


def sick_now(tx: Tx, deps: Deps, person: PersonId, by: Doer) -> Change:
    """Somebody cannot work from now on: offers are taken back, talks go on with somebody else. Raises Refused.

    Whoever keeps and oversees the boards is told at once of what is nobody's.
    """
    known = book(tx, deps.clock.now())
    made = drop_now(known, person, stamp(deps, by.by, Cause.DROPPED))
    found = _opened(tx, deps, known, made, by)
    _leave_talks(tx, deps, person, by)
    return found


def assign_for(tx: Tx, deps: Deps, duty: Shift, by: Doer) -> Change:
    """The coordinator puts somebody on duty beside every roster. Raises Refused."""
    known = book(tx, deps.clock.now(), duty.ends)
    made = assign(known, duty, stamp(deps, by.by, Cause.ASSIGNED))
    return _kept(tx, deps, known, made, by, duty.organisations[0])


def take_off_for(
    tx: Tx,
    deps: Deps,
    person: PersonId,
    times: tuple[datetime, datetime],
    by: Doer,
    organisation: OrganisationId,
) -> Change:
    """The coordinator takes somebody off every duty for a time. Raises Refused."""
    known = book(tx, deps.clock.now(), times[1])
    made = take_off(known, person, times, stamp(deps, by.by, Cause.ASSIGNED))
    return _kept(tx, deps, known, made, by, organisation)


def gap_params(override: Override) -> dict[str, str]:
    """Which stretch of which shift, as an outbox row names it."""
    assert override.shift is not None
    key = override.shift
    named = {"organisation": str(key.organisation), "source": key.source, "id": str(key.id)}
    return {**named, "starts": override.starts.isoformat(), "ends": override.ends.isoformat()}


def _kept(
    tx: Tx, deps: Deps, known: Book, made: Change, by: Doer, organisation: OrganisationId | None = None
) -> Change:
    keep(tx, deps, known, made, organisation or _home(deps, known, made), by.rules)
    return made


def _opened(tx: Tx, deps: Deps, known: Book, made: Change, by: Doer) -> Change:
    """Keep it, and tell whoever oversees the boards of each stretch that is nobody's by it."""
    _kept(tx, deps, known, made, by)
    for override in made.overrides:
        if override.on_duty or override.shift is None:
            continue
        part = stretch(known, Span(shift=override.shift, starts=override.starts, ends=override.ends))[0]
        for person in overseers(tx, part.shift.organisations, known.now):
            tell(tx, deps, person, "gap", params=gap_params(override))
    return made


def _home(deps: Deps, known: Book, made: Change) -> OrganisationId:
    """Whose ledger tells of a change that no shift names: the first organisation where its person is posted."""
    person = known.people.get(made.overrides[0].person)
    return person.postings[0].organisation if person is not None and person.postings else deps.home


def _leave_talks(tx: Tx, deps: Deps, person: PersonId, by: Doer) -> None:
    """What they have taken is sought for anew at once: the officer does not wait for somebody who has gone."""
    now = deps.clock.now()
    for c in tx.consultations.held_by(person):
        advance(tx, deps, c, CouldNotAttend(at=moment(c, now), by=person), by.rules)
