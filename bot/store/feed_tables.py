"""Rosters that are fetched: where they are, and what came of the last looks."""

from sqlalchemy import ForeignKey, Integer, Table, Text

from bot.store.columns import Instant, SealedBytes
from bot.store.metadata import METADATA, kept, key, maybe

feeds = Table(
    "feeds",
    METADATA,
    key("id", Text),
    kept("organisation", Text),  # whose roster it is
    kept("label", Text),
    kept("url", SealedBytes),  # whoever knows it can read the roster
    kept("format", Text),
    kept("every", Integer),  # seconds between looks
    kept("made", Instant),
    kept("by", Text),
    maybe("ended", Instant),
)

feed_looks = Table(
    "feed_looks",
    METADATA,
    key("feed", Text, ForeignKey("feeds.id")),
    kept("at", Instant),  # of the last look that was written down
    kept("outcome", Text),
    kept("since", Instant),  # when the outcome became this
    maybe("good", Instant),  # when it was last as it should be
    maybe("whole", Instant),  # when it was last read from the first line to the last
    kept("etag", Text),
    kept("modified", Text),
    kept("digest", Text),  # SHA-256 of what was read whole, hex
    kept("shifts", Integer),
    kept("faults", Integer),
    kept("told", Integer),  # how many rounds of people were told that it is stale
)
