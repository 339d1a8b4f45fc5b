import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed
from bot.seal.labels import Label
from bot.seal.log import append, leaf_hash, node_hash, peaks, root, root_of
from bot.seal.wire import MAX_NUMBER, lp

Rows = dict[tuple[int, int], bytes]
Vectors = Callable[[str], Any]


def grow(leaves: list[bytes]) -> Rows:
    rows: Rows = {}
    for size, leaf in enumerate(leaves):
        allowed = {at: rows[at] for at in peaks(size)}
        for row in append(size, leaf, lambda level, index, known=allowed: known[level, index]):  # type: ignore[misc]  # a default binds the loop's value
            assert (row.level, row.index) not in rows
            rows[row.level, row.index] = row.hash
    return rows


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def test_roots_of_certificate_transparency(vectors: Vectors) -> None:
    """The eight leaves that every implementation is tried on give the eight known roots, and none gives its own."""
    known = vectors("tlog_roots_certificate_transparency")
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in known["leaves"]]
    rows = grow(leaves)
    for size, expected in enumerate(known["roots"]):
        assert root(size, lambda level, index: rows[level, index]).hex() == expected
        assert root_of(leaves[:size]).hex() == expected


@settings(deadline=None)
@given(count=st.integers(0, 130))
def test_rows_give_the_defined_root(count: int) -> None:
    """Rows that are only ever added give, at every size, the root that the RFC defines."""
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(count)]
    rows = grow(leaves)
    assert len(rows) <= 2 * count
    for size in {0, count // 2, count}:
        expected = by_definition(leaves[:size])
        assert root(size, lambda level, index: rows[level, index]) == expected
        assert root_of(iter(leaves[:size])) == expected


def test_leaves_are_salted_and_labelled() -> None:
    """A leaf covers kind, salt and body; the salt keeps a body of few possible values from being guessed."""
    salt = bytes(range(16))
    entry = lp(Label.ENTRY, "grant", salt, b"body")
    assert leaf_hash(kind="grant", salt=salt, body=b"body") == hashlib.sha256(b"\0" + entry).digest()
    leaves = {
        leaf_hash(kind=kind, salt=each, body=body)
        for kind in ("grant", "read")
        for each in (salt, bytes(16))
        for body in (b"body", b"")
    }
    assert len(leaves) == 8


def test_lengths_are_exact() -> None:
    """Salts have 16 bytes and hashes 32, also those that rows bring."""
    with pytest.raises(Malformed):
        leaf_hash(kind="grant", salt=bytes(15), body=b"")
    with pytest.raises(Malformed):
        leaf_hash(kind="", salt=bytes(16), body=b"")
    for left, right in ((b"", bytes(32)), (bytes(32), bytes(31))):
        with pytest.raises(Malformed):
            node_hash(left, right)
    with pytest.raises(Malformed):
        append(0, b"", lambda _level, _index: bytes(32))
    with pytest.raises(Malformed):
        append(1, bytes(32), lambda _level, _index: b"")
    with pytest.raises(Malformed):
        root(1, lambda _level, _index: b"")
    with pytest.raises(Malformed):
        root_of([b""])


def test_sizes_are_bounded() -> None:
    """A tree has no negative size and no more leaves than a browser counts."""
    for size in (-1, MAX_NUMBER + 1):
        with pytest.raises(Malformed):
            peaks(size)
    with pytest.raises(Malformed):
        append(MAX_NUMBER, bytes(32), lambda _level, _index: bytes(32))
