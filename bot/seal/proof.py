"""Proofs over the ledger's tree: that a leaf is in it, that a larger tree begins with a smaller one (RFC 9162)."""

from collections.abc import Iterator, Sequence

from bot.seal.errors import Malformed, Tampered
from bot.seal.log import HASH, ReadRow, check_size, node_hash, subtree
from bot.seal.wire import MAX_NUMBER, exact

MAX_PROOF = 64  # hashes; no tree of MAX_NUMBER leaves needs more than 54


def prove_inclusion(index: int, size: int, read_row: ReadRow) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` leaves (RFC 9162 section 2.1.3.1)."""
    check_size(size)
    if not 0 <= index < size:
        raise Malformed("That leaf is not in the tree.")
    proof, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(subtree(middle, high, read_row))
            high = middle
        else:
            proof.append(subtree(low, middle, read_row))
            low = middle
    return proof[::-1]


def prove_consistency(old: int, new: int, read_row: ReadRow) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is a beginning of that of `new` (section 2.1.4.1)."""
    check_size(new)
    if not 0 < old <= new:
        raise Malformed("Consistency is proved from a smaller tree that is not empty.")
    proof, low, high, whole = [], 0, new, True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(subtree(middle, high, read_row))
            high = middle
        else:
            proof.append(subtree(low, middle, read_row))
            low, whole = middle, False
    if not whole:
        proof.append(subtree(low, high, read_row))
    return proof[::-1]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Return when the proof leads from `leaf` to `root` (section 2.1.3.2), else raise `Tampered` or `Malformed`."""
    _check_proof(proof, leaf, root)
    if not 0 <= index < size <= MAX_NUMBER:
        raise Malformed("That leaf is not in the tree.")
    position, last, hashed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Tampered("The proof is too long.")
        if position % 2 or position == last:
            hashed = node_hash(sibling, hashed)
            position, last = _climb_to_right(position, last)
        else:
            hashed = node_hash(hashed, sibling)
        position, last = position >> 1, last >> 1
    _check_end(last, hashed, root)


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return when the proof joins both roots (section 2.1.4.2), else raise `Tampered` or `Malformed`."""
    _check_proof(proof, old_root, new_root)
    if not 0 < old <= new <= MAX_NUMBER:
        raise Malformed("Consistency is proved from a smaller tree that is not empty.")
    if old == new:
        _check_same(proof, old_root, new_root)
        return
    position, last = _climb_to_left(old - 1, new - 1)
    path = iter(proof if old & (old - 1) else [old_root, *proof])
    start = next(path, None)
    if start is None:
        raise Tampered("The proof is too short.")
    _follow(path, start, position, last, old_root, new_root)


def _follow(
    path: Iterator[bytes], start: bytes, position: int, last: int, old_root: bytes, new_root: bytes
) -> None:
    in_old = in_new = start
    for sibling in path:
        if last == 0:
            raise Tampered("The proof is too long.")
        if position % 2 or position == last:
            in_old, in_new = node_hash(sibling, in_old), node_hash(sibling, in_new)
            position, last = _climb_to_right(position, last)
        else:
            in_new = node_hash(in_new, sibling)
        position, last = position >> 1, last >> 1
    if in_old != old_root:
        raise Tampered("The proof does not lead to the root.")
    _check_end(last, in_new, new_root)


def _climb_to_right(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which this subtree, the last one, has no sibling."""
    while position % 2 == 0 and position:
        position, last = position >> 1, last >> 1
    return position, last


def _climb_to_left(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the old tree's last subtree is a right child: they are whole in both trees."""
    while position % 2:
        position, last = position >> 1, last >> 1
    return position, last


def _check_same(proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    if proof or old_root != new_root:
        raise Tampered("Two trees of one size have two roots.")


def _check_end(last: int, hashed: bytes, root: bytes) -> None:
    if last != 0:
        raise Tampered("The proof is too short.")
    if hashed != root:
        raise Tampered("The proof does not lead to the root.")


def _check_proof(proof: Sequence[bytes], *others: bytes) -> None:
    if len(proof) > MAX_PROOF:
        raise Malformed("A proof has at most 64 hashes.")
    for hashed in (*proof, *others):
        exact(hashed, HASH)


def _split(span: int) -> int:
    """Return the largest power of two smaller than `span`."""
    return 1 << (span - 1).bit_length() - 1
