"""Shamir's secret sharing over GF(2^8), polynomial 0x11b; a share is the bytes of y, then x.

Secret bytes are never an index or a branch: a whole vector of them sits in one integer, and only the public x
decides what is done to it.
"""

from collections.abc import Sequence

from bot.seal.errors import Malformed

MAX_SHARES = 255  # x is one byte and not zero


def deal(secret: bytes, coefficients: Sequence[bytes], n: int) -> list[bytes]:
    """Return the n shares of `secret` with x = 1..n; `len(coefficients) + 1` of them combine to it.

    `coefficients`: those of x, x^2, ..., each uniformly random and as long as the secret.
    """
    if not 1 <= len(coefficients) < n <= MAX_SHARES or {len(each) for each in coefficients} != {len(secret)}:
        raise Malformed("Shares are dealt to at least as many as it takes, at most to 255.")
    terms = [int.from_bytes(term, "big") for term in (secret, *coefficients)]
    return [
        _evaluate(terms, x, len(secret)).to_bytes(len(secret), "big") + bytes([x]) for x in range(1, n + 1)
    ]


def combine(shares: Sequence[bytes]) -> bytes:
    """Return the secret of t shares. Fewer, or an altered one, give a wrong secret: compare commitments after.

    Raises `Malformed` for fewer than two shares, unequal lengths, or an x that is zero or repeated.
    """
    points = [share[-1] for share in shares if len(share) > 1]
    distinct = set(points) - {0}
    if not 2 <= len(shares) == len(distinct) or len({len(share) for share in shares}) != 1:
        raise Malformed("Shares that combine are two or more, of one length, each from its own place.")
    size = len(shares[0]) - 1
    secret = 0
    for share in shares:
        y = int.from_bytes(share[:-1], "big")
        secret ^= _scale(y, _weight(share[-1], points), size)
    return secret.to_bytes(size, "big")


def _evaluate(terms: Sequence[int], x: int, size: int) -> int:
    """Horner's rule, highest term first."""
    y = 0
    for term in reversed(terms):
        y = _scale(y, x, size) ^ term
    return y


def _weight(x: int, points: Sequence[int]) -> int:
    """Lagrange's basis polynomial of x, taken at 0."""
    weight = 1
    for other in points:
        if other != x:
            weight = _scale(weight, _scale(other, _invert(other ^ x), 1), 1)
    return weight


def _invert(x: int) -> int:
    """x^254 = x^2 x^4 ... x^128, which is 1/x in this field."""
    power, square = 1, x
    for _ in range(7):
        square = _scale(square, square, 1)
        power = _scale(power, square, 1)
    return power


def _scale(vector: int, factor: int, size: int) -> int:
    """Multiply each of `size` field elements, packed big-endian in one integer, by the public `factor`."""
    product = 0
    for bit in range(8):
        if factor >> bit & 1:
            product ^= vector
        vector = _double(vector, size)
    return product


def _double(vector: int, size: int) -> int:
    """Multiply each packed element by x: shift, and where the top bit fell out, reduce by 0x11b."""
    tops = vector >> 7 & int.from_bytes(b"\x01" * size, "big")
    return (vector << 1 & int.from_bytes(b"\xfe" * size, "big")) ^ tops * 0x1B
