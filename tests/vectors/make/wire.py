"""Cases of encoding and padding: FORMAT.md sections 1 and 2."""

import base64

from bot.seal.labels import Label
from bot.seal.wire import lp
from tests.vectors.make.kit import Topic

MOST = 2**53 - 1
ROOM = "samjour/room/v1"
EVENT = "samjour/event/v1"


def wire() -> Topic:
    """Section 1."""
    topic = Topic("wire", "LP strings, identifiers and base64url (FORMAT.md 1).")
    _write(topic)
    _names(topic)
    _read(topic)
    _read_numbers(topic)
    _read_names(topic)
    _base64url(topic)
    return topic


def _write(topic: Topic) -> None:
    topic.ok("lp-no-fields", [1], "lp", label=ROOM, fields=[])
    topic.ok("lp-empty-field", [1], "lp", label=ROOM, fields=[{"bytes": b""}, {"text": ""}])
    topic.ok(
        "lp-each-type",
        [1],
        "lp",
        label=EVENT,
        fields=[{"bytes": b"\x01\x02"}, {"number": 258}, {"text": "å😀"}],
    )
    for number in (0, 2**31, 2**32, 2**32 + 1, MOST):
        topic.ok(f"lp-number-{number}", [1], "lp", label=ROOM, fields=[{"number": number}])
    for number, id_ in ((-1, "negative"), (MOST + 1, "2-53"), (-(2**53), "minus-2-53")):
        topic.refuse(f"lp-number-{id_}", [1], "lp", "Malformed", label=ROOM, fields=[{"number": number}])
    longest = b"a" * 2**20
    topic.refuse(
        "lp-field-over-1-mib", [1], "lp", "Malformed", label=ROOM, fields=[{"bytes": longest + b"a"}]
    )
    topic.refuse(
        "lp-text-over-1-mib-in-bytes",
        [1],
        "lp",
        "Malformed",
        label=ROOM,
        fields=[{"text": "å" * (2**19 + 1)}],
    )
    topic.refuse("lp-lone-surrogate", [1, 3], "lp", "Malformed", label=ROOM, fields=[{"text": "\ud83d"}])
    topic.refuse(
        "lp-leaf-body-over-1-mib",
        [1],
        "leaf_hash",
        "Malformed",
        kind="k",
        salt=bytes(16),
        body=longest + b"a",
    )


def _names(topic: Topic) -> None:
    for id_, text in (
        ("one-byte", "a"),
        ("255-bytes", "a" * 255),
        ("255-bytes-of-three-each", "€" * 85),
        ("nul", "\0"),
        ("blank", " "),
        ("composed", "é"),
        ("decomposed", "e\u0301"),
        ("byte-order-mark", "\ufeffa"),
        ("no-character", "\uffff"),
        ("beyond-the-first-plane", "😀"),
    ):
        topic.ok(f"name-{id_}", [2], "name", text=text)
    for id_, text in (
        ("empty", ""),
        ("256-bytes", "a" * 256),
        ("128-characters-of-two-bytes", "å" * 128),
        ("86-characters-of-three-bytes", "€" * 86),
        ("64-characters-of-four-bytes", "😀" * 64),
        ("high-surrogate", "a\ud83d"),
        ("low-surrogate", "\ude00a"),
        ("surrogates-in-the-wrong-order", "\ude00\ud83d"),
    ):
        topic.refuse(f"name-{id_}", [2], "name", "Malformed", text=text)
    composed = topic.ok("genesis-composed-name", [2], "genesis", room="é")
    decomposed = topic.ok("genesis-decomposed-name-is-another", [2], "genesis", room="e\u0301")
    assert composed != decomposed


