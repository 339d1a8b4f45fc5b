"""Rest between shifts: shown where it is short, never enforced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.ids import PersonId
from bot.core.roster import Shift

LEAST: Final = timedelta(hours=11)  # less between two shifts is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Somebody's time between the end of one shift and the beginning of the next."""

    person: PersonId
    begins: datetime
    ends: datetime


def short_rests(shifts: Iterable[Shift]) -> tuple[Rest, ...]:
    """Every rest shorter than LEAST, in order. Shifts that meet or overlap are one duty and have no rest between."""
    until: dict[PersonId, datetime] = {}
    found: list[Rest] = []
    for shift in sorted(shifts, key=lambda s: (s.starts, s.ends)):
        before = until.get(shift.person)
        if before is not None and timedelta(0) < shift.starts - before < LEAST:
            found.append(Rest(person=shift.person, begins=before, ends=shift.starts))
        until[shift.person] = max(shift.ends, before or shift.ends)
    return tuple(found)
