import pytest

from bot.seal.at_rest import KEY_NAMES, unwrap_key, wrap_key, wrapping_key
from bot.seal.device_code import device_code
from bot.seal.errors import Malformed, Tampered
from tests.seal.trusting import id_of

DEVICE, OTHER = id_of("anna-1"), id_of("anna-2")
KEK, NONCE = wrapping_key(b"p" * 32, DEVICE), b"n" * 12


@pytest.mark.parametrize("key_name", KEY_NAMES)
def test_wrapped_key_comes_back(key_name: str) -> None:
    """What the passkey wrapped, the passkey unwraps."""
    wrapped = wrap_key(KEK, device_id=DEVICE, key_name=key_name, key=b"secret", nonce=NONCE)
    assert unwrap_key(KEK, device_id=DEVICE, key_name=key_name, wrapped=wrapped) == b"secret"


def test_wrapped_key_of_another_device_name_or_passkey_is_refused() -> None:
    """Keys at rest cannot be exchanged for each other, nor opened by another passkey (MUST 58)."""
    wrapped = wrap_key(KEK, device_id=DEVICE, key_name="ed25519", key=b"secret", nonce=NONCE)
    for kek, device, name in (
        (KEK, OTHER, "ed25519"),
        (KEK, DEVICE, "x25519"),
        (wrapping_key(b"q" * 32, DEVICE), DEVICE, "ed25519"),
        (wrapping_key(b"p" * 32, OTHER), DEVICE, "ed25519"),
    ):
        with pytest.raises(Tampered):
            unwrap_key(kek, device_id=device, key_name=name, wrapped=wrapped)


@pytest.mark.parametrize("size", [0, 11, 12, 27])
def test_too_few_bytes_are_refused(size: int) -> None:
    """Less than a nonce and a tag is nothing that was wrapped."""
    with pytest.raises(Malformed):
        unwrap_key(KEK, device_id=DEVICE, key_name="mlkem", wrapped=bytes(size))


def test_code_names_device_and_root() -> None:
    """Sixteen digits in four groups, others for another device or another root."""
    root = bytes(range(32))
    code = device_code(DEVICE, root)
    assert code == "{} {} {} {}".format(*code.split())
    assert [len(group) for group in code.split()] == [4, 4, 4, 4]
    assert code.replace(" ", "").isdigit()
    assert len({code, device_code(OTHER, root), device_code(DEVICE, bytes(32))}) == 3
    assert device_code(DEVICE, root) == code


@pytest.mark.parametrize(("device", "root"), [(b"", bytes(32)), (bytes(32), bytes(31))])
def test_code_of_what_is_no_id_is_refused(device: bytes, root: bytes) -> None:
    """Ids have 32 bytes."""
    with pytest.raises(Malformed):
        device_code(device, root)
