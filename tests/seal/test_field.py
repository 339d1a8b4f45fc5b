from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed, Tampered
from bot.seal.field import FieldKey, Place, lookup, open_field, seal_field
from bot.seal.plain import Plain, Sealed

KEY = FieldKey(key=b"f" * 32)
PHONE = Place(table="people", column="phone", row="p-1")
NUMBER = b"+46701740605"


@given(value=st.binary(max_size=300), nonce=st.binary(min_size=12, max_size=12))
def test_round_trip(value: bytes, nonce: bytes) -> None:
    """A value opens where it was sealed, and its length is hidden."""
    sealed = seal_field(KEY, PHONE, Plain(value), nonce=nonce)
    assert open_field(KEY, PHONE, sealed).reveal() == value
    assert len(sealed.content) in {12 + 256 + 16, 12 + 512 + 16}


def test_a_value_cannot_be_moved() -> None:
    """A value copied to another table, column or row does not open there, nor under another key."""
    sealed = seal_field(KEY, PHONE, Plain(NUMBER), nonce=bytes(12))
    for place in (replace(PHONE, table="t"), replace(PHONE, column="c"), replace(PHONE, row="p-2")):
        with pytest.raises(Tampered):
            open_field(KEY, place, sealed)
    with pytest.raises(Tampered):
        open_field(FieldKey(key=b"g" * 32), PHONE, sealed)


def test_any_change_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """A field changed anywhere, cut or extended does not open."""
    content = seal_field(KEY, PHONE, Plain(NUMBER), nonce=bytes(12)).content
    assert NUMBER not in content
    for changed in flips(content):
        with pytest.raises(Tampered):
            open_field(KEY, PHONE, Sealed(content=changed))
    for changed in (b"", content[:-1], content + b"\0"):
        with pytest.raises(Malformed):
            open_field(KEY, PHONE, Sealed(content=changed))


def test_a_value_is_found_by_its_keyed_hash() -> None:
    """The same value of the same kind is found again; another value, kind or key gives another hash."""
    found = lookup(KEY, "phone", Plain(NUMBER))
    assert found == lookup(KEY, "phone", Plain(NUMBER))
    assert len(found) == 32
    others = {
        lookup(KEY, "email", Plain(NUMBER)),
        lookup(KEY, "phone", Plain(b"+46701740606")),
        lookup(FieldKey(key=b"g" * 32), "phone", Plain(NUMBER)),
    }
    assert len(others | {found}) == 4


def test_bounds() -> None:
    """A key has 32 bytes, a nonce 12, a place and a kind their names."""
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(Malformed):
            FieldKey(key=wrong)
    for nonce in (b"", bytes(11), bytes(13)):
        with pytest.raises(Malformed):
            seal_field(KEY, PHONE, Plain(NUMBER), nonce=nonce)
    with pytest.raises(Malformed):
        Place(table="people", column="", row="p-1")
    with pytest.raises(Malformed):
        lookup(KEY, "", Plain(NUMBER))
    with pytest.raises(Malformed):
        seal_field(KEY, PHONE, Plain(bytes(65536)), nonce=bytes(12))


def test_the_key_is_not_shown() -> None:
    """The repr of a field key is empty."""
    assert repr(KEY) == "FieldKey()"
