"""People: who somebody is, where they are posted, what they may decide, and whether they are vetted.

Dates are Swedish days, half-open: `valid_to` is the first day on which it no longer holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.core.errors import BadInput
from bot.core.hours import holds
from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.request import DecisionKind, Matter
from bot.core.shown import shown

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_ShortText = Annotated[str, Field(min_length=1, max_length=120)]
_Many = Field(max_length=64)  # postings, delegations, areas of one person


class Role(StrEnum):
    """What somebody does in an organisation. The values go into rows and the ledger: add, never rename."""

    OFFICER = "officer"  # polis i yttre tjänst
    SOCIAL_WORKER = "social_worker"  # socialsekreterare hos polisen
    JOUR = "jour"  # social jour, Socialjouren
    OUTREACH = "outreach"  # Ungdomsfält, fältassistenter
    SUPERVISOR = "supervisor"  # enhetschef
    COORDINATOR = "coordinator"  # samordnare, kommunens
    POLICE_COORDINATOR = "police_coordinator"  # samordnare, polisens
    CURATOR = "curator"  # redaktör
    LAWYER = "lawyer"  # jurist
    SIG_COORDINATOR = "sig_coordinator"  # samordnare för sociala insatsgrupper
    FIELD_COMMANDER = "field_commander"  # yttre befäl


class VettingState(StrEnum):
    """How far the security vetting (säkerhetsprövning) has come."""

    PENDING = "pending"
    CLEARED = "cleared"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetting:
    """The state, and the day from which it stands."""

    __pydantic_config__ = _STRICT
    state: VettingState
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A role in an organisation. No areas: all of them (an officer's are lokalpolisområden); no competences: no matter in particular."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    role: Role
    valid_from: date
    valid_to: date | None = None
    areas: Annotated[tuple[AreaId, ...], _Many] = ()
    competences: Annotated[tuple[Matter, ...], _Many] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """One kind of decision that a board has delegated; `number` is the board's own decision number."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    decision: DecisionKind
    number: _ShortText
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person, once per deployment. Name and telephone number stay out of `repr`, hence out of logs."""

    __pydantic_config__ = _STRICT
    id: Annotated[PersonId, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    name: _ShortText = field(repr=False)
    vetting: Vetting
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{1,18}$")] | None = field(default=None, repr=False)
    postings: Annotated[tuple[Posting, ...], _Many] = ()
    delegations: Annotated[tuple[Delegation, ...], _Many] = ()
    active: bool = True


_PERSON: Final = TypeAdapter(Person)


def to_dict(person: Person) -> dict[str, object]:
    """The person as plain JSON values; `from_dict` gives back an equal one. Name and phone are in it."""
    plain: dict[str, object] = _PERSON.dump_python(person, mode="json")
    return plain


def from_dict(plain: Mapping[str, object]) -> Person:
    """A person from plain JSON values: nothing unknown, nothing of the wrong type; BadInput names the fields."""
    try:
        return _PERSON.validate_json(json.dumps(plain))
    except (ValidationError, TypeError, ValueError) as error:
        raise BadInput(_told(error)) from None


def is_cleared(person: Person, day: date) -> bool:
    """Whether the vetting was done by that day."""
    return person.vetting.state is VettingState.CLEARED and person.vetting.since <= day


def postings_in(person: Person, organisation: OrganisationId, role: Role, day: date) -> tuple[Posting, ...]:
    """The postings with that role in that organisation on that day: several where areas differ."""
    return tuple(
        posting
        for posting in person.postings
        if posting.organisation == organisation
        and posting.role is role
        and holds(day, posting.valid_from, posting.valid_to)
    )


def delegation_for(
    person: Person, organisation: OrganisationId, decision: DecisionKind, day: date
) -> Delegation | None:
    """The delegation of that kind of decision from that board which holds on that day, if there is one."""
    for given in person.delegations:
        fits = given.organisation == organisation and given.decision is decision
        if fits and holds(day, given.valid_from, given.valid_to):
            return given
    return None


def _told(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "A person must be plain JSON values."
    lines = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{shown(line['loc'], 'person')}: {line['msg']}" for line in lines)
