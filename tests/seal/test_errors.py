import pytest

from bot.seal.errors import Malformed, SealError, StaleHead, Tampered, WrongShare


@pytest.mark.parametrize("error", [Malformed, StaleHead, Tampered])
def test_docstring_is_the_message(error: type[SealError]) -> None:
    """An error that is raised without a sentence speaks its docstring."""
    assert str(error()) == error.__doc__


def test_given_sentence_wins() -> None:
    """A better sentence replaces the docstring."""
    assert str(Tampered("The chain is broken.")) == "The chain is broken."


def test_wrong_share_names_people() -> None:
    """Whoever gave a wrong share is named, in the message and as a value."""
    error = WrongShare("p-1", "p-2")
    assert error.people == ("p-1", "p-2")
    assert "p-1, p-2" in str(error)
    assert isinstance(error, SealError)
