"""Cases of grants: FORMAT.md section 6a."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.seal import event
from bot.seal.event import GRANT_KIND, Event
from bot.seal.grant import Grant, grant_to_bytes
from bot.seal.labels import Label
from bot.seal.plain import Sealed
from bot.seal.room import commit, hash_sealed_key, seal_room_key
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic
from tests.vectors.make.world import (
    DEVICES,
    ENTROPY,
    KEYS,
    NONCE,
    OTHER_KEY,
    ROOM,
    header,
    heads,
    id_of,
    key_fields,
    signed,
    stream,
    told,
)

NEWCOMER = "stranger"
HASH = b"\xaa" * 32


def grants() -> Topic:
    """Keys of earlier epochs for a newcomer."""
    topic = Topic("grants", "Grants of earlier epochs' keys (FORMAT.md 6a).")
    keys = {epoch: _sealed(topic, epoch) for epoch in KEYS}
    given = _grant(topic, keys)
    _give(topic)
    _shapes(topic)
    _as_events(topic, given)
    _check(topic, given, keys)
    _accept(topic, given, keys)
    return topic


def _sealed(topic: Topic, epoch: int) -> bytes:
    newcomer = DEVICES[NEWCOMER].public
    return topic.kept(f"granted-{epoch}", lambda: seal_room_key(KEYS[epoch], newcomer).content)


def _grant(topic: Topic, keys: Mapping[int, bytes], **changed: bytes | int | str) -> bytes:
    """The fifth event: the officer's grant."""
    device_id = id_of(NEWCOMER)
    hashes = {
        epoch: hash_sealed_key(Sealed(content=sealed), room=ROOM, epoch=epoch, device_id=device_id)
        for epoch, sealed in keys.items()
    }
    return _event(topic, grant_to_bytes(Grant(device_id=device_id, keys=hashes)), **changed)


def _event(topic: Topic, body: bytes, /, **changed: bytes | int | str) -> bytes:
    """The officer's, unless another `author` is named: that device then signs, in whatever device's name."""
    head = heads(stream(topic))[-1]
    fields: dict[str, bytes | int | str] = {
        "seq": 5,
        "prev_hash": head.hash,
        "device_id": id_of("officer"),
        "author": "p-officer",
        "kind": GRANT_KIND,
        "nonce": bytes(12),
        **changed,
    }
    return signed(header(stream(topic)[-1], **fields), body, str(fields["author"]).removeprefix("p-"))


def _body(epochs: Sequence[int | bytes], device_id: bytes = bytes(32), more: int = 0) -> bytes:
    fields: list[bytes | int | str] = [device_id, len(epochs) + more]
    for epoch in epochs:
        fields += [epoch, HASH]
    return lp(Label.GRANT, *fields)


def _give(topic: Topic) -> None:
    keys = [{"epoch": epoch, "key": key.key} for epoch, key in KEYS.items()]
    good: Fields = {
        "keys": keys,
        "room": ROOM,
        "head": told(heads(stream(topic))[-1]),
        "entropy": ENTROPY["officer"],
        "author": "p-officer",
        "to": ENTROPY[NEWCOMER],
    }
    topic.ok("give", [59], "give_history", **good)
    topic.ok("give-one", [59], "give_history", **{**good, "keys": keys[:1]})
    for id_, musts, changed in (
        ("nothing", [59], {"keys": []}),
        ("a-future-epoch", [59], {"keys": [*keys, {"epoch": 3, "key": bytes(32)}]}),
        ("keys-of-another-room", [15], {"room": "room-2"}),
        ("epoch-0", [15], {"keys": [{"epoch": 0, "key": bytes(32)}]}),
        ("a-key-of-31-bytes", [15], {"keys": [{"epoch": 1, "key": bytes(31)}]}),
        ("without-author", [2], {"author": ""}),
    ):
        topic.refuse(f"give-{id_}", musts, "give_history", "Malformed", **{**good, **changed})


