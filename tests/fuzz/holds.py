"""What must hold of a parser, whatever bytes it is given; each makes a target of a parser.

A target takes bytes and returns whether they were accepted. It raises for whatever must not be: an error that is not
the parser's own, or a value that does not come back from its writer.
"""

from collections.abc import Callable
from typing import TypeVar

from bot.core.errors import SamjourError
from bot.seal.errors import SealError

V = TypeVar("V")
G = TypeVar("G", bytes, str)

Target = Callable[[bytes], bool]
Refusals = type[Exception] | tuple[type[Exception], ...]

OURS: Refusals = (SealError, SamjourError)


def refuses(read: Callable[[G], object], refusal: Refusals = OURS) -> Callable[[G], bool]:
    """Whatever is not accepted is refused with the parser's own error."""

    def target(given: G) -> bool:
        try:
            read(given)
        except refusal:
            return False
        return True

    return target


def exactly(read: Callable[[G], V], write: Callable[[V], G], refusal: Refusals = OURS) -> Callable[[G], bool]:
    """Only what the writer writes is accepted, to the byte."""

    def target(given: G) -> bool:
        try:
            value = read(given)
        except refusal:
            return False
        assert write(value) == given
        return True

    return target


def again(read: Callable[[G], V], write: Callable[[V], G], refusal: Refusals = OURS) -> Callable[[G], bool]:
    """What was read can be written, and reads the same again."""

    def target(given: G) -> bool:
        try:
            value = read(given)
        except refusal:
            return False
        assert read(write(value)) == value
        return True

    return target


def text(target: Callable[[str], bool]) -> Target:
    """A target for text: bytes that are no UTF-8 become lone surrogates, as in arguments and in JSON."""
    return lambda data: target(data.decode("utf-8", "surrogateescape"))


def utf8(target: Callable[[str], bool]) -> Target:
    """A target for the text of a file, which is decoded strictly before anybody parses it."""

    def decoded(data: bytes) -> bool:
        try:
            return target(data.decode())
        except UnicodeDecodeError:
            return False

    return decoded
