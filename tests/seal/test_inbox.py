from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, Tampered
from bot.seal.inbox import open_inbox, seal_inbox
from bot.seal.keys import DeviceSecret
from bot.seal.padding import MAX_PLAIN
from bot.seal.plain import Plain, Sealed

Devices = dict[str, DeviceSecret]


@settings(deadline=None, max_examples=20)
@given(body=st.binary(max_size=600), native_id=st.text(min_size=1, max_size=20))
def test_round_trip(body: bytes, native_id: str, devices: Devices) -> None:
    """The bridge opens what was sealed to it, and the row tells only a bucket's length."""
    bridge = devices["bridge"]
    sealed = seal_inbox(bridge.public, channel="telegram", native_id=native_id, body=Plain(body))
    opened = open_inbox(sealed, channel="telegram", native_id=native_id, secret=bridge)
    assert opened.reveal() == body
    assert len(sealed.content) in {256 + 1136, 512 + 1136, 1024 + 1136}


def test_a_row_cannot_be_moved(devices: Devices) -> None:
    """A body opens only as the message it came with, on its channel, at its bridge."""
    bridge = devices["bridge"]
    sealed = seal_inbox(bridge.public, channel="telegram", native_id="7", body=Plain(b"x"))
    for channel, native_id, who in (
        ("telegram", "8", "bridge"),
        ("sms", "7", "bridge"),
        ("telegram", "7", "worker"),
    ):
        with pytest.raises(Tampered):
            open_inbox(sealed, channel=channel, native_id=native_id, secret=devices[who])


def test_any_change_is_refused(devices: Devices, flips: Callable[[bytes], list[bytes]]) -> None:
    """A row changed anywhere, cut or extended does not open."""
    bridge = devices["bridge"]
    content = seal_inbox(bridge.public, channel="telegram", native_id="7", body=Plain(b"x")).content
    for changed in flips(content):
        with pytest.raises(Tampered):
            open_inbox(Sealed(content=changed), channel="telegram", native_id="7", secret=bridge)


def test_other_lengths_are_malformed(devices: Devices) -> None:
    """A row whose length no padded text gives is refused before any key is used."""
    bridge = devices["bridge"]
    content = seal_inbox(bridge.public, channel="telegram", native_id="7", body=Plain(b"x")).content
    for changed in (b"", content[:-1], content + b"\0"):
        with pytest.raises(Malformed):
            open_inbox(Sealed(content=changed), channel="telegram", native_id="7", secret=bridge)


def test_bounds(devices: Devices) -> None:
    """A body too long, or a message without an id, is not sealed."""
    bridge = devices["bridge"].public
    for native_id, body in (("7", bytes(MAX_PLAIN + 1)), ("", b""), ("7" * 256, b"")):
        with pytest.raises(Malformed):
            seal_inbox(bridge, channel="telegram", native_id=native_id, body=Plain(body))
