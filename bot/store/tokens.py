"""Tokens of machines that ask who is on duty: their digests, whose, until when."""

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import instant_to_text
from bot.flow.records import Entry
from bot.flow.records_coverage import Scope, Token, TokenId
from bot.store.facts import Columns, Facts
from bot.store.token_tables import tokens

_TEXTS: Final = ("organisation", "digest", "scope", "label", "by")
_PUT = upsert(tokens)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[tokens.c.id],
    set_={column.name: _PUT.excluded[column.name] for column in tokens.c if not column.primary_key},
)
_ONE = select(tokens).where(tokens.c.id == bindparam("named"))
_BY = select(tokens).where(tokens.c.digest == bindparam("of"))
_ALL = select(tokens).order_by(tokens.c.made, tokens.c.id)


class SqlTokens:
    """Implements `Tokens` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def get(self, token: TokenId) -> Token | None:
        """One token, over or not."""
        row = self._connection.execute(_ONE, {"named": token}).one_or_none()
        return None if row is None else _token(row)

    def by_digest(self, digest: str) -> Token | None:
        """The token whose secret has that digest, over or not; none where somebody has made two of one."""
        rows = self._connection.execute(_BY, {"of": digest}).all()
        return _token(rows[0]) if len(rows) == 1 else None

    def all(self) -> tuple[Token, ...]:
        """Every token, also those that are over, in the order in which they were made."""
        return tuple(_token(row) for row in self._connection.execute(_ALL))

    def put(self, token: Token, entry: Entry) -> None:
        """Keep it; the same id again replaces it."""
        row = {
            "id": token.id,
            **{name: str(getattr(token, name)) for name in _TEXTS},
            **{name: getattr(token, name) for name in ("made", "until", "revoked")},
        }
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "tokens", put=dict([token_fact(row)]))


def token_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a token: all of it; from the digest nobody finds the secret."""
    told = {
        **{name: row[name] for name in _TEXTS},
        "made": instant_to_text(row["made"]),
        "until": instant_to_text(row["until"]),
        "revoked": None if row["revoked"] is None else instant_to_text(row["revoked"]),
    }
    return row["id"], told


def _token(row: Row[Any]) -> Token:  # SQLAlchemy types a row's columns no closer
    return Token(
        id=TokenId(row.id),
        organisation=row.organisation,
        digest=row.digest,
        scope=Scope(row.scope),
        label=row.label,
        made=row.made,
        by=row.by,
        until=row.until,
        revoked=row.revoked,
    )
