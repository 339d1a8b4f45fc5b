"""Cases of the ledger's tree: FORMAT.md section 9."""

import hashlib
from collections.abc import Sequence

from bot.seal import log, proof
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic

MOST = 2**53 - 1
ORIGIN = "samjour.example/malmo"
LEAVES = [log.leaf_hash(kind="grant", salt=bytes(16), body=bytes([number])) for number in range(9)]
ROWS = {
    (level, index): log.root_of(LEAVES[index << level : index + 1 << level])
    for level in range(4)
    for index in range(9 >> level)
}


def ledger() -> Topic:
    """Section 9: the tree."""
    topic = Topic("ledger", "The ledger's tree and its proofs (FORMAT.md 9).")
    _leaves(topic)
    _rows(topic)
    _inclusion(topic)
    _consistency(topic)
    _large(topic)
    return topic


def _leaves(topic: Topic) -> None:
    good: Fields = {"kind": "grant", "salt": bytes(16), "body": b"\0"}
    topic.ok("leaf", [39], "leaf_hash", **good)
    topic.ok("leaf-of-nothing", [39], "leaf_hash", **{**good, "body": b""})
    for size in (0, 15, 17, 32):
        topic.refuse(
            f"leaf-with-salt-of-{size}-bytes", [], "leaf_hash", "Malformed", **{**good, "salt": bytes(size)}
        )
    topic.refuse("leaf-of-no-kind", [2], "leaf_hash", "Malformed", **{**good, "kind": ""})
    topic.refuse("leaf-of-a-kind-too-long", [2], "leaf_hash", "Malformed", **{**good, "kind": "k" * 256})
    for size in (0, 1, 2, 3, 4, 5, 7, 8, 9):
        topic.ok(f"root-of-{size}", [39], "root_of", leaves=LEAVES[:size])
    for id_, wrong in (("31", bytes(31)), ("33", bytes(33)), ("0", b"")):
        given = [*LEAVES[:2], wrong]
        topic.refuse(f"root-over-a-leaf-of-{id_}-bytes", [39], "root_of", "Malformed", leaves=given)
    topic.refuse("root-over-an-empty-leaf-alone", [39], "root_of", "Malformed", leaves=[b""])


def _row(level: int, index: int, hashed: bytes | None = None) -> Fields:
    return {"level": level, "index": index, "hash": hashed or ROWS[level, index]}


def _rows(topic: Topic) -> None:
    for size in (0, 1, 2, 3, 6, 7, 8):
        rows = [_row(level, index) for level, index in log.peaks(size)]
        topic.ok(f"append-to-{size}", [39], "append", size=size, rows=rows, leaf=LEAVES[size])

    def refuse(id_: str, size: int, rows: list[Fields], leaf: bytes) -> None:
        topic.refuse(f"append-{id_}", [39], "append", "Malformed", size=size, rows=rows, leaf=leaf)

    refuse("a-leaf-of-31-bytes", 0, [], bytes(31))
    refuse("an-empty-leaf", 0, [], b"")
    refuse("to-a-row-of-31-bytes", 1, [_row(0, 0, bytes(31))], LEAVES[1])
    refuse("to-a-higher-row-of-33-bytes", 3, [_row(1, 0, bytes(33)), _row(0, 2)], LEAVES[3])
    refuse("to-minus-1", -1, [], LEAVES[0])
    refuse("to-2-53-minus-1", MOST, [], LEAVES[0])


def _read_row(level: int, index: int) -> bytes:
    return ROWS[level, index]


def _included(index: int, size: int) -> Fields:
    return {
        "index": index,
        "size": size,
        "leaf": LEAVES[index],
        "proof": proof.prove_inclusion(index, size, _read_row),
        "root": log.root_of(LEAVES[:size]),
    }


