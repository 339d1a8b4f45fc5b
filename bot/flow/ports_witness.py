"""What the flow needs from the store about witnesses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.core.ids import OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A stored cosignature, and the checkpoint it should stand under; None when that is gone."""

    size: int
    witness: str  # "name+keyid"
    line: str
    note: str | None


class Cosignatures(Protocol):
    """What witnesses said of checkpoints. They carry their own proof and are not on the ledger: it would never rest."""

    def put(self, organisation: OrganisationId, size: int, witness: str, line: str) -> bool:
        """Keep a line; the first of each witness and size stays. False when there was one."""
        ...

    def lines(self, organisation: OrganisationId, size: int) -> tuple[str, ...]:
        """The signature lines under one checkpoint, by witness."""
        ...

    def all(self, organisation: OrganisationId) -> Iterator[Cosigned]:
        """Every cosignature of a ledger by size, for `ledger verify`."""
        ...
