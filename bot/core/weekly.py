"""Weekly rules: duties that come again on some weekdays, and the shifts that they come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, PlainValidator

from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM, holds, holiday_name, parse_clock, parse_days, wall_instant
from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.people import Role
from bot.core.roster import Shift, ShiftId

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_DAY: Final = timedelta(days=1)


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


def expand(
    rules: Iterable[WeeklyRule], *, first: date, last: date, tz: ZoneInfo = STOCKHOLM
) -> tuple[Shift, ...]:
    """The shifts that begin on the days from `first` to `last`, both included, in order of beginning.

    Wall-clock times become instants, so a night over a change of clocks is an hour longer or shorter.
    """
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    found = [_shift(rule, day, tz) for rule in rules for day in days if _applies(rule, day)]
    return tuple(sorted(found, key=lambda shift: (shift.starts, shift.id)))


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
