"""Cases of rooms' keys and of epochs: FORMAT.md section 5."""

from collections.abc import Sequence
from dataclasses import replace

from bot.seal import event, threshold
from bot.seal.hpke import seal_to
from bot.seal.labels import Label
from bot.seal.room import commit, seal_room_key
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic
from tests.vectors.make.world import (
    DEVICES,
    ENTROPY,
    KEYS,
    OTHER_KEY,
    ROOM,
    START,
    escrow_of,
    header,
    heads,
    id_of,
    key_fields,
    manifest,
    sealed_keys,
    signed,
    stream,
    told,
)

KC = commit(KEYS[1])


def rooms() -> Topic:
    """Keys of rooms, sealed to devices."""
    topic = Topic("rooms", "A room's key and its commitment (FORMAT.md 5).")
    keys = sealed_keys(topic, 1)
    for epoch in KEYS:
        topic.ok(f"commit-{epoch}", [19], "commit", **key_fields(KEYS[epoch]))
    topic.ok("seal", [15], "seal_room_key", **key_fields(KEYS[1]), entropy=ENTROPY["officer"])
    for id_, musts, changed in (
        ("key-of-31-bytes", [15], {"key": bytes(31)}),
        ("key-of-33-bytes", [15], {"key": bytes(33)}),
        ("no-room", [2], {"room": ""}),
        ("room-of-256-bytes", [2], {"room": "r" * 256}),
        ("epoch-0", [15], {"epoch": 0}),
        ("negative-epoch", [1], {"epoch": -1}),
        ("epoch-2-53", [1], {"epoch": 2**53}),
    ):
        fields = {**key_fields(KEYS[1]), **changed}
        topic.refuse(f"commit-{id_}", musts, "commit", "Malformed", **fields)
        topic.refuse(f"seal-{id_}", musts, "seal_room_key", "Malformed", **fields, entropy=ENTROPY["officer"])
    where = {"room": ROOM, "epoch": 1}
    for name, sealed in keys.items():
        topic.ok(f"open-{name}", [19], "open_room_key", sealed=sealed, **where, kc=KC, entropy=ENTROPY[name])
        hashed = {"sealed": sealed, **where, "device_id": id_of(name)}
        topic.ok(f"hash-{name}", [18], "hash_sealed_key", **hashed)
    _open(topic, keys)
    for size in (0, 1167, 1169):
        fields = {"sealed": bytes(size), **where, "device_id": id_of("officer")}
        topic.refuse(f"hash-of-{size}-bytes", [17], "hash_sealed_key", "Malformed", **fields)
    return topic


