"""What has arrived and is not yet handled; each native update once."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.flow.records import Arrival
from bot.store.tables import inbox

_PUT = upsert(inbox).on_conflict_do_nothing(index_elements=[inbox.c.channel, inbox.c.native_id])
_WAITING = select(inbox).where(inbox.c.body.is_not(None)).order_by(inbox.c.position).limit(bindparam("most"))
_ONE = (
    (inbox.c.channel == bindparam("on")) & (inbox.c.native_id == bindparam("of")) & inbox.c.body.is_not(None)
)
_FAILED = update(inbox).where(_ONE).values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
_DONE = update(inbox).where(_ONE).values(body=None)
_FORGET = delete(inbox).where(inbox.c.body.is_(None), inbox.c.at < bindparam("before"))


class SqlInbox:
    """Implements `Inbox` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection

    def put(self, arrival: Arrival) -> bool:
        """Keep it; False if `(channel, native_id)` was seen before, handled or not."""
        row = {
            "channel": arrival.channel,
            "native_id": arrival.native_id,
            "body": arrival.body,
            "at": arrival.at,
            "attempts": arrival.attempts,
        }
        return self._connection.execute(_PUT, row).rowcount == 1

    def waiting(self, limit: int) -> tuple[Arrival, ...]:
        """Those not yet handled, in order of arrival."""
        return tuple(
            Arrival(
                channel=row.channel, native_id=row.native_id, body=row.body, at=row.at, attempts=row.attempts
            )
            for row in self._connection.execute(_WAITING, {"most": limit})
        )

    def failed(self, channel: str, native_id: str) -> int:
        """Count one more failed attempt; returns how many, 0 if it is no longer waiting."""
        attempts = self._connection.execute(_FAILED, {"on": channel, "of": native_id}).scalar()
        return attempts or 0

    def done(self, channel: str, native_id: str) -> bool:
        """Forget its body, and remember only that it came; False if it was already handled or never came."""
        return self._connection.execute(_DONE, {"on": channel, "of": native_id}).rowcount == 1

    def forget(self, before: datetime) -> int:
        """Forget that what was handled before then ever came; returns how many."""
        return self._connection.execute(_FORGET, {"before": before}).rowcount
