"""What the flow needs in order to be woken for what is no state of a consultation: a bell to ring again, a shift's end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TimerKind(StrEnum):
    """What a timer is for; `flow/timed.py` says what happens then."""

    SHIFT_ENDS = "shift_ends"  # of whoever holds talks: how far their shift has come
    TALK_LEFT = "talk_left"  # of a talk that nobody took at the end of a shift: its officer gets the number
    RING_AGAIN = "ring_again"  # of an offer: its doorbell once more
    WAKING = "waking"  # of an offer: the second channel, if nobody has looked
    CHECK = "check"  # of a readiness check: whether it was answered in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something to be looked at, at an instant. `ref` names it among those of its kind."""

    kind: TimerKind
    ref: str
    due: datetime


class Timers(Protocol):
    """Timers, one for each kind and reference. Not on the ledger: what they bring about is."""

    def put(self, timer: Timer) -> None:
        """Set it; if there was one of the same kind and reference, it is moved."""
        ...

    def drop(self, kind: TimerKind, ref: str) -> None:
        """Forget it; nothing when there is none."""
        ...

    def get(self, kind: TimerKind, ref: str) -> Timer | None: ...
    def overdue(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        """What is due, the longest overdue first."""
        ...

    def next_due(self) -> datetime | None: ...
