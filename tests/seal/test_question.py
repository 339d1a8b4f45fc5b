"""Questions for curators: each opens as what it was, on its device, and refuses whatever is not of the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import make_device
from bot.seal.padding import BUCKETS, MAX_PLAIN
from bot.seal.plain import Plain, Sealed
from bot.seal.question import open_question, seal_question

DEVICE, OTHER = make_device(b"a" * 64), make_device(b"b" * 64)
ID = "0" * 32
NAMED = {"organisation": "malmo", "day": "2026-11-21", "id_": ID}


@given(st.binary(max_size=600))
def test_what_was_sealed_opens(body: bytes) -> None:
    """Whatever was asked, and its length shows only the bucket."""
    sealed = seal_question(DEVICE.public, body=Plain(body), **NAMED)
    assert open_question(sealed, secret=DEVICE, **NAMED).reveal() == body
    assert len(sealed.content) - 1136 in BUCKETS


@pytest.mark.parametrize(
    "other",
    [{"organisation": "farsta"}, {"day": "2026-11-22"}, {"id_": "1" * 32}],
    ids=lambda one: next(iter(one)),
)
def test_it_opens_as_nothing_else(other: dict[str, str]) -> None:
    """Of another organisation, day or id it does not open, nor on another device, nor changed."""
    sealed = seal_question(DEVICE.public, body=Plain(b"x"), **NAMED)
    with pytest.raises(Tampered):
        open_question(sealed, secret=DEVICE, **{**NAMED, **other})
    with pytest.raises(Tampered):
        open_question(sealed, secret=OTHER, **NAMED)
    changed = Sealed(content=sealed.content[:-1] + bytes([sealed.content[-1] ^ 1]))
    with pytest.raises(Tampered):
        open_question(changed, secret=DEVICE, **NAMED)


@pytest.mark.parametrize("size", [0, 1136, 1136 + 255, 1136 + 257])
def test_a_length_that_no_text_gives_is_refused(size: int) -> None:
    """FORMAT.md 36."""
    with pytest.raises(Malformed):
        open_question(Sealed(content=bytes(size)), secret=DEVICE, **NAMED)


def test_what_is_out_of_bounds_is_not_sealed() -> None:
    """Too long a text, and names that are none."""
    with pytest.raises(Malformed):
        seal_question(DEVICE.public, body=Plain(bytes(MAX_PLAIN + 1)), **NAMED)
    with pytest.raises(Malformed):
        seal_question(DEVICE.public, body=Plain(b"x"), **{**NAMED, "organisation": ""})
