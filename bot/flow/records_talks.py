"""Records of talks: keys as they are kept and handed out, and what a sender was answered."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import PersonId, RoomId
from bot.seal.plain import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """One epoch's key as it was sealed to one device. `seq`: the event that names it, an epoch's or a grant."""

    epoch: int
    device: bytes
    seq: int
    blob: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRead:
    """That a device was first handed the key of an epoch, and whose it was then."""

    room: RoomId
    epoch: int
    device: bytes
    person: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a sender asked under a key of their own choice, and was answered; nothing of what they said.

    `id` is a hash of sender and key, `what` one of what a repetition must repeat.
    """

    id: bytes
    what: bytes
    answer: bytes  # JSON
    at: datetime
