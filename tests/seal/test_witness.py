from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal import log
from bot.seal.checkpoint import Checkpoint
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.proof import prove_consistency
from bot.seal.witness import Seen, check_growth, judge

ORIGIN = "samjour.example/malmo"


class Tree:
    """A ledger's tree that may be rewritten."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.rows: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for leaf in leaves:
            for row in log.append(self.size, leaf, lambda *at: self.rows[at]):
                self.rows[row.level, row.index] = row.hash
            self.size += 1

    def head(self, size: int | None = None) -> Checkpoint:
        size = self.size if size is None else size
        return Checkpoint(origin=ORIGIN, size=size, root=log.root(size, lambda *at: self.rows[at]))

    def proof(self, old: int, new: int) -> list[bytes]:
        return prove_consistency(old, new, lambda *at: self.rows[at])


def leaves(number: int, other: int = -1) -> list[bytes]:
    """So many leaves; the one at `other` is another."""
    return [log.leaf_hash(kind="k", salt=bytes(16), body=bytes([n, n == other])) for n in range(number)]


@given(old=st.integers(1, 60), more=st.integers(0, 60))
def test_an_honest_ledger_is_followed(old: int, more: int) -> None:
    """However a ledger grows, its witness finds that it is the same or has grown."""
    tree = Tree(leaves(old + more))
    last, shown = tree.head(old), tree.head()
    assert judge(None, last) is Seen.FIRST
    assert judge(last, shown) is (Seen.GROWN if more else Seen.SAME)
    if more:
        check_growth(last, shown, tree.proof(old, old + more))


@given(old=st.integers(1, 40), more=st.integers(0, 40), at=st.integers(0, 39))
def test_a_rewritten_ledger_is_refused(old: int, more: int, at: int) -> None:
    """If any entry that was accepted is another now, no proof that the ledger can make is believed."""
    last, forged = Tree(leaves(old)).head(), Tree(leaves(old + more, other=at % old))

    def follow() -> None:
        if judge(last, forged.head()) is Seen.GROWN:
            check_growth(last, forged.head(), forged.proof(old, old + more))

    with pytest.raises(Tampered):
        follow()


@given(old=st.integers(2, 60), new=st.integers(1, 59))
def test_a_shrunk_ledger_is_refused(old: int, new: int) -> None:
    """Entries that were accepted cannot be taken away, whatever is left is unchanged or not."""
    tree = Tree(leaves(old))
    new = min(new, old - 1)
    with pytest.raises(Tampered, match=f"had {old} entries and shows {new}"):
        judge(tree.head(), tree.head(new))


def test_another_proof_proves_nothing() -> None:
    """A proof between other sizes, cut, lengthened or changed is refused."""
    tree = Tree(leaves(23))
    last, shown, good = tree.head(7), tree.head(), tree.proof(7, 23)
    check_growth(last, shown, good)
    for proof in ([], good[:-1], [*good, good[0]], good[::-1], tree.proof(6, 23), [bytes(32)] * len(good)):
        with pytest.raises(SealError):
            check_growth(last, shown, proof)
    with pytest.raises(Malformed):
        check_growth(last, shown, [bytes(31)])


def test_another_ledger_or_an_empty_one_is_refused() -> None:
    """What is accepted of one ledger says nothing of another, and there is nothing to witness before the first entry."""
    head = Tree(leaves(3)).head()
    other = Checkpoint(origin="samjour.example/farsta", size=3, root=head.root)
    empty = Checkpoint(origin=ORIGIN, size=0, root=log.root_of([]))
    for last, shown in ((head, other), (None, empty), (head, empty)):
        with pytest.raises(Malformed):
            judge(last, shown)


def test_witnesses_need_no_history() -> None:
    """A witness that keeps only the last checkpoint follows a ledger for as long as it grows."""
    tree, last = Tree(leaves(200)), None
    for size in (n * n for n in count(1)):
        if size > tree.size:
            break
        shown = tree.head(size)
        if judge(last, shown) is Seen.GROWN:
            assert last is not None
            check_growth(last, shown, tree.proof(last.size, size))
        last = shown
    assert last == tree.head(196)
