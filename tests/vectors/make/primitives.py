"""Cases of the primitives and of devices: FORMAT.md sections 3 and 4."""

from collections.abc import Iterator

from bot.seal import signing
from bot.seal.hpke import kem_key, seal_to
from bot.seal.keys import make_device, public_to_bytes, secret_to_bytes, signing_to_bytes
from bot.seal.labels import Label
from bot.seal.signing import signing_key
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.hand import BASE, ORDER, Odd, P, add, challenge, lift, scalar, seal, times, written
from tests.vectors.make.kit import Topic

SEED = b"k" * 32
SIGNING = b"s" * 32
MLKEM = 1184
Q = 3329
INFO = lp(Label.ROOM_KEY, "room-1", 1)
MESSAGE = lp(Label.EVENT_SIG, b"header", bytes(32))
SMALL = ("0", "1", "8a", "8b", "p-1", "p", "p+1")  # by y: five points, two of them written in two ways
_Y8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_LOW_X = (
    0,
    1,
    P - 1,
    P,
    P + 1,
    *(
        int.from_bytes(bytes.fromhex(point), "little")
        for point in (
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        )
    ),
)


def primitives() -> Topic:
    """Section 3."""
    topic = Topic("primitives", "HPKE suite 1, its public keys, and Ed25519 (FORMAT.md 3).")
    _open(topic)
    _kem_publics(topic)
    _small_keys(topic)
    _small_rs(topic)
    _signatures(topic)
    _mixed(topic)
    return topic


def small_points() -> Iterator[tuple[str, bytes]]:
    """Every spelling of every point of small order."""
    ys = (0, 1, _Y8, P - _Y8, P - 1, P, P + 1)
    for name, y in zip(SMALL, ys, strict=True):
        for sign in (0, 1):
            id_ = name.replace("+", "-plus-").replace("p-1", "p-minus-1")
            yield f"{id_}{'-negative' if sign else ''}", (y | sign << 255).to_bytes(32, "little")


def _open(topic: Topic) -> None:
    key = kem_key(SEED)
    topic.ok("kem-key", [8], "kem_key", seed=SEED)
    topic.value("public", key.public)
    blob = topic.kept("sealed", lambda: seal_to(key.public, b"Hej", info=INFO))
    topic.ok("open", [7], "open_with", seed=SEED, blob=blob, info=INFO)
    topic.ok("seal", [7, 8], "seal_to", public=key.public, plain=b"Hej", info=INFO, seed=SEED)
    topic.ok("seal-nothing", [7, 8], "seal_to", public=key.public, plain=b"", info=b"", seed=SEED)

    def refuse(id_: str, blob: bytes, info: bytes = INFO, seed: bytes = SEED) -> None:
        topic.refuse(f"open-{id_}", [7], "open_with", "Tampered", seed=seed, blob=blob, info=info)

    refuse("other-info", blob, lp(Label.ROOM_KEY, "room-1", 2))
    refuse("no-info", blob, b"")
    refuse("info-and-more", blob, INFO + b"\0")
    refuse("other-seed", blob, seed=b"l" * 32)
    refuse("changed-in-ml-kem", _flip(blob, 5))
    refuse("changed-in-x25519", _flip(blob, 1100))
    refuse("changed-in-the-high-bit-of-x25519", _flip(blob, 1119, 7))
    refuse("changed-in-the-text", _flip(blob, 1120))
    refuse("changed-in-the-tag", _flip(blob, len(blob) - 1))
    refuse("without-its-last-byte", blob[:-1])
    refuse("with-one-byte-more", blob + b"\0")
    refuse("enc-alone", blob[:1120])
    refuse("nothing", b"")
    for id_, odd in (
        ("context-in-aad", Odd(aad=INFO)),
        ("aes-128", Odd(aead=1)),
        ("second-message", Odd(sequence=1)),
        ("zero-x25519", Odd(enc_x=bytes(32))),
        ("x25519-of-order-8", Odd(enc_x=_LOW_X[5].to_bytes(32, "little"))),
    ):
        info = b"" if odd.aad else INFO
        made = topic.kept(id_, lambda odd=odd, info=info: seal(key.public, b"Hej", info, odd))  # type: ignore[misc]
        refuse(id_, made, info)
    for id_, seed in (("31", SEED[:-1]), ("33", SEED + b"k"), ("0", b""), ("96-expanded", SEED * 3)):
        topic.refuse(f"seed-of-{id_}-bytes", [8], "kem_key", "Malformed", seed=seed)


