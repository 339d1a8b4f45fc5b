"""Fetches rosters on a schedule: what is good takes effect at once, what is not leaves the last good one and is told."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.core.errors import BadInput, NotNow
from bot.core.feed import (
    MOST_FEEDS,
    Feed,
    FeedId,
    Found,
    Look,
    NotFetched,
    Outcome,
    age,
    check_feed,
    is_due,
    is_news,
    looked,
    rounds,
    wants_whole,
)
from bot.core.hours import holds, local_day
from bot.core.ids import PersonId
from bot.core.people import Role
from bot.core.roster_files import NotARoster, Written
from bot.core.roster_preview import Preview
from bot.flow.deps import Deps, pinned
from bot.flow.ports import Tx
from bot.flow.ports_feeds import Fetched, Fetcher
from bot.flow.record import fact, reply
from bot.flow.roster_import import Given, read_roster, take

log = logging.getLogger(__name__)
KIND: Final = "feed"
BY: Final = "feed"
EVERY: Final = timedelta(minutes=1)  # how often it is asked which feeds are due
AT_ONCE: Final = 4  # feeds looked at at one time
_TOLD: Final = (frozenset({Role.COORDINATOR}), frozenset({Role.COORDINATOR, Role.SUPERVISOR}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of a look: what is known of the feed now, what that changed, and lines for whoever keeps the roster."""

    look: Look
    changed: Preview | None = None
    faults: tuple[str, ...] = ()


async def keep_feeds(deps: Deps, fetcher: Fetcher, last: dict[FeedId, datetime]) -> None:
    """Look at every feed when it is due, until cancelled. `last`: when each was looked at; filled as we go."""
    while True:
        await look_at_due(deps, fetcher, last)
        await deps.clock.sleep(EVERY)


async def look_at_due(deps: Deps, fetcher: Fetcher, last: dict[FeedId, datetime]) -> int:
    """Look at the feeds that are due, a few at a time; returns how many."""
    now = deps.clock.now()
    feeds = await deps.store.read(lambda tx: tx.feeds.all())
    due = [feed for feed in feeds if is_due(feed, last.get(feed.id), now)]
    last.update({feed.id: now for feed in due})
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(feed: Feed) -> None:
        async with turn:
            await look_at(deps, fetcher, feed)

    await asyncio.gather(*(one(feed) for feed in due))
    return len(due)


async def look_at(deps: Deps, fetcher: Fetcher, feed: Feed) -> Looked:
    """Look at one feed now; all of what it says takes effect, or nothing."""
    before = await deps.store.read(lambda tx: tx.feeds.look(feed.id))
    try:
        result = await _look(deps, fetcher, feed, before)
    except NotFetched as error:
        result = await _failed(deps, feed, error.outcome, error.faults)
    except NotARoster as error:
        result = await _failed(deps, feed, Outcome.NOT_A_ROSTER, tuple(str(error).splitlines()))
    except BadInput as error:
        result = await _failed(deps, feed, Outcome.FAULTS, tuple(str(error).splitlines()))
    if result.look.outcome is not Outcome.GOOD:
        log.warning("feed not good", extra={"kind": result.look.outcome.value})
    deps.bells.ring()
    return result


def add(tx: Tx, deps: Deps, feed: Feed, inside: frozenset[str] = frozenset()) -> None:
    """Look at this feed from now on. Raises BadInput for what is none, NotNow where there are too many."""
    check_feed(feed, inside)
    if len(tx.feeds.of(feed.organisation)) >= MOST_FEEDS:
        raise NotNow(f"an organisation has at most {MOST_FEEDS} feeds")
    tx.feeds.put(feed, fact(deps, feed.organisation, KIND, feed.made, by=feed.by))


def end(tx: Tx, deps: Deps, feed: Feed, by: str) -> None:
    """Look at it no more; its shifts stay until something else is put in their place."""
    now = deps.clock.now()
    tx.feeds.put(replace(feed, ended=now), fact(deps, feed.organisation, KIND, now, by=by))


