"""Proposals to exchange shifts."""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import object_from_json, to_json
from bot.core.errors import BadInput
from bot.core.swaps import Swap, SwapId, swap_from_dict, swap_to_dict
from bot.flow.records import Entry
from bot.store.facts import Columns, Facts
from bot.store.swap_tables import swaps

_ONE = select(swaps.c.body).where(swaps.c.id == bindparam("named"))
_WAITING = select(swaps.c.body).where(swaps.c.state == "proposed").order_by(swaps.c.id)
_PUT = upsert(swaps)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[swaps.c.id], set_={name: _PUT.excluded[name] for name in ("state", "body")}
)


class SqlSwaps:
    """Implements `Swaps` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def get(self, swap: SwapId) -> Swap | None:
        """One proposal, answered or not."""
        body = self._connection.scalar(_ONE, {"named": swap})
        return None if body is None else _swap(body)

    def waiting(self) -> tuple[Swap, ...]:
        """Those that nobody has answered yet, in the order in which they were made."""
        return tuple(_swap(body) for body in self._connection.scalars(_WAITING))

    def put(self, swap: Swap, entry: Entry) -> None:
        """Keep it; the same id again replaces it."""
        row = {"id": swap.id, "state": swap.state.value, "body": to_json(swap_to_dict(swap))}
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "swaps", put=dict([swap_fact(row)]))


def swap_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a proposal: how it stands, and all of it."""
    return row["id"], {"state": row["state"], "body": _read(row["body"])}


def _swap(body: bytes) -> Swap:
    return swap_from_dict(object_from_json(body))


def _read(body: bytes) -> object:
    try:
        return object_from_json(body)
    except BadInput:
        return repr(body)  # damaged: told as it stands, which no ledger was