def _read(topic: Topic) -> None:
    good = lp(Label.ROOM, b"\x01\x02", 258, "r")
    fields = [{"exact": 2}, {"number": [0, MOST]}, {"name": True}]
    topic.ok("read-each-type", [3], "read_lp", label=ROOM, bytes=good, fields=fields)
    topic.ok("read-no-fields", [3], "read_lp", label=ROOM, bytes=lp(Label.ROOM), fields=[])
    topic.ok("read-empty-field", [3], "read_lp", label=ROOM, bytes=lp(Label.ROOM, b""), fields=[{"up_to": 0}])
    label = len(lp(Label.ROOM))
    for id_, content in (
        ("nothing", b""),
        ("truncated-length", good[:3]),
        ("length-and-no-label", good[:4]),
        ("truncated-label", good[: label - 1]),
        ("truncated-field-length", good[: label + 3]),
        ("truncated-field", good[: label + 5]),
        ("truncated-end", good[:-1]),
        ("trailing-byte", good + b"\0"),
        ("trailing-empty-field", good + bytes(4)),
        ("trailing-field", lp(Label.ROOM, b"\x01\x02", 258, "r", "r")),
        ("missing-field", lp(Label.ROOM, b"\x01\x02", 258)),
        ("swapped-fields", lp(Label.ROOM, 258, b"\x01\x02", "r")),
        ("longer-field", lp(Label.ROOM, b"\x01\x02\x03", 258, "r")),
        ("shorter-field", lp(Label.ROOM, b"\x01", 258, "r")),
        ("length-of-2-32-minus-1", good[:label] + b"\xff\xff\xff\xff" + good[label + 4 :]),
        ("length-with-the-sign-bit", good[:label] + b"\x80\x00\x00\x02" + good[label + 4 :]),
        ("length-little-endian", good[:label] + b"\x02\x00\x00\x00" + good[label + 4 :]),
        ("one-byte-before", b"\0" + good),
        ("another-label", lp(Label.EVENT, b"\x01\x02", 258, "r")),
        ("label-with-more", b"\0\0\0\x10samjour/room/v1\0" + good[label:]),
        ("label-with-less", b"\0\0\0\x0esamjour/room/v" + good[label:]),
        ("label-of-a-later-version", good.replace(b"/v1", b"/v2")),
        ("label-in-capitals", good.replace(b"samjour", b"Samjour")),
        ("empty-label", bytes(4) + good[label:]),
    ):
        topic.refuse(f"read-{id_}", [3], "read_lp", "Malformed", label=ROOM, bytes=content, fields=fields)
    topic.refuse(
        "read-field-over-its-bound",
        [3],
        "read_lp",
        "Malformed",
        label=ROOM,
        bytes=lp(Label.ROOM, b"abc"),
        fields=[{"up_to": 2}],
    )
    topic.refuse(
        "read-field-over-1-mib",
        [1, 3],
        "read_lp",
        "Malformed",
        label=ROOM,
        bytes=lp(Label.ROOM) + (2**20 + 1).to_bytes(4, "big") + b"a" * (2**20 + 1),
        fields=[{"up_to": 2**24}],
    )


def _read_numbers(topic: Topic) -> None:
    def read(id_: str, content: bytes, *, error: str = "", bounds: tuple[int, int] = (0, MOST)) -> None:
        given = {"label": ROOM, "bytes": lp(Label.ROOM, content), "fields": [{"number": list(bounds)}]}
        if error:
            topic.refuse(f"read-number-{id_}", [1, 3], "read_lp", error, **given)
        else:
            topic.ok(f"read-number-{id_}", [1, 3], "read_lp", **given)

    read("most", MOST.to_bytes(8, "big"))
    read("over-32-bits", (2**32 + 5).to_bytes(8, "big"))
    read("with-bit-31", (2**31).to_bytes(8, "big"))
    read("2-53", (MOST + 1).to_bytes(8, "big"), error="Malformed")
    read("2-53-plus-1", (MOST + 2).to_bytes(8, "big"), error="Malformed")
    read("2-64-minus-1", b"\xff" * 8, error="Malformed")
    read("with-the-sign-bit", b"\x80" + bytes(7), error="Malformed")
    read("of-seven-bytes", bytes(6) + b"\x05", error="Malformed")
    read("of-nine-bytes", bytes(8) + b"\x05", error="Malformed")
    read("of-no-bytes", b"", error="Malformed")
    read("in-ascii", b"00000005", error="Malformed", bounds=(0, 64))
    read("little-endian", b"\x05" + bytes(7), error="Malformed", bounds=(0, 64))
    read("under-its-bound", bytes(8), error="Malformed", bounds=(1, 64))
    read("over-its-bound", (65).to_bytes(8, "big"), error="Malformed", bounds=(1, 64))


def _read_names(topic: Topic) -> None:
    for id_, text in (
        ("byte-order-mark", "\ufeffa"),
        ("nul", "\0"),
        ("decomposed", "e\u0301"),
        ("255-bytes", "a" * 255),
    ):
        content = lp(Label.ROOM, text)
        topic.ok(f"read-name-{id_}", [2, 3], "read_lp", label=ROOM, bytes=content, fields=[{"name": True}])
    for id_, wrong in (
        ("empty", b""),
        ("256-bytes", b"a" * 256),
        ("latin-1", b"\xe5"),
        ("truncated", b"a\xe2\x82"),
        ("overlong-nul", b"\xc0\x80"),
        ("overlong-slash", b"\xe0\x80\xaf"),
        ("surrogate", b"\xed\xa0\x80"),
        ("surrogate-pair", b"\xed\xa0\xbd\xed\xb8\x80"),
        ("beyond-unicode", b"\xf4\x90\x80\x80"),
        ("continuation-alone", b"\x80"),
        ("byte-ff", b"\xff"),
    ):
        content = lp(Label.ROOM, wrong)
        topic.refuse(
            f"read-name-{id_}",
            [2, 3],
            "read_lp",
            "Malformed",
            label=ROOM,
            bytes=content,
            fields=[{"name": True}],
        )


