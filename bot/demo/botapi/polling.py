"""getUpdates: the long poll, which only one may hold at a time."""

import asyncio
from contextlib import suppress

from bot.demo.botapi import methods, parameters
from bot.demo.botapi.changes import Changes
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.refusals import conflict
from bot.demo.botapi.shapes import Shape
from bot.demo.botapi.state import State

LONGEST_WAIT = 50  # seconds
LARGEST_BATCH = 100


class Polling:
    """The place where one poller waits; who comes later takes it over."""

    def __init__(self, state: State, changes: Changes) -> None:
        """Nobody waits yet."""
        self._state = state
        self._changes = changes
        self._holder = 0

    async def get_updates(self, given: Parameters) -> list[Shape]:
        """The updates from `offset` on; waits up to `timeout` seconds for the first; 409 on a conflict."""
        if self._state.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._holder += 1
        me = self._holder
        methods.allow(self._state, given)
        self._state.updates.confirm(parameters.integer(given, "offset", least=-(1 << 31), most=1 << 53))
        self._changes.tell()
        await self._wait(me, parameters.integer(given, "timeout", least=0, most=LONGEST_WAIT))
        self._still_mine(me)
        return self._state.updates.batch(
            parameters.integer(given, "limit", default=LARGEST_BATCH, least=1, most=LARGEST_BATCH)
        )

    async def _wait(self, me: int, seconds: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changes.until(lambda: self._is_over(me))

    def _is_over(self, me: int) -> bool:
        state = self._state
        return (
            self._changes.closed or me != self._holder or state.webhook is not None or state.updates.ready()
        )

    def _still_mine(self, me: int) -> None:
        if self._state.webhook is not None:
            raise conflict("terminated by setWebhook request")
        if me != self._holder:
            raise conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
