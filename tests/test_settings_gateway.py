"""The settings of a gateway: all of it or nothing, and no value is ever shown."""

import pytest

from bot.core.errors import BadInput
from bot.settings import Settings, read

WHOLE = {
    "SAMJOUR_GATEWAY_URL": "https://api.46elks.com/a1/",
    "SAMJOUR_GATEWAY_USER": "u1234",
    "SAMJOUR_GATEWAY_SECRET": "Hemligt-1234",
    "SAMJOUR_GATEWAY_FROM": "+46701740699",
}
RECORDING = "SAMJOUR_GATEWAY_RECORDING"


def test_off_unless_it_is_set() -> None:
    """Nothing set: no telephone is called."""
    assert (Settings().gateway_url, Settings().gateway_recording) == ("", "")


def test_every_part_is_read() -> None:
    """Each name reaches its field; a recording is what a call plays."""
    found = read({**WHOLE, RECORDING: "https://samjour.example.org/rost.mp3"})
    assert found.gateway_url == "https://api.46elks.com/a1"
    assert (found.gateway_user, found.gateway_secret) == ("u1234", "Hemligt-1234")
    assert found.gateway_from == "+46701740699"
    assert found.gateway_recording == "https://samjour.example.org/rost.mp3"
    assert read({**WHOLE, RECORDING: "sound/beep"}).gateway_recording == "sound/beep"
    assert read({**WHOLE, "SAMJOUR_GATEWAY_FROM": "Samjour"}).gateway_from == "Samjour"
    assert read({**WHOLE, "SAMJOUR_GATEWAY_URL": "http://127.0.0.1:8081/a1"}).gateway_url


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_half_a_gateway_is_refused(missing: str) -> None:
    """The start stops in one line that names what is missing."""
    with pytest.raises(BadInput, match=f"^{missing} is missing: SAMJOUR_GATEWAY_[A-Z]+ is set$"):
        read({name: value for name, value in WHOLE.items() if name != missing})


def test_a_recording_alone_is_refused() -> None:
    """What should be played needs somewhere to play it."""
    with pytest.raises(BadInput, match="SAMJOUR_GATEWAY_URL is missing"):
        read({RECORDING: "sound/beep"})


def test_a_name_calls_nobody() -> None:
    """A call is made from a number; only an SMS can come from a name."""
    with pytest.raises(BadInput, match="SAMJOUR_GATEWAY_FROM must be a number"):
        read({**WHOLE, "SAMJOUR_GATEWAY_FROM": "Samjour", RECORDING: "sound/beep"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAMJOUR_GATEWAY_URL", "http://gateway.example/a1"),
        ("SAMJOUR_GATEWAY_URL", "https://gateway.example/a1?key=1"),
        ("SAMJOUR_GATEWAY_URL", "https://user:secret@gateway.example/a1"),
        ("SAMJOUR_GATEWAY_URL", "ftp://gateway.example"),
        ("SAMJOUR_GATEWAY_URL", "gateway"),
        ("SAMJOUR_GATEWAY_USER", "a:b"),
        ("SAMJOUR_GATEWAY_USER", "my name"),
        ("SAMJOUR_GATEWAY_SECRET", "å"),
        ("SAMJOUR_GATEWAY_SECRET", "x y"),
        ("SAMJOUR_GATEWAY_SECRET", "x" * 201),
        ("SAMJOUR_GATEWAY_FROM", "070-1740699"),
        ("SAMJOUR_GATEWAY_FROM", "0046701740699"),
        ("SAMJOUR_GATEWAY_FROM", "Socialtjänsten"),
        ("SAMJOUR_GATEWAY_FROM", "ab"),
        (RECORDING, "http://samjour.example.org/rost.mp3"),
        (RECORDING, "https://samjour.example.org/rost.mp3?name=x"),
        (RECORDING, '{"connect":"+46701740600"}'),
        (RECORDING, "sound/../x"),
    ],
)
def test_what_cannot_be_is_refused_without_being_shown(name: str, value: str) -> None:
    """One line names the setting; the value may be a secret and stands nowhere."""
    with pytest.raises(BadInput, match=f"^{name} must") as refused:
        read({**WHOLE, name: value})
    assert value not in str(refused.value)


def test_no_secret_is_shown_by_settings() -> None:
    """What is printed of settings by mistake holds neither the account's name nor its secret."""
    shown = repr(read(WHOLE))
    assert "Hemligt-1234" not in shown
    assert "u1234" not in shown