def _open(topic: Topic, keys: dict[str, bytes]) -> None:
    sealed, officer = keys["officer"], DEVICES["officer"].public
    kem, info = officer.kem, lp(Label.ROOM_KEY, ROOM, 1, officer.device_id)

    def refuse(id_: str, error: str, musts: Sequence[int] = (19,), **changed: object) -> None:
        good = {"sealed": sealed, "room": ROOM, "epoch": 1, "kc": KC, "entropy": ENTROPY["officer"]}
        topic.refuse(f"open-{id_}", musts, "open_room_key", error, **{**good, **changed})

    refuse("other-epoch", "Tampered", epoch=2)
    refuse("other-room", "Tampered", room="room-2")
    refuse("other-device", "Tampered", entropy=ENTROPY["worker"])
    refuse("anothers-key", "Tampered", sealed=keys["worker"])
    refuse("commitment-of-another-key", "Tampered", kc=commit(OTHER_KEY))
    refuse("commitment-of-another-epoch", "Tampered", kc=commit(KEYS[2]))
    refuse("commitment-of-zeros", "Tampered", kc=bytes(32))
    refuse("changed", "Tampered", sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    refuse("1167-bytes", "Malformed", (3,), sealed=sealed[:-1])
    refuse("1169-bytes", "Malformed", (3,), sealed=sealed + b"\0")
    refuse("nothing", "Malformed", (3,), sealed=b"")
    other = topic.kept("key-other-officer", lambda: seal_room_key(OTHER_KEY, officer).content)
    refuse("another-key-than-committed", "Tampered", sealed=other)
    short = topic.kept("key-of-31-bytes", lambda: seal_to(kem, bytes(31), info=info))
    refuse("key-of-31-bytes-inside", "Malformed", (3,), sealed=short)
    bare = topic.kept("key-without-info", lambda: seal_to(kem, KEYS[1].key, info=b""))
    refuse("sealed-without-info", "Tampered", (7,), sealed=bare)
    nobody = lp(Label.ROOM_KEY, ROOM, 1)
    loose = topic.kept("key-without-device", lambda: seal_to(kem, KEYS[1].key, info=nobody))
    refuse("sealed-to-no-device-in-particular", "Tampered", (7,), sealed=loose)
    share = lp(Label.SHARE, ROOM, 1, officer.device_id)
    mislabelled = topic.kept("key-with-another-label", lambda: seal_to(kem, KEYS[1].key, info=share))
    refuse("sealed-under-another-label", "Tampered", (7,), sealed=mislabelled)


def epochs() -> Topic:
    """The manifest of an epoch, and what comes with it."""
    topic = Topic("epochs", "How an epoch starts: its manifest, sealed keys and escrows (FORMAT.md 5).")
    events = stream(topic)
    topic.value("event", event.to_bytes(events[0]))
    _manifests(topic)
    _start(topic)
    _check(topic)
    _accept(topic)
    topic.ok("read-epoch", [16], "read_epoch", event=event.to_bytes(events[0]))
    topic.refuse("read-epoch-of-a-message", [27], "read_epoch", "Malformed", event=event.to_bytes(events[1]))
    disguised = signed(header(events[0], kind="said"), bytes(272), "bridge")
    topic.refuse("read-epoch-of-a-message-of-zeros", [27], "read_epoch", "Malformed", event=disguised)
    empty = signed(header(events[0]), b"", "bridge")
    topic.refuse("read-epoch-without-manifest", [16], "read_epoch", "Malformed", event=empty)
    return topic


def _manifest(
    recipients: Sequence[bytes], escrows: Sequence[str], *, suite: int = 1, kc: bytes = KC, more: int = 0
) -> bytes:
    fields: list[bytes | int | str] = [suite, kc, len(recipients) + more]
    for device_id in recipients:
        fields += [device_id, b"\xaa" * 32]
    fields.append(len(escrows))
    for organisation in escrows:
        fields += [organisation, b"\xbb" * 32]
    return lp(Label.EPOCH, *fields)


def _ids(count: int) -> list[bytes]:
    return [number.to_bytes(32, "big") for number in range(count)]


def _manifests(topic: Topic) -> None:
    topic.ok("manifest", [16], "read_manifest", bytes=manifest(topic))
    topic.ok("manifest-least", [16], "read_manifest", bytes=_manifest(_ids(1), ["o"]))
    eight = [f"o-{number}" for number in range(8)]
    topic.ok("manifest-of-8-escrows", [16], "read_manifest", bytes=_manifest(_ids(2), eight))
    high = [b"\x7f" + bytes(31), b"\x80" + bytes(31)]
    topic.ok("manifest-ids-ascend-unsigned", [16], "read_manifest", bytes=_manifest(high, ["o"]))
    by_bytes = ["\uffff", "😀"]  # in UTF-16 the other way round
    topic.ok(
        "manifest-organisations-ascend-in-utf-8", [16], "read_manifest", bytes=_manifest(_ids(1), by_bytes)
    )
    capitals = ["B", "a", "å"]
    topic.ok(
        "manifest-organisations-ascend-by-bytes", [16], "read_manifest", bytes=_manifest(_ids(1), capitals)
    )
    good, two, three = manifest(topic), _ids(2), _ids(3)

    def refuse(id_: str, wrong: bytes, musts: Sequence[int] = (16,)) -> None:
        topic.refuse(f"manifest-{id_}", musts, "read_manifest", "Malformed", bytes=wrong)

    refuse("suite-0", _manifest(two, ["o"], suite=0))
    refuse("suite-2", _manifest(two, ["o"], suite=2))
    refuse("suite-2-32-plus-1", _manifest(two, ["o"], suite=2**32 + 1))
    refuse("no-recipients", _manifest([], ["o"]), (15, 16))
    refuse("65-recipients", _manifest(_ids(65), ["o"]))
    refuse("no-escrows", _manifest(two, []), (15, 16))
    refuse("9-escrows", _manifest(two, [*eight, "o-9"]))
    refuse("recipient-twice", _manifest([two[0], two[0]], ["o"]))
    refuse("recipients-descend", _manifest(two[::-1], ["o"]))
    refuse("recipients-unordered", _manifest([three[0], three[2], three[1]], ["o"]))
    refuse("recipients-ascend-signed", _manifest(high[::-1], ["o"]))
    refuse("escrow-twice", _manifest(two, ["o", "o"]))
    refuse("escrows-descend", _manifest(two, ["p", "o"]))
    refuse("escrows-ascend-in-utf-16", _manifest(two, by_bytes[::-1]))
    refuse("escrows-ascend-by-dictionary", _manifest(two, ["a", "B"]))
    refuse("escrows-by-length", _manifest(two, ["b", "aa"]))
    refuse("escrow-of-nobody", _manifest(two, [""]), (2, 16))
    refuse("escrow-of-a-name-too-long", _manifest(two, ["o" * 256]), (2, 16))
    refuse("commitment-of-31-bytes", _manifest(two, ["o"], kc=bytes(31)))
    refuse("id-of-31-bytes", _manifest([bytes(31)], ["o"]))
    refuse("fewer-recipients-than-counted", _manifest(two, ["o"], more=1))
    refuse("more-recipients-than-counted", _manifest(two, ["o"], more=-1))
    refuse("counts-2-53", _manifest(two, ["o"], more=2**53 - 3))
    refuse("trailing-byte", good + b"\0", (3, 16))
    refuse("truncated", good[:-1], (3, 16))
    refuse("nothing", b"", (3, 16))
    refuse("of-another-label", good.replace(b"samjour/epoch/v1", b"samjour/epoch/v2"), (3, 16))
    unhashed = lp(Label.EPOCH, 1, KC, 1, bytes(32), b"\xaa" * 31, 1, "o", b"\xbb" * 32)
    refuse("hash-of-31-bytes", unhashed)


def _came(topic: Topic, epoch: int = 1) -> Fields:
    keys = sealed_keys(topic, epoch)
    escrow = threshold.to_bytes(escrow_of(topic, epoch))
    return {
        "room_keys": [{"device_id": id_of(name), "sealed": sealed} for name, sealed in keys.items()],
        "escrows": [{"organisation": "malmo", "escrow": escrow}],
    }


def _start(topic: Topic) -> None:
    good: Fields = {
        **key_fields(KEYS[1]),
        "head": told(START),
        "entropy": ENTROPY["bridge"],
        "author": "p-worker",
        **_came(topic),
    }
    topic.ok("start", [15, 21], "start_epoch", **good)
    later = heads(stream(topic)[:2])[-1]
    second = {**good, **key_fields(KEYS[2]), "head": told(later), **_came(topic, 2)}
    topic.ok("start-second", [15, 21], "start_epoch", **second)

    def refuse(id_: str, musts: Sequence[int], error: str = "Malformed", **changed: object) -> None:
        topic.refuse(f"start-{id_}", musts, "start_epoch", error, **{**good, **changed})

    refuse("without-recipients", [15], room_keys=[])
    refuse("without-escrow", [15], escrows=[])
    refuse("with-the-key-of-another-room", [15], room="room-2")
    refuse("with-the-key-of-a-later-epoch", [15, 21], epoch=2)
    refuse("with-the-key-of-the-present-epoch", [15, 21], head=told(replace(START, epoch=1, seq=1)))
    refuse("with-the-key-of-a-past-epoch", [15, 21], head=told(replace(START, epoch=2, seq=2)))
    refuse("with-the-escrow-of-another-epoch", [34], "Tampered", escrows=_came(topic, 2)["escrows"])
    elsewhere = replace(escrow_of(topic, 1), room="room-2")
    moved = [{"organisation": "malmo", "escrow": threshold.to_bytes(elsewhere)}]
    refuse("with-the-escrow-of-another-room", [34], "Tampered", escrows=moved)
    refuse(
        "with-a-sealed-key-of-1167-bytes", [15], room_keys=[{"device_id": bytes(32), "sealed": bytes(1167)}]
    )
    many = [{"device_id": id_, "sealed": bytes(1168)} for id_ in _ids(65)]
    refuse("with-65-recipients", [16], room_keys=many)
    nine = [{**good["escrows"][0], "organisation": f"o-{number}"} for number in range(9)]
    refuse("with-9-escrows", [16], escrows=nine)
    refuse("without-author", [2], author="")


def _check(topic: Topic) -> None:
    first, said, *_ = stream(topic)
    good: Fields = {"event": event.to_bytes(first), **_came(topic)}
    keys, escrow = good["room_keys"], good["escrows"][0]
    topic.ok("check", [17], "check_epoch", **good)
    topic.ok("check-in-another-order", [17], "check_epoch", **{**good, "room_keys": keys[::-1]})

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (17,), **changed: object) -> None:
        topic.refuse(f"check-{id_}", musts, "check_epoch", error, **{**good, **changed})

    extra = {"device_id": id_of("stranger"), "sealed": keys[0]["sealed"]}
    refuse("without-a-key", room_keys=keys[1:])
    refuse("without-keys", room_keys=[])
    refuse("with-a-key-more", room_keys=[*keys, extra])
    refuse("with-a-key-exchanged", room_keys=[extra, *keys[1:]])
    swapped = [{**keys[0], "sealed": keys[1]["sealed"]}, {**keys[1], "sealed": keys[0]["sealed"]}, keys[2]]
    refuse("with-keys-swapped", room_keys=swapped)
    officer = DEVICES["officer"].public
    again = topic.kept("key-1-officer-again", lambda: seal_room_key(KEYS[1], officer).content)
    refuse("with-a-key-sealed-again", room_keys=[{**keys[0], "sealed": again}, *keys[1:]])
    refuse("with-a-key-of-1167-bytes", "Malformed", room_keys=[{**keys[0], "sealed": bytes(1167)}, *keys[1:]])
    for size in (31, 33, 0):
        odd = [{**keys[0], "device_id": (keys[0]["device_id"] * 2)[:size]}, *keys[1:]]
        refuse(f"with-a-device-id-of-{size}-bytes", "Malformed", room_keys=odd)
    refuse("without-escrow", escrows=[], musts=(15, 17))
    refuse("with-the-escrow-of-another-organisation", escrows=[{**escrow, "organisation": "farsta"}])
    refuse("with-an-escrow-more", escrows=[escrow, {**escrow, "organisation": "farsta"}])
    kept = escrow_of(topic, 1)
    changed = threshold.to_bytes(replace(kept, iv=bytes(12)))
    refuse("with-a-changed-escrow", escrows=[{**escrow, "escrow": changed}])
    weaker = threshold.to_bytes(replace(kept, t=3))
    refuse("with-another-threshold", escrows=[{**escrow, "escrow": weaker}])
    past = threshold.to_bytes(replace(kept, epoch=2))
    refuse("with-the-escrow-of-another-epoch", escrows=[{**escrow, "escrow": past}], musts=(17, 34))
    elsewhere = threshold.to_bytes(replace(kept, room="room-2"))
    refuse("with-the-escrow-of-another-room", escrows=[{**escrow, "escrow": elsewhere}], musts=(17, 34))
    refuse("of-a-message", "Malformed", event=event.to_bytes(said), musts=(27,))


