"""What one secret key does: derive, authenticate, encrypt; and the labelled hash."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from bot.seal.errors import Tampered
from bot.seal.labels import Label
from bot.seal.wire import exact, lp

KEY = 32  # bytes of every secret key, seed and hash
NONCE = 12  # bytes of an AES-GCM nonce
TAG = 16  # bytes that AES-GCM adds


def digest(label: Label, *fields: bytes | int | str) -> bytes:
    """Return `SHA-256(LP(label, fields...))`."""
    return hashlib.sha256(lp(label, *fields)).digest()


def derive(key: bytes, label: Label, *fields: bytes | int | str) -> bytes:
    """Return 32 bytes of HKDF-SHA256 (RFC 5869), no salt, info `LP(label, fields...)`."""
    return HKDF(SHA256(), KEY, None, lp(label, *fields)).derive(exact(key, KEY))


def expand(key: bytes, length: int, label: Label, *fields: bytes | int | str) -> bytes:
    """Return `length` bytes of HKDF-Expand-SHA256; `key` is uniformly random already."""
    return HKDFExpand(SHA256(), length, lp(label, *fields)).derive(exact(key, KEY))


def authenticate(key: bytes, label: Label, *fields: bytes | int | str) -> bytes:
    """Return `HMAC-SHA256(key, LP(label, fields...))`."""
    return hmac.digest(exact(key, KEY), lp(label, *fields), "sha256")


def encrypt(key: bytes, nonce: bytes, plain: bytes, *, aad: bytes) -> bytes:
    """AES-256-GCM; a nonce is never used twice under one key."""
    return AESGCM(exact(key, KEY)).encrypt(exact(nonce, NONCE), plain, aad)


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes, *, aad: bytes) -> bytes:
    """Undo `encrypt`, or raise `Tampered`."""
    try:
        return AESGCM(exact(key, KEY)).decrypt(exact(nonce, NONCE), ciphertext, aad)
    except InvalidTag as error:
        raise Tampered from error
