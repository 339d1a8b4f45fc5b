"""The situation at a minute: everybody who could be asked, as the matching wants to see them."""

from datetime import datetime, timedelta

from bot.core import matching
from bot.core.matching import Standing, Worker
from bot.core.roster import Attendance, on_duty, roster
from bot.flow.ports import Tx

_INSTANT = timedelta(microseconds=1)


def attendance(tx: Tx, at: datetime) -> Attendance:
    """Who is on duty at that instant by roster and by what people have pressed."""
    shifts = tx.rosters.shifts(at, at + _INSTANT)
    overrides = tx.rosters.overrides(at, at + _INSTANT)
    return on_duty(roster(shifts, overrides), at)


def workers(tx: Tx, at: datetime) -> tuple[Worker, ...]:
    """Everybody, with their duties, whether they can be reached, and their load.

    Reached is whoever has a channel that rings, or is signed in on a device of their own, where offers are seen.
    """
    reachable, load, last = (
        tx.people.reachable() | tx.people.on_devices(at),
        tx.consultations.open_rooms(),
        tx.consultations.last_offered(),
    )
    people = tx.people.all()
    standings = {
        p.id: Standing(reachable=p.id in reachable, open_rooms=load.get(p.id, 0), last_offered=last.get(p.id))
        for p in people
    }
    return matching.workers(people, attendance(tx, at), standings)
