"""Certificates in the flow: which one a note is, whether ours signed it, and how instants and numbers stand in them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from bot.core.ids import OrganisationId
from bot.flow.verify_ledger import Signers
from bot.seal.certificate import Certificate, read_certificate, verify_certificate
from bot.seal.errors import SealError, Tampered

KIND: Final = "erasure"  # of the ledger entry that records a certificate


def trusted(signers: Signers, id_: str, note: str) -> Certificate:
    """The certificate of that id, when one of its ledger's keys has signed the note; raises SealError otherwise."""
    origin = signers.origin(OrganisationId(read_certificate(note).organisation))
    refusal: SealError = Tampered("no key is known that could have signed it")
    for public in signers.publics:
        try:
            certificate = verify_certificate(note, origin=origin, public=public)
        except SealError as error:
            refusal = error
            continue
        if certificate.id == id_:
            return certificate
        refusal = Tampered("it is filed under the id of another")
    raise refusal


def instant(at: datetime) -> str:
    """An instant as certificates write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as runs: [first, last] of each."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def note_digest(note: str) -> str:
    """What the ledger records of a certificate's note: SHA-256 of all of it, hex."""
    return sha256(note.encode()).hexdigest()
