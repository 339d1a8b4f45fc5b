"""Devices: the pair of keys that a person's phone, or a bridge, signs and opens with."""

import hmac
from dataclasses import dataclass, field

from bot.seal import hpke, signing
from bot.seal.errors import Malformed
from bot.seal.hpke import KemKey, kem_key
from bot.seal.labels import Label
from bot.seal.signing import SigningKey, signing_key
from bot.seal.symmetric import KEY, digest
from bot.seal.wire import Reader, exact, lp

DEVICE_ID = KEY  # bytes
ENTROPY = signing.SEED + hpke.SEED  # bytes that a new device is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePublic:
    """What others know of a device: whom to believe, whom to seal to."""

    ed25519: bytes
    kem: bytes = field(repr=False)
    device_id: bytes = field(init=False)  # 32 bytes; names both keys, so neither can be exchanged alone

    def __post_init__(self) -> None:
        """Refuse keys that are none."""
        signing.check_public(self.ed25519)
        exact(self.kem, hpke.PUBLIC)
        object.__setattr__(self, "device_id", digest(Label.DEVICE, self.ed25519, self.kem))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DeviceSecret:
    """What only the device knows. Making one takes a tenth of a millisecond: keep it, do not remake it."""

    signing_seed: bytes = field(repr=False)
    kem_seed: bytes = field(repr=False)
    signing: SigningKey = field(init=False, repr=False)
    kem: KemKey = field(init=False, repr=False)
    public: DevicePublic = field(init=False)

    def __post_init__(self) -> None:
        """Make the keys of their seeds."""
        object.__setattr__(self, "signing", signing_key(self.signing_seed))
        object.__setattr__(self, "kem", kem_key(self.kem_seed))
        object.__setattr__(self, "public", DevicePublic(ed25519=self.signing.public, kem=self.kem.public))


def make_device(entropy: bytes) -> DeviceSecret:
    """Make a device of 64 random bytes: the signing seed, then the KEM seed."""
    exact(entropy, ENTROPY)
    return DeviceSecret(signing_seed=entropy[: signing.SEED], kem_seed=entropy[signing.SEED :])


def secret_to_bytes(secret: DeviceSecret) -> bytes:
    """Write a device's key file; its id is in it, so that a damaged file is noticed when read."""
    return lp(Label.DEVICE_SECRET, secret.signing_seed, secret.kem_seed, secret.public.device_id)


def secret_from_bytes(content: bytes) -> DeviceSecret:
    """Read a device's key file, or raise `Malformed`."""
    reader = Reader(Label.DEVICE_SECRET, content)
    secret = DeviceSecret(signing_seed=reader.exact(signing.SEED), kem_seed=reader.exact(hpke.SEED))
    _same(reader.exact(DEVICE_ID), secret.public.device_id)
    reader.end()
    return secret


def public_to_bytes(public: DevicePublic) -> bytes:
    """Write a device's public keys."""
    return lp(Label.DEVICE_PUBLIC, public.ed25519, public.kem)


def public_from_bytes(content: bytes) -> DevicePublic:
    """Read a device's public keys and try them, or raise `Malformed`."""
    reader = Reader(Label.DEVICE_PUBLIC, content)
    public = DevicePublic(ed25519=reader.exact(signing.PUBLIC), kem=reader.exact(hpke.PUBLIC))
    reader.end()
    hpke.check_public(public.kem)
    return public


def signing_to_bytes(key: SigningKey) -> bytes:
    """Write the key file of a ledger."""
    return lp(Label.SIGNING_SECRET, key.seed, key.public)


def signing_from_bytes(content: bytes) -> SigningKey:
    """Read the key file of a ledger, or raise `Malformed`."""
    reader = Reader(Label.SIGNING_SECRET, content)
    key = signing_key(reader.exact(signing.SEED))
    _same(reader.exact(signing.PUBLIC), key.public)
    reader.end()
    return key


def _same(written: bytes, computed: bytes) -> None:
    if not hmac.compare_digest(written, computed):
        raise Malformed("A key file is damaged.")