def _shapes(topic: Topic) -> None:
    def read(
        id_: str,
        body: bytes,
        musts: Sequence[int] = (59,),
        *,
        good: bool = False,
        **changed: bytes | int | str,
    ) -> None:
        content = _event(topic, body, **changed)
        if good:
            topic.ok(f"read-{id_}", musts, "read_grant", event=content)
        else:
            topic.refuse(f"read-{id_}", musts, "read_grant", "Malformed", event=content)

    read("one-epoch", _body([1]), good=True)
    read("the-present-epoch", _body([1, 2]), good=True)
    for count in (128, 129):
        topic.value(f"grant-of-{count}", _event(topic, _body(range(1, count + 1)), epoch=200))
    read("128-epochs", _body(range(1, 129)), good=True, epoch=200)
    read("129-epochs", _body(range(1, 130)), epoch=200)
    read("no-epoch", _body([]))
    read("epoch-0", _body([0, 1]))
    read("epochs-descending", _body([2, 1]))
    read("an-epoch-twice", _body([1, 1]))
    read("a-future-epoch", _body([1, 3]))
    read("a-future-epoch-alone", _body([3]))
    read("epoch-2-32-plus-1", _body([2**32 + 1]))
    read("epoch-2-53", _body([(2**53).to_bytes(8, "big")]), (3,))
    read("fewer-epochs-than-counted", _body([1], more=1), (3,))
    read("more-epochs-than-counted", _body([1, 2], more=-1), (3,))
    read("counts-2-53", _body([1], more=2**53 - 2), (3,))
    read("a-device-of-31-bytes", _body([1], bytes(31)), (3,))
    read("a-trailing-byte", _body([1]) + b"\0", (3,))
    read("nothing", b"", (3,))
    read("a-manifest", stream(topic)[0].ct, (27,))
    read("an-epoch-event", _body([1]), (27,), kind="epoch")
    message = signed(header(stream(topic)[1]), stream(topic)[1].ct, "officer")
    topic.refuse("read-a-message", [27], "read_grant", "Malformed", event=message)
    grant = _event(topic, _body([1]))
    topic.refuse("read-epoch-of-a-grant", [27], "read_epoch", "Malformed", event=grant)
    manifest = _event(topic, stream(topic)[0].ct)
    topic.refuse("read-epoch-of-a-grant-with-a-manifest", [27], "read_epoch", "Malformed", event=manifest)


def _as_events(topic: Topic, given: bytes) -> None:
    """A grant is an event like any other, in the present epoch."""
    rows: list[Event] = stream(topic)
    head = heads(rows)[-1]
    checked: Fields = {"event": given, "head": told(head), "entropy": ENTROPY["officer"]}
    topic.ok("check-event", [25], "check_event", **checked)
    for id_, epoch in (("next", 3), ("past", 1)):
        moved = {**checked, "event": _event(topic, _body([1]), epoch=epoch)}
        topic.refuse(f"check-event-in-the-{id_}-epoch", [21, 25], "check_event", "Tampered", **moved)
    forged = {**checked, "event": _event(topic, _body([1]), author="p-stranger")}
    topic.refuse("check-event-signed-by-another", [25], "check_event", "Tampered", **forged)
    stale = {**checked, "head": told(replace(head, seq=5))}
    topic.refuse("check-event-again", [24], "check_event", "StaleHead", **stale)
    early = _event(topic, _body([1]), seq=1, epoch=1, prev_hash=heads(rows)[0].hash)
    first = {**checked, "event": early, "head": told(heads(rows)[0])}
    topic.refuse("check-event-as-the-first", [21, 25], "check_event", "Tampered", **first)
    topic.refuse("open-event", [27], "open_event", "Malformed", **key_fields(KEYS[2]), event=given)
    sealing: Fields = {**key_fields(KEYS[2]), "head": told(head), "entropy": ENTROPY["officer"]}
    for id_, nonce in (("", NONCE), ("-without-nonce", bytes(12))):
        said = {"author": "p-officer", "kind": GRANT_KIND, "plain": b"Hej", "nonce": nonce}
        topic.refuse(f"seal-event{id_}", [27], "seal_event", "Malformed", **sealing, **said)
    for id_, content in (
        ("with-a-nonce", _event(topic, _body([1]), nonce=NONCE)),
        ("of-16385-bytes", _event(topic, bytes(16385))),
    ):
        topic.refuse(f"read-event-{id_}", [23], "read_event", "Malformed", event=content)


