"""Signed statements: an LP string and a signature over it, by a device, a root, or a ledger's key."""

from bot.seal import signing
from bot.seal.errors import Malformed
from bot.seal.labels import Label
from bot.seal.signing import SigningKey
from bot.seal.wire import Reader, exact, lp

MAX_STATEMENT = 2**13  # bytes of what is signed; a bundle with its public keys is under 3 kB
SIGNATURE = 1 + signing.SIGNATURE  # bytes; the first says which algorithm

_ED25519 = b"\x01"


def sign_statement(outer: Label, statement: bytes, key: SigningKey) -> bytes:
    """Return `LP(outer, statement, sig)`; `statement` is an LP string whose label says what is stated."""
    return lp(outer, statement, sign_bare(statement, key))


def sign_bare(statement: bytes, key: SigningKey) -> bytes:
    """Return the signature alone, 65 bytes."""
    return _ED25519 + signing.sign(key, statement)


def split_statement(outer: Label, content: bytes) -> tuple[bytes, bytes]:
    """Return the statement and its signature of 65 bytes; nothing is checked but the form. Raises `Malformed`."""
    reader = Reader(outer, content)
    statement, sig = reader.up_to(MAX_STATEMENT), reader.exact(SIGNATURE)
    reader.end()
    if sig[:1] != _ED25519:
        raise Malformed("That signature algorithm is unknown.")
    return statement, sig


def verify_statement(public: bytes, statement: bytes, sig: bytes) -> None:
    """Return when the signature holds under the 32-byte key, else raise `Tampered` or `Malformed`."""
    if exact(sig, SIGNATURE)[:1] != _ED25519:
        raise Malformed("That signature algorithm is unknown.")
    signing.verify(public, statement, sig[1:])
