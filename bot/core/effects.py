"""What is to be said after an event: imperatives that the flow carries out once it is durable."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.ids import OfferId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Ring this person's doorbell for this offer."""

    person: PersonId
    offer: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """Turn the doorbell into what became of the offer."""

    person: PersonId
    offer: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Bring the live message of this consultation up to date for this person."""

    person: PersonId


class Notice(StrEnum):
    """What a person is told in a message of its own, since a live message that changes does not ring."""

    ACCEPTED = "accepted"
    YOURS = "yours"
    LAPSED = "lapsed"
    LAPSED_YOURS = "lapsed_yours"
    COULD_NOT_ATTEND = "could_not_attend"
    PHONE = "phone"
    DEFERRED = "deferred"
    ENDED = "ended"
    SOUGHT_AGAIN = "sought_again"  # somebody has come on duty while the officer telephones
    REMINDED = "reminded"  # the interview is near
    IDENTIFIED = "identified"  # somebody was named: duties may begin
    TAKEN_OVER = "taken_over"  # a colleague of whoever had it has it now
    TAKEN_OVER_YOURS = "taken_over_yours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Send this person a notice about this consultation."""

    person: PersonId
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Pass the room's message `seq` on to this person."""

    person: PersonId
    seq: int


Effect = Ring | Hush | Show | Tell | Pass
