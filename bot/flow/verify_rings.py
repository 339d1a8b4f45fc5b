"""Compares what was done to wake people with what the ledgers say of it: ring by ring."""

from hashlib import sha256

from bot.core.codec import to_json
from bot.core.errors import BadInput, Tampered
from bot.core.ids import OrganisationId
from bot.flow.findings import Findings
from bot.flow.ports import Audit


class RingsTold:
    """Takes the ledgers' entries about rings, and knows in the end which rows there should be."""

    def __init__(self, audit: Audit, findings: Findings) -> None:
        """`audit`: what is stored."""
        self._audit = audit
        self._findings = findings
        self._told: dict[str, bytes] = {}  # ring -> SHA-256 of what was told of it

    def take(self, organisation: OrganisationId, plain: dict[str, object]) -> None:
        """One entry. Raises BadInput for one that names no ring, Tampered for one that was told before."""
        id_ = plain.get("ring")
        if not isinstance(id_, str):
            raise BadInput("the entry names no ring")
        if id_ in self._told:
            raise Tampered(f"ring {id_} is told twice")
        self._told[id_] = _digest({"organisation": organisation, "told": plain})

    def finish(self) -> None:
        """Tell which rows were changed, added or taken away."""
        for id_, row in self._audit.rings():
            told = self._told.pop(id_, None)
            if told is None:
                self._findings.add(f"ring {id_}", "it is not on the ledger")
            elif told != _digest(row):
                self._findings.add(f"ring {id_}", "its row is not what the ledger leads to")
        for id_ in self._told:
            self._findings.add(f"ring {id_}", "its row is missing")


def _digest(row: object) -> bytes:
    return sha256(to_json(row)).digest()
