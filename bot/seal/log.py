"""The ledger's tree (RFC 9162 section 2.1): salted leaves, a root, kept as rows that are only added."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.seal.errors import Malformed
from bot.seal.labels import Label
from bot.seal.wire import MAX_NUMBER, exact, lp, name

HASH = 32  # bytes
SALT = 16  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The root of the full subtree over leaves `index * 2**level` up to `(index + 1) * 2**level`."""

    level: int
    index: int
    hash: bytes


ReadRow = Callable[[int, int], bytes]  # (level, index) -> the stored hash


def leaf_hash(*, kind: str, salt: bytes, body: bytes) -> bytes:
    """Hash an entry; 16 random bytes of salt make the leaf say nothing of a body that could be guessed."""
    entry = lp(Label.ENTRY, name(kind), exact(salt, SALT), body)
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return hashlib.sha256(b"\x01" + exact(left, HASH) + exact(right, HASH)).digest()


def append(size: int, leaf: bytes, read_row: ReadRow) -> list[Row]:
    """Return the rows that a new leaf adds to a tree of `size` leaves: itself, then each subtree it fills.

    Reads only rows that `peaks(size)` names.
    """
    check_size(size, most=MAX_NUMBER - 1)
    rows = [Row(level=0, index=size, hash=exact(leaf, HASH))]
    while (right := rows[-1]).index % 2:
        joined = node_hash(read_row(right.level, right.index - 1), right.hash)
        rows.append(Row(level=right.level + 1, index=right.index // 2, hash=joined))
    return rows


def peaks(size: int) -> list[tuple[int, int]]:
    """Return (level, index) of the full subtrees that make up the tree, from the left: all that `append` reads."""
    check_size(size)
    levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
    return [(level, (size >> level) - 1) for level in levels]


def root(size: int, read_row: ReadRow) -> bytes:
    """Return the root of the tree's first `size` leaves; SHA-256 of nothing when there is none."""
    hashes = [exact(read_row(level, index), HASH) for level, index in peaks(size)]
    return _fold(hashes) if hashes else hashlib.sha256(b"").digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over all leaf hashes, keeping no rows: what an auditor computes."""
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level, hashed = 0, exact(leaf, HASH)
        while stack and stack[-1][0] == level:
            level, hashed = level + 1, node_hash(stack.pop()[1], hashed)
        stack.append((level, hashed))
    return _fold([hashed for _, hashed in stack]) if stack else hashlib.sha256(b"").digest()


def subtree(low: int, high: int, read_row: ReadRow) -> bytes:
    """Return the root over leaves low..high, a node of the tree: all its full subtrees are rows."""
    hashes = []
    while low < high:
        span = _largest_power(high - low)
        hashes.append(exact(read_row(span.bit_length() - 1, low // span), HASH))
        low += span
    return _fold(hashes)


def check_size(size: int, *, most: int = MAX_NUMBER) -> None:
    """Raise `Malformed` for a number of leaves that no tree has."""
    if not 0 <= size <= most:
        raise Malformed("A tree has no such size.")


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Join subtrees of falling size from the right."""
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def _largest_power(span: int) -> int:
    """Return the largest power of two that is not over `span`."""
    return 1 << span.bit_length() - 1
