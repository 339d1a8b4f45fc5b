"""Signing in with a device: it signs the server's challenge, bound to the server's origin."""

from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.statement import sign_bare, verify_statement
from bot.seal.symmetric import KEY
from bot.seal.wire import exact, lp, name

CHALLENGE = KEY  # bytes, random, used once


def sign_challenge(*, secret: DeviceSecret, origin: str, challenge: bytes) -> bytes:
    """Return the 65 bytes that answer a challenge. `origin`: `https://<host>` as the device itself knows it."""
    return sign_bare(_statement(origin, challenge, secret.public.device_id), secret.signing)


def verify_challenge(device: DevicePublic, *, origin: str, challenge: bytes, sig: bytes) -> None:
    """Return when this device answered this challenge of this origin, else raise `Tampered` or `Malformed`."""
    verify_statement(device.ed25519, _statement(origin, challenge, device.device_id), sig)


def _statement(origin: str, challenge: bytes, device_id: bytes) -> bytes:
    return lp(Label.SIGN_IN, name(origin), exact(challenge, CHALLENGE), device_id)
