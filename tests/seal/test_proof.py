import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.log import append, node_hash, root_of
from bot.seal.proof import (
    MAX_PROOF,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)

COUNT = 70
LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(COUNT)]
ROOTS = [root_of(LEAVES[:size]) for size in range(COUNT + 1)]
REFUSED_FOR_LENGTH = "additional/sizes-are-equal-one-and-proof-is-empty.json"


@pytest.fixture(scope="module")
def read() -> Callable[[int, int], bytes]:
    """Read a row of the tree of all leaves."""
    rows: dict[tuple[int, int], bytes] = {}

    def row(level: int, index: int) -> bytes:
        return rows[level, index]

    for size, leaf in enumerate(LEAVES):
        rows.update({(new.level, new.index): new.hash for new in append(size, leaf, row)})
    return row


def test_inclusion_vectors(vectors: Callable[[str], Any]) -> None:
    """The public inclusion proofs hold or are refused as their makers say."""
    cases = vectors("tlog_inclusion_transparency_dev_merkle")
    assert len(cases) == 98
    for name, case in cases.items():
        try:
            verify_inclusion(
                index=case["leafIdx"],
                size=case["treeSize"],
                leaf=_decode(case["leafHash"]),
                proof=[_decode(each) for each in case["proof"] or []],
                root=_decode(case["root"]),
            )
        except SealError:
            assert case["wantErr"], name
        else:
            assert not case["wantErr"], name


def test_consistency_vectors(vectors: Callable[[str], Any]) -> None:
    """The public consistency proofs likewise; one has roots of 12 bytes, which is no hash here."""
    cases = vectors("tlog_consistency_transparency_dev_merkle")
    assert len(cases) == 98
    for name, case in cases.items():
        try:
            verify_consistency(
                old=case["size1"],
                new=case["size2"],
                old_root=_decode(case["root1"]),
                new_root=_decode(case["root2"]),
                proof=[_decode(each) for each in case["proof"] or []],
            )
        except SealError:
            assert case["wantErr"] or name == REFUSED_FOR_LENGTH, name
        else:
            assert not case["wantErr"], name


@given(size=st.integers(1, COUNT), data=st.data())
def test_inclusion_of_every_leaf(size: int, data: st.DataObject, read: Callable[[int, int], bytes]) -> None:
    """A leaf's proof holds for its place and tree, and for no other leaf, place, size or root."""
    index = data.draw(st.integers(0, size - 1))
    proof = prove_inclusion(index, size, read)
    verify_inclusion(index=index, size=size, leaf=LEAVES[index], proof=proof, root=ROOTS[size])
    other = data.draw(st.integers(0, COUNT - 1).filter(lambda each: each != index))
    with pytest.raises(SealError):
        verify_inclusion(index=other, size=size, leaf=LEAVES[index], proof=proof, root=ROOTS[size])
    with pytest.raises(Tampered):
        verify_inclusion(index=index, size=size, leaf=LEAVES[other], proof=proof, root=ROOTS[size])
    with pytest.raises(Tampered):
        verify_inclusion(index=index, size=size, leaf=LEAVES[index], proof=proof, root=ROOTS[size - 1])
    with pytest.raises(Tampered):
        verify_inclusion(
            index=index, size=size, leaf=LEAVES[index], proof=[*proof, bytes(32)], root=ROOTS[size]
        )


@settings(deadline=None)
@given(new=st.integers(1, COUNT), data=st.data())
def test_consistency_of_every_size(new: int, data: st.DataObject, read: Callable[[int, int], bytes]) -> None:
    """A smaller tree is proved to be the beginning of a larger one; changed roots, sizes or proofs are refused."""
    old = data.draw(st.integers(1, new))
    proof = prove_consistency(old, new, read)
    verify_consistency(old=old, new=new, old_root=ROOTS[old], new_root=ROOTS[new], proof=proof)
    for old_root, new_root in ((ROOTS[old - 1], ROOTS[new]), (ROOTS[old], ROOTS[new - 1])):
        with pytest.raises(Tampered):
            verify_consistency(old=old, new=new, old_root=old_root, new_root=new_root, proof=proof)
    for changed in ([*proof, bytes(32)], proof[:-1] if proof else [bytes(32)]):
        with pytest.raises(Tampered):
            verify_consistency(old=old, new=new, old_root=ROOTS[old], new_root=ROOTS[new], proof=changed)


@given(new=st.integers(2, COUNT), data=st.data())
def test_any_flipped_hash_is_refused(
    new: int, data: st.DataObject, read: Callable[[int, int], bytes]
) -> None:
    """A proof with one byte changed proves nothing."""
    old = data.draw(st.integers(1, new - 1))
    for proof, verify in (
        (prove_inclusion(old, new, read), _verify_inclusion(old, new)),
        (prove_consistency(old, new, read), _verify_consistency(old, new)),
    ):
        at = data.draw(st.integers(0, len(proof) - 1))
        flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
        with pytest.raises(Tampered):
            verify([*proof[:at], flipped, *proof[at + 1 :]])


def _verify_inclusion(index: int, size: int) -> Callable[[list[bytes]], None]:
    return lambda proof: verify_inclusion(
        index=index, size=size, leaf=LEAVES[index], proof=proof, root=ROOTS[size]
    )


def _verify_consistency(old: int, new: int) -> Callable[[list[bytes]], None]:
    return lambda proof: verify_consistency(
        old=old, new=new, old_root=ROOTS[old], new_root=ROOTS[new], proof=proof
    )


def test_proofs_of_what_is_not_there_are_refused(read: Callable[[int, int], bytes]) -> None:
    """No proof is made for a leaf beyond the tree, an empty tree, or a tree that shrank."""
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(Malformed):
            prove_inclusion(index, size, read)
    for old, new in ((0, 3), (4, 3), (0, 0)):
        with pytest.raises(Malformed):
            prove_consistency(old, new, read)
        with pytest.raises(Malformed):
            verify_consistency(old=old, new=new, old_root=bytes(32), new_root=bytes(32), proof=[])


def test_a_proof_that_climbs_over_the_root_is_refused(read: Callable[[int, int], bytes]) -> None:
    """A proof with a level too many is refused even where the hashes above were made to fit."""
    extra = bytes(32)
    over = node_hash(extra, LEAVES[0])
    with pytest.raises(Tampered, match="too long"):
        verify_inclusion(index=0, size=1, leaf=LEAVES[0], proof=[extra], root=over)
    old_over, new_over = node_hash(extra, ROOTS[3]), node_hash(extra, ROOTS[4])
    proof = [*prove_consistency(3, 4, read), extra]
    with pytest.raises(Tampered, match="too long"):
        verify_consistency(old=3, new=4, old_root=old_over, new_root=new_over, proof=proof)


def test_proofs_are_bounded() -> None:
    """A proof longer than any tree needs is refused before it is followed, and every hash has 32 bytes."""
    with pytest.raises(Malformed):
        verify_inclusion(index=0, size=2, leaf=bytes(32), proof=[bytes(32)] * (MAX_PROOF + 1), root=bytes(32))
    with pytest.raises(Malformed):
        verify_inclusion(index=0, size=1, leaf=b"", proof=[], root=b"")
    with pytest.raises(Malformed):
        verify_consistency(old=1, new=1, old_root=b"", new_root=b"", proof=[])


def _decode(text: str) -> bytes:
    return base64.b64decode(text)
