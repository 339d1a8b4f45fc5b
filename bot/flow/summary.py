"""Tells those who oversee an organisation each Monday how the weeks ahead are covered: once for each week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.coverage import AHEAD, stretches
from bot.core.hours import STOCKHOLM, holds, local_day
from bot.core.ids import OrganisationId
from bot.core.in_force import numbers_on
from bot.core.people import Person, Role
from bot.core.places import Organisation, organisations_at
from bot.core.readiness import is_answering
from bot.flow.coverage import gaps_ahead
from bot.flow.deps import Deps, pinned
from bot.flow.numbers_tested import answers_since
from bot.flow.ports import Tx
from bot.flow.record import fact, reply
from bot.flow.records_coverage import Summary
from bot.flow.words import Words

KIND: Final = "summary"
EVERY: Final = timedelta(minutes=10)  # how often it is asked whether a week has begun
MONDAY: Final = 0
HOUR: Final = 7  # on the wall clock, from which it is told until the day is over
TOLD: Final = frozenset({Role.COORDINATOR, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What is told of one organisation, and to whom."""

    organisation: Organisation
    people: tuple[Person, ...]
    gaps: int
    numbers: int
    answering: int


async def keep_summed(deps: Deps) -> None:
    """Tell each Monday in the morning, until cancelled."""
    while True:
        await sum_up(deps)
        await deps.clock.sleep(EVERY)


async def sum_up(deps: Deps) -> int:
    """Tell of each organisation of which nobody was told this week; returns of how many. Nothing at other times."""
    now, fixed = deps.clock.now(), pinned(deps)
    if not is_time(now):
        return 0
    weeks = await deps.store.read(lambda tx: _weeks(tx, fixed, now))
    if not weeks:
        return 0
    told = await deps.store.write(lambda tx: sum(_tell(tx, fixed, week, now) for week in weeks))
    deps.bells.ring()
    return told


def is_time(now: datetime) -> bool:
    """Whether it is Monday in Sweden, from seven in the morning on."""
    wall = now.astimezone(STOCKHOLM)
    return wall.weekday() == MONDAY and wall.hour >= HOUR


def week_of(now: datetime) -> str:
    """The week by ISO 8601, "2026-W48"."""
    year, week, _ = local_day(now).isocalendar()
    return f"{year}-W{week:02}"


def _weeks(tx: Tx, deps: Deps, now: datetime) -> list[Week]:
    people, reached, named = tx.people.all(), tx.people.reachable(), week_of(now)
    found = []
    for own in organisations_at(deps.content().structure, now):
        oversee = tuple(p for p in people if p.id in reached and p.active and _oversees(p, own.id, now))
        if own.steps and oversee and not tx.coverage.is_summed(own.id, named):
            found.append(_week(tx, people, own, oversee, now))
    return found


def _oversees(person: Person, own: OrganisationId, now: datetime) -> bool:
    day = local_day(now)
    return any(
        posting.organisation == own
        and posting.role in TOLD
        and holds(day, posting.valid_from, posting.valid_to)
        for posting in person.postings
    )


def _week(
    tx: Tx, people: Sequence[Person], own: Organisation, oversee: tuple[Person, ...], now: datetime
) -> Week:
    last, today = tx.coverage.last_tests(), local_day(now)
    since = [answers_since(number, last) for number in numbers_on(own, today)]
    return Week(
        organisation=own,
        people=oversee,
        gaps=len(stretches(gaps_ahead(tx, people, own, now, now + AHEAD))),
        numbers=len(since),
        answering=sum(is_answering(day, today) for day in since),
    )


def _tell(tx: Tx, deps: Deps, week: Week, now: datetime) -> bool:
    """On every channel that reaches them; False when somebody else has told of it meanwhile."""
    own, named = week.organisation, week_of(now)
    if tx.coverage.is_summed(own.id, named):
        return False
    for person in week.people:
        for address in tx.people.addresses(person.id):
            words = Words(deps.content(), address.language, now)
            said = {"days": AHEAD.days, "gaps": week.gaps, "numbers": week.numbers}
            counts = {name: str(count) for name, count in {**said, "answering": week.answering}.items()}
            label = words.label(own.label)
            reply(tx, deps, person.id, address.channel, "coverage.summary", organisation=label, **counts)
    told = [person.id for person in week.people]
    summary = Summary(organisation=own.id, week=named, at=now)
    tx.coverage.put_summary(summary, fact(deps, own.id, KIND, now, people=told))
    return True
