"""Cases of events: FORMAT.md section 6."""

from collections.abc import Sequence
from dataclasses import replace

from bot.seal import event, signing
from bot.seal.event import Event
from bot.seal.labels import Label
from bot.seal.padding import pad
from bot.seal.symmetric import encrypt
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.hand import ORDER, challenge, scalar
from tests.vectors.make.kit import Topic
from tests.vectors.make.primitives import small_points
from tests.vectors.make.world import (
    DEVICES,
    ENTROPY,
    KEYS,
    NONCE,
    OTHER_KEY,
    ROOM,
    START,
    begin,
    header,
    heads,
    id_of,
    key_fields,
    said,
    signed,
    stream,
    told,
)


def events() -> Topic:
    """All that is done with events."""
    topic = Topic("events", "Events: sealed, read, checked, opened (FORMAT.md 6).")
    rows = stream(topic)
    for number, each in enumerate(rows, start=1):
        topic.value(f"event-{number}", event.to_bytes(each))
    topic.ok("genesis", [20], "genesis", room=ROOM)
    topic.refuse("genesis-of-no-room", [2], "genesis", "Malformed", room="")
    _seal(topic, rows)
    _read(topic, rows)
    _sizes(topic, rows)
    _check(topic, rows)
    _stale(topic, rows)
    _chain(topic, rows)
    _signatures(topic, rows)
    _open(topic, rows)
    _receive(topic, rows)
    return topic


def _seal(topic: Topic, rows: list[Event]) -> None:
    good: Fields = {
        **key_fields(KEYS[1]),
        "head": told(heads(rows)[1]),
        "entropy": ENTROPY["officer"],
        "author": "p-officer",
        "kind": "said",
        "plain": b"Hej",
        "nonce": NONCE,
    }
    topic.ok("seal", [7, 20], "seal_event", **good)
    topic.ok("seal-nothing", [5], "seal_event", **{**good, "plain": b""})
    topic.ok("seal-256-bytes", [5], "seal_event", **{**good, "plain": b"a" * 256})
    topic.ok("seal-another-kind-and-author", [20], "seal_event", **{**good, "kind": "läst", "author": "å"})
    topic.ok("seal-with-a-nonce-of-zeros", [7], "seal_event", **{**good, "nonce": bytes(12)})
    other = event.to_bytes(said(heads(rows)[1], "Hej"))
    again = topic.ok("seal-again-with-a-new-nonce", [22], "seal_event", **{**good, "nonce": NONCE[::-1]})
    assert again["event"] != other.hex()

    def refuse(id_: str, musts: Sequence[int], **changed: object) -> None:
        topic.refuse(f"seal-{id_}", musts, "seal_event", "Malformed", **{**good, **changed})

    for size in (0, 8, 11, 13, 16):
        refuse(f"with-a-nonce-of-{size}-bytes", [7], nonce=bytes(size))
    refuse("65536-bytes", [5], plain=b"a" * 65536)
    refuse("an-epoch-as-a-message", [21, 27], kind="epoch")
    refuse("an-epoch-as-a-message-without-nonce", [21, 27], kind="epoch", nonce=bytes(12))
    refuse("as-the-first-event", [21], head=told(START))
    refuse("under-the-key-of-the-next-epoch", [21], **key_fields(KEYS[2]))
    refuse("under-the-key-of-the-past-epoch", [21], head=told(heads(rows)[3]))
    refuse("under-the-key-of-another-room", [15], room="room-2")
    refuse("in-another-room", [15], head=told(replace(heads(rows)[1], room="room-2")))
    refuse("without-author", [2], author="")
    refuse("without-kind", [2], kind="")
    refuse("an-author-of-256-bytes", [2], author="p" * 256)
    refuse("number-2-53", [1, 20], head=told(replace(heads(rows)[1], seq=2**53 - 1)))


