"""Encrypts single database fields: the contact details of staff, and the keyed hash by which one is found."""

from dataclasses import dataclass, field

from bot.seal.errors import Malformed
from bot.seal.labels import Label
from bot.seal.padding import BUCKETS, pad, unpad
from bot.seal.plain import Plain, Sealed
from bot.seal.symmetric import KEY, NONCE, TAG, authenticate, decrypt, derive, encrypt
from bot.seal.wire import exact, lp, name

_SIZES = frozenset(NONCE + bucket + TAG for bucket in BUCKETS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldKey:
    """The server's 32 secret bytes from which every field's own key is derived."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse another length."""
        exact(self.key, KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the database a value stands; a value copied to another place does not open there."""

    table: str
    column: str
    row: str

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        for text in (self.table, self.column, self.row):
            name(text)


def seal_field(key: FieldKey, place: Place, value: Plain, *, nonce: bytes) -> Sealed:
    """Encrypt a value for its place. `nonce`: 12 random bytes, new for every call. Returns `nonce || ct`."""
    ct = encrypt(_field_key(key, place), nonce, pad(value.reveal()), aad=_aad(place))
    return Sealed(content=nonce + ct)


def open_field(key: FieldKey, place: Place, sealed: Sealed) -> Plain:
    """Undo `seal_field`. Raises `Tampered` for another key or place, or changed bytes."""
    if len(sealed.content) not in _SIZES:
        raise Malformed
    nonce, ct = sealed.content[:NONCE], sealed.content[NONCE:]
    return Plain(unpad(decrypt(_field_key(key, place), nonce, ct, aad=_aad(place))))


def lookup(key: FieldKey, kind: str, value: Plain) -> bytes:
    """Return 32 bytes by which a value of one kind is found again; the caller normalises the value first."""
    lookup_key = derive(key.key, Label.LOOKUP_KEY, name(kind))
    return authenticate(lookup_key, Label.LOOKUP, kind, value.reveal())


def _field_key(key: FieldKey, place: Place) -> bytes:
    return derive(key.key, Label.FIELD_KEY, place.table, place.column)


def _aad(place: Place) -> bytes:
    return lp(Label.FIELD, place.table, place.column, place.row)
