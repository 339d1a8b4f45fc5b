"""Encrypts names and telephone numbers on their way into a row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.core.errors import BadInput, Tampered
from bot.core.ids import PersonId
from bot.seal.errors import SealError
from bot.seal.field import FieldKey, Place, open_field, seal_field
from bot.seal.plain import Plain, Sealed

_NONCE: Final = 12  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCipher:
    """The key of the fields, and where fresh nonces come from (`Entropy.draw`)."""

    key: FieldKey = field(repr=False)
    draw: Callable[[int], bytes] = field(repr=False)

    def seal(self, person: PersonId, column: str, text: str) -> Sealed:
        """Encrypt one field of a person. Raises BadInput when it is too long."""
        try:
            return seal_field(self.key, _place(person, column), Plain(text.encode()), nonce=self.draw(_NONCE))
        except SealError as error:
            raise BadInput("this field cannot be encrypted") from error

    def open(self, person: PersonId, column: str, sealed: Sealed) -> str:
        """Decrypt it. Raises Tampered for another key, another person's field, or changed bytes."""
        try:
            return open_field(self.key, _place(person, column), sealed).reveal().decode()
        except (SealError, UnicodeDecodeError) as error:
            raise Tampered("a person's field does not open") from error


def _place(person: PersonId, column: str) -> Place:
    return Place(table="people", column=column, row=person)