def _read(topic: Topic, rows: list[Event]) -> None:
    for number, each in enumerate(rows, start=1):
        topic.ok(f"read-{number}", [23], "read_event", event=event.to_bytes(each))
    mine = rows[1]
    content = event.to_bytes(mine)

    def refuse(id_: str, wrong: bytes, musts: Sequence[int] = (23,)) -> None:
        topic.refuse(f"read-{id_}", musts, "read_event", "Malformed", event=wrong)

    def with_header(id_: str, musts: Sequence[int] = (3,), **changed: bytes | int | str) -> None:
        refuse(id_, signed(header(mine, **changed), mine.ct, "officer"), musts)

    refuse("nothing", b"", (3,))
    refuse("truncated", content[:-1], (3,))
    refuse("trailing-byte", content + b"\0", (3,))
    refuse("trailing-field", content + lp(Label.ROOM)[:4] + b"samjour/room/v1", (3,))
    refuse("of-another-label", content.replace(b"event-bytes/v1", b"event-bytes/v2"), (3,))
    refuse("header-of-another-label", content.replace(b"/event/v1", b"/event/v2"), (3,))
    hdr = header(mine)
    refuse("header-with-a-trailing-byte", signed(hdr + b"\0", mine.ct, "officer"), (3,))
    refuse("header-truncated", signed(hdr[:-1], mine.ct, "officer"), (3,))
    refuse("header-of-2049-bytes", signed(hdr.ljust(2049, b"\0"), mine.ct, "officer"))
    refuse("header-of-nothing", signed(b"", mine.ct, "officer"), (3,))
    with_header("epoch-0", (23,), epoch=0)
    with_header("number-0", (20,), seq=0)
    with_header("number-2-53", (1, 3), seq=(2**53).to_bytes(8, "big"))
    with_header("epoch-2-53", (1, 3), epoch=(2**53).to_bytes(8, "big"))
    with_header("number-of-4-bytes", seq=(2).to_bytes(4, "big"))
    with_header("without-room", (2,), room="")
    with_header("without-author", (2,), author="")
    with_header("without-kind", (2,), kind="")
    with_header("author-of-256-bytes", (2,), author="p" * 256)
    with_header("author-that-is-no-utf-8", author=b"p-\xe5")
    with_header("hash-of-31-bytes", prev_hash=bytes(31))
    with_header("device-of-33-bytes", device_id=bytes(33))
    with_header("nonce-of-11-bytes", nonce=bytes(11))
    with_header("nonce-of-16-bytes", nonce=bytes(16))
    longest = "n" * 255
    big = signed(header(mine, room=longest, author=longest, kind=longest), mine.ct, "officer")
    topic.ok("read-longest-names", [23], "read_event", event=big)


def _sizes(topic: Topic, rows: list[Event]) -> None:
    first, mine = rows[:2]

    def read(id_: str, given: Event, ct: bytes, *, good: bool = False, **changed: bytes | int | str) -> None:
        content = signed(header(given, **changed), ct, "officer")
        if good:
            topic.ok(f"read-{id_}", [23], "read_event", event=content)
        else:
            topic.refuse(f"read-{id_}", [23], "read_event", "Malformed", event=content)

    read("ct-of-272-bytes", mine, bytes(272), good=True)
    read("ct-of-65552-bytes", mine, bytes(65552), good=True)
    for size in (0, 16, 256, 271, 273, 528 + 256, 65536, 65553, 131088):
        read(f"ct-of-{size}-bytes", mine, bytes(size))
    read("epoch-of-16384-bytes", first, bytes(16384), good=True)
    read("epoch-of-16385-bytes", first, bytes(16385))
    read("epoch-with-a-nonce", first, first.ct, nonce=NONCE)
    read("epoch-with-one-bit-of-nonce", first, first.ct, nonce=bytes(11) + b"\x01")
    read("manifest-as-a-message", first, first.ct, kind="said")
    for id_, sig in (
        ("of-64-bytes", mine.sig[:64]),
        ("without-algorithm", mine.sig[1:]),
        ("of-66-bytes", mine.sig + b"\0"),
        ("of-no-bytes", b""),
        ("of-algorithm-0", b"\0" + mine.sig[1:]),
        ("of-algorithm-2", b"\2" + mine.sig[1:]),
        ("of-algorithm-129", b"\x81" + mine.sig[1:]),
    ):
        content = lp(Label.EVENT_BYTES, header(mine), mine.ct, sig)
        topic.refuse(f"read-signature-{id_}", [23], "read_event", "Malformed", event=content)


