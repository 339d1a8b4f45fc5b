"""Works off timers: what happens at each, in the transaction that forgets it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.flow import checks, shift_end, waking_offers
from bot.flow.deps import Deps, pinned
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.ring_again import ring_again

log = logging.getLogger(__name__)
BATCH: Final = 200  # timers worked off before looking at the clock again
AGAIN: Final = timedelta(seconds=5)  # until one that failed is tried anew; those after it do not wait

Handler = Callable[[Tx, Deps, str, datetime], None]

# Each looks at how things stand before it does anything: a timer that came late, or twice, does no harm.
HANDLERS: Final[Mapping[TimerKind, Handler]] = {
    TimerKind.SHIFT_ENDS: shift_end.look,
    TimerKind.TALK_LEFT: shift_end.number,
    TimerKind.WAKING: waking_offers.look,
    TimerKind.CHECK: checks.look,
    TimerKind.RING_AGAIN: ring_again,
}


async def pass_timers(deps: Deps, handlers: Mapping[TimerKind, Handler] = HANDLERS) -> int:
    """Work off what is due now, the longest overdue first; returns how many were. What fails is tried anew."""
    now = deps.clock.now()
    due = await deps.store.read(lambda tx: tx.timers.overdue(now, BATCH))
    await asyncio.gather(*(_pass(deps, timer, handlers[timer.kind], now) for timer in due))
    if due:
        deps.bells.ring()
    return len(due)


async def _pass(deps: Deps, timer: Timer, handle: Handler, now: datetime) -> None:
    def act(tx: Tx) -> None:
        if tx.timers.get(timer.kind, timer.ref) != timer:
            return  # moved, or dropped, by an act before this one
        tx.timers.drop(timer.kind, timer.ref)
        handle(tx, pinned(deps), timer.ref, now)

    try:
        await deps.store.write(act)
    except Exception as error:  # noqa: BLE001 - one must not stop the others
        log.warning("timer waits", extra={"timer": timer.kind.value, "kind": type(error).__name__})
        later = Timer(kind=timer.kind, ref=timer.ref, due=now + AGAIN)
        await deps.store.write(lambda tx: tx.timers.put(later))
