"""What the flow needs from the store about talks, beside the rooms themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.core.ids import RoomId
from bot.flow.records import Entry
from bot.flow.records_talks import KeyRead, Sending


class KeyReads(Protocol):
    """To which devices the keys of which epochs were handed out. Everything added here is on the ledger."""

    def put(self, reads: Iterable[KeyRead], entry: Entry) -> None: ...
    def epochs(self, room: RoomId, device: bytes) -> frozenset[int]:
        """The epochs whose keys this device was handed before."""
        ...


class Sendings(Protocol):
    """What was sent already, for some days."""

    def get(self, id_: bytes) -> Sending | None: ...
    def put(self, sending: Sending) -> None: ...
    def forget(self, before: datetime) -> int:
        """Forget what was sent before then; returns how many."""
        ...
