"""Rosters: who is on duty at a minute, from shifts, what people press themselves, and weekly rules.

Instants are aware and UTC; a duty holds from `starts` until before `ends`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final, NewType, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter, ValidationError

from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM, holds, holiday_name, parse_clock, parse_days, wall_instant
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

    def __post_init__(self) -> None:
        """Refuse what is no span of time."""
        _check_span(self.starts, self.ends, MAX_SHIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A shift, and in whose roster of which name it stands."""

    organisation: OrganisationId
    source: str
    shift: Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody pressed on or off duty, or was taken off sick, from one instant until another.

    Of two that hold, the one made later wins; of two made in one instant, the one with the higher number. Off: role or organisations narrow it, none means all. On: with a
    role and organisations a duty of its own; without, it gives back the shifts that an earlier off took away.
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

    def __post_init__(self) -> None:
        """Refuse what is no span of time, and a duty of its own that names only half."""
        _check_span(self.starts, self.ends, MAX_OVERRIDE)
        _check_aware(self.made)
        if self.on_duty and (self.role is None) is not (not self.organisations):
            raise BadInput("Going on duty names both a role and organisations, or neither.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Somebody is on duty until an instant. `pressed`: by an override, not by the roster."""

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
    """Shifts and overrides filed under each UTC day they touch, so that a minute is found without a search."""

    shifts: Mapping[date, tuple[Shift, ...]]
    overrides: Mapping[date, tuple[Override, ...]]


class _Timed(Protocol):
    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...


class OnHoliday(StrEnum):
    """What a weekly rule does on a public or de facto holiday."""

    WORK = "work"
    REST = "rest"


def _days(written: object) -> tuple[int, ...]:
    try:
        return parse_days(str(written))
    except BadInput as error:
        raise ValueError(str(error)) from None


def _clock(written: object) -> time:
    try:
        return parse_clock(str(written))
    except BadInput as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRule:
    """A duty on some weekdays (0 is Monday). An end not after the start lies on the next day."""

    __pydantic_config__ = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    person: PersonId
    organisations: Annotated[tuple[OrganisationId, ...], Field(min_length=1, max_length=64)]
    role: Role
    days: Annotated[tuple[int, ...], PlainValidator(_days)]
    starts: Annotated[time, PlainValidator(_clock)]
    ends: Annotated[time, PlainValidator(_clock)]
    valid_from: date
    valid_to: date | None = None
    areas: tuple[AreaId, ...] = ()
    on_holiday: OnHoliday = OnHoliday.WORK


_SHIFT: Final = TypeAdapter(Shift)
_OVERRIDE: Final = TypeAdapter(Override)


def roster(shifts: Iterable[Shift], overrides: Iterable[Override] = ()) -> Roster:
    """File shifts and overrides by day. Made once per change; asking it is cheap."""
    return Roster(shifts=_by_day(shifts), overrides=_by_day(overrides))


def on_duty(known: Roster, at: datetime) -> Attendance:
    """Who is on duty at that instant, and who was taken off."""
    base = _rostered(known, at)
    present = {person: tuple(duties) for person, duties in base.items()}
    away: dict[PersonId, datetime] = {}
    for person, pressed in _pressed(known, at).items():
        present[person] = _after(base.get(person, ()), pressed)
        ends = [o.ends for o in pressed if not o.on_duty]
        if ends and not present[person]:
            away[person] = max(ends)
    present = {person: duties for person, duties in present.items() if duties}
    return Attendance(present=present, away=away)


def shifts_at(known: Roster, at: datetime) -> tuple[Shift, ...]:
    """The rostered shifts that hold at that instant, whatever people have pressed."""
    return tuple(s for s in known.shifts.get(at.astimezone(UTC).date(), ()) if s.starts <= at < s.ends)


def edges(known: Roster, first: datetime, last: datetime) -> set[datetime]:
    """Every instant between two, in which a shift or an override begins or ends."""
    days = [first.astimezone(UTC).date() + n * _DAY for n in range((last - first).days + 2)]
    spans: list[_Timed] = [s for day in days for s in known.shifts.get(day, ())]
    spans += [o for day in days for o in known.overrides.get(day, ())]
    return {edge for span in spans for edge in (span.starts, span.ends) if first < edge < last}


def expand(
    rules: Iterable[WeeklyRule], *, first: date, last: date, tz: ZoneInfo = STOCKHOLM
) -> tuple[Shift, ...]:
    """The shifts that begin on the days from `first` to `last`, both included, in order of beginning.

    Wall-clock times become instants, so a night over a change of clocks is an hour longer or shorter.
    """
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    found = [_shift(rule, day, tz) for rule in rules for day in days if _applies(rule, day)]
    return tuple(sorted(found, key=lambda shift: (shift.starts, shift.id)))


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
    """The override as plain JSON values; a number that says nothing is left out."""
    plain: dict[str, object] = _OVERRIDE.dump_python(override, mode="json")
    if not override.number:
        del plain["number"]
    return plain


def numbered(override: Override, others: Iterable[Override]) -> Override:
    """The override as the last of those of that person that were made in the same instant."""
    tied = [
        o.number
        for o in others
        if o.person == override.person and o.made == override.made and o.id != override.id
    ]
    return replace(override, number=max(tied, default=-1) + 1)


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


def _rostered(known: Roster, at: datetime) -> dict[PersonId, list[Duty]]:
    found: defaultdict[PersonId, list[Duty]] = defaultdict(list)
    for s in shifts_at(known, at):
        duty = Duty(
            person=s.person,
            role=s.role,
            organisations=s.organisations,
            areas=s.areas,
            until=s.ends,
            pressed=False,
        )
        found[s.person].append(duty)
    return dict(found)


def _pressed(known: Roster, at: datetime) -> dict[PersonId, list[Override]]:
    day = at.astimezone(UTC).date()
    holding = [o for o in known.overrides.get(day, ()) if o.starts <= at < o.ends]
    found: defaultdict[PersonId, list[Override]] = defaultdict(list)
    for override in sorted(holding, key=lambda o: (o.made, o.number, o.id)):
        found[override.person].append(override)
    return dict(found)


def _after(base: Sequence[Duty], pressed: Sequence[Override]) -> tuple[Duty, ...]:
    duties = tuple(base)
    for override in pressed:
        duties = _press(duties, base, override)
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


def _applies(rule: WeeklyRule, day: date) -> bool:
    if day.weekday() not in rule.days or not holds(day, rule.valid_from, rule.valid_to):
        return False
    return rule.on_holiday is OnHoliday.WORK or holiday_name(day) is None


def _shift(rule: WeeklyRule, day: date, tz: ZoneInfo) -> Shift:
    last = day if rule.ends > rule.starts else day + _DAY
    return Shift(
        id=ShiftId(f"{rule.id}/{day.isoformat()}"),
        person=rule.person,
        organisations=rule.organisations,
        role=rule.role,
        starts=wall_instant(datetime.combine(day, rule.starts), tz),
        ends=wall_instant(datetime.combine(last, rule.ends), tz),
        areas=rule.areas,
        source="weekly",
    )


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
