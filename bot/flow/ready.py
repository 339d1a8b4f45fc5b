"""Ready: what is found of an organisation at a minute, and what of it keeps its officers from waiting for a person."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime

from bot.core.coverage import gaps
from bot.core.drills import LOOKED_BACK, Result, has_failed, results
from bot.core.feed import rounds
from bot.core.hours import local_day
from bot.core.ids import OrganisationId
from bot.core.in_force import numbers_on
from bot.core.people import Person
from bot.core.places import Organisation
from bot.core.places import organisation as organisation_named
from bot.core.readiness import AHEAD, Found, Missing, reasons, shut_by
from bot.core.roster import roster
from bot.flow.deps import Content, Deps
from bot.flow.numbers_tested import answers_since
from bot.flow.opening_people import living_at
from bot.flow.ports import Tx
from bot.flow.unreached import of_chain, unreached

FirstGap = Callable[[Organisation], datetime | None]


def shut(tx: Tx, deps: Deps, organisation: OrganisationId, at: datetime) -> Missing | None:
    """What keeps officers from waiting for the organisation's people; None: nothing. Found out once a minute.

    An organisation whose people nobody asks is never shut: its officers are given numbers in any case.
    """
    content = deps.content()
    if not deps.gates.is_known(organisation, at, content.digest):
        own = organisation_named(content.structure, organisation)
        deps.gates.put(
            organisation, at, content.digest, _shut_by(tx, content, own, at) if own.steps else None
        )
    return deps.gates.missing(organisation)


def found_of(
    tx: Tx,
    content: Content,
    own: Organisation,
    now: datetime,
    first_gap: FirstGap,
    needs: Collection[Missing] = tuple(Missing),
) -> Found:
    """Everything that readiness is judged by. `first_gap`: asked only where there is a chain.

    `needs`: what is judged; what takes long and is not among them is taken to be well.
    """
    people = living_at(tx, content, own.id, now)
    devices = [device.id for owned in people.values() for device in owned]
    feeds = tx.feeds.of(own.id)
    return Found(
        supervisors=len(people),
        needed=own.escrow.of,
        answers_since=_answers_since(tx, own, local_day(now)),
        today=local_day(now),
        first_gap=first_gap(own) if own.steps else None,
        has_chain=bool(own.steps),
        stale_roster=any(rounds(feed, tx.feeds.look(feed.id), now) > 0 for feed in feeds),
        thin_keys=tx.seats.keeping(own.id, devices).thin if Missing.KEYS in needs else 0,
        unreached=len(of_chain(unreached(tx, now), own, now)) if Missing.WAKING in needs else 0,
        failed_drill=has_failed(drilled(tx, own.id, now)) if Missing.DRILL in needs else False,
    )


def drilled(tx: Tx, own: OrganisationId, now: datetime) -> tuple[Result, ...]:
    """What came of the drills of the last two weeks, by step and day."""
    return results(tx.readiness.drills(own, local_day(now - LOOKED_BACK)), now)


def gap_finder(tx: Tx, people: Iterable[Person], now: datetime) -> FirstGap:
    """Finds the first minute of the next day in which nobody of a chain could be asked; duties are read once."""
    end, everybody = now + AHEAD, tuple(people)
    shifts, overrides = tx.rosters.shifts(now, end), tx.rosters.overrides(now, end)

    def first_gap(own: Organisation) -> datetime | None:
        asked = {own.id, *(name for step in own.steps for name in step.organisations)}
        known = roster((shift for shift in shifts if not asked.isdisjoint(shift.organisations)), overrides)
        found = gaps(own, everybody, known, now, end)
        return found[0].starts if found else None

    return first_gap


def _shut_by(tx: Tx, content: Content, own: Organisation, at: datetime) -> Missing | None:
    found = found_of(tx, content, own, at, gap_finder(tx, tx.people.all(), at), own.ready_needs)
    return shut_by(reasons(found), own.ready_needs)


def _answers_since(tx: Tx, own: Organisation, today: date) -> tuple[date | None, ...]:
    last = tx.coverage.last_tests()
    return tuple(answers_since(number, last) for number in numbers_on(own, today))
