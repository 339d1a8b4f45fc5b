"""Readiness: whether an organisation can be relied on tonight, and every reason why it cannot. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

TESTED_WITHIN: Final = timedelta(days=31)  # a number nobody has tried for longer is not known to answer
AHEAD: Final = timedelta(hours=24)  # for which an organisation that is ready is staffed


class Missing(StrEnum):
    """What is missing. The values are a promise to whoever reads them: add, never rename."""

    SUPERVISORS = "supervisors"  # fewer people than seats hold devices that can keep a key
    NUMBERS = "numbers"  # a number that nobody has found to answer for a month
    COVER = "cover"  # a minute of the next day in which nobody of the chain is on duty
    ROSTER = "roster"  # a roster that is fetched, and is old
    KEYS = "keys"  # a kept key with a seat that nobody can use
    WAKING = "waking"  # somebody on duty whom no channel reaches
    DRILL = "drill"  # a step whose last drills nobody has seen


NEEDED: Final = (
    Missing.SUPERVISORS,
    Missing.NUMBERS,
    Missing.COVER,
)  # where a file does not say what it takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of one organisation at one minute.

    `answers_since`: for each of its numbers the day on which it was last found to answer, None where it was not.
    `first_gap`: the first minute ahead with nobody, None without one; `has_chain`: whether it is asked at all.
    `stale_roster`: whether one that is fetched is older than it should be; `thin_keys`: kept keys with a seat that
    cannot be used; `unreached`: people of its chain on duty whom no channel reaches; `failed_drill`: whether the last
    drills of a step were seen by nobody.
    """

    supervisors: int
    needed: int
    answers_since: Sequence[date | None]
    today: date
    first_gap: datetime | None
    has_chain: bool
    stale_roster: bool
    thin_keys: int
    unreached: int = 0
    failed_drill: bool = False


def reasons(found: Found) -> tuple[Missing, ...]:
    """Everything that is missing, in the order in which it is shown; nothing where the organisation is ready."""
    faults = {
        Missing.SUPERVISORS: found.supervisors < found.needed,
        Missing.NUMBERS: answering(found) < len(found.answers_since),
        Missing.COVER: found.has_chain and found.first_gap is not None,
        Missing.ROSTER: found.stale_roster,
        Missing.KEYS: found.thin_keys > 0,
        Missing.WAKING: found.unreached > 0,
        Missing.DRILL: found.failed_drill,
    }
    return tuple(missing for missing, fault in faults.items() if fault)


def shut_by(missing: Iterable[Missing], needs: Collection[Missing]) -> Missing | None:
    """What of it keeps officers from waiting for a person, the first by order; None: nothing that this one needs."""
    return next((one for one in missing if one in needs), None)


def answering(found: Found) -> int:
    """How many of the numbers are known to answer."""
    return sum(is_answering(day, found.today) for day in found.answers_since)


def is_answering(since: date | None, today: date) -> bool:
    """Whether a number that was last found to answer on that day counts as answered."""
    return since is not None and since >= today - TESTED_WITHIN
