"""Rosters: who is on duty at a minute, from shifts and what people change in them.

Instants are aware and UTC; a duty holds from `starts` until before `ends`.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final, NewType, Protocol, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.core.errors import BadInput
from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.people import Role

ShiftId = NewType("ShiftId", str)
OverrideId = NewType("OverrideId", str)

MAX_SHIFT: Final = timedelta(days=3)  # longer is a fault in the roster, not a duty
MAX_OVERRIDE: Final = timedelta(days=366)  # a long sick leave; longer is a change of posting
_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Id = Field(min_length=1, max_length=240)
_Few = Field(max_length=64)
_DAY: Final = timedelta(days=1)
# Until when, after an id that was used for what has ended.
_SUFFIX: Final = re.compile(r"~\d{8}T\d{6}\.\d{6}Z$", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftKey:
    """The lasting name of a shift: in whose roster of which source, and what it is called there, wherever it is moved."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    source: Annotated[str, Field(max_length=120)]
    id: Annotated[ShiftId, _Id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One duty in a roster. No areas: all that the posting covers. `source`: the file or rule it came from."""

    __pydantic_config__ = _STRICT
    id: Annotated[ShiftId, _Id]
    person: PersonId
    organisations: Annotated[tuple[OrganisationId, ...], Field(min_length=1, max_length=64)]
    role: Role
    starts: datetime
    ends: datetime
    areas: Annotated[tuple[AreaId, ...], _Few] = ()
    source: Annotated[str, Field(max_length=120)] = ""
    key: Annotated[ShiftKey | None, Field(exclude=True)] = field(
        default=None, compare=False
    )  # where it stands

    def __post_init__(self) -> None:
        """Refuse what is no span of time."""
        _check_span(self.starts, self.ends, MAX_SHIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A shift, and in whose roster of which name it stands."""

    organisation: OrganisationId
    source: str
    shift: Shift


class Cause(StrEnum):
    """How an override came about. Why somebody cannot work is health data: it is never kept."""

    PRESSED = "pressed"  # on or off duty, by oneself
    ASSIGNED = "assigned"  # by the coordinator
    TAKEN_OVER = "taken_over"
    GIVEN_BACK = "given_back"
    SWAPPED = "swapped"
    DROPPED = "dropped"  # whoever held it cannot work from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody is on or off duty from one instant until another, whatever the roster says.

    Of two that hold, the one made later wins; of two made in one instant, the one with the higher number.

    Bound to a shift: from `starts` until before `ends` it is this person who holds it, and nobody else (on), or nobody
    (off). It says nothing of time outside the shift, and moves with it.
    Else off: role or organisations narrow it, none means all. On: with a role and organisations a duty of its own;
    without, it gives back the shifts that an earlier off took away.
    """

    __pydantic_config__ = _STRICT
    id: Annotated[OverrideId, _Id]
    person: PersonId
    on_duty: bool
    starts: datetime
    ends: datetime
    by: PersonId
    made: datetime
    role: Role | None = None
    organisations: Annotated[tuple[OrganisationId, ...], _Few] = ()
    number: Annotated[int, Field(ge=0)] = 0  # order among those made in the same instant
    shift: ShiftKey | None = None  # which it is bound to
    cause: Cause = Cause.PRESSED

    def __post_init__(self) -> None:
        """Refuse what is no span of time, a duty of its own that names only half, and a bound one that names either."""
        _check_span(self.starts, self.ends, MAX_OVERRIDE)
        _check_aware(self.made)
        if self.shift is not None and (self.role is not None or self.organisations):
            raise BadInput("What is bound to a shift has the shift's role and organisations.")
        if self.on_duty and (self.role is None) is not (not self.organisations):
            raise BadInput("Going on duty names both a role and organisations, or neither.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of a shift in which nobody changes: who has held it one after the other, the last one now.

    Whoever gave it back is not among them; None: it was nobody's.
    """

    starts: datetime
    ends: datetime
    holders: tuple[PersonId | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Somebody is on duty until an instant. `pressed`: by a press of their own or an assignment, not by a shift."""

    person: PersonId
    role: Role
    organisations: tuple[OrganisationId, ...]
    areas: tuple[AreaId, ...]
    until: datetime
    pressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Everybody's duties at one minute, and until when those without one have been taken off."""

    present: Mapping[PersonId, tuple[Duty, ...]]
    away: Mapping[PersonId, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Shifts and overrides filed under each UTC day they touch, so that a minute is found without a search.

    `bound`: those that are bound to a shift, by its key, in the order in which they were made.
    """

    shifts: Mapping[date, tuple[Shift, ...]]
    overrides: Mapping[date, tuple[Override, ...]]
    bound: Mapping[ShiftKey, tuple[Override, ...]]


class _Timed(Protocol):
    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...


_SHIFT: Final = TypeAdapter(Shift)
_OVERRIDE: Final = TypeAdapter(Override)


def roster(shifts: Iterable[Shift], overrides: Iterable[Override] = ()) -> Roster:
    """File shifts and overrides by day. Made once per change; asking it is cheap."""
    every = tuple(overrides)
    return Roster(shifts=_by_day(shifts), overrides=_by_day(every), bound=bound_to(every))


def key_of(shift: Shift) -> ShiftKey:
    """What changes of this shift are bound to. One that was not read from a roster stands in its first organisation's."""
    if shift.key is not None:
        return shift.key
    return ShiftKey(organisation=shift.organisations[0], source=shift.source, id=name_of(shift))


def name_of(shift: Shift) -> ShiftId:
    """What the source calls a shift, whatever has ended under the same name."""
    return lasting(shift.id)


def lasting(id_: ShiftId) -> ShiftId:
    """The name in an id that may tell what has ended under it."""
    return ShiftId(_SUFFIX.sub("", id_))


def bound_to(overrides: Iterable[Override]) -> dict[ShiftKey, tuple[Override, ...]]:
    """The changes of each shift, in the order in which they were made."""
    found: defaultdict[ShiftKey, list[Override]] = defaultdict(list)
    for override in sorted(overrides, key=_order):
        if override.shift is not None:
            found[override.shift].append(override)
    return {key: tuple(those) for key, those in found.items()}


def runs(shift: Shift, bound: Sequence[Override]) -> tuple[Run, ...]:
    """The shift cut where people have changed it. `bound`: its changes, in the order in which they were made."""
    if not bound:
        return (Run(starts=shift.starts, ends=shift.ends, holders=(shift.person,)),)
    edges = {edge for o in bound for edge in (o.starts, o.ends) if shift.starts < edge < shift.ends}
    found: list[Run] = []
    for starts, ends in pairwise(sorted({shift.starts, shift.ends, *edges})):
        holders = _holders(shift.person, (o for o in bound if o.starts <= starts < o.ends))
        if found and found[-1].holders == holders:
            found[-1] = replace(found[-1], ends=ends)
        else:
            found.append(Run(starts=starts, ends=ends, holders=holders))
    return tuple(found)


def on_duty(known: Roster, at: datetime) -> Attendance:
    """Who is on duty at that instant, and who was taken off."""
    held, away = _held(known, at)
    pressed = _pressed(known, at)
    present = {person: tuple(duty for _, duty in own) for person, own in held.items()}
    for person, some in pressed.items():
        present[person] = _after(held.get(person, ()), some)
        ends = [o.ends for o in some if not o.on_duty]
        if ends:
            away[person] = max(ends)
    present = {person: duties for person, duties in present.items() if duties}
    return Attendance(present=present, away={p: until for p, until in away.items() if p not in present})


def shifts_at(known: Roster, at: datetime) -> tuple[Shift, ...]:
    """The rostered shifts that hold at that instant, whatever people have pressed."""
    return tuple(s for s in known.shifts.get(at.astimezone(UTC).date(), ()) if s.starts <= at < s.ends)


def edges(known: Roster, first: datetime, last: datetime) -> set[datetime]:
    """Every instant between two, in which a shift or an override begins or ends."""
    days = [first.astimezone(UTC).date() + n * _DAY for n in range((last - first).days + 2)]
    spans: list[_Timed] = [s for day in days for s in known.shifts.get(day, ())]
    spans += [o for day in days for o in known.overrides.get(day, ())]
    return {edge for span in spans for edge in (span.starts, span.ends) if first < edge < last}


def booked_twice(shifts: Iterable[Shift]) -> Iterator[tuple[Shift, Shift]]:
    """Pairs of shifts of one person that overlap: each shift with the longest one before it."""
    latest: dict[PersonId, Shift] = {}
    for shift in sorted(shifts, key=lambda s: (s.starts, s.id)):
        before = latest.get(shift.person)
        if before and shift.starts < before.ends:
            yield before, shift
        if before is None or shift.ends > before.ends:
            latest[shift.person] = shift


def shift_to_dict(shift: Shift) -> dict[str, object]:
    """The shift as plain JSON values."""
    plain: dict[str, object] = _SHIFT.dump_python(shift, mode="json")
    return plain


def shift_from_dict(plain: Mapping[str, object]) -> Shift:
    """A shift from plain JSON values, strictly; BadInput otherwise."""
    return _strictly(_SHIFT, plain)


def override_to_dict(override: Override) -> dict[str, object]:
    """The override as plain JSON values; what says nothing is left out, as it was before there was such a thing."""
    plain: dict[str, object] = _OVERRIDE.dump_python(override, mode="json")
    silent = {
        "number": not override.number,
        "shift": override.shift is None,
        "cause": override.cause is Cause.PRESSED,
    }
    return {name: value for name, value in plain.items() if not silent.get(name)}


def numbered(override: Override, others: Iterable[Override]) -> Override:
    """The override as the last of that person's and of that shift's, also when the clock stands, or has jumped back."""
    mine = [
        o
        for o in others
        if o.id != override.id
        and (o.person == override.person or (o.shift is not None and o.shift == override.shift))
    ]
    made = max([override.made, *(o.made for o in mine)])
    return replace(
        override, made=made, number=max((o.number for o in mine if o.made == made), default=-1) + 1
    )


def override_from_dict(plain: Mapping[str, object]) -> Override:
    """An override from plain JSON values, strictly; BadInput otherwise."""
    return _strictly(_OVERRIDE, plain)


_T = TypeVar("_T", bound=_Timed)
_P = TypeVar("_P")


def _by_day(spans: Iterable[_T]) -> dict[date, tuple[_T, ...]]:
    filed: defaultdict[date, list[_T]] = defaultdict(list)
    for span in spans:
        day, last = span.starts.astimezone(UTC).date(), span.ends.astimezone(UTC).date()
        while day <= last:
            filed[day].append(span)
            day += _DAY
    return {day: tuple(found) for day, found in filed.items()}


_Order = tuple[datetime, int, str]
_FIRST: Final[_Order] = (
    datetime.min.replace(tzinfo=UTC),
    0,
    "",
)  # the roster itself comes before what people change


def _order(o: Override) -> _Order:
    return o.made, o.number, o.id


def _holders(first: PersonId, changes: Iterable[Override]) -> tuple[PersonId | None, ...]:
    held: list[PersonId | None] = [first]
    for change in changes:
        holder = change.person if change.on_duty else None
        if len(held) > 1 and held[-2] == holder:
            held.pop()
        elif held[-1] != holder:
            held.append(holder)
    return tuple(held)


def _held(
    known: Roster, at: datetime
) -> tuple[dict[PersonId, list[tuple[_Order, Duty]]], dict[PersonId, datetime]]:
    """Each person's duties by shifts and what is bound to them, each since which change; who let theirs go."""
    found: defaultdict[PersonId, list[tuple[_Order, Duty]]] = defaultdict(list)
    away: dict[PersonId, datetime] = {}
    for shift in shifts_at(known, at):
        bound = known.bound.get(key_of(shift), ()) if known.bound else ()
        holding = [o for o in bound if o.starts <= at < o.ends]
        last = holding[-1] if holding else None
        if last is not None and not last.on_duty:
            away[last.person] = last.ends
            continue
        person = shift.person if last is None else last.person
        duty = Duty(
            person=person,
            role=shift.role,
            organisations=shift.organisations,
            areas=shift.areas,
            until=_until(shift, bound, person, at) if bound else shift.ends,
            pressed=False,
        )
        found[person].append((_FIRST if last is None else _order(last), duty))
    return dict(found), away


def _until(shift: Shift, bound: Sequence[Override], person: PersonId, at: datetime) -> datetime:
    """Until when somebody who holds a shift now goes on to hold it."""
    ends = at
    for run in runs(shift, bound):
        if run.ends > at and run.holders[-1] != person:
            break
        ends = run.ends
    return ends


def _pressed(known: Roster, at: datetime) -> dict[PersonId, list[Override]]:
    day = at.astimezone(UTC).date()
    holding = [o for o in known.overrides.get(day, ()) if o.shift is None and o.starts <= at < o.ends]
    found: defaultdict[PersonId, list[Override]] = defaultdict(list)
    for override in sorted(holding, key=_order):
        found[override.person].append(override)
    return dict(found)


def _after(held: Sequence[tuple[_Order, Duty]], pressed: Sequence[Override]) -> tuple[Duty, ...]:
    """What somebody's duties become by what was pressed, each in its turn: whoever takes a shift after going off has it."""
    duties: tuple[Duty, ...] = ()
    base: tuple[Duty, ...] = ()
    steps: list[tuple[_Order, Duty | Override]] = [*held, *((_order(o), o) for o in pressed)]
    for _, step in sorted(steps, key=lambda step: step[0]):
        if isinstance(step, Duty):
            duties, base = (*duties, step), (*base, step)
        else:
            duties = _press(duties, base, step)
    return duties


def _press(duties: tuple[Duty, ...], base: Sequence[Duty], o: Override) -> tuple[Duty, ...]:
    if not o.on_duty:
        return tuple(kept for duty in duties for kept in _less(duty, o))
    if o.role is None:
        return (*base, *(duty for duty in duties if duty.pressed))
    own = Duty(
        person=o.person, role=o.role, organisations=o.organisations, areas=(), until=o.ends, pressed=True
    )
    return (*duties, own)


def _less(duty: Duty, o: Override) -> Iterator[Duty]:
    """What an off override leaves of a duty."""
    if o.role is not None and o.role is not duty.role:
        yield duty
    elif o.organisations and (rest := tuple(n for n in duty.organisations if n not in o.organisations)):
        yield replace(duty, organisations=rest)


def _check_span(starts: datetime, ends: datetime, longest: timedelta) -> None:
    _check_aware(starts)
    _check_aware(ends)
    if not timedelta(0) < ends - starts <= longest:
        raise BadInput(f"A duty must end after it begins, at most {longest.days} days later.")


def _check_aware(at: datetime) -> None:
    if at.utcoffset() is None:
        raise BadInput("A time without a zone is no instant.")


def _strictly(adapter: TypeAdapter[_P], plain: Mapping[str, object]) -> _P:
    try:
        return adapter.validate_json(json.dumps(plain))
    except (ValidationError, TypeError, ValueError):
        raise BadInput("A roster entry has a field that is missing, unknown or of the wrong kind.") from None