def _kem_publics(topic: Topic) -> None:
    public = kem_key(SEED).public
    topic.ok("kem-public", [8], "check_kem_public", public=public)
    topic.ok(
        "kem-public-with-coefficient-3328", [8], "check_kem_public", public=_coefficient(public, 0, Q - 1)
    )

    def refuse(id_: str, wrong: bytes) -> None:
        topic.refuse(f"kem-public-{id_}", [8], "check_kem_public", "Malformed", public=wrong)
        given = {"public": wrong, "plain": b"Hej", "info": INFO, "seed": SEED}
        topic.refuse(f"seal-to-kem-public-{id_}", [8], "seal_to", "Malformed", **given)

    refuse("with-coefficient-3329", _coefficient(public, 0, Q))
    refuse("with-coefficient-4095", _coefficient(public, 0, 4095))
    refuse("with-odd-coefficient-3329", _coefficient(public, 1, Q))
    refuse("with-last-coefficient-3329", _coefficient(public, 767, Q))
    refuse("of-1215-bytes", public[:-1])
    refuse("of-1217-bytes", public + b"\0")
    refuse("of-ml-kem-alone", public[:MLKEM])
    refuse("of-x25519-alone", public[MLKEM:])
    refuse("of-nothing", b"")
    refuse("of-ff", b"\xff" * 1216)
    for number, u in enumerate(_LOW_X):
        for bit in (0, 1):
            low = public[:MLKEM] + (u | bit << 255).to_bytes(32, "little")
            id_ = f"seal-to-low-x25519-{number}{'-with-the-high-bit' if bit else ''}"
            given = {"public": low, "plain": b"Hej", "info": INFO, "seed": SEED}
            topic.refuse(id_, [8], "seal_to", "Malformed", **given)
            topic.refuse(
                id_.replace("seal-to", "kem-public"), [8], "check_kem_public", "Malformed", public=low
            )


def _small_keys(topic: Topic) -> None:
    key = signing_key(SIGNING)
    topic.ok("ed25519-public", [9], "check_ed25519_public", public=key.public)
    for id_, point in small_points():
        topic.refuse(f"key-of-small-order-{id_}", [9], "check_ed25519_public", "Malformed", public=point)
        forged = {"public": point, "message": MESSAGE, "signature": b"\1" + bytes(63)}
        topic.refuse(f"signature-under-small-order-{id_}", [9], "verify_signature", "Malformed", **forged)
    for y in (P + 3, P + 4, 2**255 - 1):  # no signature is known under such; libraries differ in taking it
        for sign in (0, 1):
            id_, again = (
                f"p-plus-{y - P}{'-negative' if sign else ''}",
                (y | sign << 255).to_bytes(32, "little"),
            )
            topic.refuse(f"key-of-{id_}", [9], "check_ed25519_public", "Malformed", public=again)
            given = {"public": key.public, "message": MESSAGE, "signature": again + bytes(32)}
            topic.refuse(f"r-of-{id_}", [9], "verify_signature", "Tampered", **given)
    for size, public in (("31", key.public[:-1]), ("33", key.public + b"\0"), ("0", b"")):
        topic.refuse(f"key-of-{size}-bytes", [9], "check_ed25519_public", "Malformed", public=public)


def _small_rs(topic: Topic) -> None:
    """The equation holds for R = 0, and for the others where the cofactor is multiplied in."""
    key = signing_key(SIGNING)
    for id_, r in small_points():
        s = challenge(r, key.public, MESSAGE) * scalar(SIGNING) % ORDER
        given = {"public": key.public, "message": MESSAGE, "signature": r + s.to_bytes(32, "little")}
        topic.refuse(f"r-of-small-order-{id_}", [9], "verify_signature", "Tampered", **given)


