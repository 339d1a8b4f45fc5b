"""Cases of the inbox and of fields: FORMAT.md section 8."""

from collections.abc import Sequence

from bot.seal.field import FieldKey, Place, lookup, seal_field
from bot.seal.hpke import seal_to
from bot.seal.inbox import seal_inbox
from bot.seal.labels import Label
from bot.seal.padding import pad
from bot.seal.plain import Plain
from bot.seal.symmetric import derive, encrypt
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic
from tests.vectors.make.world import DEVICES, ENTROPY, NONCE


def inbox_fields() -> Topic:
    """Section 8."""
    topic = Topic("inbox_fields", "The inbox and the fields; what a browser never sees (FORMAT.md 8).")
    _inbox(topic)
    _fields(topic)
    return topic


def _inbox(topic: Topic) -> None:
    bridge = DEVICES["bridge"].public
    where = {"channel": "telegram", "native_id": "17"}
    sealed = topic.kept("inbox", lambda: seal_inbox(bridge, **where, body=Plain(b"Hej")).content)
    good: Fields = {"sealed": sealed, **where, "entropy": ENTROPY["bridge"]}
    topic.ok("open-inbox", [36], "open_inbox", **good)
    body = {"entropy": ENTROPY["bridge"], **where, "plain": b"Hej"}
    topic.ok("seal-inbox", [5], "seal_inbox", **body)
    topic.refuse("seal-inbox-65536-bytes", [5], "seal_inbox", "Malformed", **{**body, "plain": b"a" * 65536})
    topic.refuse("seal-inbox-without-channel", [2], "seal_inbox", "Malformed", **{**body, "channel": ""})
    topic.refuse("seal-inbox-without-id", [2], "seal_inbox", "Malformed", **{**body, "native_id": ""})

    def refuse(id_: str, musts: Sequence[int], error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"open-inbox-{id_}", musts, "open_inbox", error, **{**good, **changed})

    refuse("of-another-channel", [7], channel="matrix")
    refuse("of-another-message", [7], native_id="18")
    refuse("with-channel-and-id-parted-elsewhere", [3], channel="telegram1", native_id="7")
    refuse("at-another-bridge", [7], entropy=ENTROPY["stranger"])
    refuse("changed", [7], sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    for size in (0, 255, 1136, 1391, 1393, 1136 + 768, 1136 + 131072):
        refuse(f"of-{size}-bytes", [36], "Malformed", sealed=bytes(size))
    info = lp(Label.INBOX, "telegram", "17", bridge.device_id)
    loose = topic.kept("inbox-unpadded", lambda: seal_to(bridge.kem, b"a" * 256, info=info))
    refuse("without-padding", [6], "Malformed", sealed=loose)
    wide = topic.kept("inbox-wide", lambda: seal_to(bridge.kem, pad(b"Hej").ljust(512, b"\0"), info=info))
    refuse("in-a-larger-bucket", [6], "Malformed", sealed=wide)


def _fields(topic: Topic) -> None:
    key = bytes(range(0x60, 0x80))
    place = {"table": "people", "column": "phone", "row": "p-1"}
    number = b"+46701740605"
    made = topic.ok("seal-field", [7], "seal_field", key=key, **place, plain=number, nonce=NONCE)
    good: Fields = {"key": key, **place, "sealed": bytes.fromhex(made["sealed"])}
    topic.ok("open-field", [36], "open_field", **good)

    def refuse(id_: str, musts: Sequence[int], error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"open-field-{id_}", musts, "open_field", error, **{**good, **changed})

    sealed = good["sealed"]
    refuse("with-another-key", [7], key=bytes(32))
    refuse("of-another-row", [7], row="p-2")
    refuse("of-another-column", [7], column="name")
    refuse("of-another-table", [7], table="addresses")
    refuse("with-table-and-column-parted-elsewhere", [3], table="peoplep", column="hone")
    refuse("with-column-and-row-swapped", [3], column="p-1", row="phone")
    for at in (0, 12, len(sealed) - 1):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        refuse(f"changed-at-{at}", [7], sealed=changed)
    for size in (0, 28, 283, 285, 28 + 768, 28 + 131072):
        refuse(f"of-{size}-bytes", [36], "Malformed", sealed=bytes(size))
    refuse("without-its-last-byte", [36], "Malformed", sealed=sealed[:-1])
    refuse("with-a-key-of-31-bytes", [36], "Malformed", key=bytes(31))
    refuse("without-row", [2], "Malformed", row="")
    of = Place(table="people", column="phone", row="p-1")
    field_key = FieldKey(key=key)
    honest = seal_field(field_key, of, Plain(number), nonce=NONCE).content
    assert honest == sealed
    derived = _derived(key)
    loose = NONCE + encrypt(derived, NONCE, b"a" * 256, aad=lp(Label.FIELD, "people", "phone", "p-1"))
    refuse("without-padding", [6], "Malformed", sealed=loose)
    more = {"key": key, **place, "plain": number, "nonce": NONCE}
    for size in (0, 11, 13):
        id_ = f"seal-field-with-a-nonce-of-{size}-bytes"
        topic.refuse(id_, [7], "seal_field", "Malformed", **{**more, "nonce": bytes(size)})
    topic.refuse("seal-field-65536-bytes", [5], "seal_field", "Malformed", **{**more, "plain": b"a" * 65536})
    topic.refuse("seal-field-without-column", [2], "seal_field", "Malformed", **{**more, "column": ""})
    found = topic.ok("lookup", [37], "lookup", key=key, kind="phone", plain=number)
    assert found["hash"] == lookup(field_key, "phone", Plain(number)).hex()
    other = topic.ok("lookup-of-another-spelling", [37], "lookup", key=key, kind="phone", plain=b"0701740605")
    another = topic.ok("lookup-of-another-kind", [37], "lookup", key=key, kind="telegram", plain=number)
    assert len({found["hash"], other["hash"], another["hash"]}) == 3
    topic.refuse("lookup-of-no-kind", [2], "lookup", "Malformed", key=key, kind="", plain=number)


def _derived(key: bytes) -> bytes:
    return derive(key, Label.FIELD_KEY, "people", "phone")
