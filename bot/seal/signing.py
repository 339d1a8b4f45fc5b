"""Ed25519 (RFC 8032), with the degenerate keys and signatures refused that libraries judge differently."""

from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.seal.errors import Malformed, Tampered
from bot.seal.wire import exact

SEED = 32  # bytes
PUBLIC = 32  # bytes
SIGNATURE = 64  # bytes

_P = 2**255 - 19
# The points of small order, sign bit cleared, canonical and not (orders 4, 1, 8, 8, 2, then p and p+1). A
# signature under such a key, or with such an R, can hold for more than one message.
_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningKey:
    """A key that signs: of a device, of a ledger. Made by `signing_key`."""

    seed: bytes = field(repr=False)
    public: bytes
    loaded: Ed25519PrivateKey = field(repr=False)  # loading the seed costs as much as signing


def signing_key(seed: bytes) -> SigningKey:
    """Make the key of 32 secret bytes."""
    loaded = Ed25519PrivateKey.from_private_bytes(exact(seed, SEED))
    return SigningKey(seed=seed, public=loaded.public_key().public_bytes_raw(), loaded=loaded)


def sign(key: SigningKey, message: bytes) -> bytes:
    """Return the 64-byte signature. `message` is an LP string or a note's text, never raw input."""
    return key.loaded.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Return when `signature` over `message` holds under the 32-byte key, else raise `Tampered`."""
    key = _loaded(public)
    if _is_odd(exact(signature, SIGNATURE)[:PUBLIC]):
        raise Tampered
    try:
        key.verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Tampered from error


@lru_cache(1024)
def _loaded(public: bytes) -> Ed25519PublicKey:
    """A checked key as the library has it: who verifies a ledger meets the same few keys again and again."""
    check_public(public)
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError as error:
        raise Tampered from error


def check_public(public: bytes) -> None:
    """Raise `Malformed` for a key that is not 32 bytes, has a second spelling, or under which anybody could sign."""
    if _is_odd(exact(public, PUBLIC)):
        raise Malformed("A point of small order, or in its second spelling, is no signing key.")


def _is_odd(point: bytes) -> bool:
    """Whether a point has small order, or is written with a y that is not below p."""
    y = point[:-1] + bytes([point[-1] & 0x7F])
    return y in _SMALL_ORDER or int.from_bytes(y, "little") >= _P