def _signatures(topic: Topic) -> None:
    made = topic.ok("sign", [10, 11], "sign", seed=SIGNING, message=MESSAGE)
    public, signature = bytes.fromhex(made["public"]), bytes.fromhex(made["signature"])
    topic.ok("signature", [10], "verify_signature", public=public, message=MESSAGE, signature=signature)
    topic.ok(
        "signature-rfc-8032-test-2",
        [10],
        "verify_signature",
        public=bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        message=b"\x72",
        signature=bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    )
    s = int.from_bytes(signature[32:], "little")
    for id_, wrong in (
        ("s-plus-the-order", s + ORDER),
        ("s-plus-eight-orders", s + 8 * ORDER),
        ("s-with-bit-253", s | 1 << 253),
        ("s-with-bit-255", s | 1 << 255),
        ("negative-s", ORDER - s),
        ("s-of-ff", 2**256 - 1),
        ("s-of-the-order", ORDER),
        ("s-of-zero", 0),
    ):
        sig = signature[:32] + wrong.to_bytes(32, "little")
        topic.refuse(
            f"signature-with-{id_}",
            [10],
            "verify_signature",
            "Tampered",
            public=public,
            message=MESSAGE,
            signature=sig,
        )
    for id_, given in (
        ("of-another-message", (public, MESSAGE + b"\0", signature)),
        ("of-another-key", (signing_key(b"t" * 32).public, MESSAGE, signature)),
        ("with-negative-r", (public, MESSAGE, _flip(signature, 31, 7))),
        ("by-a-key-that-is-no-point", (b"\2" + bytes(31), MESSAGE, signature)),
        ("with-an-r-that-is-no-point", (public, MESSAGE, b"\2" + bytes(31) + signature[32:])),
    ):
        fields = dict(zip(("public", "message", "signature"), given, strict=True))
        topic.refuse(f"signature-{id_}", [10], "verify_signature", "Tampered", **fields)
    for size, sig in (("63", signature[:-1]), ("65", signature + b"\0"), ("0", b"")):
        fields = {"public": public, "message": MESSAGE, "signature": sig}
        topic.refuse(f"signature-of-{size}-bytes", [10], "verify_signature", "Malformed", **fields)


def _mixed(topic: Topic) -> None:
    """Keys and R with a part of small order: libraries that multiply by the cofactor take what others refuse."""
    torsion, a = lift(_Y8), scalar(SIGNING)
    mixed = written(add(times(a, BASE), torsion))
    honest = signing_key(SIGNING).public
    r = times(987654321, BASE)
    for number in range(64):
        message = lp(Label.EVENT_SIG, bytes([number]))
        h = challenge(written(r), mixed, message)
        given = {
            "public": mixed,
            "message": message,
            "signature": written(r) + ((987654321 + h * a) % ORDER).to_bytes(32, "little"),
        }
        if h % 8 == 4:
            topic.refuse("key-of-mixed-order", [9], "verify_signature", "Tampered", **given)
            break
    shifted = written(add(r, torsion))
    s = (987654321 + challenge(shifted, honest, MESSAGE) * a) % ORDER
    signature = shifted + s.to_bytes(32, "little")
    fields: Fields = {"public": honest, "message": MESSAGE, "signature": signature}
    topic.refuse("r-of-mixed-order", [9], "verify_signature", "Tampered", **fields)


