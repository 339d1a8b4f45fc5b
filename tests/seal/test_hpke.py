from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, Tampered
from bot.seal.hpke import OVERHEAD, PUBLIC, SEED, check_public, kem_key, open_with, seal_to

KEY = kem_key(b"k" * SEED)
Vectors = Callable[[str], Any]


def test_opens_what_others_sealed(vectors: Vectors) -> None:
    """What three libraries sealed in Chromium, and pyca in Python, opens here, from the 32-byte seed."""
    cases = vectors("hpke_sealed_by_chromium156_panva") + vectors("hpke_sealed_by_pyca50")
    assert len(cases) == 25
    for case in cases:
        key = kem_key(bytes.fromhex(case["seed"]))
        assert key.public.hex() == case["pub"]
        opened = open_with(key, bytes.fromhex(case["ct"]), info=bytes.fromhex(case["info"]))
        assert opened.hex() == case["pt"]


def test_known_answers_of_the_draft(vectors: Vectors) -> None:
    """The draft's seed expands to the draft's public key, and opens the draft's ciphertext."""
    kdfs = {1: KDF.HKDF_SHA256, 17: KDF.SHAKE256}
    for case in vectors("hpke_draft_ietf_hpke_pq"):
        key = kem_key(bytes.fromhex(case["skRm"]))
        assert key.public.hex() == case["pkRm"]
        suite = Suite(KEM.MLKEM768_X25519, kdfs[case["kdf_id"]], AEAD.CHACHA20_POLY1305)
        sealed = case["encryptions"][0]
        blob = bytes.fromhex(case["enc"] + sealed["ct"])
        info, aad = bytes.fromhex(case["info"]), bytes.fromhex(sealed["aad"])
        opened = openssl.hpke._decrypt_with_aad(suite, blob, key.loaded, info, aad)
        assert opened.hex() == sealed["pt"]


@settings(deadline=None, max_examples=20)
@given(plain=st.binary(max_size=300), info=st.binary(max_size=50))
def test_round_trip(plain: bytes, info: bytes) -> None:
    """What is sealed to a key opens with it, never twice to the same bytes."""
    blob = seal_to(KEY.public, plain, info=info)
    assert len(blob) == len(plain) + OVERHEAD
    assert open_with(KEY, blob, info=info) == plain
    assert seal_to(KEY.public, plain, info=info) != blob


def test_any_flipped_byte_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """A blob changed anywhere, in the encapsulation or the ciphertext, does not open."""
    for changed in flips(seal_to(KEY.public, b"text", info=b"info")):
        with pytest.raises(Tampered):
            open_with(KEY, changed, info=b"info")


def test_truncated_or_extended_is_refused() -> None:
    """A blob of another length does not open, however short."""
    blob = seal_to(KEY.public, b"text", info=b"info")
    for changed in (b"", blob[:100], blob[:1120], blob[:-1], blob + b"\0"):
        with pytest.raises(Tampered):
            open_with(KEY, changed, info=b"info")


def test_other_info_or_key_is_refused() -> None:
    """What was sealed for one purpose to one device opens for no other."""
    blob = seal_to(KEY.public, b"text", info=b"info")
    with pytest.raises(Tampered):
        open_with(KEY, blob, info=b"else")
    with pytest.raises(Tampered):
        open_with(kem_key(b"o" * SEED), blob, info=b"info")


@pytest.mark.parametrize(
    "public",
    [b"", bytes(PUBLIC - 1), bytes(PUBLIC + 1), b"\xff" * PUBLIC],
    ids=["empty", "short", "long", "coefficients over q"],
)
def test_what_is_no_public_key_is_refused(public: bytes) -> None:
    """Nothing is sealed to bytes that are no key (FIPS 203 section 7.2)."""
    with pytest.raises(Malformed):
        check_public(public)
    with pytest.raises(Malformed):
        seal_to(public, b"text", info=b"")


def test_a_classical_half_without_secret_is_refused() -> None:
    """An X25519 point of small order gives everybody the same secret: refused when read, not first when sealing."""
    weak = KEY.public[:-32] + bytes(32)
    with pytest.raises(Malformed):
        check_public(weak)
    with pytest.raises(Malformed):
        seal_to(weak, b"text", info=b"")


def test_the_seed_has_its_length_and_is_not_shown() -> None:
    """A seed is 32 bytes and stays out of the repr."""
    with pytest.raises(Malformed):
        kem_key(bytes(31))
    assert repr(KEY) == "KemKey()"
