"""Drills: each afternoon the doorbell of each step is tried on whoever it would ring, without a request and without load.

The people are found by the matching that requests go through, and rung by the outbox and the channels that carry
doorbells. Nothing is asked of anybody: no officer, no room, no number, no turn taken.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.chain import candidates
from bot.core.drills import Drill, Skipped, is_time
from bot.core.hours import is_open, local_day
from bot.core.ids import DistrictId, PersonId
from bot.core.in_force import steps_at
from bot.core.matching import Worker
from bot.core.places import Organisation, Place, Step, When, organisations_at
from bot.core.request import Matter, Need, Request, Urgency
from bot.flow.deps import Deps, pinned
from bot.flow.ports import Tx
from bot.flow.record import fact, reach
from bot.flow.records import Kind
from bot.flow.situation import workers
from bot.flow.unreached import unreached

KIND = "drill"  # of ledger entries


async def drill(deps: Deps) -> int:
    """Ring, once a day and in the afternoon, one doorbell for each person whom a step would ring; returns how many."""
    now, fixed = deps.clock.now(), pinned(deps)
    day = local_day(now)
    if not is_time(now) or await deps.store.read(lambda tx: tx.readiness.is_drilled(day)):
        return 0
    rung = await deps.store.write(lambda tx: _ring(tx, fixed, now))
    deps.bells.ring()
    return rung


def see(tx: Tx, deps: Deps, person: PersonId, at: datetime) -> bool:
    """Somebody has looked at the drill of that day; False where they were not rung. Harmless the second time."""
    rung = tx.readiness.drills_of(person, local_day(at))
    for one in rung:
        if one.seen is None:
            tx.readiness.put_drill(
                replace(one, seen=at), fact(deps, one.organisation, KIND, at, by="samjour")
            )
    deps.gates.forget()
    return bool(rung)


def _ring(tx: Tx, deps: Deps, now: datetime) -> int:
    if tx.readiness.is_drilled(local_day(now)):
        return 0
    there, red = workers(tx, now), {one.person for one in unreached(tx, now)}
    rung = set[PersonId]()
    for own in organisations_at(deps.content().structure, now):
        for step in steps_at(own, now):
            for one in _drills(own, step, there, red, now):
                tx.readiness.put_drill(one, fact(deps, own.id, KIND, now, by="samjour"))
                rung |= {one.person} if one.person else set()
    for person in sorted(rung):
        reach(tx, deps, person, Kind.DRILL, ref=local_day(now).isoformat())
    return len(rung)


def _drills(
    own: Organisation, step: Step, there: tuple[Worker, ...], red: set[PersonId], now: datetime
) -> Iterator[Drill]:
    found = () if _is_at_other_hours(own, step, now) else _asked(own, step, there, now)
    able = tuple(person for person in found if person not in red)[: step.at_once]
    skipped = None if able else Skipped.RED if found else Skipped.NOBODY
    for person in able or (PersonId(""),):
        yield Drill(
            organisation=own.id,
            step=step.id,
            day=local_day(now),
            person=person,
            at=now,
            until=now + timedelta(seconds=step.seconds),
            skipped=skipped,
        )


def _asked(own: Organisation, step: Step, there: tuple[Worker, ...], now: datetime) -> tuple[PersonId, ...]:
    """Whom the step would ring now, the first first, for the plainest thing that it takes."""
    request = Request(
        officer=PersonId(""),
        district=DistrictId(""),
        matter=step.matters[0] if step.matters else Matter.OTHER,
        need=step.needs[0] if step.needs else Need.ADVICE,
        urgency=Urgency.NOW,
        at=now,
    )
    place = Place(organisation=own, area=None)
    return tuple(one.person for one in candidates(place, step, request, there, now, ()))


def _is_at_other_hours(own: Organisation, step: Step, now: datetime) -> bool:
    return step.when is (When.CLOSED if is_open(own.hours, now) else When.OPEN)