def devices() -> Topic:
    """Section 4."""
    topic = Topic("devices", "Devices, their public keys and their key files (FORMAT.md 4).")
    officer, other = make_device(bytes(range(64))), make_device(b"\2" * 64)
    content = topic.value("public", public_to_bytes(officer.public))
    topic.ok("make-device", [12], "make_device", entropy=bytes(range(64)))
    topic.ok("read-device-public", [12], "read_device_public", bytes=content)
    for size in (0, 32, 63, 65):
        topic.refuse(f"device-of-{size}-bytes", [12], "make_device", "Malformed", entropy=b"\1" * size)
    ed25519, kem = officer.public.ed25519, officer.public.kem
    swapped = topic.ok(
        "one-key-exchanged-is-another-device",
        [12],
        "read_device_public",
        bytes=lp(Label.DEVICE_PUBLIC, other.public.ed25519, kem),
    )
    assert swapped["device_id"] not in {officer.public.device_id.hex(), other.public.device_id.hex()}
    for id_, musts, wrong in (
        ("with-its-id", [12], content + lp(Label.DEVICE, officer.public.device_id)[21:]),
        ("trailing-byte", [3], content + b"\0"),
        ("truncated", [3], content[:-1]),
        ("keys-in-another-order", [3], lp(Label.DEVICE_PUBLIC, kem, ed25519)),
        ("of-another-label", [3], lp(Label.DEVICE, ed25519, kem)),
        ("coefficient-3329", [8], lp(Label.DEVICE_PUBLIC, ed25519, _coefficient(kem, 3, Q))),
        ("small-order", [9], lp(Label.DEVICE_PUBLIC, b"\1" + bytes(31), kem)),
        ("second-spelling", [9], lp(Label.DEVICE_PUBLIC, (P + 3).to_bytes(32, "little"), kem)),
        ("zero-x25519", [8], lp(Label.DEVICE_PUBLIC, ed25519, kem[:MLKEM] + bytes(32))),
        ("small-order-p-plus-1", [9], lp(Label.DEVICE_PUBLIC, (P + 1).to_bytes(32, "little"), kem)),
        ("ml-kem-alone", [8], lp(Label.DEVICE_PUBLIC, ed25519, kem[:MLKEM])),
    ):
        topic.refuse(f"device-public-{id_}", musts, "read_device_public", "Malformed", bytes=wrong)
    _key_files(topic)
    return topic


def _key_files(topic: Topic) -> None:
    officer, other = make_device(bytes(range(64))), make_device(b"\2" * 64)
    file = secret_to_bytes(officer)
    topic.ok("read-device-secret", [13], "read_device_secret", bytes=file)
    seeds, id_ = (officer.signing_seed, officer.kem_seed), officer.public.device_id

    def refuse(name: str, wrong: bytes, *, musts: tuple[int, ...] = (13,)) -> None:
        topic.refuse(f"device-secret-{name}", musts, "read_device_secret", "Malformed", bytes=wrong)

    refuse("id-of-another", lp(Label.DEVICE_SECRET, *seeds, other.public.device_id), musts=(12, 13))
    refuse("seeds-swapped", lp(Label.DEVICE_SECRET, seeds[1], seeds[0], id_))
    refuse("changed-signing-seed", lp(Label.DEVICE_SECRET, _flip(seeds[0], 9), seeds[1], id_))
    refuse("changed-kem-seed", lp(Label.DEVICE_SECRET, seeds[0], _flip(seeds[1], 9), id_))
    refuse("changed-id", _flip(file, len(file) - 1))
    refuse("without-id", lp(Label.DEVICE_SECRET, *seeds))
    refuse("trailing-byte", file + b"\n", musts=(3, 13))
    refuse("truncated", file[:-1], musts=(3, 13))
    refuse("empty", b"", musts=(3, 13))
    ledger = signing_key(SIGNING)
    written_ = signing_to_bytes(ledger)
    topic.ok("read-signing-secret", [13], "read_signing_secret", bytes=written_)
    for name, wrong in (
        ("key-of-another", lp(Label.SIGNING_SECRET, ledger.seed, signing_key(b"t" * 32).public)),
        ("changed-seed", _flip(written_, 40)),
        ("of-a-device", file),
        ("trailing-byte", written_ + b"\n"),
    ):
        topic.refuse(f"signing-secret-{name}", [13], "read_signing_secret", "Malformed", bytes=wrong)


def _flip(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def _coefficient(public: bytes, index: int, value: int) -> bytes:
    """Exchange one of the 768 coefficients of 12 bits (FIPS 203, ByteEncode)."""
    encoded = int.from_bytes(public[: MLKEM - 32], "little")
    encoded = encoded & ~(0xFFF << 12 * index) | value << 12 * index
    return encoded.to_bytes(MLKEM - 32, "little") + public[MLKEM - 32 :]


assert set(signing._SMALL_ORDER) == {bytes([*point[:31], point[31] & 0x7F]) for _, point in small_points()}
