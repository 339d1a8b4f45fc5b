import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed
from bot.seal.padding import BUCKETS, MAX_PLAIN, pad, unpad


@given(plain=st.binary(max_size=2100))
def test_round_trip(plain: bytes) -> None:
    """Padding comes off again, and leaves only the length of a bucket to see, the smallest that holds it."""
    padded = pad(plain)
    assert unpad(padded) == plain
    assert len(padded) == min(bucket for bucket in BUCKETS if bucket > len(plain))


@pytest.mark.parametrize("bucket", BUCKETS)
def test_edges_of_buckets(bucket: int) -> None:
    """A text one byte short of a bucket fills it; one byte more takes the next, or is refused at the last."""
    assert len(pad(bytes(bucket - 1))) == bucket
    if bucket < BUCKETS[-1]:
        assert len(pad(bytes(bucket))) == 2 * bucket
    else:
        with pytest.raises(Malformed):
            pad(bytes(MAX_PLAIN + 1))


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\x80",
        bytes(256),
        b"a" * 256,
        b"a\x80" + bytes(253),
        b"a\x80" + bytes(255),
        b"a\x80" + bytes(510),
        b"a\x80" + bytes(253) + b"\x01",
        b"a" * 65536 + b"\x80" + bytes(65535),
    ],
)
def test_refuses_what_pad_would_not_write(padded: bytes) -> None:
    """No mark, another length than a bucket's, a larger bucket than needed, or bytes after the mark: refused."""
    with pytest.raises(Malformed):
        unpad(padded)
