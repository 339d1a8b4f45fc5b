"""Who takes part in a simulated year: the demo's people several times over, their duties, and what officers ask for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from bot.core.chain import ASKABLE
from bot.core.hours import STOCKHOLM, wall_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person, Role
from bot.core.people_file import PeopleFile
from bot.core.places import Structure, districts_at
from bot.core.press import NOW, Choose
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.roster import Shift
from bot.core.weekly import expand

EACH: Final = 4  # people who take turns in the duties of one of the demo's
OFFICERS: Final = 60
EMPTY: Final = 0.01  # of all duties nobody has
_BY_HOUR: Final = (
    9,
    8,
    7,
    5,
    3,
    2,
    1,
    1,
    2,
    2,
    3,
    3,
    3,
    3,
    4,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    10,
    10,
)  # nights, mostly
_BY_DAY: Final = (8, 8, 9, 10, 14, 15, 10)
_NEEDS: Final = {
    Need.ADVICE: 30,
    Need.CONSULT: 18,
    Need.PRESENCE: 12,
    Need.INTERVIEW: 8,
    Need.NOTIFY: 10,
    Need.HANDOVER: 7,
    Need.PROTECTION: 5,
    Need.DECISION: 5,
    Need.CALL_ME: 5,
}
_URGENCIES: Final = {Urgency.NOW: 55, Urgency.TONIGHT: 30, Urgency.CAN_WAIT: 15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Everybody who is added to the demo, and everybody's duties in place of the demo's."""

    workers: tuple[Person, ...]
    officers: tuple[Person, ...]
    shifts: Mapping[OrganisationId, Sequence[Shift]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One request, by whom and when."""

    at: datetime
    officer: PersonId
    choice: Choose


def crowd(demo: PeopleFile, first: date, last: date, chance: Random) -> Crowd:
    """Several people for each of the demo's who can be asked; each duty is one's of them, or nobody's."""
    askable = [p for p in demo.people if any(posting.role in ASKABLE for posting in p.postings)]
    turns = {
        p.id: (p, *(replace(p, id=PersonId(f"{p.id}-{n}"), phone=None) for n in range(2, EACH + 1)))
        for p in askable
    }
    shifts: defaultdict[OrganisationId, list[Shift]] = defaultdict(list)
    for shift in expand(demo.weekly, first=first, last=last):
        if chance.random() >= EMPTY:
            person = chance.choice(turns[shift.person]).id if shift.person in turns else shift.person
            shifts[shift.organisations[0]].append(replace(shift, person=person))
    like = next(p for p in demo.people if any(posting.role is Role.OFFICER for posting in p.postings))
    return Crowd(
        workers=tuple(one for those in turns.values() for one in those[1:]),
        officers=tuple(
            replace(like, id=PersonId(f"p-year-officer-{n}"), phone=None) for n in range(OFFICERS)
        ),
        shifts=dict(shifts),
    )


def requests(structure: Structure, first: date, days: int, count: int, chance: Random) -> list[Wanted]:
    """So many requests in so many days, in order: more at night and at weekends, in every place and for every need."""
    told = [_wanted(structure, at, chance) for at in _instants(first, days, count, chance)]
    return sorted(told, key=lambda one: one.at)


def _instants(first: date, days: int, count: int, chance: Random) -> Iterator[datetime]:
    dates = [first + timedelta(days=n) for n in range(days)]
    weights = list(accumulate(_BY_DAY[day.weekday()] for day in dates))
    hours = list(accumulate(_BY_HOUR))
    for _ in range(count):
        day = chance.choices(dates, cum_weights=weights)[0]
        hour = chance.choices(range(24), cum_weights=hours)[0]
        second = timedelta(seconds=chance.randrange(3600))
        yield wall_instant(datetime(day.year, day.month, day.day), STOCKHOLM) + timedelta(hours=hour) + second  # noqa: DTZ001 - the clock on the wall


def _wanted(structure: Structure, at: datetime, chance: Random) -> Wanted:
    need = chance.choices(list(_NEEDS), weights=list(_NEEDS.values()))[0]
    urgency = chance.choices(list(_URGENCIES), weights=list(_URGENCIES.values()))[0]
    choice = Choose(
        district=chance.choice(sorted(district.id for district in districts_at(structure, at))),
        matter=chance.choice(list(Matter)),
        need=need,
        detail=_detail(need, at, chance),
        urgency=Urgency.NOW if need is Need.DECISION else urgency,
    )
    return Wanted(at=at, officer=PersonId(f"p-year-officer-{chance.randrange(OFFICERS)}"), choice=choice)


def _detail(need: Need, at: datetime, chance: Random) -> str:
    if need is Need.DECISION:
        return chance.choice(list(DecisionKind)).value
    if need is not Need.INTERVIEW:
        return ""
    later = at.astimezone(STOCKHOLM) + timedelta(minutes=15 * chance.randrange(2, 40))
    return NOW if chance.random() < 0.3 else f"{later.hour:02}{later.minute // 15 * 15:02}"