def _base64url(topic: Topic) -> None:
    for content in (b"", b"\0", b"\xff\xfe", b"\xfb\xff\xbf", bytes(range(256))):
        id_ = f"{len(content)}-bytes"
        text = topic.ok(f"to-base64url-{id_}", [4], "to_base64url", bytes=content)["text"]
        assert text == base64.urlsafe_b64encode(content).rstrip(b"=").decode()
        topic.ok(f"from-base64url-{id_}", [4], "from_base64url", text=text, most=len(content))
    for id_, text in (
        ("padding", "AA=="),
        ("half-padding", "AA="),
        ("padding-after-three", "AAA="),
        ("padding-of-nothing", "="),
        ("plus", "-_+_"),
        ("slash", "-_-/"),
        ("standard-alphabet", "+/+/"),
        ("blank-inside", "AA AA"),
        ("blank-at-the-end", "AAAA "),
        ("newline-at-the-end", "AAAA\n"),
        ("tab", "AA\tA"),
        ("nul", "AAA\0"),
        ("no-break-space", "AAA\u00a0"),
        ("full-width-letter", "AAA\uff21"),
        ("one-character", "A"),
        ("five-characters", "AAAAA"),
        ("unused-bits-of-two-characters", "AB"),
        ("unused-bits-of-two-characters-high", "Ah"),
        ("unused-bits-of-three-characters", "AAB"),
        ("percent", "AA%3D"),
        ("longer-than-allowed", "A" * 44),
        ("much-longer-than-allowed", "A" * 10_000),
    ):
        topic.refuse(f"from-base64url-{id_}", [4], "from_base64url", "Malformed", text=text, most=32)
    topic.refuse("from-base64url-one-too-many", [4], "from_base64url", "Malformed", text="AAA", most=1)
    topic.refuse("from-base64url-none-allowed", [4], "from_base64url", "Malformed", text="AA", most=0)


def padding() -> Topic:
    """Section 2."""
    topic = Topic("padding", "Texts padded to nine lengths (FORMAT.md 2).")
    for size in (0, 1, 254, 255, 256, 511, 512, 65535):
        padded = topic.ok(f"pad-{size}", [5], "pad", plain=b"a" * size)["padded"]
        topic.ok(f"unpad-{size}", [6], "unpad", padded=bytes.fromhex(padded))
    topic.ok("unpad-text-that-ends-in-a-mark", [6], "unpad", padded=(b"a\x80\0\0\x80").ljust(256, b"\0"))
    topic.refuse("pad-65536", [5], "pad", "Malformed", plain=b"a" * 65536)
    topic.refuse("pad-65537", [5], "pad", "Malformed", plain=b"a" * 65537)
    for id_, padded in (
        ("nothing", b""),
        ("zeros", bytes(256)),
        ("no-mark", b"a" * 256),
        ("mark-alone", b"\x80"),
        ("another-mark", b"Hej\x01".ljust(256, b"\0")),
        ("mark-and-one", b"Hej\x80".ljust(255, b"\0") + b"\x01"),
        ("mark-with-another-bit", b"Hej\x81".ljust(256, b"\0")),
        ("length-255", b"Hej\x80".ljust(255, b"\0")),
        ("length-257", b"Hej\x80".ljust(257, b"\0")),
        ("length-768", b"Hej\x80".ljust(768, b"\0")),
        ("larger-bucket-than-needed", b"Hej\x80".ljust(512, b"\0")),
        ("full-text-in-a-larger-bucket", (b"a" * 255 + b"\x80").ljust(512, b"\0")),
        ("length-131072", (b"a" * 65536 + b"\x80").ljust(131072, b"\0")),
        ("pkcs7", b"Hej" + b"\xfd" * 253),
        ("mark-in-front", b"\x80" + b"Hej".rjust(255, b"\0")),
    ):
        topic.refuse(f"unpad-{id_}", [6], "unpad", "Malformed", padded=padded)
    return topic
