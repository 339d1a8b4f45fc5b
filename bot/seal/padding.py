"""Hides how long a text is: plaintexts are padded to one of nine lengths before they are encrypted."""

from bot.seal.errors import Malformed

# Powers of two: an everyday message (under 256 bytes) looks like every other, waste is at most twofold beyond,
# and a length tells an onlooker at most log2(9) = 3.2 bits. The last holds four Telegram messages in UTF-8.
BUCKETS = (256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
MAX_PLAIN = BUCKETS[-1] - 1  # bytes; one is the mark

_MARK = b"\x80"


def pad(plain: bytes) -> bytes:
    """Append 0x80 and zeros (ISO/IEC 7816-4) up to the smallest bucket that holds both."""
    for bucket in BUCKETS:
        if len(plain) < bucket:
            return (plain + _MARK).ljust(bucket, b"\x00")
    raise Malformed("A text is longer than 65 535 bytes.")


def unpad(padded: bytes) -> bytes:
    """Take the padding off. Raises `Malformed` unless `pad` would have made exactly these bytes."""
    marked = padded.rstrip(b"\x00")
    plain = marked[:-1]
    if not marked.endswith(_MARK) or len(plain) > MAX_PLAIN or pad(plain) != padded:
        raise Malformed
    return plain
