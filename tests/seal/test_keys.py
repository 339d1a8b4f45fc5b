from collections.abc import Callable

import pytest

from bot.seal import hpke
from bot.seal.errors import Malformed
from bot.seal.keys import (
    DevicePublic,
    make_device,
    public_from_bytes,
    public_to_bytes,
    secret_from_bytes,
    secret_to_bytes,
    signing_from_bytes,
    signing_to_bytes,
)
from bot.seal.labels import Label
from bot.seal.signing import signing_key
from bot.seal.symmetric import digest
from bot.seal.wire import lp

SECRET = make_device(bytes(range(64)))


def test_a_device_is_made_of_its_entropy() -> None:
    """The same 64 bytes make the same device: first the signing seed, then the KEM seed."""
    assert SECRET.signing_seed + SECRET.kem_seed == bytes(range(64))
    assert SECRET.public == make_device(bytes(range(64))).public
    for wrong in (63, 65):
        with pytest.raises(Malformed):
            make_device(bytes(wrong))


def test_the_id_names_both_keys() -> None:
    """A device's id changes with either key, so that neither can be exchanged alone."""
    public, other = SECRET.public, make_device(bytes(64)).public
    assert public.device_id == digest(Label.DEVICE, public.ed25519, public.kem)
    ids = {
        DevicePublic(ed25519=one.ed25519, kem=two.kem).device_id
        for one in (public, other)
        for two in (public, other)
    }
    assert len(ids) == 4


def test_keys_round_trip() -> None:
    """What is written of a key is read back."""
    secret = secret_from_bytes(secret_to_bytes(SECRET))
    assert (secret.signing_seed, secret.kem_seed) == (SECRET.signing_seed, SECRET.kem_seed)
    assert public_from_bytes(public_to_bytes(SECRET.public)) == SECRET.public
    assert signing_from_bytes(signing_to_bytes(signing_key(b"l" * 32))).seed == b"l" * 32


def test_a_damaged_key_file_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """Any flipped byte of a key file is noticed when it is read, not when a room stays shut."""
    for changed in flips(secret_to_bytes(SECRET)):
        with pytest.raises(Malformed):
            secret_from_bytes(changed)
    for changed in flips(signing_to_bytes(signing_key(b"l" * 32))):
        with pytest.raises(Malformed):
            signing_from_bytes(changed)


def test_parsers_refuse_other_shapes() -> None:
    """Truncated, extended, empty or of another label: not a key."""
    for read, content in (
        (secret_from_bytes, secret_to_bytes(SECRET)),
        (public_from_bytes, public_to_bytes(SECRET.public)),
        (signing_from_bytes, signing_to_bytes(signing_key(b"l" * 32))),
    ):
        for wrong in (b"", content[:-1], content + b"\0", lp(Label.ROOM, content)):
            with pytest.raises(Malformed):
                read(wrong)


def test_public_keys_are_tried_when_read() -> None:
    """Public keys that could not be sealed to, or that anybody could sign under, are refused at the door."""
    for ed25519, kem in ((SECRET.public.ed25519, b"\xff" * hpke.PUBLIC), (bytes(32), SECRET.public.kem)):
        with pytest.raises(Malformed):
            public_from_bytes(lp(Label.DEVICE_PUBLIC, ed25519, kem))


def test_secrets_are_not_shown() -> None:
    """The repr of a device's secret holds neither seed."""
    shown = repr(SECRET)
    assert "seed" not in shown
    assert repr(SECRET.signing_seed)[2:-1] not in shown
    assert repr(SECRET.kem_seed)[2:-1] not in shown