def _inclusion(topic: Topic) -> None:
    for index, size in ((0, 1), (0, 2), (1, 2), (2, 3), (4, 5), (0, 7), (5, 7), (6, 7), (3, 8), (8, 9)):
        topic.ok(f"inclusion-{index}-of-{size}", [40], "verify_inclusion", **_included(index, size))

    def refuse(
        id_: str, error: str, musts: Sequence[int] = (40,), of: tuple[int, int] = (5, 7), **changed: object
    ) -> None:
        given = {**_included(*of), **changed}
        topic.refuse(f"inclusion-{id_}", musts, "verify_inclusion", error, **given)

    path = _included(5, 7)["proof"]
    refuse("index-is-size", "Malformed", index=7)
    refuse("index-over-size", "Malformed", index=12)
    refuse("index-minus-1", "Malformed", index=-1)
    refuse("in-the-empty-tree", "Malformed", index=0, size=0, proof=[], root=hashlib.sha256(b"").digest())
    refuse("size-minus-1", "Malformed", size=-1)
    refuse("size-2-53", "Malformed", size=2**53)
    refuse("65-hashes", "Malformed", proof=[*path, *[bytes(32)] * 62])
    refuse("64-hashes", "Tampered", proof=[*path, *[bytes(32)] * 61])
    refuse("one-hash-more", "Tampered", proof=[*path, LEAVES[0]])
    refuse("one-hash-more-in-front", "Tampered", proof=[LEAVES[0], *path])
    refuse("one-hash-less", "Tampered", proof=path[:-1])
    refuse("first-hash-left-out", "Tampered", proof=path[1:])
    refuse("no-hashes", "Tampered", proof=[])
    refuse("hashes-in-another-order", "Tampered", proof=path[::-1])
    refuse("another-index", "Tampered", index=4)
    refuse("index-2-32-further", "Malformed", index=2**32 + 5)
    refuse("another-size-of-the-same-height", "Tampered", size=6)
    refuse("size-2-32-further", "Tampered", size=2**32 + 7)
    refuse("another-leaf", "Tampered", leaf=LEAVES[4])
    refuse("another-root", "Tampered", root=log.root_of(LEAVES[:6]))
    refuse("of-one-with-a-proof", "Tampered", of=(0, 1), proof=[LEAVES[1]])
    for id_, higher in (
        ("left", log.node_hash(LEAVES[0], LEAVES[1])),
        ("right", log.node_hash(LEAVES[1], LEAVES[0])),
    ):
        refuse(f"of-one-in-a-larger-tree-on-the-{id_}", "Tampered", of=(0, 1), proof=[LEAVES[1]], root=higher)
    for id_, higher in (
        ("left", log.node_hash(ROWS[1, 0], ROWS[1, 1])),
        ("right", log.node_hash(ROWS[1, 1], ROWS[1, 0])),
    ):
        refuse(
            f"of-two-in-a-larger-tree-on-the-{id_}",
            "Tampered",
            of=(1, 2),
            proof=[LEAVES[0], ROWS[1, 1]],
            root=higher,
        )
    refuse("of-one-in-another-root", "Tampered", of=(0, 1), root=LEAVES[1])
    for id_, wrong in (("31", bytes(31)), ("33", bytes(33)), ("0", b"")):
        refuse(f"a-hash-of-{id_}-bytes", "Malformed", (39,), proof=[wrong, *path[1:]])
        refuse(f"a-leaf-of-{id_}-bytes", "Malformed", (39,), leaf=wrong)
        refuse(f"a-root-of-{id_}-bytes", "Malformed", (39,), root=wrong)
    refuse("an-empty-leaf-in-an-empty-root", "Malformed", (39,), of=(0, 1), leaf=b"", root=b"")
    joined = LEAVES[0] + LEAVES[1]
    refuse("two-leaves-as-one", "Malformed", (39,), of=(0, 1), leaf=joined, root=ROWS[1, 0])
    deep = {"index": 0, "size": 4, "leaf": ROWS[1, 0], "proof": [ROWS[1, 1]], "root": ROWS[2, 0]}
    topic.refuse("inclusion-of-a-node-as-a-leaf", [40], "verify_inclusion", "Tampered", **deep)


