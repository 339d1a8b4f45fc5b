import copy
import json
import pickle

import pytest

from bot.seal.plain import Plain, Sealed


def test_plain_shows_nothing_of_itself() -> None:
    """However it is printed, the text is not in it."""
    plain = Plain(b"hemligt")
    assert {repr(plain), str(plain), f"{plain}", f"{plain!r}", f"{[plain]}"[1:-1]} == {"Plain(redacted)"}
    assert plain.reveal() == b"hemligt"


def test_plain_has_no_serialiser() -> None:
    """It cannot be pickled, copied or written as JSON by accident."""
    for serialise in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            serialise(Plain(b"hemligt"))


def test_plain_tells_nothing_by_comparison() -> None:
    """Two texts are never equal, so that no comparison leaks one."""
    assert Plain(b"a") != Plain(b"a")
    assert not hasattr(Plain(b"a"), "__dict__")


def test_sealed_is_a_value() -> None:
    """Ciphertext is compared by its bytes."""
    assert Sealed(content=b"a") == Sealed(content=b"a")
