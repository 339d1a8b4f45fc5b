from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed
from bot.seal.shamir import _invert, _scale, combine, deal

Vectors = Callable[[str], Any]


@pytest.mark.parametrize("name", ["shamir_dealt_by_privy_js", "shamir_dealt_by_pyshamir"])
def test_combines_what_others_dealt(name: str, vectors: Vectors) -> None:
    """Any t shares of each public vector give its secret; fewer than t do not."""
    for case in vectors(name):
        for dealt in (case[key] for key in ("a", "b", "j") if key in case):
            shares = [bytes.fromhex(share) for share in dealt]
            for some in list(combinations(shares, case["t"]))[:20]:
                assert combine(some).hex() == case["s"]
            assert combine(shares).hex() == case["s"]
            if case["t"] > 2:
                assert combine(shares[: case["t"] - 1]).hex() != case["s"]


@settings(deadline=None)
@given(data=st.data(), secret=st.binary(min_size=1, max_size=40), t=st.integers(2, 6), more=st.integers(0, 5))
def test_any_t_of_n_combine(data: st.DataObject, secret: bytes, t: int, more: int) -> None:
    """Whichever t of the n shares come together, in whichever order, they give the secret."""
    terms = st.binary(min_size=len(secret), max_size=len(secret))
    shares = deal(secret, [data.draw(terms) for _ in range(t - 1)], t + more)
    assert [share[-1] for share in shares] == list(range(1, t + more + 1))
    some = data.draw(st.permutations(shares))[:t]
    assert combine(some) == secret


@given(a=st.integers(0, 255), b=st.integers(0, 255), c=st.integers(0, 255))
def test_the_field_is_a_field(a: int, b: int, c: int) -> None:
    """Multiplication commutes, associates and distributes over addition, and 0x53 times 0xca is 1 (FIPS 197)."""
    assert _scale(a, b, 1) == _scale(b, a, 1)
    assert _scale(_scale(a, b, 1), c, 1) == _scale(a, _scale(b, c, 1), 1)
    assert _scale(a, b ^ c, 1) == _scale(a, b, 1) ^ _scale(a, c, 1)
    assert _scale(0x53, 0xCA, 1) == 1


def test_everything_but_zero_has_an_inverse() -> None:
    """Every x times its inverse is 1, for all 255."""
    assert all(_scale(x, _invert(x), 1) == 1 for x in range(1, 256))


def test_packed_elements_do_not_touch() -> None:
    """Scaling a vector scales each byte by itself."""
    vector = bytes(range(256))
    for factor in (0, 1, 2, 0x1B, 0xFF):
        scaled = _scale(int.from_bytes(vector, "big"), factor, 256).to_bytes(256, "big")
        assert scaled == bytes(_scale(byte, factor, 1) for byte in vector)


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [b"y\x01"],
        [b"y\x01", b"z\x01"],
        [b"y\x00", b"z\x01"],
        [b"y\x01", b"zz\x02"],
        [b"\x01", b"\x02"],
        [b"", b"y\x01"],
    ],
    ids=["none", "one", "same place", "place zero", "lengths", "no y", "empty"],
)
def test_combine_refuses(shares: list[bytes]) -> None:
    """Too few, twice the same place, place zero or unequal lengths never combine to something."""
    with pytest.raises(Malformed):
        combine(shares)


@pytest.mark.parametrize(
    ("coefficients", "n"),
    [([], 3), ([b"ab", b"ab", b"ab"], 3), ([b"ab"], 256), ([b"a"], 3), ([b"ab", b"a"], 3)],
    ids=["t is 1", "t over n", "n over 255", "short", "unequal"],
)
def test_deal_refuses(coefficients: list[bytes], n: int) -> None:
    """Nobody alone, not more than there are, not more than places, and coefficients as long as the secret."""
    with pytest.raises(Malformed):
        deal(b"ab", coefficients, n)