def _consistent(old: int, new: int) -> Fields:
    return {
        "old": old,
        "new": new,
        "old_root": log.root_of(LEAVES[:old]),
        "new_root": log.root_of(LEAVES[:new]),
        "proof": proof.prove_consistency(old, new, _read_row) if old else [],
    }


def _consistency(topic: Topic) -> None:
    for old, new in (
        (1, 1),
        (1, 2),
        (2, 3),
        (3, 4),
        (3, 7),
        (4, 7),
        (4, 8),
        (6, 8),
        (7, 8),
        (8, 9),
        (8, 8),
        (7, 9),
    ):
        topic.ok(f"consistency-{old}-to-{new}", [40], "verify_consistency", **_consistent(old, new))

    def refuse(
        id_: str, error: str, musts: Sequence[int] = (40,), of: tuple[int, int] = (3, 7), **changed: object
    ) -> None:
        given = {**_consistent(*of), **changed}
        topic.refuse(f"consistency-{id_}", musts, "verify_consistency", error, **given)

    path = _consistent(3, 7)["proof"]
    empty = hashlib.sha256(b"").digest()
    refuse("from-the-empty-tree", "Malformed", of=(0, 7))
    refuse("from-nothing-to-nothing", "Malformed", old=0, new=0, old_root=empty, new_root=empty, proof=[])
    refuse("from-minus-1", "Malformed", old=-1)
    refuse("from-larger-to-smaller", "Malformed", old=7, new=3)
    refuse("to-2-53", "Malformed", new=2**53)
    refuse("to-the-same-size-with-another-root", "Tampered", of=(7, 7), new_root=LEAVES[0])
    refuse("to-the-same-size-with-a-proof", "Tampered", of=(7, 7), proof=[LEAVES[0]])
    refuse("to-the-same-size-with-its-root-as-proof", "Tampered", of=(8, 8), proof=[log.root_of(LEAVES[:8])])
    refuse("of-two-histories", "Tampered", old_root=log.root_of([*LEAVES[:2], LEAVES[8]]))
    refuse("to-another-root", "Tampered", new_root=log.root_of([*LEAVES[:6], LEAVES[8]]))
    refuse(
        "with-roots-swapped", "Tampered", old_root=log.root_of(LEAVES[:7]), new_root=log.root_of(LEAVES[:3])
    )
    refuse("without-proof", "Tampered", proof=[])
    refuse("without-proof-from-a-power-of-two", "Tampered", of=(4, 7), proof=[])
    refuse(
        "with-the-old-root-in-front",
        "Tampered",
        of=(4, 7),
        proof=[log.root_of(LEAVES[:4]), *_consistent(4, 7)["proof"]],
    )
    refuse("one-hash-less", "Tampered", proof=path[:-1])
    refuse("first-hash-left-out", "Tampered", proof=path[1:])
    refuse("one-hash-more", "Tampered", proof=[*path, LEAVES[0]])
    for id_, taller in (
        ("left", log.node_hash(log.root_of(LEAVES[:2]), LEAVES[8])),
        ("right", log.node_hash(LEAVES[8], log.root_of(LEAVES[:2]))),
    ):
        older = LEAVES[0] if id_ == "left" else log.node_hash(LEAVES[8], LEAVES[0])
        joined: Fields = {"old_root": older, "new_root": taller, "proof": [LEAVES[1], LEAVES[8]]}
        refuse(f"to-a-larger-tree-on-the-{id_}", "Tampered", of=(1, 2), **joined)
    refuse("hashes-in-another-order", "Tampered", proof=path[::-1])
    refuse("65-hashes", "Malformed", proof=[*path, *[bytes(32)] * 62])
    refuse("another-old-size", "Tampered", old=2)
    refuse("another-new-size", "Tampered", new=9)
    refuse("old-size-2-32-further", "Tampered", old=2**32 + 3, new=2**32 + 7)
    for id_, wrong in (("31", bytes(31)), ("33", bytes(33)), ("0", b"")):
        refuse(f"a-hash-of-{id_}-bytes", "Malformed", (39,), proof=[wrong, *path[1:]])
        refuse(f"an-old-root-of-{id_}-bytes", "Malformed", (39,), old_root=wrong)
        refuse(f"a-new-root-of-{id_}-bytes", "Malformed", (39,), new_root=wrong)
    refuse("equal-empty-roots", "Malformed", (39,), of=(1, 1), old_root=b"", new_root=b"")
    refuse(
        "an-empty-root-that-is-the-first-hash",
        "Malformed",
        (39,),
        of=(4, 7),
        old_root=b"",
        proof=[b"", *path[1:]],
    )


