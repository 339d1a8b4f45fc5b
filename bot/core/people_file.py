"""People files: the demo's people with their weekly duties, and what must hold between them and the places.

Only a demo keeps people in a file; in use they live in the database (product.md section 1).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import ConfigDict, TypeAdapter

from bot.core.errors import BadContent
from bot.core.ids import AreaId, DistrictId, OrganisationId, PersonId
from bot.core.in_force import entries_of
from bot.core.matching import ONLY_CHAIR
from bot.core.people import Person, Role
from bot.core.places import Organisation, Structure
from bot.core.referrals import EntryId, Forum
from bot.core.retention import Decided
from bot.core.retention_file import decision_faults
from bot.core.staffing import Post, post_faults
from bot.core.strict_yaml import read_strictly
from bot.core.weekly import WeeklyRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumList:
    """Who is told of a grave event in a forum's name."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    forum: EntryId
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """People, the weekly rules their rosters are expanded from, the posts of boards, and the lists of forums."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    people: tuple[Person, ...]
    weekly: tuple[WeeklyRule, ...]
    retention: tuple[Decided, ...] = ()  # made up, so that a demo can erase
    posts: tuple[Post, ...] = ()
    forums: tuple[ForumList, ...] = ()


_PEOPLE: Final = TypeAdapter(PeopleFile)


def read_people(path: str, text: str) -> PeopleFile:
    """People and weekly rules from YAML; BadContent tells every fault as "path: field: reason"."""
    found = read_strictly(path, text, _PEOPLE)
    faults = [f"{path}: {fault}" for fault in _faults(found)]
    if faults:
        raise BadContent("\n".join(faults))
    return found


def people_faults(structure: Structure, found: PeopleFile) -> list[str]:
    """What does not hold between people and places: unknown organisations and areas, steps that find nobody."""
    return [
        *(fault for person in found.people for fault in _person_faults(structure, person)),
        *(fault for rule in found.weekly for fault in _rule_faults(structure, rule)),
        *(fault for one in structure.organisations.values() for fault in _step_faults(found, one)),
        *decision_faults(found.retention, structure),
        *(f"posts.{p.id}: {fault}" for p in found.posts for fault in post_faults(structure, p)),
        *_forum_faults(structure, found),
    ]


def _faults(found: PeopleFile) -> Iterator[str]:
    known = {person.id: person for person in found.people}
    ids = Counter([*(person.id for person in found.people), *(rule.id for rule in found.weekly)])
    ids += Counter(post.id for post in found.posts)
    phones = Counter(person.phone for person in found.people if person.phone)
    yield from (f"{name}: id: stands {n} times" for name, n in ids.items() if n > 1)
    if any(n > 1 for n in phones.values()):
        yield "people: phone: two people have the same number"
    for person in found.people:
        yield from (f"people.{person.id}: {fault}" for fault in _dating_faults(person))
    for rule in found.weekly:
        if rule.person not in known:
            yield f"weekly.{rule.id}: person: there is no such person"
        elif not _posted(known[rule.person], rule.organisations, rule.role):
            yield f"weekly.{rule.id}: role: the person is not posted so in all of these organisations"
        if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
            yield f"weekly.{rule.id}: valid_to: must be a later day than valid_from"


def _dating_faults(person: Person) -> Iterator[str]:
    dated: list[tuple[date, date | None]] = [(p.valid_from, p.valid_to) for p in person.postings]
    dated += [(d.valid_from, d.valid_to) for d in person.delegations]
    if any(until is not None and until <= since for since, until in dated):
        yield "valid_to: must be a later day than valid_from"
    if any(given.decision in ONLY_CHAIR for given in person.delegations):
        yield "delegations: only the board, its chair or an appointed member decides that"


def _posted(person: Person, organisations: tuple[OrganisationId, ...], role: Role) -> bool:
    return {(name, role) for name in organisations} <= {(p.organisation, p.role) for p in person.postings}


def _person_faults(structure: Structure, person: Person) -> Iterator[str]:
    named = [p.organisation for p in person.postings] + [d.organisation for d in person.delegations]
    areas = [area for p in person.postings for area in p.areas]
    yield from (f"people.{person.id}: {fault}" for fault in _unknown(structure, tuple(named), tuple(areas)))


def _rule_faults(structure: Structure, rule: WeeklyRule) -> Iterator[str]:
    yield from (f"weekly.{rule.id}: {fault}" for fault in _unknown(structure, rule.organisations, rule.areas))


def _unknown(
    structure: Structure, organisations: tuple[OrganisationId, ...], areas: tuple[AreaId, ...]
) -> Iterator[str]:
    if any(name not in structure.organisations for name in organisations):
        yield "organisation: there is no such organisation"
    if any(name not in structure.areas and DistrictId(name) not in structure.districts for name in areas):
        yield "areas: there is no such area"


def _step_faults(found: PeopleFile, own: Organisation) -> Iterator[str]:
    posted = {(p.organisation, p.role) for person in found.people for p in person.postings}
    for step in own.steps:
        asked = {(name, role) for name in step.organisations or (own.id,) for role in step.roles}
        if not asked & posted:
            yield f"{own.id}: steps.{step.id}: nobody is posted there"


def _forum_faults(structure: Structure, found: PeopleFile) -> Iterator[str]:
    forums = {e.id for o in structure.organisations.values() for e in entries_of(o) if isinstance(e, Forum)}
    known = {person.id for person in found.people}
    for one in found.forums:
        if one.forum not in forums:
            yield f"forums.{one.forum}: there is no such forum"
        yield from (
            f"forums.{one.forum}: {name} is not among the people" for name in one.people if name not in known
        )
