"""Has the end of a shift looked at: whenever somebody takes a talk, or the duty of somebody who holds one has changed."""

from collections.abc import Collection
from datetime import datetime

from bot.core.ids import PersonId
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind


def watch(tx: Tx, holder: PersonId, now: datetime) -> None:
    """Somebody has a talk: see when their shift ends, unless that is being looked at already."""
    if tx.timers.get(TimerKind.SHIFT_ENDS, holder) is None:
        tx.timers.put(Timer(kind=TimerKind.SHIFT_ENDS, ref=holder, due=now))


def watch_again(tx: Tx, now: datetime, people: Collection[PersonId] | None) -> None:
    """Duties have changed, of these people or (None) of anybody: look anew for whoever holds a talk."""
    for person in tx.consultations.open_rooms():
        if people is None or person in people:
            tx.timers.put(Timer(kind=TimerKind.SHIFT_ENDS, ref=person, due=now))
