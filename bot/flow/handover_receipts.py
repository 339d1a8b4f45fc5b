"""Receipts of handovers: what went to whom and when, and where the ledger says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby

from bot.core.consultation import Consultation, State
from bot.core.ids import PersonId
from bot.core.promises import Promise
from bot.flow.ports import Tx
from bot.flow.records import Recorded
from bot.flow.records_handovers import Handed, HandoverId
from bot.flow.shift_handover import TAKING

MOST = 60  # talks looked at, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One talk that went: how it stands now, what was promised then, and its entry on the owner's ledger."""

    handed: Handed
    c: Consultation
    promised: tuple[Promise, ...]
    entry: Recorded

    @property
    def is_waiting(self) -> bool:
        """Whether the receiver has it and has said nothing in it yet: the answer that is owed is the first."""
        first = self.c.due == self.handed.at + TAKING
        return self.c.state is State.OPEN and self.c.owed and first


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One handover. `digest`: SHA-256 over the leaves of all its entries, in the order of the lines; None when some were erased."""

    id: HandoverId
    giver: PersonId
    receiver: PersonId
    at: datetime
    talks: int
    lines: tuple[Line, ...]

    @property
    def digest(self) -> bytes | None:
        """What the giver can write down: nobody makes another list with the same one."""
        if len(self.lines) != self.talks:
            return None
        return sha256(b"".join(line.entry.leaf for line in self.lines)).digest()


def receipts(tx: Tx, person: PersonId, only: HandoverId | None = None) -> tuple[Receipt, ...]:
    """The handovers that somebody gave or was given, the newest first; what was erased is left out."""
    found = (one for one in tx.handovers.of(person, MOST) if one.receiver is not None)
    wanted = [one for one in found if only in (None, one.id)]
    return tuple(made for _, some in groupby(wanted, key=lambda one: one.id) for made in _receipt(tx, some))


def _receipt(tx: Tx, some: Iterable[Handed]) -> list[Receipt]:
    lines = [line for one in some if (line := _line(tx, one)) is not None]
    if not lines:
        return []
    lines.sort(key=lambda line: (line.entry.entry.organisation, line.entry.index))
    first = lines[0].handed
    assert first.receiver is not None
    return [
        Receipt(
            id=first.id,
            giver=first.giver,
            receiver=first.receiver,
            at=max(line.handed.at for line in lines),
            talks=first.talks,
            lines=tuple(lines),
        )
    ]


def _line(tx: Tx, handed: Handed) -> Line | None:
    c, entry = tx.consultations.get(handed.consultation), tx.handovers.recorded(handed)
    if c is None or entry is None or c.request is None:
        return None
    promised = tx.handovers.promised(handed.consultation, handed.promised) or ()
    return Line(handed=handed, c=c, promised=promised, entry=entry)
