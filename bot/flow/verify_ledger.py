"""Checks one ledger: its leaves, its tree, its checkpoints; and hands its entries on."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.ids import OrganisationId
from bot.flow.findings import Findings
from bot.flow.ports import Audit
from bot.flow.records import Recorded
from bot.seal import log
from bot.seal.checkpoint import Checkpoint, verify_checkpoint
from bot.seal.errors import SealError, Tampered
from bot.seal.note import Verifier
from bot.seal.wire import exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """Whose checkpoints count. `origin`: a ledger's name; `publics`: Ed25519 keys it has been signed with.

    `witnesses`: the keys of those who ever could cosign a ledger's checkpoints.
    """

    origin: Callable[[OrganisationId], str]
    publics: Sequence[bytes]
    witnesses: Callable[[OrganisationId], Sequence[Verifier]] = lambda _: ()


def check_ledger(
    audit: Audit,
    organisation: OrganisationId,
    *,
    size: int,
    elsewhere: Sequence[tuple[int, str]],
    signers: Signers,
    check_blank: Callable[[Recorded], None],
    findings: Findings,
) -> Iterator[Recorded]:
    """Every entry of the ledger in order, while leaves, tree and checkpoints are compared with it.

    `size`: how many entries the ledger says it has. `elsewhere`: checkpoints that were kept outside, by size.
    `check_blank`: raises Tampered for an entry without a body that should have one.
    """
    with findings.within(f"{organisation}/entries"):
        tree = _Tree(audit, organisation, findings)
        notes = heapq.merge(audit.checkpoints(organisation), elsewhere)
        signed = _Signed(notes, organisation, signers, findings)
        for recorded in audit.entries(organisation):
            _check_leaf(recorded, check_blank, findings)
            tree.add(recorded)
            signed.check(tree)
            yield recorded
        tree.end()
        signed.end(tree)
        if tree.size != size:
            findings.add(f"{organisation}/size", "the ledger counts another number of entries than it has")


def _check_leaf(recorded: Recorded, check_blank: Callable[[Recorded], None], findings: Findings) -> None:
    entry = recorded.entry
    where = f"{entry.organisation}/{recorded.index}"
    with findings.within(where):
        if recorded.erased_by is not None:
            check_blank(recorded)
        elif log.leaf_hash(kind=entry.kind, salt=entry.salt, body=entry.body) != recorded.leaf:
            findings.add(where, "the leaf is not that of the entry")


class _Tree:
    """The tree as it grows, beside its stored rows."""

    def __init__(self, audit: Audit, organisation: OrganisationId, findings: Findings) -> None:
        self.size = 0
        self.whole = True  # no entry is missing so far
        self._where = organisation
        self._findings = findings
        self._last: dict[int, bytes] = {}  # level -> its newest hash: all that growing and the root need
        self._levels = {
            level: _Level(audit.nodes(organisation, level)) for level in audit.levels(organisation)
        }

    def add(self, recorded: Recorded) -> None:
        """The next leaf."""
        if recorded.index != self.size and self.whole:
            self._findings.add(f"{self._where}/{self.size}", "an entry is missing")
            self.whole = False
        if self.whole:
            self._grow(recorded.leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over what has been added."""
        return log.root(self.size, lambda level, _: self._last[level])

    def end(self) -> None:
        """Whatever rows are left belong to no subtree."""
        for level, rows in self._levels.items():
            if self.whole and not rows.ended:
                self._findings.add(f"{self._where}/tree/{level}", "there are more rows than the tree has")

    def _grow(self, leaf: bytes) -> None:
        # what log.append does, without an object for each row: this is done for every entry there ever was
        level, index, hashed = 0, self.size, exact(leaf, log.HASH)
        while index % 2:
            left = self._last[level]
            self._last[level] = hashed
            level, index, hashed = level + 1, index // 2, log.node_hash(left, hashed)
            if not self._level(level).holds(index, hashed):
                where = f"{self._where}/tree/{level}/{index}"
                self._findings.add(where, "the row is not what its leaves make it")
        self._last[level] = hashed

    def _level(self, level: int) -> "_Level":
        return self._levels.setdefault(level, _Level(iter(())))


class _Level:
    """One level's stored rows, in order."""

    def __init__(self, rows: Iterator[tuple[int, bytes]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    @property
    def ended(self) -> bool:
        return self._next is None

    def holds(self, index: int, hashed: bytes) -> bool:
        """Whether the next row is this one; rows before it, which belong to nothing, are passed over."""
        passed = False
        while self._next is not None and self._next[0] < index:
            self._next, passed = next(self._rows, None), True
        if self._next is None or self._next[0] != index:
            return False
        stored, self._next = self._next[1], next(self._rows, None)
        return stored == hashed and not passed


class _Signed:
    """The checkpoints, in order of size."""

    def __init__(
        self,
        notes: Iterator[tuple[int, str]],
        organisation: OrganisationId,
        signers: Signers,
        findings: Findings,
    ) -> None:
        self._notes = notes
        self._next = next(self._notes, None)
        self._organisation = organisation
        self._signers = signers
        self._findings = findings

    def check(self, tree: _Tree) -> None:
        """Compare the checkpoint of the tree's present size, if there is one."""
        while self._next is not None and self._next[0] <= tree.size:
            size, note = self._next
            where = f"{self._organisation}/checkpoint/{size}"
            with self._findings.within(where):
                checkpoint = read_note(note, self._organisation, self._signers)
                if checkpoint.size != size:
                    self._findings.add(where, "the checkpoint is of another size")
                elif tree.whole and (size, checkpoint.root) != (tree.size, tree.root()):
                    self._findings.add(where, "the checkpoint is of another tree")
            self._next = next(self._notes, None)

    def end(self, tree: _Tree) -> None:
        """Whatever checkpoints are left are of a larger ledger than this."""
        if self._next is not None and tree.whole:
            where = f"{self._organisation}/checkpoint/{self._next[0]}"
            self._findings.add(where, "entries that were signed are missing")


def read_note(note: str, organisation: OrganisationId, signers: Signers) -> Checkpoint:
    """The checkpoint in a note, if one of the ledger's keys signed it; raises SealError otherwise."""
    origin = signers.origin(organisation)
    refusal: SealError = Tampered("no key is known that could have signed it")
    for public in signers.publics:
        try:
            return verify_checkpoint(note, origin=origin, public=public)
        except SealError as error:
            refusal = error
    raise refusal
