import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed
from bot.seal.labels import Label
from bot.seal.wire import (
    MAX_FIELD,
    MAX_NAME,
    MAX_NUMBER,
    Reader,
    count,
    exact,
    from_base64url,
    lp,
    name,
    number,
    to_base64url,
)

FIELDS = st.lists(st.binary(max_size=40), max_size=6)


def frame(field: bytes) -> bytes:
    return len(field).to_bytes(4, "big") + field


def test_labels_are_apart() -> None:
    """No two purposes share a label, and none is the beginning of bytes that another label starts."""
    assert len(set(Label)) == len(list(Label))
    assert all(label.isascii() and label.startswith("samjour/") and label.endswith("/v1") for label in Label)


def test_lp_bytes() -> None:
    """A field is its length in four bytes and itself; integers take eight, strings are UTF-8."""
    encoded = lp(Label.ROOM, b"\x01\x02", 258, "å", b"")
    expected = frame(b"samjour/room/v1") + frame(b"\x01\x02") + frame(b"\0\0\0\0\0\0\x01\x02")
    assert encoded == expected + frame(b"\xc3\xa5") + frame(b"")


@given(one=FIELDS, other=FIELDS)
def test_lp_is_injective(one: list[bytes], other: list[bytes]) -> None:
    """Different fields never encode to the same bytes."""
    assert (lp(Label.ROOM, *one) == lp(Label.ROOM, *other)) == (one == other)


@given(blob=st.binary(max_size=100), value=st.integers(0, MAX_NUMBER), text=st.text(min_size=1, max_size=60))
def test_reader_returns_what_lp_wrote(blob: bytes, value: int, text: str) -> None:
    """What is written is read back."""
    reader = Reader(Label.EVENT, lp(Label.EVENT, blob, value, text))
    assert (reader.up_to(100), reader.number(), reader.name()) == (blob, value, text)
    reader.end()


def test_lp_refuses_what_is_out_of_bounds() -> None:
    """A number that a browser cannot count, a string that is not Unicode or a huge field is not written."""
    for field in (-1, MAX_NUMBER + 1, "\ud800", bytes(MAX_FIELD + 1)):
        with pytest.raises(Malformed):
            lp(Label.ROOM, field)


def test_reader_refuses_another_label() -> None:
    """Bytes of one label are not read as those of another, nor are bytes without any."""
    for content in (lp(Label.ROOM, b"x"), b"", b"\0\0\0", frame(b"\xff"), frame(b"samjour/event/v2")):
        with pytest.raises(Malformed):
            Reader(Label.EVENT, content)


@given(cut=st.integers(1, 27))
def test_reader_refuses_truncation(cut: int) -> None:
    """Bytes that end early, inside a length or a field, are refused."""
    reader = Reader(Label.EVENT, lp(Label.EVENT, b"0123456789", b"0123456789")[:-cut])
    with pytest.raises(Malformed):
        (reader.up_to(10), reader.up_to(10))


def test_reader_refuses_trailing_bytes() -> None:
    """Nothing may follow the last field."""
    reader = Reader(Label.EVENT, lp(Label.EVENT) + b"\0")
    with pytest.raises(Malformed):
        reader.end()


def test_reader_refuses_wrong_sizes() -> None:
    """A field has the size, range and encoding that its place prescribes."""
    content = lp(Label.EVENT, b"\xff" * 8)
    with pytest.raises(Malformed):
        Reader(Label.EVENT, content).up_to(7)
    with pytest.raises(Malformed):
        Reader(Label.EVENT, content).exact(9)
    with pytest.raises(Malformed):
        Reader(Label.EVENT, content).number()
    with pytest.raises(Malformed):
        Reader(Label.EVENT, content).name()
    for field in (b"", b"a" * (MAX_NAME + 1)):
        with pytest.raises(Malformed):
            Reader(Label.EVENT, lp(Label.EVENT, field)).name()
    for least, most in ((6, 9), (0, 4)):
        with pytest.raises(Malformed):
            Reader(Label.EVENT, lp(Label.EVENT, 5)).number(least=least, most=most)
    with pytest.raises(Malformed):
        Reader(Label.EVENT, lp(Label.EVENT, b"\0\0\0\x05")).number()


def test_a_declared_length_is_not_believed() -> None:
    """A length that says more than a field may have is refused, whatever the caller allows."""
    content = lp(Label.EVENT) + (MAX_FIELD + 1).to_bytes(4, "big") + bytes(MAX_FIELD + 1)
    with pytest.raises(Malformed):
        Reader(Label.EVENT, content).up_to(2**32)


def test_checks_return_the_value_or_refuse() -> None:
    """The small checks let a sound value through and stop any other."""
    assert (exact(b"ab", 2), name("å" * 127), number(0), count(1)) == (b"ab", "å" * 127, 0, 1)
    with pytest.raises(Malformed):
        exact(b"a", 2)
    for text in ("", "å" * 128, "\udc00"):
        with pytest.raises(Malformed):
            name(text)
    for value in (-1, MAX_NUMBER + 1):
        with pytest.raises(Malformed):
            number(value)
    with pytest.raises(Malformed):
        count(0)


@given(content=st.binary(max_size=80))
def test_base64url_round_trip(content: bytes) -> None:
    """What is encoded for JSON is decoded from it, and needs no escaping in a URL."""
    text = to_base64url(content)
    assert from_base64url(text) == content
    assert not set(text) & set("+/=")


@given(text=st.text(alphabet="AQgw-_+/= \nå9", max_size=9))
def test_base64url_has_one_spelling(text: str) -> None:
    """Whatever decodes is what the encoder writes: no padding, blanks, stray bits or other alphabet."""
    try:
        content = from_base64url(text)
    except Malformed:
        return
    assert to_base64url(content) == text


@pytest.mark.parametrize("text", ["QQ==", "Q", "QR", "Q Q", "QQ\n", "+/8", "å", "QUE="])
def test_base64url_refuses(text: str) -> None:
    """Padding, a lone character, stray bits, blanks and other alphabets are refused."""
    with pytest.raises(Malformed):
        from_base64url(text)


def test_base64url_is_bounded() -> None:
    """Longer text than the caller allows is refused before it is decoded."""
    assert from_base64url("QUFB", most=3) == b"AAA"
    with pytest.raises(Malformed):
        from_base64url("QUFBQUFB", most=3)
