"""Wakes for deadlines: each is worked off at its instant, and after a restart at once, in order."""

import asyncio
import logging
from datetime import timedelta

from bot.core.ids import ConsultationId
from bot.flow.advance import overdue
from bot.flow.deps import Deps
from bot.flow.ports import Tx

log = logging.getLogger(__name__)
PAUSE = timedelta(seconds=1)  # before trying again what failed
BATCH = 200  # deadlines worked off before looking at the clock again


async def wake(deps: Deps) -> None:
    """Work off deadlines until cancelled."""
    while True:
        deps.bells.deadlines.clear()
        worked, failed = await pass_deadlines(deps)
        if worked == 0:
            until = await deps.store.read(lambda tx: tx.consultations.next_due())
            await deps.clock.wait(deps.bells.deadlines, deps.clock.now() + PAUSE if failed else until)


async def pass_deadlines(deps: Deps) -> tuple[int, int]:
    """Work off what is due now, the longest overdue first; returns how many were, and how many failed."""
    now = deps.clock.now()
    due = await deps.store.read(lambda tx: tx.consultations.overdue(now, BATCH))
    outcomes = await asyncio.gather(*(_pass(deps, c.id) for c in due))
    if due:
        deps.bells.ring()
    return outcomes.count(True), outcomes.count(False)


async def _pass(deps: Deps, consultation: ConsultationId) -> bool:
    def act(tx: Tx) -> None:
        now = deps.clock.now()
        c = tx.consultations.get(consultation)
        if c is not None and c.due is not None and c.due <= now:
            overdue(tx, deps, c, now)

    try:
        await deps.store.write(act)
    except Exception as error:  # noqa: BLE001 - one that breaks must not stop the others
        log.warning("deadline waits", extra={"consultation": consultation, "kind": type(error).__name__})
        return False
    return True
