"""Cosignatures: what witnesses said of checkpoints."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, and_, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.ids import OrganisationId
from bot.flow.ports_witness import Cosigned
from bot.store.tables import checkpoints
from bot.store.witness_tables import cosignatures

_AT_A_TIME: Final = 256  # rows in memory

_PUT = upsert(cosignatures).on_conflict_do_nothing()
_LINES = (
    select(cosignatures.c.line)
    .where(cosignatures.c.organisation == bindparam("of"), cosignatures.c.size == bindparam("at"))
    .order_by(cosignatures.c.witness)
)
_SIGNED = and_(
    checkpoints.c.organisation == cosignatures.c.organisation, checkpoints.c.size == cosignatures.c.size
)
_ALL = (
    select(cosignatures.c.size, cosignatures.c.witness, cosignatures.c.line, checkpoints.c.note)
    .join_from(cosignatures, checkpoints, _SIGNED, isouter=True)
    .where(cosignatures.c.organisation == bindparam("of"))
    .order_by(cosignatures.c.size, cosignatures.c.witness)
)


class SqlCosignatures:
    """Implements `Cosignatures` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection

    def put(self, organisation: OrganisationId, size: int, witness: str, line: str) -> bool:
        """Keep a line; the first of each witness and size stays. Raises BadInput without such a checkpoint."""
        row = {"organisation": organisation, "size": size, "witness": witness, "line": line}
        return self._connection.execute(_PUT, row).rowcount == 1

    def lines(self, organisation: OrganisationId, size: int) -> tuple[str, ...]:
        """The signature lines under one checkpoint."""
        return tuple(self._connection.scalars(_LINES, {"of": organisation, "at": size}))

    def all(self, organisation: OrganisationId) -> Iterator[Cosigned]:
        """Every cosignature of a ledger by size."""
        query = _ALL.execution_options(yield_per=_AT_A_TIME)
        for row in self._connection.execute(query, {"of": organisation}):
            yield Cosigned(size=row.size, witness=row.witness, line=row.line, note=row.note)
