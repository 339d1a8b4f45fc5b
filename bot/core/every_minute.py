"""Every minute: whether each lokalpolisområde has, all through some days, a board that exists, a number that is
answered, and a chain that asks a jour for everything one can need.

Nothing of this changes but at an edge: a midnight, or an hour at which an office or a number opens or closes.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.core.chain import applicable
from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM, day_minute, holds, local_day, spans_on, stamp
from bot.core.ids import DistrictId, OrganisationId, PersonId
from bot.core.in_force import crossings_at
from bot.core.matching import asked_organisations
from bot.core.people import Role
from bot.core.places import (
    Area,
    District,
    Kind,
    Organisation,
    Place,
    Step,
    Structure,
    crossings,
    lasts,
    numbers_at,
    owner,
)
from bot.core.request import DecisionKind, Matter, Need, Request, Urgency

_DAY = timedelta(days=1)
_State = tuple[object, ...]


def silences(structure: Structure, first: date, last: date) -> Iterator[str]:
    """The first minute of each lokalpolisområde, from one Swedish day until before another, that has no answer.

    Each as "2026-12-24 02:00 lpo-x: why"; nothing where every minute has one.
    """
    walk = _Walk(structure)
    for district in structure.districts.values():
        found = next(_of(walk, district, first, last), None)
        if found is not None:
            at, why = found
            yield f"{stamp(at)} {district.id}: {why}"


class _Walk:
    """What was found out on the way: one board serves many lokalpolisområden, and most days are alike."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self._days: dict[tuple[OrganisationId, date], tuple[datetime, str] | None] = {}
        self._alike: dict[_State, tuple[int, str] | None] = {}

    def first(self, board: Organisation, day: date) -> tuple[datetime, str] | None:
        """The board's first minute of that day without an answer, and why."""
        known = (board.id, day)
        if known not in self._days:
            self._days[known] = self._found(board, day)
        return self._days[known]

    def _found(self, board: Organisation, day: date) -> tuple[datetime, str] | None:
        state = _state(self.structure, board, day)
        if state not in self._alike:
            self._alike[state] = _first(self.structure, board, day)
        found = self._alike[state]
        return None if found is None else (day_minute(day, found[0]), found[1])


def _of(walk: _Walk, district: District, first: date, last: date) -> Iterator[tuple[datetime, str]]:
    for day in (first + n * _DAY for n in range((last - first).days)):
        if not holds(day, district.valid_from, district.valid_to):
            continue
        midnight = day_minute(day, 0)
        try:
            board, area = owner(walk.structure, district.id, midnight)
        except BadInput:
            yield midnight, "belongs to no area"
            continue
        why = _ground(board, area, day)
        found = (midnight, why) if why else walk.first(board, day)
        if found is not None:
            yield found


def _ground(board: Organisation, area: Area, day: date) -> str:
    if not holds(day, area.valid_from, area.valid_to):
        return f"{area.id} does not exist"
    return "" if holds(day, board.valid_from, board.valid_to) else f"{board.id} does not exist"


def _first(structure: Structure, board: Organisation, day: date) -> tuple[int, str] | None:
    schedules = (board.hours, *(number.hours for number in board.numbers))
    edges = {m for hours in schedules for span in spans_on(hours, day) for m in (span.opens, span.closes)}
    for minute in sorted({0, *edges}):
        at = day_minute(day, minute)
        why = _silent(structure, board, at) if local_day(at) == day else ""
        if why:
            return minute, why
    return None


def _state(structure: Structure, board: Organisation, day: date) -> _State:
    """Everything that the answers of a day hang on: two days with the same have the same."""
    named = (structure.organisations.get(name) for step in board.steps for name in step.organisations)
    return (
        board.id,
        spans_on(board.hours, day),
        tuple(spans_on(number.hours, day) if lasts(number, day) else None for number in board.numbers),
        tuple(lasts(step, day) for step in board.steps),
        tuple(lasts(crossing, day) for crossing in crossings(board)),
        tuple(one is not None and holds(day, one.valid_from, one.valid_to) for one in named),
        _moved(day),
    )


def _moved(day: date) -> timedelta:
    """How far the wall clock moves that day: twice a year an hour is missing, or there twice."""
    noon, midnight = (day_minute(day, minute).astimezone(STOCKHOLM).utcoffset() for minute in (12 * 60, 0))
    assert noon is not None
    assert midnight is not None
    return noon - midnight


def _silent(structure: Structure, board: Organisation, at: datetime) -> str:
    if not numbers_at(board, at):
        return f"{board.id}: no number is answered"
    return "" if board.kind is Kind.POLICE else _no_jour(structure, board, at)


def _no_jour(structure: Structure, board: Organisation, at: datetime) -> str:
    place = Place(organisation=board, area=None)
    for need in Need:
        for matter in Matter:
            steps = applicable(place, _asked(need, matter, at), at)
            if not any(_asks(structure, step, place, need, at) for step in steps):
                return f"{board.id}: the chain asks no jour for {need.value} ({matter.value})"
    return ""


def _asks(structure: Structure, step: Step, place: Place, need: Need, at: datetime) -> bool:
    """Whether a step asks a jour that exists and may be asked, at once: other people may be off duty at any time."""
    if step.after_jour or Role.JOUR not in step.roles:
        return False
    own, allowed, day = place.organisation.id, crossings_at(place.organisation, need, at), local_day(at)
    asked = (name for name in asked_organisations(step, place) if name == own or name in allowed)
    found = (structure.organisations.get(name) for name in asked)
    return any(one is not None and holds(day, one.valid_from, one.valid_to) for one in found)


def _asked(need: Need, matter: Matter, at: datetime) -> Request:
    return Request(
        officer=PersonId(""),
        district=DistrictId(""),
        matter=matter,
        need=need,
        urgency=Urgency.NOW,
        at=at,
        decision=DecisionKind.OTHER if need is Need.DECISION else None,
    )
