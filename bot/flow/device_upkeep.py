"""Keeps directories fresh: clients refuse one that is a day old, so each is published anew long before."""

import logging
from datetime import timedelta

from bot.core.errors import SamjourError
from bot.core.ids import OrganisationId
from bot.flow.deps import Deps
from bot.flow.device_directory import is_due, publish

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)


async def keep_directories(deps: Deps) -> None:
    """Renew what is due, now and then, until cancelled."""
    while True:
        await renew_directories(deps)
        await deps.clock.sleep(EVERY)


async def renew_directories(deps: Deps) -> int:
    """Publish anew each directory that is due; returns how many. One that cannot be published keeps back no other."""
    due = await deps.store.read(
        lambda tx: [o for o in deps.content().structure.organisations if is_due(tx, o, deps.clock.now())]
    )
    return sum([await _renew(deps, organisation) for organisation in due])


async def _renew(deps: Deps, organisation: OrganisationId) -> bool:
    try:
        await deps.store.write(lambda tx: publish(tx, deps, organisation, deps.clock.now()))
    except SamjourError as error:
        log.warning("directory not renewed", extra={"ledger": organisation, "kind": type(error).__name__})
        return False
    return True