def drop_shifts(tx: Tx, deps: Deps, feed: Feed, by: str) -> Preview:
    """Take away what a feed has said of what has not ended."""
    given = Given(organisation=feed.organisation, source=feed.source, format=feed.format, data=b"")
    return take(tx, deps, given, (), by)


async def _look(deps: Deps, fetcher: Fetcher, feed: Feed, before: Look | None) -> Looked:
    known = None if wants_whole(before, deps.clock.now()) else before
    named = {} if known is None else {"etag": known.etag, "modified": known.modified}
    fetched = await fetcher.fetch(feed.url, **named)
    digest = "" if fetched.body is None else sha256(fetched.body).hexdigest()
    if fetched.body is None or (known is not None and digest == known.digest):
        as_it_was = Found(outcome=Outcome.GOOD)
        return Looked(look=await deps.store.write(lambda tx: _note(tx, deps, feed, as_it_was)))
    given = Given(organisation=feed.organisation, source=feed.source, format=feed.format, data=fetched.body)
    written = await deps.store.read(lambda tx: read_roster(tx, pinned(deps), given))
    return await deps.store.write(lambda tx: _take(tx, pinned(deps), feed, given, written, fetched, digest))


def _take(
    tx: Tx,
    deps: Deps,
    feed: Feed,
    given: Given,
    written: Sequence[Written],
    fetched: Fetched,
    digest: str,
) -> Looked:
    now = deps.clock.now()
    coming = [one for one in written if one.shift.ends > now]
    if not _goes_on(tx, feed):
        raise NotFetched(Outcome.REFUSED)
    if not coming and tx.rosters.of_source(feed.organisation, feed.source, now):
        raise NotFetched(Outcome.EMPTY)
    changed = take(tx, deps, given, written, BY)
    found = Found(
        outcome=Outcome.GOOD,
        whole=True,
        etag=fetched.etag,
        modified=fetched.modified,
        digest=digest,
        shifts=len(coming),
    )
    return Looked(look=_note(tx, deps, feed, found), changed=changed)


async def _failed(deps: Deps, feed: Feed, outcome: Outcome, faults: tuple[str, ...]) -> Looked:
    found = Found(outcome=outcome, faults=len(faults))
    return Looked(look=await deps.store.write(lambda tx: _note(tx, deps, feed, found)), faults=faults)


def _goes_on(tx: Tx, feed: Feed) -> bool:
    """Whether it is still looked at: somebody may have ended it while it was fetched."""
    known = tx.feeds.get(feed.id)
    return known is not None and known.ended is None


def _note(tx: Tx, deps: Deps, feed: Feed, found: Found) -> Look:
    """What is known of the feed now; written down when it is news, and told when it has been so for too long."""
    now, before = deps.clock.now(), tx.feeds.look(feed.id)
    after = looked(feed, before, found, now)
    if not _goes_on(tx, feed):
        return after
    after = _told(tx, deps, feed, after, now)
    if is_news(before, after):
        tx.feeds.put_look(after, fact(deps, feed.organisation, KIND, now, by=BY))
    return after


def _told(tx: Tx, deps: Deps, feed: Feed, look: Look, now: datetime) -> Look:
    """Tell whoever keeps the roster, once, and later whoever answers for the organisation."""
    due = rounds(feed, look, now)
    if due <= look.told:
        return look
    keepers = _keepers(tx, feed, _TOLD[due - 1], now)
    if not keepers:
        log.warning("nobody to tell of a feed that is not good", extra={"kind": KIND})
        return look
    hours = str(age(feed, look, now) // timedelta(hours=1))
    for person in keepers:
        for address in tx.people.addresses(person):
            reply(tx, deps, person, address.channel, "roster.feed_stale", feed=feed.label, hours=hours)
    return replace(look, told=due)


def _keepers(tx: Tx, feed: Feed, roles: frozenset[Role], now: datetime) -> list[PersonId]:
    day, reached = local_day(now), tx.people.reachable()
    return [
        person.id
        for person in tx.people.posted(feed.organisation, roles)
        if person.active and person.id in reached
        if any(
            p.organisation == feed.organisation and p.role in roles and holds(day, p.valid_from, p.valid_to)
            for p in person.postings
        )
    ]
