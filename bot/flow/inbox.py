"""The inbox: what a channel brings is sealed and kept before it is acknowledged, then handled once."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.core.errors import SamjourError, Unavailable
from bot.flow.deps import Deps
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.receive import receive, refuse
from bot.flow.records import Arrival
from bot.seal.errors import SealError
from bot.seal.inbox import open_inbox, seal_inbox
from bot.seal.plain import Plain

log = logging.getLogger(__name__)
BATCH = 200  # arrivals handled at once
TRIES = 3  # before a message that breaks us is given up, and its sender told
PAUSE = timedelta(seconds=1)  # before trying again what failed

Understand = Callable[[Plain, datetime], Inbound | None]


async def keep(deps: Deps, channel: str, native_id: str, body: Plain) -> None:
    """Keep a native message, sealed to the bridge; returns once that is durable. The second time is harmless."""
    sealed = seal_inbox(deps.keys.bridge.public, channel=channel, native_id=native_id, body=body)
    arrival = Arrival(channel=channel, native_id=native_id, body=sealed, at=deps.clock.now())
    await deps.store.write(lambda tx: tx.inbox.put(arrival))
    deps.bells.inbox.set()


async def handle(deps: Deps, channels: Mapping[str, Understand]) -> None:
    """Handle what has arrived until cancelled."""
    while True:
        deps.bells.inbox.clear()
        handled, failed = await handle_waiting(deps, channels)
        if handled == 0:
            until = deps.clock.now() + PAUSE if failed else None
            await deps.clock.wait(deps.bells.inbox, until)


async def handle_waiting(deps: Deps, channels: Mapping[str, Understand]) -> tuple[int, int]:
    """Handle what waits now, in the order of arrival; returns how many were handled and how many failed."""
    waiting = await deps.store.read(lambda tx: tx.inbox.waiting(BATCH))
    # Acts run in the order in which they are handed over, so each person's messages keep theirs.
    outcomes = await asyncio.gather(*(_handle(deps, channels, arrival) for arrival in waiting))
    if waiting:
        deps.bells.ring()
    return outcomes.count(True), outcomes.count(False)


async def _handle(deps: Deps, channels: Mapping[str, Understand], arrival: Arrival) -> bool:
    inbound = _understand(deps, channels, arrival)
    if inbound is None:
        await deps.store.write(lambda tx: tx.inbox.done(arrival.channel, arrival.native_id))
        return True
    try:
        await deps.store.write(lambda tx: receive(tx, deps, inbound))
    except Unavailable as error:
        return await _failed(deps, inbound, error)
    except (SamjourError, SealError) as error:
        return await _refuse(deps, inbound, error)
    except Exception as error:  # noqa: BLE001 - one broken message must not stop the others
        return await _failed(deps, inbound, error)
    return True


async def _refuse(deps: Deps, inbound: Inbound, error: SamjourError | SealError) -> bool:
    log.info("refused", extra={"channel": inbound.channel, "kind": type(error).__name__})
    try:
        await deps.store.write(lambda tx: refuse(tx, deps, inbound, error))
    except Exception as again:  # noqa: BLE001 - likewise
        log.warning("not handled", extra={"channel": inbound.channel, "kind": type(again).__name__})
        return False
    return True


async def _failed(deps: Deps, inbound: Inbound, error: Exception) -> bool:
    """Count the failure; after some, give up and say so to whoever wrote."""
    log.error("broke", extra={"channel": inbound.channel, "kind": type(error).__name__})

    def act(tx: Tx) -> int:
        return tx.inbox.failed(inbound.channel, inbound.native_id)

    if await deps.store.write(act) < TRIES:
        return False
    return await _refuse(deps, inbound, SamjourError("given up"))


def _understand(deps: Deps, channels: Mapping[str, Understand], arrival: Arrival) -> Inbound | None:
    understand = channels.get(arrival.channel)
    if understand is None or arrival.body is None:
        return None
    try:
        plain = open_inbox(
            arrival.body, channel=arrival.channel, native_id=arrival.native_id, secret=deps.keys.bridge
        )
    except SealError as error:
        log.warning("unreadable", extra={"channel": arrival.channel, "kind": type(error).__name__})
        return None
    try:
        return understand(plain, arrival.at)
    except Exception as error:  # noqa: BLE001 - whatever it is, those after it must not wait for it
        log.warning("not understood", extra={"channel": arrival.channel, "kind": type(error).__name__})
        return None