def _large(topic: Topic) -> None:
    """Trees so large that 32 bits, or halves of a double, do not hold their sizes."""
    for size, index in (
        (2**32, 2**31),
        (2**32 + 1, 2**32),
        (2**33, 2**32 + 5),
        (MOST, 2**52 + 3),
        (MOST, MOST - 1),
        (MOST, 0),
    ):
        given = _far(index, size)
        topic.ok(f"inclusion-{index}-of-{size}", [40], "verify_inclusion", **given)
        if given["index"] >= 2**32:
            wrong = {**given, "index": index % 2**32}
            topic.refuse(
                f"inclusion-{index}-of-{size}-lower-half", [40], "verify_inclusion", "Tampered", **wrong
            )
    over = {**_far(MOST - 1, MOST), "size": 2**53}
    topic.refuse("inclusion-in-a-tree-of-2-53", [40], "verify_inclusion", "Malformed", **over)
    for old, new in (
        (2**32, 2**32 + 1),
        (2**32 + 1, 2**33),
        (2**52, MOST),
        (2**52 + 1, MOST),
        (MOST - 1, MOST),
    ):
        given = _far_consistent(old, new)
        topic.ok(f"consistency-{old}-to-{new}", [40], "verify_consistency", **given)
        wrong = {**given, "old": old - 1}
        topic.refuse(f"consistency-{old}-to-{new}-one-less", [40], "verify_consistency", "Tampered", **wrong)


def _sibling(number: int) -> bytes:
    return hashlib.sha256(bytes([number])).digest()


def _far(index: int, size: int) -> Fields:
    """A proof by the recursive definition (RFC 9162 section 2.1.3.1), in a tree of which only a path is known."""
    path: list[tuple[bool, bytes]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        left = index < middle
        path.append((left, _sibling(len(path))))
        low, high = (low, middle) if left else (middle, high)
    hashed = LEAVES[0]
    for left, sibling in reversed(path):
        hashed = log.node_hash(hashed, sibling) if left else log.node_hash(sibling, hashed)
    return {
        "index": index,
        "size": size,
        "leaf": LEAVES[0],
        "proof": [sibling for _, sibling in reversed(path)],
        "root": hashed,
    }


def _far_consistent(old: int, new: int) -> Fields:
    """A proof by the recursive definition (section 2.1.4.1), in trees of which only the seam is known."""
    steps: list[tuple[bool, bytes]] = []
    low, high, whole = 0, new, True
    while high != old:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        left = old <= middle
        steps.append((left, _sibling(len(steps))))
        low, high, whole = (low, middle, whole) if left else (middle, high, False)
    seam = LEAVES[0]
    in_old = in_new = seam
    for left, sibling in reversed(steps):
        in_old = in_old if left else log.node_hash(sibling, in_old)
        in_new = log.node_hash(in_new, sibling) if left else log.node_hash(sibling, in_new)
    hashes = [sibling for _, sibling in reversed(steps)]
    path = hashes if whole else [seam, *hashes]
    return {"old": old, "new": new, "old_root": in_old, "new_root": in_new, "proof": path}
