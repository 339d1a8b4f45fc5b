import pytest

from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import DeviceSecret
from bot.seal.labels import Label
from bot.seal.sign_in import sign_challenge, verify_challenge
from bot.seal.statement import sign_bare
from bot.seal.wire import lp
from tests.seal.trusting import secret_of

ORIGIN, CHALLENGE = "https://samjour.example", bytes(range(32))
SECRET, OTHER = secret_of("anna-1"), secret_of("bo-1")
ANSWER = sign_challenge(secret=SECRET, origin=ORIGIN, challenge=CHALLENGE)


def test_answer_holds() -> None:
    """A device's own answer to this challenge of this origin holds."""
    verify_challenge(SECRET.public, origin=ORIGIN, challenge=CHALLENGE, sig=ANSWER)


@pytest.mark.parametrize(
    ("device", "origin", "challenge"),
    [
        (OTHER, ORIGIN, CHALLENGE),
        (SECRET, "https://samjour.example.org", CHALLENGE),
        (SECRET, "http://samjour.example", CHALLENGE),
        (SECRET, ORIGIN, bytes(32)),
    ],
)
def test_answer_to_something_else_is_refused(device: DeviceSecret, origin: str, challenge: bytes) -> None:
    """Another device's, another site's (a phisher who passes challenges on), another challenge's."""
    with pytest.raises(Tampered):
        verify_challenge(device.public, origin=origin, challenge=challenge, sig=ANSWER)


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_challenge_of_another_length_is_refused(size: int) -> None:
    """A challenge has 32 bytes, for whoever signs and whoever checks."""
    with pytest.raises(Malformed):
        sign_challenge(secret=SECRET, origin=ORIGIN, challenge=bytes(size))
    with pytest.raises(Malformed):
        verify_challenge(SECRET.public, origin=ORIGIN, challenge=bytes(size), sig=ANSWER)


@pytest.mark.parametrize("sig", [b"", ANSWER[1:], ANSWER + b"\0", b"\x02" + ANSWER[1:]])
def test_signature_of_another_form_is_refused(sig: bytes) -> None:
    """65 bytes, the first of which says Ed25519."""
    with pytest.raises(Malformed):
        verify_challenge(SECRET.public, origin=ORIGIN, challenge=CHALLENGE, sig=sig)


def test_what_signs_in_is_nothing_else() -> None:
    """An answer is over bytes of a label of its own: nothing that a server asks a device to sign in with can be read
    as a bundle, an approval or an event.
    """
    statement = lp(Label.SIGN_IN, ORIGIN, CHALLENGE, SECRET.public.device_id)
    assert sign_bare(statement, SECRET.signing) == ANSWER