def _accept(topic: Topic) -> None:
    first, said, *_ = stream(topic)
    keys = sealed_keys(topic, 1)
    good: Fields = {"event": event.to_bytes(first), "sealed": keys["officer"], "entropy": ENTROPY["officer"]}
    topic.ok("accept", [18], "accept_room_key", **good)
    topic.ok(
        "accept-bridge",
        [18],
        "accept_room_key",
        **{**good, "sealed": keys["bridge"], "entropy": ENTROPY["bridge"]},
    )

    def refuse(id_: str, musts: Sequence[int], error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"accept-{id_}", musts, "accept_room_key", error, **{**good, **changed})

    officer, stranger = DEVICES["officer"].public, DEVICES["stranger"].public
    again = topic.kept("key-1-officer-again", lambda: seal_room_key(KEYS[1], officer).content)
    refuse("a-right-key-that-the-epoch-does-not-name", [18], sealed=again)
    outside = topic.kept("key-1-stranger", lambda: seal_room_key(KEYS[1], stranger).content)
    refuse("as-a-stranger", [18], sealed=outside, entropy=ENTROPY["stranger"])
    refuse("anothers-key", [18], sealed=keys["worker"])
    refuse("as-another", [18], entropy=ENTROPY["worker"])
    refuse("of-a-message", [27], "Malformed", event=event.to_bytes(said))
    refuse("1167-bytes", [18], "Malformed", sealed=keys["officer"][:-1])
    lying = manifest(topic).replace(KC, commit(OTHER_KEY))
    lied = signed(header(first), lying, "bridge")
    refuse("a-key-that-the-epoch-does-not-commit-to", [19], event=lied)
    later = signed(header(first, epoch=2), manifest(topic), "bridge")
    refuse("in-another-epoch", [15, 18], event=later)
    elsewhere = signed(header(first, room="room-2"), manifest(topic), "bridge")
    refuse("in-another-room", [15, 18], event=elsewhere)
