"""Advances a consultation: one event, whatever follows by itself, and what waited for whoever it set free."""

from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.events import DeadlinePassed, Event, Lapsed, Reminded
from bot.core.ids import PersonId
from bot.core.interviews import is_ahead, next_look
from bot.flow.changed import load_changed
from bot.flow.deps import LONG_QUIET, Deps
from bot.flow.ports import Tx
from bot.flow.seek import go_on, moment, seek
from bot.flow.situation import Situation

__all__ = ["advance", "moment", "overdue", "quiet_until", "set_free"]


def advance(tx: Tx, deps: Deps, c: Consultation, event: Event, rules: tuple[str, ...] = ()) -> Consultation:
    """Take the event, and then offer, defer or give numbers until the consultation waits for somebody.

    Whoever it sets free is asked at once for what was left to the telephone. Raises NotNow, with nothing changed, if the
    event has no place.
    """
    after, found = go_on(tx, deps, c, event, rules)
    load_changed(tx, deps, deps.clock.now(), set_free(c, after), found)
    return after


def overdue(
    tx: Tx, deps: Deps, c: Consultation, now: datetime, found: Situation | None = None
) -> tuple[Consultation, Situation | None]:
    """What the passed deadline of this consultation means, taken; `found` as in `go_on`.

    Whoever is set free by it is not asked for anything yet: many deadlines pass together, and that is done once for all.
    """
    at = moment(c, now)
    if c.state is State.SEEKING:  # only after a fault between two events: go on where it stopped
        return seek(tx, deps, c, at, found)
    return go_on(tx, deps, c, _passed(c, at), found=found)


def quiet_until(c: Consultation, at: datetime) -> datetime:
    """When a talk in which something was said just now is looked at next, should nobody owe an answer."""
    return next_look(c.request, at, LONG_QUIET)


def set_free(before: Consultation, after: Consultation) -> frozenset[PersonId]:
    """Who carries less than before, and who has a talk that they had not: a doorbell alone makes nobody too full."""
    held = {after.holder} if after.state is State.OPEN and after.holder != before.holder else set()
    return frozenset(_carrying(before) - _carrying(after)) | frozenset(p for p in held if p is not None)


def _passed(c: Consultation, at: datetime) -> Event:
    assert c.due is not None
    if c.owed:
        return Lapsed(at=at)
    if c.state is State.OPEN and is_ahead(c.request, at):
        return Reminded(at=at, due=quiet_until(c, at))
    return DeadlinePassed(at=at, due=c.due)


def _carrying(c: Consultation) -> set[PersonId]:
    asked = {offer.person for offer in c.pending}
    return asked | {c.holder} if c.state is State.OPEN and c.holder is not None else asked
