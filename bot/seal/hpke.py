"""HPKE suite 1 (RFC 9180 base mode, X-Wing, HKDF-SHA256, AES-256-GCM): sealing to one device.

The library draws the encapsulation's randomness itself, the one place in seal where chance is not a parameter:
a caller who could choose it could also repeat it. Vectors therefore test opening.
"""

import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from bot.seal.errors import Malformed, Tampered
from bot.seal.wire import exact

SUITE = 1  # 0x647a MLKEM768-X25519, 0x0001 HKDF-SHA256, 0x0002 AES-256-GCM
SEED = 32  # bytes; the private key as it is kept and exchanged
PUBLIC = 1216  # bytes: 1184 of ML-KEM-768, then 32 of X25519
OVERHEAD = 1136  # bytes: 1120 of `enc`, 16 of tag

_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184
_P = 2**255 - 19
# The u of the X25519 points that give everybody zeros: 0, 1, p - 1, and two of order 8.
_ZERO_U = frozenset(
    (
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KemKey:
    """A key that opens what was sealed to its public half. Made by `kem_key`."""

    seed: bytes = field(repr=False)
    public: bytes = field(repr=False)
    loaded: MLKEM768X25519PrivateKey = field(repr=False)


def kem_key(seed: bytes) -> KemKey:
    """Expand 32 secret bytes: SHAKE-256 to 96, 64 for ML-KEM and 32 for X25519 (draft-connolly-cfrg-xwing-kem)."""
    expanded = hashlib.shake_256(exact(seed, SEED)).digest(_MLKEM_SEED + 32)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:])
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return KemKey(seed=seed, public=public, loaded=MLKEM768X25519PrivateKey(mlkem, x25519))


def seal_to(public: bytes, plain: bytes, *, info: bytes) -> bytes:
    """Return `enc || ct`, which only the holder of the private key opens, and only with the same `info`.

    Raises `Malformed` for a public key that is not one.
    """
    try:
        return _suite().encrypt(plain, _load_public(public), info)
    except ValueError as error:
        raise Malformed("That is no public key to seal to.") from error


def open_with(key: KemKey, blob: bytes, *, info: bytes) -> bytes:
    """Undo `seal_to`. Raises `Tampered` for another key, another `info`, or a changed blob."""
    try:
        return _suite().decrypt(blob, key.loaded, info)
    except (InvalidTag, ValueError) as error:
        raise Tampered from error


def check_public(public: bytes) -> None:
    """Raise `Malformed` for bytes that are no public key, of either half (FIPS 203 section 7.2 is part of loading)."""
    try:
        _load_public(public)
    except ValueError as error:
        raise Malformed("That is no public key to seal to.") from error


def _load_public(public: bytes) -> MLKEM768X25519PublicKey:
    exact(public, PUBLIC)
    if (int.from_bytes(public[_MLKEM_PUBLIC:], "little") & (2**255 - 1)) % _P in _ZERO_U:
        raise Malformed("The X25519 half of that public key gives everybody the same secret.")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
