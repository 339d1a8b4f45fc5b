"""Looks each minute whom to ask before their shift, and each afternoon whether to drill."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.core.checks import Due
from bot.flow import checks
from bot.flow.deps import Deps, pinned
from bot.flow.drills import drill
from bot.flow.ports import Tx
from bot.flow.records_readiness import Check

log = logging.getLogger(__name__)
EVERY: Final = timedelta(minutes=1)


async def keep_checking(deps: Deps) -> None:
    """Look until cancelled, for the first time after a minute: who comes back with us has time to be there again."""
    while True:
        await deps.clock.sleep(EVERY)
        await check(deps)
        await drill(deps)


async def check(deps: Deps) -> int:
    """See to what is due now, the longest overdue first, each in an act of its own; returns how many there were.

    What a lost timer would have looked at is looked at here.
    """
    now = deps.clock.now()
    late, due = await deps.store.read(lambda tx: (_late(tx, now), checks.due_now(tx, now)))
    for one in late:
        await _act(deps, partial(_look, deps=deps, check=one, now=now))
    for one_due in due:
        await _act(deps, partial(_begin, deps=deps, due=one_due, now=now))
    if late or due:
        deps.bells.ring()
    return len(late) + len(due)


async def _act(deps: Deps, act: "partial[None]") -> None:
    try:
        await deps.store.write(act)
    except Exception as error:  # noqa: BLE001 - one must not stop the others; it is looked at again in a minute
        log.warning("check waits", extra={"kind": type(error).__name__})


def _late(tx: Tx, now: datetime) -> tuple[Check, ...]:
    return tuple(one for one in tx.readiness.open_checks() if one.until <= now)


def _look(tx: Tx, *, deps: Deps, check: Check, now: datetime) -> None:
    checks.look(tx, pinned(deps), check.id, now)


def _begin(tx: Tx, *, deps: Deps, due: Due, now: datetime) -> None:
    if due in checks.due_now(tx, now):  # nobody has begun it meanwhile
        checks.begin(tx, pinned(deps), due, now)
