"""Verifies everything: leaves, trees and checkpoints; the replay of the bodies; the rooms' chains and signatures.

It notices a row that was edited, removed, added, copied or exchanged in any table that the ledger answers for. It
cannot notice that the newest entries were removed together with everything they led to and every checkpoint over
them: that takes a checkpoint kept elsewhere (`witnessed`), as witnesses keep them. Nor that a cosignature was taken
away, which its witness has still. Inbox, outbox, timers, spots, tickets, sessions, challenges, the language of an address,
how often a passkey has signed, and what curators are kept of today's questions are not on the ledger.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.core.ids import OrganisationId
from bot.flow.findings import Fault, Findings
from bot.flow.ports import Tx
from bot.flow.records import Recorded
from bot.flow.verify_ledger import Signers, check_ledger, read_note
from bot.flow.verify_openings import OpeningRows, check_openings
from bot.flow.verify_replay import Replay
from bot.flow.verify_retention import Erasures
from bot.flow.verify_rooms import check_rooms, read_devices
from bot.flow.verify_witness import check_cosignatures, check_lines
from bot.seal.errors import SealError

_AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)


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

    Whatever a changed row makes of it is a fault: this never fails because of what is stored.

    Raises Unavailable when the database cannot be read.
    """
    findings = Findings()
    organisations: tuple[OrganisationId, ...] = ()
    with findings.within("ledgers"):
        organisations = tx.audit.organisations()
    erasures = Erasures(tx.retention, signers, findings)
    elsewhere = _sort_witnessed(witnessed, organisations, signers, findings)
    ledgers = [
        check_ledger(
            tx.audit,
            o,
            size=_size(tx, o, findings),
            elsewhere=elsewhere.get(o, ()),
            signers=signers,
            check_blank=erasures.check_blank,
            findings=findings,
        )
        for o in organisations
    ]
    replay, entries = Replay(tx.audit, erasures, findings), 0
    opened = OpeningRows(findings)
    for recorded in heapq.merge(
        *ledgers, key=_at
    ):  # by time, so that few consultations are under way at once
        replay.take(recorded)
        opened.take(recorded)
        entries += 1
    replay.finish()
    erasures.finish()
    for o in organisations:
        check_cosignatures(tx.cosignatures, o, signers, findings)
    devices = read_devices(tx.audit, findings)
    for consultation, disclosure in check_rooms(tx.audit, replay.rooms, devices, findings):
        replay.registers.disclosed(consultation, disclosure)
    with findings.within("registers"):
        replay.registers.finish()
    check_openings(tx.audit, tx.opening_audit, opened.rows, findings)
    with findings.within("strays"):
        for stray in tx.audit.strays():
            findings.add(stray, "it belongs to nothing that is stored")
    return Verdict(entries=entries, faults=findings.faults)


def _size(tx: Tx, organisation: OrganisationId, findings: Findings) -> int:
    """How many entries the ledger counts; none when that cannot be read, which is told."""
    with findings.within(f"{organisation}/size"):
        return tx.ledger.size(organisation)
    return 0


def _at(recorded: Recorded) -> datetime:
    return recorded.entry.at if recorded.erased_by is None else _AT_ONCE  # it holds back nothing


def _sort_witnessed(
    notes: Sequence[str], organisations: Sequence[OrganisationId], signers: Signers, findings: Findings
) -> dict[OrganisationId, list[tuple[int, str]]]:
    """The notes by ledger and size."""
    sorted_: dict[OrganisationId, list[tuple[int, str]]] = {o: [] for o in organisations}
    for note in notes:
        owner, size = _owner(note, organisations, signers)
        if owner is None:
            findings.add("witnessed checkpoint", "no ledger here has signed it")
            continue
        sorted_[owner].append((size, note))
        with findings.within(f"{owner}/witnessed checkpoint/{size}"):
            check_lines(note, owner, signers)
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
