import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.checkpoint import (
    Checkpoint,
    checkpoint_from_text,
    checkpoint_to_text,
    sign_checkpoint,
    verify_checkpoint,
)
from bot.seal.errors import Malformed, Tampered
from bot.seal.note import sign_note
from bot.seal.signing import signing_key
from bot.seal.wire import MAX_NUMBER

KEY = signing_key(b"l" * 32)
ORIGIN = "samjour.example/malmo"
HEAD = Checkpoint(origin=ORIGIN, size=20852163, root=bytes(range(32)))


@given(size=st.integers(0, MAX_NUMBER), root=st.binary(min_size=32, max_size=32))
def test_round_trip(size: int, root: bytes) -> None:
    """Any size and root are signed and read back."""
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=root)
    signed = sign_checkpoint(checkpoint, KEY)
    assert verify_checkpoint(signed, origin=ORIGIN, public=KEY.public) == checkpoint


def test_text_is_that_of_the_specification() -> None:
    """The example of C2SP tlog-checkpoint is read and written byte by byte."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = checkpoint_from_text(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint_to_text(checkpoint) == text


def test_another_key_or_origin_is_refused() -> None:
    """A checkpoint holds for the ledger whose key signed it, under its own name."""
    signed = sign_checkpoint(HEAD, KEY)
    for origin, key in ((ORIGIN, signing_key(b"o" * 32)), ("samjour.example/farsta", KEY)):
        with pytest.raises(Tampered):
            verify_checkpoint(signed, origin=origin, public=key.public)
    lent = sign_note(checkpoint_to_text(HEAD), name="samjour.example/farsta", key=KEY)
    with pytest.raises(Tampered):
        verify_checkpoint(lent, origin="samjour.example/farsta", public=KEY.public)


ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n7\n{ROOT}",
        f"{ORIGIN}\n7\n{ROOT}\nextension\n",
        f"\n7\n{ROOT}\n",
        f"a b\n7\n{ROOT}\n",
        f"{ORIGIN}\n07\n{ROOT}\n",
        f"{ORIGIN}\n+7\n{ROOT}\n",
        f"{ORIGIN}\n-7\n{ROOT}\n",
        f"{ORIGIN}\n٧\n{ROOT}\n",
        f"{ORIGIN}\n\n{ROOT}\n",
        f"{ORIGIN}\n{MAX_NUMBER + 1}\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n",
        f"{ORIGIN}\n7\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n7\nAAEC\n",
        f"{ORIGIN}\n7\n{ROOT[:-2]}9=\n",
    ],
)
def test_parser_refuses(text: str) -> None:
    """Other lines than three, another spelling of a number or hash, or a root of another length: refused."""
    with pytest.raises(Malformed):
        checkpoint_from_text(text)


def test_bounds() -> None:
    """A checkpoint has an origin without spaces, a countable size and a 32-byte root."""
    for origin, size, root in (("a\nb", 1, bytes(32)), (ORIGIN, -1, bytes(32)), (ORIGIN, 1, bytes(31))):
        with pytest.raises(Malformed):
            Checkpoint(origin=origin, size=size, root=root)
