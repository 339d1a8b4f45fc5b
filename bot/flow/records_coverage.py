"""Records of what makes an organisation ready: tests of its numbers, and the tokens of machines that ask for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.ids import OrganisationId
from bot.core.places import NumberId

TokenId = NewType("TokenId", str)


class Scope(StrEnum):
    """What a token lets its holder see. The values go into the ledger: add, never rename."""

    CHAIN = "chain"  # who is asked, as ids and functions, and the organisation's own numbers
    STAFF = "staff"  # also the numbers of those who would be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A machine's right to ask who is on duty for one organisation or group. The secret is kept nowhere."""

    id: TokenId
    organisation: str  # or a group
    digest: str  # SHA-256 of the secret, hex
    scope: Scope
    label: str
    made: datetime
    by: str
    until: datetime
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTest:
    """Somebody rang a number to see whether it is answered."""

    number: NumberId
    at: datetime
    by: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An organisation's week was summed up for those who oversee it. `week`: ISO 8601, "2026-W48"."""

    organisation: OrganisationId
    week: str
    at: datetime
