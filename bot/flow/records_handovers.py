"""Records of handovers: what was given to whom, of each talk."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bot.core.ids import ConsultationId, PersonId

HandoverId = NewType("HandoverId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One talk of a handover. `receiver` None: the giver's shift ended, and nobody had taken it.

    `talks`: how many went in the same act; `unread`: what the officer had said since the giver last read or wrote;
    `promised`: which of the things said of promises stood then, 0 for none.
    """

    id: HandoverId
    consultation: ConsultationId
    giver: PersonId
    receiver: PersonId | None
    at: datetime
    talks: int
    unread: int
    promised: int = 0
