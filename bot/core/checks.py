"""Readiness checks: whom to ask before and at the beginning of duty whether they can be reached, and what follows.

A stint is one person's unbroken time on duty, whatever it is made of: shifts, a take-over, a press on a button. Each is
looked at half an hour before, five minutes before and as it begins; who has just shown that they are there is left alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.roster import Roster, edges, on_duty

RECENT: Final = timedelta(minutes=30)  # who has shown within it that they are there is not asked again
SANE: Final = timedelta(minutes=5)  # by how much a device's clock may differ from ours
MISSED: Final = timedelta(
    hours=1
)  # a stint that began longer ago without a check is not asked about any more
_INSTANT: Final = timedelta(microseconds=1)


class Stage(StrEnum):
    """When somebody is asked. The values go into rows and the ledger: add, never rename."""

    HALF_HOUR = "t30"
    FIVE_MINUTES = "t5"
    START = "start"


BEFORE: Final[Mapping[Stage, timedelta]] = {
    Stage.HALF_HOUR: timedelta(minutes=30),
    Stage.FIVE_MINUTES: timedelta(minutes=5),
    Stage.START: timedelta(0),
}
# How long each waits for an answer to the first channel, and again to the second.
PATIENCE: Final[Mapping[Stage, timedelta]] = {
    Stage.HALF_HOUR: timedelta(minutes=10),
    Stage.FIVE_MINUTES: timedelta(minutes=2),
    Stage.START: timedelta(minutes=2),
}


class Outcome(StrEnum):
    """How a check stands. The values go into rows and the ledger: add, never rename."""

    ASKED = "asked"  # on the first channel
    CALLED = "called"  # on the second one
    ANSWERED = "answered"
    PROVEN = "proven"  # shown a moment ago that they are there: not asked
    FAILED = "failed"  # no answer on any channel; those who oversee the organisation were told
    OVER = "over"  # off duty again before it was answered: nobody is told


OPEN: Final = frozenset({Outcome.ASKED, Outcome.CALLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """Somebody's unbroken time on duty, from an instant (UTC); with the role and organisations with which it begins."""

    person: PersonId
    starts: datetime
    role: Role
    organisations: tuple[OrganisationId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Somebody who is to be asked now."""

    stint: Stint
    stage: Stage

    @property
    def at(self) -> datetime:
        """Since when."""
        return self.stint.starts - BEFORE[self.stage]


def stints(known: Roster, first: datetime, last: datetime) -> Iterator[Stint]:
    """Every stint that begins after one instant, until another, both UTC."""
    for edge in sorted(edges(known, first, last + _INSTANT)):
        before, then = on_duty(known, edge - _INSTANT).present, on_duty(known, edge).present
        for person in sorted(then.keys() - before.keys()):
            duty = then[person][0]
            yield Stint(person=person, starts=edge, role=duty.role, organisations=duty.organisations)


def due(
    found: Iterable[Stint], asked: Collection[tuple[PersonId, datetime, Stage]], now: datetime
) -> tuple[Due, ...]:
    """Whom to ask now, the longest overdue first: at most one question of each stint, the last that has come.

    `asked`: what was begun, by person, beginning and stage. A stage that nobody was there to run is not made up for
    when the next one has come.
    """
    wanted = (Due(stint=stint, stage=stage) for stint in found if (stage := _stage(stint, now)) is not None)
    return tuple(
        sorted(
            (one for one in wanted if (one.stint.person, one.stint.starts, one.stage) not in asked),
            key=lambda one: (one.at, one.stint.person),
        )
    )


def is_sane(clock: datetime, now: datetime) -> bool:
    """Whether a device's clock is right enough."""
    return abs(clock - now) <= SANE


def _stage(stint: Stint, now: datetime) -> Stage | None:
    """The last stage that has come."""
    if now - stint.starts > MISSED:
        return None
    come = [stage for stage in Stage if stint.starts - BEFORE[stage] <= now]
    return come[-1] if come else None
