"""Referrals: to whom somebody can be referred at a place, who the contacts are, and which forums meet there.

Functions and forms of work, never people. The dataclasses are also the schema of `referrals`, `contacts` and `forums`
in `policies/organisations/*.yaml`. Dates are Swedish days, half-open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, NewType

from pydantic import ConfigDict, Field

from bot.core.ids import ArticleId, DistrictId, StepId
from bot.core.request import Matter

EntryId = NewType("EntryId", str)  # of a referral, a contact or a forum; unique in the deployment

MAX_CAPTION: Final = 40  # characters: a caption is also a button, and a narrow screen shows no more
_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_ID: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
RESERVED: Final = frozenset({"places"})  # where a button leads that is no entry
_OLDEST: Final = 120  # years
_Caption = Annotated[str, Field(min_length=1, max_length=MAX_CAPTION)]
_Told = Annotated[str, Field(min_length=1, max_length=400)]
_Age = Annotated[int, Field(ge=0, le=_OLDEST)]


class ContactRole(StrEnum):
    """What a contact is. The values stand in files: add, never rename."""

    YOUTH_COORDINATOR = "youth_coordinator"  # polisens ungdomssamordnare
    SIG_COORDINATOR = "sig_coordinator"  # samordnare för sociala insatsgrupper
    DUTY_COMMANDER = "duty_commander"  # vakthavande befäl
    OFFICER_IN_READINESS = "officer_in_readiness"  # tjänsteman i beredskap
    PARTNER = "partner"  # another administration or authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A name in both languages, short enough for a button."""

    __pydantic_config__ = _STRICT
    sv: _Caption
    en: _Caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A few sentences in both languages."""

    __pydantic_config__ = _STRICT
    sv: _Told
    en: _Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How: by one of the organisation's numbers, by a step of its chain, or as is said. Exactly one."""

    __pydantic_config__ = _STRICT
    number: str | None = None
    step: StepId | None = None
    says: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What all three have in common. `article`: where the library tells more."""

    __pydantic_config__ = _STRICT
    id: Annotated[EntryId, Field(pattern=_ID, max_length=20)]
    label: Caption
    does: Told
    reach: Reach
    valid_from: date
    valid_to: date | None = None
    article: ArticleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Entry):
    """Somebody can be referred to it. `to_age` is included; no matters: whatever it is about."""

    matters: tuple[Matter, ...] = ()
    from_age: _Age | None = None
    to_age: _Age | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Entry):
    """A function to turn to; `districts`: there is one in each of these, else one for the whole organisation."""

    role: ContactRole
    districts: tuple[DistrictId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum(Entry):
    """Where authorities meet; `places`: the ground it is for, as people call it."""

    places: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """What the entries of an organisation can lead to, with the days on which each exists."""

    numbers: Mapping[str, tuple[tuple[date, date | None], ...]]
    steps: Mapping[str, tuple[tuple[date, date | None], ...]]
    since: date
    until: date | None


def entry_faults(found: Entry, reachable: Reachable) -> Iterator[str]:
    """What is wrong with one entry, as "field: reason"."""
    if found.id in RESERVED:
        yield "id: is a word that buttons use"
    if found.valid_to is not None and found.valid_to <= found.valid_from:
        yield "valid_to: must be a later day than valid_from"
    if not within(found, (reachable.since, reachable.until)):
        yield "valid_from: does not lie within the organisation's own days"
    yield from _reach_faults(found, reachable)
    if isinstance(found, Referral) and (found.from_age or 0) > (
        _OLDEST if found.to_age is None else found.to_age
    ):
        yield "to_age: must not be lower than from_age"


def within(found: Entry, days: tuple[date, date | None]) -> bool:
    """Whether the entry exists on no other days than these."""
    since, until = days
    ends = until is None or (found.valid_to is not None and found.valid_to <= until)
    return since <= found.valid_from and ends


def _reach_faults(found: Entry, reachable: Reachable) -> Iterator[str]:
    reach = found.reach
    if sum(way is not None for way in (reach.number, reach.step, reach.says)) != 1:
        yield "reach: is one of number, step and says"
    for kind, name, known in (
        ("number", reach.number, reachable.numbers),
        ("step", reach.step, reachable.steps),
    ):
        if name is not None and name not in known:
            yield f"reach.{kind}: there is no such {kind} here"
        elif name is not None and not any(within(found, days) for days in known[name]):
            yield f"reach.{kind}: does not exist on all of these days"
