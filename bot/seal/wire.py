"""How values become bytes and back: length-prefixed fields under a label, and canonical base64url."""

import base64
import binascii

from bot.seal.errors import Malformed
from bot.seal.labels import Label

MAX_FIELD = 2**20  # bytes in one field
MAX_NUMBER = 2**53 - 1  # the largest integer that a browser counts exactly
MAX_NAME = 255  # bytes of UTF-8 in an identifier

_PREFIX = 4  # bytes of a length
_NUMBER = 8  # bytes of an integer


def lp(label: Label, *fields: bytes | int | str) -> bytes:
    """Encode `LP(label, fields...)`: each field as `u32be(length) || bytes`, the label first.

    Integers become u64be, strings UTF-8. For one label the order and types are fixed, so the encoding is
    injective. Raises `Malformed` for a field out of bounds.
    """
    framed = [_frame(label.encode())]
    framed += [_frame(_encode(field)) for field in fields]
    return b"".join(framed)


class Reader:
    """Reads the fields of one LP string in their order; refuses what the writer would not have written."""

    __slots__ = ("_at", "_data")

    def __init__(self, label: Label, data: bytes) -> None:
        """Start after the label. Raises `Malformed` when the bytes are not of that label."""
        self._data = data
        self._at = 0
        if self.up_to(MAX_NAME) != label.encode():
            raise Malformed

    def up_to(self, most: int) -> bytes:
        """Return the next field, at most `most` bytes of it."""
        start = self._at + _PREFIX
        end = start + int.from_bytes(self._data[self._at : start], "big")
        if end > len(self._data) or end - start > min(most, MAX_FIELD):
            raise Malformed
        self._at = end
        return self._data[start:end]

    def exact(self, size: int) -> bytes:
        """Return the next field, which is `size` bytes long."""
        return exact(self.up_to(size), size)

    def number(self, *, least: int = 0, most: int = MAX_NUMBER) -> int:
        """Return the next field as an integer in `least..most`."""
        value = int.from_bytes(self.exact(_NUMBER), "big")
        if not least <= value <= most:
            raise Malformed
        return value

    def name(self) -> str:
        """Return the next field as an identifier."""
        try:
            return name(self.up_to(MAX_NAME).decode())
        except UnicodeDecodeError as error:
            raise Malformed from error

    def end(self) -> None:
        """Refuse whatever follows the last field."""
        if self._at != len(self._data):
            raise Malformed


def exact(value: bytes, size: int) -> bytes:
    """Return `value` when it is `size` bytes long, else raise `Malformed`."""
    if len(value) != size:
        raise Malformed(f"{size} bytes are needed here, and {len(value)} were given.")
    return value


def name(value: str) -> str:
    """Return an identifier of 1 to `MAX_NAME` bytes of UTF-8, else raise `Malformed`."""
    if not value or len(_utf8(value)) > MAX_NAME:
        raise Malformed("An identifier has 1 to 255 bytes.")
    return value


def number(value: int) -> int:
    """Return an integer in 0..`MAX_NUMBER`, else raise `Malformed`."""
    if not 0 <= value <= MAX_NUMBER:
        raise Malformed("A number is out of range.")
    return value


def count(value: int) -> int:
    """Return an integer in 1..`MAX_NUMBER`, else raise `Malformed`; epochs and events are counted from 1."""
    if number(value) == 0:
        raise Malformed("Counting starts at 1.")
    return value


def to_base64url(data: bytes) -> str:
    """Encode for JSON: RFC 4648 section 5, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str, *, most: int = MAX_FIELD) -> bytes:
    """Decode at most `most` bytes of what `to_base64url` writes; every other spelling raises `Malformed`."""
    if len(text) > most * 4 // 3 + 1:
        raise Malformed
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Malformed from error
    if to_base64url(data) != text:
        raise Malformed
    return data


def _frame(field: bytes) -> bytes:
    if len(field) > MAX_FIELD:
        raise Malformed("A field is too long.")
    return len(field).to_bytes(_PREFIX, "big") + field


def _encode(field: bytes | int | str) -> bytes:
    if isinstance(field, bytes):
        return field
    if isinstance(field, str):
        return _utf8(field)
    return number(field).to_bytes(_NUMBER, "big")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed from error