def _check(topic: Topic, rows: list[Event]) -> None:
    all_ = heads(rows)
    for number, (who, each) in enumerate(zip(("bridge", "officer", "bridge", "bridge"), rows, strict=True)):
        given = {"event": event.to_bytes(each), "head": told(all_[number]), "entropy": ENTROPY[who]}
        topic.ok(f"check-{number + 1}", [20, 21, 25], "check_event", **given)


def _refuse(topic: Topic, id_: str, musts: Sequence[int], error: str, **changed: object) -> None:
    rows = stream(topic)
    good: Fields = {
        "event": event.to_bytes(rows[1]),
        "head": told(heads(rows)[1]),
        "entropy": ENTROPY["officer"],
    }
    topic.refuse(f"check-{id_}", musts, "check_event", error, **{**good, **changed})


def _stale(topic: Topic, rows: list[Event]) -> None:
    """Whatever else is wrong, an event whose number is taken is stale; one of another room is not."""
    all_, mine = heads(rows), rows[1]
    now = told(all_[2])

    def stale(id_: str, content: bytes, who: str = "officer", head: object = now) -> None:
        given = {"event": content, "head": head, "entropy": ENTROPY[who]}
        _refuse(topic, f"stale-{id_}", [24], "StaleHead", **given)

    def altered(who: str = "officer", **changed: bytes | int | str) -> bytes:
        return signed(header(mine, **changed), mine.ct, who)

    stale("the-same-again", event.to_bytes(mine))
    stale("an-old-one", event.to_bytes(rows[0]), "bridge", told(all_[4]))
    stale("another-in-its-place", event.to_bytes(said(all_[1], "Nej")))
    stale("on-another-chain", altered(prev_hash=bytes(32)))
    stale("of-a-future-epoch", altered(epoch=7))
    stale("of-another-device", altered(device_id=id_of("worker")))
    stale("checked-with-another-device", event.to_bytes(mine), "stranger")
    stale("signed-by-another", altered("stranger"))
    broken = lp(Label.EVENT_BYTES, header(mine), mine.ct, b"\1" + bytes(64))
    stale("with-a-signature-of-zeros", broken)
    stale(
        "with-everything-wrong",
        signed(header(mine, epoch=9, prev_hash=bytes(32), device_id=bytes(32)), bytes(272), "stranger"),
        "worker",
    )
    stale("an-epoch", event.to_bytes(begin(topic, 1, START)), "bridge")
    far = told(replace(all_[2], seq=2**53 - 1))
    stale("far-behind", event.to_bytes(mine), head=far)
    for id_, head in (("stale", now), ("next", told(all_[1])), ("ahead", told(START))):
        content = altered(room="room-2")
        _refuse(topic, f"of-another-room-{id_}", [24], "Tampered", event=content, head=head)


def _chain(topic: Topic, rows: list[Event]) -> None:
    all_, mine, first = heads(rows), rows[1], rows[0]

    def refuse(
        id_: str,
        musts: Sequence[int],
        who: str = "officer",
        head: object = None,
        **changed: bytes | int | str,
    ) -> None:
        given = {"event": signed(header(mine, **changed), mine.ct, who)}
        _refuse(topic, id_, musts, "Tampered", **given, **({"head": head} if head else {}))

    refuse("one-number-left-out", [20, 25], seq=3)
    refuse("number-2-32-ahead", [20, 25], seq=2**32 + 2)
    refuse("number-2-53-minus-1", [20, 25], seq=2**53 - 1)
    refuse("on-no-event", [20, 25], prev_hash=bytes(32))
    refuse("on-the-genesis", [20, 25], prev_hash=START.hash)
    refuse("on-another-event", [20, 25], prev_hash=all_[2].hash)
    refuse("future-epoch", [21, 25], epoch=2)
    refuse("far-future-epoch", [21, 25], epoch=2**32 + 1)
    refuse("past-epoch", [21, 25], head=told(replace(all_[1], epoch=2)))
    refuse("another-device-named", [12, 25], device_id=id_of("worker"))
    refuse("unknown-device-named", [12, 25], device_id=b"\x55" * 32)
    for id_, epoch in (("without-a-new-epoch", 1), ("two-epochs-on", 3), ("an-epoch-back", 2**53 - 1)):
        content = signed(header(rows[2], epoch=epoch), rows[2].ct, "bridge")
        given = {"event": content, "head": told(all_[2]), "entropy": ENTROPY["bridge"]}
        _refuse(topic, f"epoch-event-{id_}", [21, 25], "Tampered", **given)
    early = signed(header(mine, seq=1, prev_hash=START.hash), mine.ct, "officer")
    _refuse(topic, "message-as-the-first-event", [21, 25], "Tampered", event=early, head=told(START))
    for id_, prev in (("zeros", bytes(32)), ("the-hash-of-nothing", all_[1].hash)):
        content = signed(header(first, prev_hash=prev), first.ct, "bridge")
        given = {"event": content, "head": told(START), "entropy": ENTROPY["bridge"]}
        _refuse(topic, f"first-event-on-{id_}", [20, 25], "Tampered", **given)
    second = signed(header(first, epoch=2), first.ct, "bridge")
    given = {"event": second, "head": told(START), "entropy": ENTROPY["bridge"]}
    _refuse(topic, "first-epoch-is-two", [21, 25], "Tampered", **given)