def _check(topic: Topic, given: bytes, keys: Mapping[int, bytes]) -> None:
    came: list[Fields] = [{"epoch": epoch, "sealed": sealed} for epoch, sealed in keys.items()]
    one, two = came
    topic.ok("check", [60], "check_grant", event=given, sealed=came)
    topic.ok("check-in-another-order", [60], "check_grant", event=given, sealed=came[::-1])

    def refuse(
        id_: str,
        sealed: list[Fields],
        error: str = "Tampered",
        content: bytes = given,
        musts: Sequence[int] = (60,),
    ) -> None:
        topic.refuse(f"check-{id_}", musts, "check_grant", error, event=content, sealed=sealed)

    refuse("without-keys", [])
    refuse("without-a-key", [one])
    refuse("with-a-key-more", [*came, {"epoch": 3, "sealed": two["sealed"]}])
    refuse("with-keys-swapped", [{**one, "sealed": two["sealed"]}, {**two, "sealed": one["sealed"]}])
    again = topic.kept("granted-again", lambda: seal_room_key(KEYS[1], DEVICES[NEWCOMER].public).content)
    refuse("with-a-key-sealed-again", [{**one, "sealed": again}, two])
    refuse("with-a-key-of-1167-bytes", [{**one, "sealed": bytes(1167)}, two], "Malformed")
    refuse("in-another-room", came, content=_grant(topic, keys, room="room-2"))
    refuse("of-a-message", came, "Malformed", event.to_bytes(stream(topic)[1]), (27,))


def _accept(topic: Topic, given: bytes, keys: Mapping[int, bytes]) -> None:
    good: Fields = {
        "event": given,
        "sealed": keys[1],
        "epoch": 1,
        "kc": commit(KEYS[1]),
        "entropy": ENTROPY[NEWCOMER],
    }
    topic.ok("accept", [61], "accept_granted_key", **good)
    second = {"sealed": keys[2], "epoch": 2, "kc": commit(KEYS[2])}
    topic.ok("accept-the-present", [61], "accept_granted_key", **{**good, **second})

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (61,), **changed: object) -> None:
        topic.refuse(f"accept-{id_}", musts, "accept_granted_key", error, **{**good, **changed})

    refuse("as-another-device", entropy=ENTROPY["worker"])
    refuse("in-another-epoch", epoch=2)
    refuse("in-an-epoch-not-granted", epoch=3)
    refuse("another-epochs-key", sealed=keys[2])
    again = topic.kept("granted-again", lambda: seal_room_key(KEYS[1], DEVICES[NEWCOMER].public).content)
    refuse("a-right-key-that-the-grant-does-not-name", sealed=again)
    refuse("against-the-commitment-of-another-epoch", musts=(19, 61), kc=commit(KEYS[2]))
    other = topic.kept("granted-other", lambda: seal_room_key(OTHER_KEY, DEVICES[NEWCOMER].public).content)
    lying = _grant(topic, {1: other})
    refuse("another-key-than-committed", musts=(19, 61), event=lying, sealed=other)
    for_another = grant_to_bytes(Grant(device_id=id_of("worker"), keys={1: HASH}))
    refuse("of-a-grant-to-another", event=_event(topic, for_another))
    mine = hash_sealed_key(Sealed(content=keys[1]), room=ROOM, epoch=1, device_id=id_of(NEWCOMER))
    in_part = grant_to_bytes(Grant(device_id=id_of("worker"), keys={1: mine}))
    refuse("of-a-grant-to-another-with-ones-own-key", event=_event(topic, in_part))
    refuse("in-another-room", event=_grant(topic, keys, room="room-2"))
    refuse("of-a-message", "Malformed", (27,), event=event.to_bytes(stream(topic)[1]))
    refuse("1167-bytes", "Malformed", sealed=keys[1][:-1])
