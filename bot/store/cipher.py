"""Encrypts names, telephone numbers and secret addresses on their way into a row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.core.errors import BadInput, Tampered
from bot.core.ids import PersonId
from bot.seal.errors import SealError
from bot.seal.field import FieldKey, Place, open_field, seal_field
from bot.seal.plain import Plain, Sealed

_NONCE: Final = 12  # bytes
_PEOPLE: Final = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCipher:
    """The key of the fields, and where fresh nonces come from (`Entropy.draw`)."""

    key: FieldKey = field(repr=False)
    draw: Callable[[int], bytes] = field(repr=False)

    def seal(self, person: PersonId, column: str, text: str) -> Sealed:
        """Encrypt one field of a person. Raises BadInput when it is too long."""
        return self.seal_at(_PEOPLE, person, column, text)

    def open(self, person: PersonId, column: str, sealed: Sealed) -> str:
        """Decrypt it. Raises Tampered for another key, another person's field, or changed bytes."""
        return self.open_at(_PEOPLE, person, column, sealed)

    def seal_at(self, table: str, row: str, column: str, text: str) -> Sealed:
        """Encrypt one field of a row. Raises BadInput when it is too long."""
        try:
            place = Place(table=table, column=column, row=row)
            return seal_field(self.key, place, Plain(text.encode()), nonce=self.draw(_NONCE))
        except SealError as error:
            raise BadInput("this field cannot be encrypted") from error

    def open_at(self, table: str, row: str, column: str, sealed: Sealed) -> str:
        """Decrypt it. Raises Tampered for another key, another row's field, or changed bytes."""
        try:
            return open_field(self.key, Place(table=table, column=column, row=row), sealed).reveal().decode()
        except (SealError, UnicodeDecodeError) as error:
            raise Tampered("an encrypted field does not open") from error
