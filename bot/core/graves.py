"""Grave events: what stands in a forum's list, what people on it answer to a notice, and how much of it there may be.

A notice never replaces RLC, TiB or POSOM; every text about one says so.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NewType

from bot.core.hours import holds
from bot.core.in_force import entries_of
from bot.core.places import Organisation, Structure
from bot.core.referrals import Forum

GraveId = NewType("GraveId", str)

MOST_CONTACTS: Final = 64  # people on one forum's list
MOST_DEVICES: Final = 256  # that one notice is sealed to, the sender's own among them
MOST_AN_HOUR: Final = 4  # notices of one sender
KEPT_IN_VIEW: Final = timedelta(days=3)  # how long a notice is shown to those who got it and to who sent it


class Answer(StrEnum):
    """What somebody on the list answers. The values go into rows and the ledger: add, never rename."""

    NONE = "none"  # nothing yet
    COMING = "coming"  # deltar
    LATER = "later"  # återkommer
    CALL_ME = "call_me"  # ring mig
    CANNOT = "cannot"  # kan inte


def forums_on(structure: Structure, day: date) -> Iterator[tuple[Organisation, Forum]]:
    """Every forum that exists on a day, with whose it is."""
    for own in structure.organisations.values():
        for entry in entries_of(own):
            if isinstance(entry, Forum) and holds(day, entry.valid_from, entry.valid_to):
                yield own, entry


def forum_on(structure: Structure, named: str, day: date) -> tuple[Organisation, Forum] | None:
    """One forum, if it exists on that day."""
    return next(((own, one) for own, one in forums_on(structure, day) if one.id == named), None)
