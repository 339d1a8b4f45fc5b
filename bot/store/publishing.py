"""Which content is in force, what is under way meanwhile, and who was told of what has expired."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import decode_consultation, instant_to_text, to_json
from bot.core.consultation import Consultation, State
from bot.core.ids import ArticleId
from bot.flow.records import Entry
from bot.store.facts import Columns, Facts
from bot.store.publishing_tables import expiries, published
from bot.store.tables import consultations

_AT_A_TIME: Final = 256  # rows in memory
_OVER: Final = (State.CLOSED.value, State.ERASED.value)

_DIGEST = select(published.c.digest).order_by(published.c.number.desc()).limit(1)
_LAST = select(func.coalesce(func.max(published.c.number), 0))
_PUT_DIGEST = upsert(published)
_PUT_DIGEST = _PUT_DIGEST.on_conflict_do_update(
    index_elements=[published.c.digest],
    set_={"number": _PUT_DIGEST.excluded.number, "at": _PUT_DIGEST.excluded.at},
)
_UNCLOSED = select(consultations.c.body).where(consultations.c.state.not_in(_OVER))
_TOLD = select(expiries.c.article, expiries.c.last)
_PUT_TOLD = upsert(expiries).on_conflict_do_nothing()


class SqlPublishing:
    """Implements `Publishing` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def digest(self) -> str | None:
        """The digest of the content in force."""
        found: str | None = self._connection.execute(_DIGEST).scalar()
        return found

    def put_digest(self, digest: str, at: datetime, entry: Entry) -> None:
        """From now on that content is in force."""
        row = {"digest": digest, "number": self._connection.execute(_LAST).scalar_one() + 1, "at": at}
        self._connection.execute(_PUT_DIGEST, row)
        key, told = published_fact(row)
        self._facts.record(entry, "published", put={key: told})

    def unclosed(self) -> Iterator[Consultation]:
        """Every consultation that is neither closed nor erased, a few in memory at a time."""
        query = _UNCLOSED.execution_options(yield_per=_AT_A_TIME)
        for body in self._connection.scalars(query):
            yield decode_consultation(body)

    def told(self) -> frozenset[tuple[ArticleId, date]]:
        """Of which expiries somebody was told."""
        found = self._connection.execute(_TOLD)
        return frozenset((ArticleId(row.article), date.fromisoformat(row.last)) for row in found)

    def put_told(self, expired: Collection[tuple[ArticleId, date]], at: datetime, entry: Entry) -> None:
        """Somebody was told of these."""
        rows = [{"article": article, "last": last.isoformat(), "at": at} for article, last in sorted(expired)]
        self._connection.execute(_PUT_TOLD, rows)
        self._facts.record(entry, "expiries", put=dict(map(expiry_fact, rows)))


def published_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a content: its digest, how many were before it, and since when."""
    return row["digest"], {"number": row["number"], "at": instant_to_text(row["at"])}


def expiry_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a notice: which article, which day, and when somebody was told."""
    key = to_json([row["article"], row["last"]]).decode()
    return key, {"at": instant_to_text(row["at"])}
