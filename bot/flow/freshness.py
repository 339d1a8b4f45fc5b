"""Tells the owners of articles that they have expired: once for each article and last day, and not a word of them."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from bot.core.hours import local_day
from bot.core.ids import PersonId
from bot.core.library.freshness import Expiry, expired, is_time, keepers, untold
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact, reply

log = logging.getLogger(__name__)
KIND: Final = "freshness"
EVERY: Final = timedelta(hours=1)  # how often it is asked whether somebody has to be told
NAMED: Final = 20  # ids in one notice; the rest is counted


async def keep_fresh(deps: Deps) -> None:
    """Tell owners what has expired, each day in the morning, until cancelled."""
    while True:
        await look(deps)
        await deps.clock.sleep(EVERY)


async def look(deps: Deps) -> int:
    """Tell owners what has expired and nobody was told of; returns how many articles were told of.

    Where nobody can be told it stays untold, is logged, and is tried again.
    """
    now = deps.clock.now()
    if not is_time(now) or not await deps.store.read(lambda tx: _untold(tx, deps, now)):
        return 0
    told, left = await deps.store.write(lambda tx: _tell(tx, deps, now))
    if left:
        log.warning("nobody to tell of expired articles", extra={"kind": KIND})
    deps.bells.ring()
    return told


def _untold(tx: Tx, deps: Deps, now: datetime) -> tuple[Expiry, ...]:
    return untold(expired(deps.content().library.articles, local_day(now)), tx.publishing.told())


def _tell(tx: Tx, deps: Deps, now: datetime) -> tuple[int, int]:
    """One notice to each keeper of what they keep; returns how many articles were told of, and how many were not."""
    expiries, reached = _untold(tx, deps, now), tx.people.reachable()
    people, structure = tx.people.all(), deps.content().structure
    theirs: dict[PersonId, list[Expiry]] = defaultdict(list)
    for expiry in expiries:
        for person in keepers(expiry, people, structure, now) & reached:
            theirs[person].append(expiry)
    for person, kept in sorted(theirs.items()):
        _notify(tx, deps, person, kept)
    told = {(expiry.article, expiry.last) for kept in theirs.values() for expiry in kept}
    if told:
        tx.publishing.put_told(told, now, fact(deps, deps.home, KIND, now, people=sorted(theirs)))
    return len(told), len(expiries) - len(told)


def _notify(tx: Tx, deps: Deps, person: PersonId, kept: list[Expiry]) -> None:
    """On every channel that reaches them: how many, and their ids, which say nothing to anybody else."""
    ids = ", ".join(expiry.article for expiry in kept[:NAMED]) + (" ..." if len(kept) > NAMED else "")
    for address in tx.people.addresses(person):
        reply(tx, deps, person, address.channel, "freshness.expired", count=str(len(kept)), articles=ids)