def _signatures(topic: Topic, rows: list[Event]) -> None:
    mine = rows[1]
    hdr, hashed = header(mine), event._sha256(mine.ct)
    officer = DEVICES["officer"]
    statement = lp(Label.EVENT_SIG, hdr, hashed)

    def refuse(
        id_: str, musts: Sequence[int], signature: bytes, header_: bytes = hdr, ct: bytes = mine.ct
    ) -> None:
        content = lp(Label.EVENT_BYTES, header_, ct, b"\1" + signature)
        _refuse(topic, f"signature-{id_}", musts, "Tampered", event=content)

    def sign(message: bytes) -> bytes:
        return signing.sign(officer.signing, message)

    good = mine.sig[1:]
    refuse("over-no-lp-string", [11, 25], sign(hdr + hashed))
    refuse("over-the-header-alone", [11, 25], sign(hdr))
    refuse("under-another-label", [11, 25], sign(lp(Label.EVENT_HASH, hdr, hashed)))
    refuse("over-the-text-itself", [11, 25], sign(lp(Label.EVENT_SIG, hdr, mine.ct)))
    refuse("over-a-hash-of-it", [11, 25], sign(event._sha256(statement)))
    refuse("by-another-device", [25], signing.sign(DEVICES["worker"].signing, statement))
    refuse("of-zeros", [25], bytes(64))
    refuse("of-another-event", [25], sign(lp(Label.EVENT_SIG, header(rows[3]), event._sha256(rows[3].ct))))
    refuse("changed", [25], good[:40] + bytes([good[40] ^ 1]) + good[41:])
    s = int.from_bytes(good[32:], "little") + ORDER
    refuse("in-its-second-spelling", [10, 25], good[:32] + s.to_bytes(32, "little"))
    for id_, r in small_points():
        again = challenge(r, officer.public.ed25519, statement) * scalar(officer.signing_seed) % ORDER
        refuse(f"with-r-of-small-order-{id_}", [9, 25], r + again.to_bytes(32, "little"))
    for name, changed in (
        ("author", {"author": "p-worker"}),
        ("kind", {"kind": "read"}),
        ("nonce", {"nonce": NONCE[::-1]}),
    ):
        refuse(f"over-another-{name}", [25], good, header(mine, **changed))
    refuse("over-another-text", [25], good, ct=mine.ct[:-1] + bytes([mine.ct[-1] ^ 1]))
    refuse("over-a-longer-text", [25], good, ct=mine.ct.ljust(528, b"\0"))


def _sealed(mine: Event, text: bytes, *, aad: bytes | None = None, key: bytes | None = None) -> bytes:
    """An event whose body is sealed in some other way, and signed as it should be."""
    hdr = header(mine)
    message_key = key or event._message_key(KEYS[1], mine.device_id)
    return signed(hdr, encrypt(message_key, mine.nonce, text, aad=hdr if aad is None else aad), "officer")


