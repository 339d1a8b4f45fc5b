"""Wakes for deadlines, for timers, and for shifts that begin or end: each at its instant, and after a restart at once, in order."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.core.hours import day_minute, local_day
from bot.core.ids import ConsultationId, PersonId
from bot.flow.advance import overdue, set_free
from bot.flow.changed import duty_changed, load_changed, turned
from bot.flow.deps import Deps, pinned
from bot.flow.ports import Tx
from bot.flow.situation import Situation, attendance
from bot.flow.timed import pass_timers

log = logging.getLogger(__name__)
PAUSE = timedelta(seconds=1)  # before trying again what failed
BATCH = 200  # deadlines worked off before looking at the clock again
TOGETHER = 50  # of them in one act, for which everybody's situation is read once
_DAY = timedelta(days=1)


async def wake(deps: Deps) -> None:
    """Work off deadlines, timers, and what begins and ends, until cancelled."""
    looked: datetime | None = None
    while True:
        deps.bells.deadlines.clear()
        worked, failed = await pass_deadlines(deps)
        worked += await pass_timers(deps)
        now = deps.clock.now()
        if await pass_edges(deps, looked, now):
            looked = now
        else:
            failed += 1
        if worked == 0:
            until = await deps.store.read(partial(_next, after=now))
            await deps.clock.wait(deps.bells.deadlines, deps.clock.now() + PAUSE if failed else until)


async def pass_deadlines(deps: Deps) -> tuple[int, int]:
    """Work off what is due now, the longest overdue first; returns how many were, and how many failed."""
    now = deps.clock.now()
    due = [c.id for c in await deps.store.read(lambda tx: tx.consultations.overdue(now, BATCH))]
    groups = [due[n : n + TOGETHER] for n in range(0, len(due), TOGETHER)]
    outcomes = [
        one for passed in await asyncio.gather(*(_pass(deps, some) for some in groups)) for one in passed
    ]
    if due:
        deps.bells.ring()
    return outcomes.count(True), outcomes.count(False)


async def pass_edges(deps: Deps, looked: datetime | None, now: datetime) -> bool:
    """See to what follows from shifts that began or ended since somebody looked (None: long ago); False when it failed."""

    def act(tx: Tx) -> None:
        if looked is None or local_day(looked) != local_day(
            now
        ):  # postings, vetting and the map change with the day
            duty_changed(tx, pinned(deps), now)
        people = turned(attendance(tx, looked), attendance(tx, now)) if looked is not None else ()
        if people:
            duty_changed(tx, pinned(deps), now, people)

    if looked is not None and not await deps.store.read(lambda tx: _next_edge(tx, looked) <= now):
        return True
    try:
        await deps.store.write(act)
    except Exception as error:  # noqa: BLE001 - deadlines go on, whatever is wrong with a roster
        log.warning("edge waits", extra={"kind": type(error).__name__})
        return False
    deps.bells.outbox.set()
    return True


async def _pass(deps: Deps, consultations: Sequence[ConsultationId]) -> list[bool]:
    """Some in one act; if one of them breaks, each in its own: it must not stop the others."""

    def act(tx: Tx) -> None:
        fixed, found, free = pinned(deps), None, set[PersonId]()
        for one in consultations:
            found = _pass_one(tx, fixed, one, found, free)
        load_changed(tx, fixed, fixed.clock.now(), free, found)

    try:
        await deps.store.write(act)
    except Exception as error:  # noqa: BLE001 - see above
        if len(consultations) > 1:
            return [ok for one in consultations for ok in await _pass(deps, [one])]
        log.warning("deadline waits", extra={"consultation": consultations[0], "kind": type(error).__name__})
        return [False]
    return [True] * len(consultations)


def _pass_one(
    tx: Tx, deps: Deps, consultation: ConsultationId, found: Situation | None, free: set[PersonId]
) -> Situation | None:
    now, c = deps.clock.now(), tx.consultations.get(consultation)
    if c is None or c.due is None or c.due > now:
        return found
    after, found = overdue(tx, deps, c, now, found)
    free |= set_free(c, after)
    return found


def _next(tx: Tx, after: datetime) -> datetime:
    dues = (tx.consultations.next_due(), tx.timers.next_due())
    return min([_next_edge(tx, after), *(due for due in dues if due is not None)])


def _next_edge(tx: Tx, after: datetime) -> datetime:
    midnight = day_minute(local_day(after) + _DAY, 0)
    edge = tx.rosters.next_edge(after)
    return midnight if edge is None else min(edge, midnight)
