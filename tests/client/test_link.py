"""An invitation's link: everything that a new device pins stands in its fragment, and nothing else is taken for one."""

from urllib.parse import urlencode

import pytest

from bot.client.link import origin_of, read_link
from bot.core.errors import BadInput
from bot.seal.note import Verifier, verifier_to_text
from bot.seal.signing import signing_key
from bot.seal.wire import to_base64url

ROOT, LEDGER = signing_key(b"r" * 32).public, signing_key(b"l" * 32).public
SOUND = {
    "v": "1",
    "organisation": "malmo",
    "secret": to_base64url(b"s" * 32),
    "root": to_base64url(ROOT),
    "ledger": verifier_to_text(Verifier(name="samjour.example/malmo", public=LEDGER)),
}


def link(**fields: str) -> str:
    """A link with these fields in the fragment."""
    return f"https://samjour.example/enrol#{urlencode(fields)}"


def test_link_pins_root_and_ledger() -> None:
    """Secret, root, ledger's key and name, and the site where one signs in."""
    invite = read_link(link(**SOUND))
    assert (invite.origin, invite.secret) == ("https://samjour.example", b"s" * 32)
    pins = invite.pins
    assert (pins.organisation, pins.root, pins.ledger) == ("malmo", ROOT, LEDGER)
    assert (pins.origin, pins.size, pins.number) == ("samjour.example/malmo", 0, 0)


@pytest.mark.parametrize("name", sorted(SOUND))
def test_link_without_a_field_is_none(name: str) -> None:
    """A link that lost something on its way pins nothing."""
    with pytest.raises(BadInput):
        read_link(link(**{key: value for key, value in SOUND.items() if key != name}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": "2"},
        {"secret": to_base64url(b"s" * 31)},
        {"secret": "s" * 44},
        {"root": to_base64url(bytes(32))},
        {"root": "AA"},
        {"ledger": "samjour.example/malmo"},
        {"organisation": ""},
        {"more": "x"},
    ],
)
def test_link_with_something_else_is_none(wrong: dict[str, str]) -> None:
    """Every field has one form; a root under which anybody could sign is refused before it is pinned."""
    with pytest.raises(BadInput):
        read_link(link(**{**SOUND, **wrong}))


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "https://samjour.example/enrol", "ftp://a/#v=1", "https:///enrol#v=1", "#" * 3000),
        *("http://[x#v=1", "https://samjour.example/enrol#v", "https://samjour.example:x/enrol#v=1"),
    ],
)
def test_what_is_no_link_is_none(text: str) -> None:
    """Anything else that somebody pastes."""
    with pytest.raises(BadInput):
        read_link(text)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Samjour.example/enrol#x", "https://samjour.example"),
        ("https://samjour.example:443/", "https://samjour.example"),
        ("http://localhost:8400/", "http://localhost:8400"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_origin_is_written_as_browsers_write_it(address: str, origin: str) -> None:
    """What a device signs in for is the same string on both sides."""
    assert origin_of(address) == origin
