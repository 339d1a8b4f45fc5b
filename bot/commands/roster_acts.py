"""What the commands about rosters from outside do with the database, wherever it is open."""

import re
from datetime import timedelta
from typing import Final

from bot.app import Samjour
from bot.commands import given
from bot.commands.given import Args
from bot.core.errors import BadInput
from bot.core.feed import EVERY, Feed, FeedId, Format, Look, rounds
from bot.core.hours import STOCKHOLM
from bot.core.ids import OrganisationId
from bot.core.places import organisation
from bot.core.roster_files import SOURCE
from bot.core.roster_preview import NOTHING, Preview, preview_to_dict
from bot.flow import feeds, roster_import
from bot.flow.deps import fresh_id
from bot.flow.ports import Tx
from bot.flow.roster_import import Given

BY: Final = "command line"
_MINUTE: Final = timedelta(minutes=1)


async def roster_put(samjour: Samjour, args: Args) -> dict[str, object]:
    """Put a roster file's shifts in the place of what the same source said before. All or nothing."""
    given = _given(samjour, args)
    changed = await roster_import.put_file(samjour.deps, given, BY)
    return {"organisation": given.organisation, "source": given.source, **_counts(changed)}


async def roster_preview(samjour: Samjour, args: Args) -> dict[str, object]:
    """What importing a file now would change; its faults, each with its line."""
    given = _given(samjour, args)
    named = {"organisation": given.organisation, "source": given.source}
    try:
        found = await samjour.store.read(lambda tx: roster_import.preview(tx, samjour.deps, given))
    except BadInput as error:
        return {**named, **preview_to_dict(NOTHING), "faults": str(error).splitlines()}
    return {**named, **preview_to_dict(found)}


async def feed_add(samjour: Samjour, args: Args) -> dict[str, object]:
    """Fetch a roster from now on, and at once."""
    deps, now = samjour.deps, samjour.deps.clock.now()
    every = args.get("every")
    feed = Feed(
        id=FeedId(fresh_id(now, deps.entropy)),
        organisation=_organisation(samjour, args),
        label=given.text(args, "label"),
        url=given.text(args, "url"),
        format=_format(args),
        every=every * _MINUTE if isinstance(every, int) else EVERY,
        made=now,
        by=BY,
    )
    await samjour.store.write(lambda tx: feeds.add(tx, deps, feed, samjour.fetcher.inside))
    return await _looked(samjour, feed)


async def feed_list(samjour: Samjour, args: Args) -> dict[str, object]:
    """An organisation's feeds and what came of the last looks; never an address."""
    own = _organisation(samjour, args)

    def ask(tx: Tx) -> list[dict[str, object]]:
        return [_shown(samjour, feed, tx.feeds.look(feed.id)) for feed in tx.feeds.of(own)]

    return {"feeds": await samjour.store.read(ask)}


async def feed_look(samjour: Samjour, args: Args) -> dict[str, object]:
    """Look at a feed now."""
    return await _looked(samjour, await samjour.store.read(lambda tx: _feed(tx, args)))


async def feed_remove(samjour: Samjour, args: Args) -> dict[str, object]:
    """Look at a feed no more; its shifts stay, unless they are to go."""
    deps = samjour.deps

    def act(tx: Tx) -> tuple[Feed, Preview]:
        feed = _feed(tx, args)
        feeds.end(tx, deps, feed, BY)
        return feed, feeds.drop_shifts(tx, deps, feed, BY) if args.get("drop") is True else NOTHING

    feed, changed = await samjour.store.write(act)
    deps.bells.ring()
    return {"feed": feed.id, "organisation": feed.organisation, "removed": len(changed.removed)}


async def _looked(samjour: Samjour, feed: Feed) -> dict[str, object]:
    found = await feeds.look_at(samjour.deps, samjour.fetcher, feed)
    changed = {} if found.changed is None else _counts(found.changed)
    return {**_shown(samjour, feed, found.look), **changed, "faults": list(found.faults)}


def _shown(samjour: Samjour, feed: Feed, look: Look | None) -> dict[str, object]:
    told: dict[str, object] = {
        "feed": feed.id,
        "organisation": feed.organisation,
        "label": feed.label,
        "host": feed.host,
        "every": feed.every // _MINUTE,
        "outcome": None if look is None else look.outcome.value,
        "stale": rounds(feed, look, samjour.deps.clock.now()) > 0,
    }
    if look is not None:
        times = {"since": look.since, "good": look.good, "looked": look.at}
        told |= {name: at and at.astimezone(STOCKHOLM).isoformat() for name, at in times.items()}
    return told


def _counts(changed: Preview) -> dict[str, object]:
    named = {"added": len(changed.added), "moved": len(changed.moved)}
    kept = sum(named.values()) + changed.unchanged
    return {"shifts": kept, **named, "removed": len(changed.removed), "short_rest": len(changed.short_rest)}


def _given(samjour: Samjour, args: Args) -> Given:
    source = given.text(args, "source")
    if not re.fullmatch(SOURCE, source):
        raise BadInput("--source: is small letters, digits, . _ and -, at most 60")
    data = given.text(args, "data", empty=True).encode("utf-8", "surrogateescape")
    own = _organisation(samjour, args)
    return Given(organisation=own, source=source, format=_format(args), data=data)


def _organisation(samjour: Samjour, args: Args) -> OrganisationId:
    return organisation(samjour.deps.content().structure, given.text(args, "org")).id


def _format(args: Args) -> Format:
    try:
        return Format(given.text(args, "format"))
    except ValueError:
        raise BadInput(f"format: is one of {', '.join(Format)}") from None


def _feed(tx: Tx, args: Args) -> Feed:
    found = tx.feeds.get(FeedId(given.text(args, "feed")))
    if found is None or found.ended is not None:
        raise BadInput("there is no feed with that id")
    return found


ACTS: Final = {
    "roster-import": roster_put,
    "roster-preview": roster_preview,
    "feed-add": feed_add,
    "feed-list": feed_list,
    "feed-look": feed_look,
    "feed-remove": feed_remove,
}
