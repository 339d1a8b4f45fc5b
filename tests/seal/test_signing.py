import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.signing import _SMALL_ORDER, check_public, sign, signing_key, verify

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493

RFC8032 = [  # seed, public key, message, signature: section 7.1, tests 1 to 3
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]

Point = tuple[int, int]


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    cross = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P) % P
    return x, y


def lift(y: int) -> Point:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return x, y % P


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC8032)
def test_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    """Keys and signatures are those of RFC 8032."""
    key = signing_key(bytes.fromhex(seed))
    assert key.public.hex() == public
    assert sign(key, bytes.fromhex(message)).hex() == signature
    verify(key.public, bytes.fromhex(message), bytes.fromhex(signature))


def test_what_libraries_judge_differently(vectors: Callable[[str], Any]) -> None:
    """The public cases of odd keys and signatures are judged in one way, here as in the browser."""
    cases = vectors("ed25519_speccheck")
    judged = [
        _judge(*(bytes.fromhex(case[key]) for key in ("pub_key", "message", "signature"))) for case in cases
    ]
    assert judged == [case["expect"] for case in cases]
    assert len(judged) == 10


def _judge(public: bytes, message: bytes, signature: bytes) -> str:
    try:
        verify(public, message, signature)
    except SealError as error:
        return type(error).__name__
    return "accepted"


@pytest.mark.parametrize("y", [P, P + 1, P + 3, P + 4, 2**255 - 1])
def test_a_point_in_its_second_spelling_is_refused(y: int) -> None:
    """A key has one spelling, and so has the R of a signature: libraries differ in taking others."""
    again = y.to_bytes(32, "little")
    with pytest.raises(Malformed):
        check_public(again)
    with pytest.raises(Tampered):
        verify(signing_key(b"s" * 32).public, b"text", again + bytes(32))


@settings(deadline=None)
@given(bit=st.integers(0, 511))
def test_any_flipped_bit_is_refused(bit: int) -> None:
    """A signature of which one bit is flipped does not hold."""
    key = signing_key(b"s" * 32)
    signature = int.from_bytes(sign(key, b"text"), "big") ^ 1 << bit
    with pytest.raises(Tampered):
        verify(key.public, b"text", signature.to_bytes(64, "big"))


def test_other_message_or_key_is_refused() -> None:
    """A signature holds for one message and one key."""
    key = signing_key(b"s" * 32)
    signature = sign(key, b"text")
    with pytest.raises(Tampered):
        verify(key.public, b"test", signature)
    with pytest.raises(Tampered):
        verify(signing_key(b"t" * 32).public, b"text", signature)


def test_the_second_spelling_of_a_signature_is_refused() -> None:
    """S + L would verify too where S is not checked: one message then has two signatures."""
    key = signing_key(b"s" * 32)
    signature = sign(key, b"text")
    again = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(Tampered):
        verify(key.public, b"text", signature[:32] + again.to_bytes(32, "little"))


def test_the_listed_points_have_small_order() -> None:
    """Each refused point, multiplied by eight, is the neutral element; there are no others of such order."""
    ys = {int.from_bytes(point, "little") % P for point in _SMALL_ORDER}
    assert len(ys) == 5
    for y in ys:
        point = lift(y)
        for _ in range(3):
            point = add(point, point)
        assert point == (0, 1)


@pytest.mark.parametrize("point", sorted(_SMALL_ORDER))
@pytest.mark.parametrize("sign_bit", [0, 0x80])
def test_points_of_small_order_are_refused(point: bytes, sign_bit: int) -> None:
    """Neither a key nor the R of a signature is a point under which anybody could sign anything."""
    weak = point[:-1] + bytes([point[-1] | sign_bit])
    with pytest.raises(Malformed):
        check_public(weak)
    with pytest.raises(Malformed):
        verify(weak, b"text", bytes(64))
    with pytest.raises(Tampered):
        verify(signing_key(b"s" * 32).public, b"text", weak + bytes(32))


def test_a_signature_with_a_neutral_r_is_refused() -> None:
    """The equation holds for R = 0, and libraries accept it; here it is refused, as browsers should."""
    key = signing_key(b"s" * 32)
    hashed = hashlib.sha512(b"s" * 32).digest()[:32]
    scalar = int.from_bytes(hashed, "little") & (2**254 - 8) | 2**254
    neutral = b"\x01" + bytes(31)
    challenge = int.from_bytes(hashlib.sha512(neutral + key.public + b"text").digest(), "little")
    signature = neutral + (challenge * scalar % ORDER).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, b"text")
    with pytest.raises(Tampered):
        verify(key.public, b"text", signature)


def test_lengths_are_exact() -> None:
    """A seed, a key or a signature of another length is malformed."""
    key = signing_key(b"s" * 32)
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(Malformed):
            signing_key(wrong)
        with pytest.raises(Malformed):
            check_public(wrong)
    with pytest.raises(Malformed):
        verify(key.public, b"text", bytes(63))


def test_a_key_that_is_no_point_is_tampered() -> None:
    """Bytes that are on no curve verify nothing."""
    with pytest.raises(Tampered):
        verify(b"\x02" + bytes(31), b"text", sign(signing_key(b"s" * 32), b"text"))


def test_the_seed_is_not_shown() -> None:
    """A key's repr has its public half alone."""
    assert repr(signing_key(b"s" * 32)) == f"SigningKey(public={signing_key(b's' * 32).public!r})"
