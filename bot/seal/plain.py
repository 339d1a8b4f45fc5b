"""The two sides of a seal: `Plain` must not leave, `Sealed` may be kept."""

from dataclasses import dataclass
from typing import NoReturn, final


@final
class Plain:
    """What people wrote, between a bridging channel and seal. It has no serialiser and shows nothing of itself."""

    __slots__ = ("_content",)

    def __init__(self, content: bytes) -> None:
        """`content`: the bytes to protect."""
        self._content = content

    def reveal(self) -> bytes:
        """Return the bytes; whoever calls this is answerable for where they go."""
        return self._content

    def __repr__(self) -> str:
        return "Plain(redacted)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse pickle and copy."""
        raise TypeError("Plain is not serialised.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Ciphertext made by seal: the only kind of body that the store accepts."""

    content: bytes
