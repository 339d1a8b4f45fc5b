"""How values become bytes and back: length-prefixed fields under a label, and canonical base64url."""

import base64
import binascii
from functools import cache
from struct import Struct

from bot.seal.errors import Malformed
from bot.seal.labels import Label

MAX_FIELD = 2**20  # bytes in one field
MAX_NUMBER = 2**53 - 1  # the largest integer that a browser counts exactly
MAX_NAME = 255  # bytes of UTF-8 in an identifier

_PREFIX = Struct(">I")  # a length
_NUMBER = Struct(">Q")  # an integer


def lp(label: Label, *fields: bytes | int | str) -> bytes:
    """Encode `LP(label, fields...)`: each field as `u32be(length) || bytes`, the label first.

    Integers become u64be, strings UTF-8. For one label the order and types are fixed, so the encoding is
    injective. Raises `Malformed` for a field out of bounds.
    """
    framed = [_opening(label)]
    for field in fields:
        content = field if isinstance(field, bytes) else _encode(field)
        size = len(content)
        if size > MAX_FIELD:
            raise Malformed("A field is too long.")
        framed.append(_PREFIX.pack(size))
        framed.append(content)
    return b"".join(framed)


class Reader:
    """Reads the fields of one LP string in their order; refuses what the writer would not have written."""

    __slots__ = ("_at", "_data")

    def __init__(self, label: Label, data: bytes) -> None:
        """Start after the label. Raises `Malformed` when the bytes are not of that label."""
        opening = _opening(label)
        if not data.startswith(opening):
            raise Malformed
        self._data = data
        self._at = len(opening)

    def up_to(self, most: int) -> bytes:
        """Return the next field, at most `most` bytes of it."""
        start = self._at + _PREFIX.size
        if start > len(self._data):
            raise Malformed
        (size,) = _PREFIX.unpack_from(self._data, self._at)
        end = start + size
        if end > len(self._data) or size > most or size > MAX_FIELD:
            raise Malformed
        self._at = end
        return self._data[start:end]

    def exact(self, size: int) -> bytes:
        """Return the next field, which is `size` bytes long."""
        return exact(self.up_to(size), size)

    def number(self, *, least: int = 0, most: int = MAX_NUMBER) -> int:
        """Return the next field as an integer in `least..most`."""
        value = int.from_bytes(self.exact(_NUMBER.size), "big")
        if not least <= value <= most:
            raise Malformed
        return value

    def name(self) -> str:
        """Return the next field as an identifier."""
        content = self.up_to(MAX_NAME)
        if not content:
            raise Malformed("An identifier has 1 to 255 bytes.")
        try:
            return content.decode()
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


@cache
def _opening(label: Label) -> bytes:
    return _PREFIX.pack(len(label)) + label.encode("ascii")


def _encode(field: int | str) -> bytes:
    return _utf8(field) if isinstance(field, str) else _NUMBER.pack(number(field))


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed from error
