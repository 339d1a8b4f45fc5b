from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed, Tampered
from bot.seal.labels import Label
from bot.seal.signing import signing_key
from bot.seal.statement import MAX_STATEMENT, sign_bare, sign_statement, split_statement, verify_statement
from bot.seal.wire import lp

KEY = signing_key(b"k" * 32)
OUTER = Label.APPROVAL_BYTES
SAID = lp(Label.APPROVAL, "a statement", 7)


@given(st.binary(max_size=200))
def test_round_trip(said: bytes) -> None:
    """Whatever is stated is read back, and its signature holds."""
    statement = lp(Label.APPROVAL, said)
    found, sig = split_statement(OUTER, sign_statement(OUTER, statement, KEY))
    assert found == statement
    verify_statement(KEY.public, found, sig)


def test_every_flipped_byte_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """No byte of a signed statement can be changed: it is no longer one, or its signature does not hold."""
    content = sign_statement(OUTER, SAID, KEY)
    for flipped in flips(content):
        with pytest.raises((Malformed, Tampered)):
            verify_statement(KEY.public, *split_statement(OUTER, flipped))


@pytest.mark.parametrize("cut", [0, 1, 30, -1])
def test_truncated_is_refused(cut: int) -> None:
    """A statement that ends too early is none."""
    with pytest.raises(Malformed):
        split_statement(OUTER, sign_statement(OUTER, SAID, KEY)[:cut])


def test_trailing_bytes_are_refused() -> None:
    """Nothing follows the signature."""
    with pytest.raises(Malformed):
        split_statement(OUTER, sign_statement(OUTER, SAID, KEY) + b"\0")


def test_another_outer_label_is_refused() -> None:
    """What was stated as one thing is not read as another."""
    with pytest.raises(Malformed):
        split_statement(Label.BUNDLE_BYTES, sign_statement(OUTER, SAID, KEY))


def test_too_long_is_refused() -> None:
    """A statement has at most MAX_STATEMENT bytes (MUST 50)."""
    exact = lp(Label.APPROVAL, b"x" * (MAX_STATEMENT - len(lp(Label.APPROVAL, b""))))
    assert split_statement(OUTER, sign_statement(OUTER, exact, KEY))[0] == exact
    with pytest.raises(Malformed):
        split_statement(OUTER, sign_statement(OUTER, exact + b"x", KEY))


def test_unknown_algorithm_is_refused() -> None:
    """Only Ed25519, as the first byte of the signature says."""
    sig = b"\x02" + sign_bare(SAID, KEY)[1:]
    with pytest.raises(Malformed):
        split_statement(OUTER, lp(OUTER, SAID, sig))
    with pytest.raises(Malformed):
        verify_statement(KEY.public, SAID, sig)


def test_another_key_is_refused() -> None:
    """Who signed is who signed."""
    with pytest.raises(Tampered):
        verify_statement(signing_key(b"l" * 32).public, SAID, sign_bare(SAID, KEY))
