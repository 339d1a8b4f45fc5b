"""What honest code does not do: HPKE with every part chosen, and arithmetic on the points of Ed25519."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_MLKEM = 1184
_LABEL = b"\\.//^\\"

Point = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """How a sealing departs from the rule."""

    aad: bytes = b""
    aead: int = 2
    sequence: int = 0
    enc_x: bytes | None = None  # in place of the ephemeral key's public half; the shared secret is then zero


def seal(public: bytes, plain: bytes, info: bytes, odd: Odd | None = None) -> bytes:
    """Seal as HPKE suite 1 does (RFC 9180 section 5.1; X-Wing), but for what is odd."""
    odd = odd or Odd()
    shared_m, enc_m = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM]).encapsulate()
    ephemeral = X25519PrivateKey.generate()
    shared_x, enc_x = bytes(32), odd.enc_x or ephemeral.public_key().public_bytes_raw()
    if odd.enc_x is None:
        shared_x = ephemeral.exchange(X25519PublicKey.from_public_bytes(public[_MLKEM:]))
    shared = hashlib.sha3_256(shared_m + shared_x + enc_x + public[_MLKEM:] + _LABEL).digest()
    key, nonce = _schedule(shared, info, odd)
    return enc_m + enc_x + AESGCM(key).encrypt(nonce, plain, odd.aad)


def _schedule(shared: bytes, info: bytes, odd: Odd) -> tuple[bytes, bytes]:
    suite = b"HPKE" + (0x647A).to_bytes(2, "big") + b"\0\1" + odd.aead.to_bytes(2, "big")

    def extract(salt: bytes, label: bytes, text: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + text, "sha256")

    def expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return hmac.digest(secret, text + b"\1", "sha256")[:length]

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    nonce = int.from_bytes(expand(secret, b"base_nonce", context, 12), "big") ^ odd.sequence
    return expand(secret, b"key", context, 32), nonce.to_bytes(12, "big")


def lift(y: int, *, odd: bool = False) -> Point:
    """The point with this y."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return (P - x if x % 2 != odd else x), y


BASE = lift(4 * pow(5, -1, P) % P)


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    cross = _D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P) % P,
    )


def times(factor: int, point: Point) -> Point:
    total = (0, 1)
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def written(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % ORDER


def scalar(seed: bytes) -> int:
    """The secret scalar of a signing seed (RFC 8032 section 5.1.5)."""
    return int.from_bytes(hashlib.sha512(seed).digest()[:32], "little") & (2**254 - 8) | 2**254
