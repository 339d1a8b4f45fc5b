"""Places: which organisation answers for which ground on which day, by whom and on which numbers.

The dataclasses are also the schema of `policies/organisations/*.yaml`; `organisation_file` reads and checks
them, so that inside, what a structure says can be trusted. Dates are Swedish days, half-open: `valid_to` is
the first day on which it no longer holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, NewType

from pydantic import ConfigDict, Discriminator, Field, PlainValidator, Tag

from bot.core.errors import BadInput
from bot.core.field_values import FieldValue
from bot.core.hours import OpeningHours, holds, is_open, local_day, parse_hours
from bot.core.ids import AreaId, DistrictId, OrganisationId, StepId
from bot.core.people import Role
from bot.core.readiness import NEEDED, Missing
from bot.core.referrals import Contact, Forum, Referral
from bot.core.request import Matter, Need

GroupId = NewType("GroupId", str)  # several boards that share a jour ("stockholm")
NumberId = NewType("NumberId", str)  # a telephone number, unique in the deployment


def _hours(written: object) -> OpeningHours:
    try:
        return parse_hours(written)
    except BadInput as error:
        raise ValueError(str(error)) from None


def _kind_of_crossing(written: object) -> str:
    return "name" if isinstance(written, str) else "rule"


_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_ID: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# Ids of districts, areas, steps go into Telegram's 64-byte buttons, hence at most 20 bytes of ASCII.
_ShortId = Field(pattern=_ID, max_length=20)
_LongId = Field(pattern=_ID, max_length=32)
_Words = Annotated[str, Field(min_length=1, max_length=80)]
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{1,18}$")]
_Hours = Annotated[OpeningHours, PlainValidator(_hours)]
_Many: Final = Field(max_length=64)  # entries of one kind of one organisation
_SomeOrganisations = tuple[Annotated[OrganisationId, _LongId], ...]


class Kind(StrEnum):
    """What an organisation is."""

    BOARD = "board"  # socialnämnd, stadsdelsnämnd: owns areas and rooms
    JOUR = "jour"  # social jour: serves boards
    POLICE = "police"  # Polismyndigheten


class When(StrEnum):
    """At which hours of the organisation a step is asked."""

    OPEN = "open"
    CLOSED = "closed"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The same words in both languages."""

    __pydantic_config__ = _STRICT
    sv: _Words
    en: _Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A social-services area of one organisation."""

    __pydantic_config__ = _STRICT
    id: Annotated[AreaId, _ShortId]
    label: Label
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A lokalpolisområde; `region` gathers the districts that one officer chooses among."""

    __pydantic_config__ = _STRICT
    id: Annotated[DistrictId, _ShortId]
    label: Label
    region: Annotated[str, _ShortId]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMapping:
    """For a time, a lokalpolisområde lies in this social-services area."""

    __pydantic_config__ = _STRICT
    district: DistrictId
    area: AreaId
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A telephone number, when it is answered, and the day somebody last tried it. No days: always."""

    __pydantic_config__ = _STRICT
    id: Annotated[NumberId, _LongId]
    label: Label
    number: _Phone
    hours: _Hours
    tested: date
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a chain: people in these roles, on duty, so many at once, for so many seconds.

    No organisations: its own. No needs or matters: all of them. `after_jour`: only when a jour was tried in
    vain. Who has `load_limit` open rooms is not asked. `planned`: the duty does not exist yet (tänkt). No days: always.
    `repeat`: seconds after which a doorbell that got no answer rings again, each time (`bell.py`); None: it does not.
    """

    __pydantic_config__ = _STRICT
    id: Annotated[StepId, _ShortId]
    label: Label
    because: _Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    when: When
    at_once: Annotated[int, Field(ge=1, le=10)]
    seconds: Annotated[int, Field(ge=15, le=3600)]
    load_limit: Annotated[int, Field(ge=1, le=20)]
    organisations: _SomeOrganisations = ()
    needs: tuple[Need, ...] = ()
    matters: tuple[Matter, ...] = ()
    after_jour: bool = False
    planned: bool = False
    repeat: Annotated[int, Field(ge=5, le=600)] | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Another organisation whose people the chain may ask. No needs: all of them; no days: always."""

    __pydantic_config__ = _STRICT
    organisation: Annotated[OrganisationId, _LongId]
    needs: tuple[Need, ...] = ()
    when: When = When.ALWAYS
    because: _Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """`needed` of `of` supervisors open a transcript together (sealing.md section 4)."""

    __pydantic_config__ = _STRICT
    needed: Annotated[int, Field(ge=2)]
    of: Annotated[int, Field(le=20)]


_Crossing = Annotated[  # a bare name is a crossing without conditions
    Annotated[OrganisationId, _LongId, Tag("name")] | Annotated[Crossing, Tag("rule")],
    Discriminator(_kind_of_crossing),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """On which days one of the group's members is one."""

    __pydantic_config__ = _STRICT
    organisation: Annotated[OrganisationId, _LongId]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Boards that share the jour in whose file this stands, and what they have in common.

    `members`: whoever is one on some day; `dated`: those of them who are not one for as long as they exist.
    """

    __pydantic_config__ = _STRICT
    id: Annotated[GroupId, _LongId]
    label: Label
    members: Annotated[_SomeOrganisations, Field(min_length=1)]
    dated: tuple[Membership, ...] = ()
    referrals: Annotated[tuple[Referral, ...], _Many] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Who must be asked first, or which number must be given, at one minute; executed by `check`."""

    __pydantic_config__ = _STRICT
    at: str
    need: Need
    matter: Matter = Matter.OTHER
    area: AreaId | None = None
    step: StepId | None = None
    phone: _Phone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One authority, or a jour, as its file has it.

    `source`: which paper says what, and what was made up. `may_ask`: whose people its chain may cross to.
    `deferrable`: needs that, when they can wait, are held until the next opening. `fields`: what articles may ask for
    beside the numbers. `referrals`, `contacts`, `forums`: what an officer can find here (`referrals.py`). `ready_needs`:
    without which of these its officers are given numbers at once.
    """

    __pydantic_config__ = _STRICT
    id: Annotated[OrganisationId, _LongId]
    kind: Kind
    label: Label
    source: _Text
    valid_from: date
    hours: _Hours
    steps: tuple[Step, ...]
    numbers: Annotated[tuple[Number, ...], Field(min_length=1)]
    drafts: bool
    escrow: Escrow
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    valid_to: date | None = None
    areas: tuple[Area, ...] = ()
    districts: tuple[District, ...] = ()
    mappings: tuple[AreaMapping, ...] = ()
    may_ask: tuple[_Crossing, ...] = ()
    deferrable: tuple[Need, ...] = ()
    group: Group | None = None
    fields: Annotated[tuple[FieldValue, ...], Field(max_length=64)] = ()
    referrals: Annotated[tuple[Referral, ...], _Many] = ()
    contacts: Annotated[tuple[Contact, ...], _Many] = ()
    forums: Annotated[tuple[Forum, ...], _Many] = ()
    ready_needs: Annotated[tuple[Missing, ...], _Many] = NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose ground it is. No area: the whole organisation."""

    organisation: Organisation
    area: AreaId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Every organisation; areas with their owner, groups with their jour, mappings in the order of days."""

    organisations: Mapping[OrganisationId, Organisation]
    groups: Mapping[GroupId, tuple[Organisation, Group]]
    areas: Mapping[AreaId, tuple[Organisation, Area]]
    districts: Mapping[DistrictId, District]
    mappings: Mapping[DistrictId, tuple[AreaMapping, ...]]


def organisation(structure: Structure, name: str) -> Organisation:
    """The organisation with that id, whether or not it still exists; BadInput for an unknown one."""
    found = structure.organisations.get(OrganisationId(name))
    if found is None:
        raise BadInput("There is no organisation with that id.")
    return found


def organisations_at(structure: Structure, at: datetime) -> tuple[Organisation, ...]:
    """The organisations that exist at that minute, in the order of their ids."""
    day = local_day(at)
    known = sorted(structure.organisations.items())
    return tuple(found for _, found in known if holds(day, found.valid_from, found.valid_to))


def districts_at(structure: Structure, at: datetime) -> tuple[District, ...]:
    """The lokalpolisområden an officer can choose among at that minute, in the order of the file."""
    day = local_day(at)
    return tuple(d for d in structure.districts.values() if holds(day, d.valid_from, d.valid_to))


def owner(structure: Structure, district: DistrictId, at: datetime) -> tuple[Organisation, Area]:
    """Who answers for a lokalpolisområde by the map of that minute; BadInput where nobody does."""
    if district not in structure.districts:
        raise BadInput("There is no lokalpolisområde with that id.")
    day = local_day(at)
    for mapping in structure.mappings.get(district, ()):
        if holds(day, mapping.valid_from, mapping.valid_to):
            return structure.areas[mapping.area]
    raise BadInput("That lokalpolisområde does not exist on that day.")


def place_of(structure: Structure, district: DistrictId, at: datetime) -> Place:
    """The place a request is judged by: `owner` as a Place."""
    board, area = owner(structure, district, at)
    return Place(organisation=board, area=area.id)


def place_named(structure: Structure, name: str, area: str | None, at: datetime) -> Place:
    """The place meant by the id of an organisation or a group, and perhaps of an area, at a minute.

    A group without an area is its jour; with one, the board that owns it. BadInput for what is unknown, not
    of that organisation, or not existing on that day.
    """
    jour, group = structure.groups.get(GroupId(name), (None, None))
    board = jour or organisation(structure, name)
    if area is not None:
        members = members_at(group, at) if group else (board.id,)
        board = _owner_of(structure, AreaId(area), members, at)
    if not holds(local_day(at), board.valid_from, board.valid_to):
        raise BadInput("That organisation does not exist on that day.")
    return Place(organisation=board, area=AreaId(area) if area is not None else None)


def numbers_at(asked: Organisation, at: datetime) -> tuple[Number, ...]:
    """The numbers that are answered at that minute, in the order in which they are tried."""
    day = local_day(at)
    return tuple(n for n in asked.numbers if lasts(n, day) and is_open(n.hours, at))


def members_at(group: Group, at: datetime) -> tuple[OrganisationId, ...]:
    """The members of a group at that minute, in the order of the file."""
    day = local_day(at)
    ruled = {one.organisation for one in group.dated}
    now = {one.organisation for one in group.dated if holds(day, one.valid_from, one.valid_to)}
    return tuple(name for name in group.members if name not in ruled or name in now)


def crossings(found: Organisation) -> tuple[Crossing, ...]:
    """Whose people its chain may cross to, on which days, for what."""
    return tuple(c if isinstance(c, Crossing) else Crossing(organisation=c) for c in found.may_ask)


def lasts(one: Number | Step | Crossing, day: date) -> bool:
    """Whether it exists on a day; without days of its own it always does."""
    return holds(day, one.valid_from or date.min, one.valid_to)


def _owner_of(
    structure: Structure, area: AreaId, among: tuple[OrganisationId, ...], at: datetime
) -> Organisation:
    if area not in structure.areas:
        raise BadInput("There is no area with that id.")
    board, known = structure.areas[area]
    if board.id not in among:
        raise BadInput("That area does not belong to that organisation or group.")
    if not holds(local_day(at), known.valid_from, known.valid_to):
        raise BadInput("That area does not exist on that day.")
    return board
