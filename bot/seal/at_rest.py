"""A browser's keys at rest: each wrapped under a key that only a passkey gives (WebAuthn's PRF extension)."""

from bot.seal.keys import DEVICE_ID
from bot.seal.labels import Label
from bot.seal.symmetric import KEY, NONCE, TAG, decrypt, derive, encrypt
from bot.seal.wire import exact, lp, name

KEY_NAMES = ("ed25519", "mlkem", "x25519")  # PKCS #8, 64 bytes of d and z, PKCS #8


def wrapping_key(prf: bytes, device_id: bytes) -> bytes:
    """Return the 32 bytes under which a device's keys are wrapped; `prf`: the passkey's 32 bytes."""
    return derive(exact(prf, KEY), Label.DEVICE_KEK, exact(device_id, DEVICE_ID))


def wrap_key(kek: bytes, *, device_id: bytes, key_name: str, key: bytes, nonce: bytes) -> bytes:
    """Return `nonce || ciphertext`. `nonce`: 12 random bytes, new for every call."""
    return nonce + encrypt(kek, nonce, key, aad=_context(device_id, key_name))


def unwrap_key(kek: bytes, *, device_id: bytes, key_name: str, wrapped: bytes) -> bytes:
    """Undo `wrap_key`. Raises `Tampered` for another device, name or passkey, `Malformed` for too few bytes."""
    least = NONCE + 1 + TAG  # a key has some bytes; the browser says the same
    exact(wrapped[:least], least)
    return decrypt(kek, wrapped[:NONCE], wrapped[NONCE:], aad=_context(device_id, key_name))


def _context(device_id: bytes, key_name: str) -> bytes:
    return lp(Label.DEVICE_WRAP, exact(device_id, DEVICE_ID), name(key_name))
