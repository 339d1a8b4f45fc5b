"""What the flow needs in order to keep proposals to exchange shifts."""

from typing import Protocol

from bot.core.swaps import Swap, SwapId
from bot.flow.records import Entry


class Swaps(Protocol):
    """Proposals, answered or not. Everything changed here is on the ledger."""

    def get(self, swap: SwapId) -> Swap | None: ...
    def waiting(self) -> tuple[Swap, ...]:
        """Those that nobody has answered yet, in the order in which they were made."""
        ...

    def put(self, swap: Swap, entry: Entry) -> None:
        """Keep it; the same id again replaces it."""
        ...
