"""Runs a loop for ever: one that breaks is started again, and one that stands still is heard by its heart."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.core.errors import SamjourError
from bot.flow.deps import Deps
from bot.flow.hearts import HeardClock, Hearts

log = logging.getLogger(__name__)
RESTART: Final = timedelta(seconds=1)  # before a loop that broke is started again

Loop = Callable[[Deps], Awaitable[None]]  # each is given a clock that hears whether it goes round


async def forever(name: str, loop: Loop, deps: Deps, hearts: Hearts) -> None:
    """Run it until cancelled, or until it has done what it was there for: nobody waits for whom nobody woke."""
    heart = hearts.begin(name)
    heard = replace(deps, clock=HeardClock(clock=deps.clock, heart=heart))
    while await _broke(name, loop, heard):
        heart.broke()
        await deps.clock.sleep(RESTART)
    hearts.end(name)


async def _broke(name: str, loop: Loop, deps: Deps) -> bool:
    try:
        await loop(deps)
    except SamjourError as error:
        log.warning("loop stopped", extra={"loop": name, "kind": type(error).__name__})
    except Exception as error:  # noqa: BLE001 - the night goes on; the kind is logged, never the content
        log.error("loop broke", extra={"loop": name, "kind": type(error).__name__})  # noqa: TRY400 - a traceback may hold content
    else:
        return False
    return True
