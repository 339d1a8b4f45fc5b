"""Whether the rosters that an organisation has fetched are up to date, and why not."""

from datetime import timedelta

from bot.core.feed import age, rounds
from bot.core.places import Organisation
from bot.flow.ports import Tx
from bot.flow.status import Check
from bot.flow.words import Words


def fetched(tx: Tx, words: Words, board: Organisation) -> tuple[Check, ...]:
    """One check where rosters are fetched, none where they are not: the feed that was good longest ago is named."""
    known = [(feed, tx.feeds.look(feed.id)) for feed in tx.feeds.of(board.id)]
    if not known:
        return ()
    feed, look = max(known, key=lambda pair: age(pair[0], pair[1], words.now))
    said = {
        "count": str(len(known)),
        "feed": feed.label,
        "hours": str(age(feed, look, words.now) // timedelta(hours=1)),
        "why": words.say(f"roster.why.{'unreachable' if look is None else look.outcome}"),
    }
    stale = rounds(feed, look, words.now) > 0
    key = "feeds_stale" if stale else "feeds_good"
    return (
        Check(
            label=words.say("roster.ready.feeds"),
            ok=not stale,
            sentence=words.say(f"roster.ready.{key}", **said),
        ),
    )