def _open(topic: Topic, rows: list[Event]) -> None:
    first, mine = rows[:2]
    good: Fields = {**key_fields(KEYS[1]), "event": event.to_bytes(mine)}
    topic.ok("open", [6], "open_event", **good)
    topic.ok("open-4", [6], "open_event", **key_fields(KEYS[2]), event=event.to_bytes(rows[3]))
    longest = signed(header(mine), _body(mine, b"a" * 255), "officer")
    topic.ok("open-255-bytes", [6], "open_event", **{**good, "event": longest})

    def refuse(id_: str, error: str, musts: Sequence[int], **changed: object) -> None:
        topic.refuse(f"open-{id_}", musts, "open_event", error, **{**good, **changed})

    refuse("an-epoch", "Malformed", [27], event=event.to_bytes(first))
    disguised = signed(header(first), _body(mine, b"Hej"), "bridge")
    refuse("a-message-as-an-epoch", "Malformed", [27], event=disguised)
    refuse("with-another-key", "Tampered", [25], key=OTHER_KEY.key)
    refuse("with-the-key-of-another-epoch", "Tampered", [15], **key_fields(KEYS[2]))
    refuse("with-the-key-of-another-room", "Tampered", [15], room="room-2")
    refuse("with-a-key-called-another-epochs", "Tampered", [15], epoch=2)
    for name, changed in (
        ("author", {"author": "p-worker"}),
        ("kind", {"kind": "read"}),
        ("number", {"seq": 3}),
        ("chain", {"prev_hash": bytes(32)}),
        ("device", {"device_id": id_of("worker")}),
        ("nonce", {"nonce": NONCE[::-1]}),
    ):
        moved = signed(header(mine, **changed), mine.ct, "officer")
        refuse(f"with-another-{name}", "Tampered", [26], event=moved)
    for at in (0, 255, 271):
        wrong = mine.ct[:at] + bytes([mine.ct[at] ^ 1]) + mine.ct[at + 1 :]
        refuse(f"changed-at-{at}", "Tampered", [26], event=signed(header(mine), wrong, "officer"))
    refuse("of-zeros", "Tampered", [26], event=signed(header(mine), bytes(272), "officer"))
    refuse("sealed-without-aad", "Tampered", [7], event=_sealed(mine, pad(b"Hej"), aad=b""))
    refuse("sealed-under-k-itself", "Tampered", [15], event=_sealed(mine, pad(b"Hej"), key=KEYS[1].key))
    for id_, text in (
        ("without-a-mark", b"a" * 256),
        ("of-zeros-inside", bytes(256)),
        ("in-a-larger-bucket", b"Hej\x80".ljust(512, b"\0")),
        ("with-another-mark", b"Hej\x01".ljust(256, b"\0")),
        ("with-something-after-the-mark", b"Hej\x80".ljust(255, b"\0") + b"a"),
    ):
        refuse(f"padded-{id_}", "Malformed", [6], event=_sealed(mine, text))


def _body(mine: Event, text: bytes) -> bytes:
    return encrypt(event._message_key(KEYS[1], mine.device_id), mine.nonce, pad(text), aad=header(mine))


def _receive(topic: Topic, rows: list[Event]) -> None:
    """Whoever has K can seal in anybody's name: what opens is not yet to be believed."""
    all_, mine = heads(rows), rows[1]
    good: Fields = {
        "event": event.to_bytes(mine),
        "head": told(all_[1]),
        "entropy": ENTROPY["officer"],
        **key_fields(KEYS[1]),
    }
    topic.ok("receive", [26], "receive_event", **good)

    def refuse(id_: str, error: str, **changed: object) -> None:
        topic.refuse(f"receive-{id_}", [26], "receive_event", error, **{**good, **changed})

    forged = signed(header(mine), _body(mine, b"Nej"), "worker")
    topic.ok("open-what-another-member-forged", [26], "open_event", **key_fields(KEYS[1]), event=forged)
    refuse("what-another-member-forged", "Tampered", event=forged)
    replayed = {"event": event.to_bytes(mine), "head": told(all_[2])}
    refuse("what-was-received-before", "StaleHead", **replayed)
    refuse("what-follows-nothing", "Tampered", head=told(replace(all_[1], hash=bytes(32))))
    refuse("what-it-has-no-key-for", "Tampered", key=OTHER_KEY.key)
    garbled = signed(header(mine), bytes(272), "officer")
    refuse("what-is-signed-and-does-not-open", "Tampered", event=garbled)
    epoch = {"event": event.to_bytes(rows[0]), "head": told(START), "entropy": ENTROPY["bridge"]}
    refuse("an-epoch-as-a-message", "Malformed", **epoch)
