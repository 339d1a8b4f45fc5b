"""Verifies everything: leaves, trees and checkpoints; the replay of the bodies; the rooms' chains and signatures.

It notices a row that was edited, removed, added, copied or exchanged in any table that the ledger answers for. It
cannot notice that the newest entries were removed together with everything they led to and every checkpoint over
them: that takes a checkpoint kept elsewhere (`witnessed`). Inbox, outbox, spots, tickets, sessions and the language of
an address are not on the ledger.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import OrganisationId
from bot.flow.findings import Fault, Findings
from bot.flow.ports import Tx
from bot.flow.records import Recorded
from bot.flow.verify_ledger import Signers, check_ledger, read_note
from bot.flow.verify_replay import Replay
from bot.flow.verify_rooms import check_rooms, read_devices
from bot.seal.errors import SealError


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many entries were read, and every fault, `findings.MOST` at most."""

    entries: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def verify(tx: Tx, signers: Signers, witnessed: Sequence[str] = ()) -> Verdict:
    """Verify one snapshot: run it inside `Store.read`. `witnessed`: signed checkpoints kept outside the database.

    Raises Unavailable when the database cannot be read.
    """
    findings = Findings()
    organisations = tx.audit.organisations()
    elsewhere = _sort_witnessed(witnessed, organisations, signers, findings)
    ledgers = [
        check_ledger(
            tx.audit,
            o,
            size=tx.ledger.size(o),
            elsewhere=elsewhere.get(o, ()),
            signers=signers,
            findings=findings,
        )
        for o in organisations
    ]
    replay, entries = Replay(tx.audit, findings), 0
    for recorded in heapq.merge(
        *ledgers, key=_at
    ):  # by time, so that few consultations are under way at once
        replay.take(recorded)
        entries += 1
    replay.finish()
    check_rooms(tx.audit, replay.rooms, read_devices(tx.audit, findings), findings)
    for stray in tx.audit.strays():
        findings.add(stray, "it belongs to nothing that is stored")
    return Verdict(entries=entries, faults=findings.faults)


def _at(recorded: Recorded) -> datetime:
    return recorded.entry.at


def _sort_witnessed(
    notes: Sequence[str], organisations: Sequence[OrganisationId], signers: Signers, findings: Findings
) -> dict[OrganisationId, list[tuple[int, str]]]:
    """The notes by ledger and size."""
    sorted_: dict[OrganisationId, list[tuple[int, str]]] = {o: [] for o in organisations}
    for note in notes:
        owner, size = _owner(note, organisations, signers)
        if owner is None:
            findings.add("witnessed checkpoint", "no ledger here has signed it")
        else:
            sorted_[owner].append((size, note))
    return {owner: sorted(theirs) for owner, theirs in sorted_.items()}


def _owner(
    note: str, organisations: Sequence[OrganisationId], signers: Signers
) -> tuple[OrganisationId | None, int]:
    for organisation in organisations:
        try:
            return organisation, read_note(note, organisation, signers).size
        except SealError:
            continue
    return None, 0
