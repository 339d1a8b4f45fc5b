"""Rosters that are fetched: where they are, and what came of the last looks."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import instant_to_text
from bot.core.feed import Feed, FeedId, Format, Look, Outcome
from bot.core.ids import OrganisationId
from bot.flow.records import Entry
from bot.store.cipher import FieldCipher
from bot.store.facts import Columns, Facts, base64_of
from bot.store.feed_tables import feed_looks, feeds

_SECOND: Final = timedelta(seconds=1)
_PUT = upsert(feeds)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[feeds.c.id],
    set_={column.name: _PUT.excluded[column.name] for column in feeds.c if not column.primary_key},
)
_PUT_LOOK = upsert(feed_looks)
_PUT_LOOK = _PUT_LOOK.on_conflict_do_update(
    index_elements=[feed_looks.c.feed],
    set_={column.name: _PUT_LOOK.excluded[column.name] for column in feed_looks.c if not column.primary_key},
)
_GET = select(feeds).where(feeds.c.id == bindparam("named"))
_ALL = select(feeds).where(feeds.c.ended.is_(None)).order_by(feeds.c.id)
_OF = _ALL.where(feeds.c.organisation == bindparam("of"))
_LOOK = select(feed_looks).where(feed_looks.c.feed == bindparam("named"))


class SqlFeeds:
    """Implements `Feeds` over one transaction."""

    def __init__(self, connection: Connection, cipher: FieldCipher) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._cipher = cipher
        self._facts = Facts(connection)

    def put(self, feed: Feed, entry: Entry) -> None:
        """Add or change a feed. Its address is encrypted before it comes near a row."""
        row = _feed_row(feed, self._cipher)
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "feeds", put=dict([feed_fact(row)]))

    def get(self, feed: FeedId) -> Feed | None:
        """One feed, ended or not."""
        row = self._connection.execute(_GET, {"named": feed}).one_or_none()
        return None if row is None else self._feed(row)

    def all(self) -> tuple[Feed, ...]:
        """Every feed that has not ended, by id."""
        return tuple(self._feed(row) for row in self._connection.execute(_ALL))

    def of(self, organisation: OrganisationId) -> tuple[Feed, ...]:
        """Those of one organisation that have not ended, by id."""
        return tuple(self._feed(row) for row in self._connection.execute(_OF, {"of": organisation}))

    def look(self, feed: FeedId) -> Look | None:
        """What came of the last look that was written down."""
        row = self._connection.execute(_LOOK, {"named": feed}).one_or_none()
        return None if row is None else _look(row)

    def put_look(self, look: Look, entry: Entry) -> None:
        """From now on this is the last look."""
        row = _look_row(look)
        self._connection.execute(_PUT_LOOK, row)
        self._facts.record(entry, "feed_looks", put=dict([feed_look_fact(row)]))

    def _feed(self, row: Row[Any]) -> Feed:  # SQLAlchemy types a row's columns no closer
        return Feed(
            id=FeedId(row.id),
            organisation=OrganisationId(row.organisation),
            label=row.label,
            url=self._cipher.open_at("feeds", row.id, "url", row.url),
            format=Format(row.format),
            every=row.every * _SECOND,
            made=row.made,
            by=row.by,
            ended=row.ended,
        )


def feed_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a feed: all of it, its address only as the row has it, encrypted."""
    told = {
        **{name: row[name] for name in ("organisation", "label", "format", "every", "by")},
        "url": base64_of(row["url"].content),
        "made": instant_to_text(row["made"]),
        "ended": _instant(row["ended"]),
    }
    return row["id"], told


def feed_look_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a look: all of it."""
    told = {
        **{name: row[name] for name in ("outcome", "etag", "modified", "digest", "shifts", "faults", "told")},
        **{name: _instant(row[name]) for name in ("at", "since", "good", "whole")},
    }
    return row["feed"], told


def _instant(at: Any) -> str | None:  # noqa: ANN401 - a column's value
    return None if at is None else instant_to_text(at)


def _feed_row(feed: Feed, cipher: FieldCipher) -> Columns:
    return {
        "id": feed.id,
        "organisation": feed.organisation,
        "label": feed.label,
        "url": cipher.seal_at("feeds", feed.id, "url", feed.url),
        "format": feed.format.value,
        "every": feed.every // _SECOND,
        "made": feed.made,
        "by": feed.by,
        "ended": feed.ended,
    }


def _look_row(look: Look) -> Columns:
    return {
        "feed": look.feed,
        "at": look.at,
        "outcome": look.outcome.value,
        "since": look.since,
        "good": look.good,
        "whole": look.whole,
        "etag": look.etag,
        "modified": look.modified,
        "digest": look.digest,
        "shifts": look.shifts,
        "faults": look.faults,
        "told": look.told,
    }


def _look(row: Row[Any]) -> Look:
    return Look(
        feed=FeedId(row.feed),
        at=row.at,
        outcome=Outcome(row.outcome),
        since=row.since,
        good=row.good,
        whole=row.whole,
        etag=row.etag,
        modified=row.modified,
        digest=row.digest,
        shifts=row.shifts,
        faults=row.faults,
        told=row.told,
    )
