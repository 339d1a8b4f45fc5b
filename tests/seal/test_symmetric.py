import hashlib
import hmac
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed, Tampered
from bot.seal.labels import Label
from bot.seal.symmetric import authenticate, decrypt, derive, digest, encrypt, expand
from bot.seal.wire import lp

KEY, NONCE = b"k" * 32, b"n" * 12


def test_derive_is_hkdf_of_rfc_5869() -> None:
    """Extract with a salt of zeros, expand with the LP string and one counter byte."""
    prk = hmac.digest(bytes(32), KEY, "sha256")
    info = lp(Label.ROOM, "room-1")
    assert derive(KEY, Label.ROOM, "room-1") == hmac.digest(prk, info + b"\x01", "sha256")
    assert expand(KEY, 32, Label.ROOM, "room-1") == hmac.digest(KEY, info + b"\x01", "sha256")


def test_digest_and_authenticate_cover_the_label() -> None:
    """The labelled hash and MAC are those of the LP string."""
    assert digest(Label.ROOM, b"x") == hashlib.sha256(lp(Label.ROOM, b"x")).digest()
    assert authenticate(KEY, Label.ROOM, b"x") == hmac.digest(KEY, lp(Label.ROOM, b"x"), "sha256")


@given(plain=st.binary(max_size=100), aad=st.binary(max_size=20))
def test_round_trip(plain: bytes, aad: bytes) -> None:
    """What is encrypted decrypts under the same key, nonce and context."""
    assert decrypt(KEY, NONCE, encrypt(KEY, NONCE, plain, aad=aad), aad=aad) == plain


def test_any_change_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """A changed key, nonce, context or ciphertext does not decrypt."""
    sealed = encrypt(KEY, NONCE, b"text", aad=b"aad")
    for changed in [*flips(sealed), b"", sealed[:-1], sealed + b"\0"]:
        with pytest.raises(Tampered):
            decrypt(KEY, NONCE, changed, aad=b"aad")
    for key, nonce, aad in ((b"K" * 32, NONCE, b"aad"), (KEY, b"N" * 12, b"aad"), (KEY, NONCE, b"")):
        with pytest.raises(Tampered):
            decrypt(key, nonce, sealed, aad=aad)


def test_lengths_are_exact() -> None:
    """A key is 32 bytes and a nonce 12; AES-128 or a long nonce does not slip in."""
    for key, nonce in ((b"k" * 16, NONCE), (KEY, b"n" * 16), (KEY, b"")):
        with pytest.raises(Malformed):
            encrypt(key, nonce, b"", aad=b"")
        with pytest.raises(Malformed):
            decrypt(key, nonce, bytes(16), aad=b"")
    for use in (derive, authenticate):
        with pytest.raises(Malformed):
            use(b"k" * 31, Label.ROOM)
    with pytest.raises(Malformed):
        expand(b"k" * 31, 32, Label.ROOM)
