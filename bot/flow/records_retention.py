"""Records of retention: what the store keeps of holds, and what it tells of entries, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import ConsultationId, OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A ledger entry about a consultation, as far as erasing it takes."""

    organisation: OrganisationId
    number: int
    leaf: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A decision that a consultation is not to be erased while it stands."""

    consultation: ConsultationId
    decision: str  # its number
    since: datetime
    by: str
