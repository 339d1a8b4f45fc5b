"""Organisation files: strict YAML of `policies/organisations/<id>.yaml` in, a checked Structure out.

YAML is read as JSON is: no dates, no `on` or `off` as truth values, no sexagesimal numbers, no aliases, no key
twice. Everything wrong is told at once, as "path: field: reason", and never echoes what stands in the file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from pydantic import TypeAdapter

from bot.core.errors import BadContent, BadInput
from bot.core.field_values import value_fault
from bot.core.hours import local_instant
from bot.core.ids import OrganisationId
from bot.core.organisation_faults import (
    crossing_faults,
    faults_over_time,
    find_faults,
    found_by_others,
    repeated_entries,
)
from bot.core.places import AreaMapping, District, Example, Group, Kind, Organisation, Structure, crossings
from bot.core.readiness import Missing
from bot.core.strict_yaml import read_strictly

_ORGANISATION: Final = TypeAdapter(Organisation)


def read_structure(files: Mapping[str, str]) -> Structure:
    """Every organisation file, path -> text, as one structure; BadContent tells every fault on a line."""
    read: dict[str, Organisation] = {}
    faults: list[str] = []
    for path, text in sorted(files.items()):
        try:
            read[path] = read_organisation(path, text)
        except BadContent as error:
            faults.extend(str(error).splitlines())
    if faults:
        raise BadContent("\n".join(faults))
    return assemble(read)


def read_organisation(path: str, text: str) -> Organisation:
    """One organisation file, checked as far as it can be alone; BadContent tells every fault on a line."""
    found = read_strictly(path, text, _ORGANISATION)
    faults = [f"{path}: {fault}" for fault in _own_faults(path, found)]
    if faults:
        raise BadContent("\n".join(faults))
    return found


def assemble(files: Mapping[str, Organisation]) -> Structure:
    """Organisations by path, checked against each other; BadContent tells every fault on a line."""
    faults = [*_repeated(files.values())]
    structure = _structure(files.values())
    for path, organisation in files.items():
        faults += [f"{path}: {fault}" for fault in _cross_faults(structure, organisation)]
    for district in structure.districts.values():
        faults += _map_faults(structure, district)
    if faults:
        raise BadContent("\n".join(faults))
    return structure


def _own_faults(path: str, found: Organisation) -> Iterator[str]:
    if path.rsplit("/", 1)[-1] != f"{found.id}.yaml":
        yield "id: the file is named after the organisation"
    if found.escrow.of < found.escrow.needed:
        yield "escrow.of: there must be at least as many supervisors as are needed"
    if Missing.SUPERVISORS not in found.ready_needs:
        yield "ready_needs: no room opens without supervisors, so they cannot be left out"
    if len(set(found.ready_needs)) < len(found.ready_needs):
        yield "ready_needs: the same stands twice"
    for where, since, until in _dated(found):
        if until is not None and until <= since:
            yield f"{where}.valid_to: must be a later day than valid_from"
    for n, example in enumerate(found.examples):
        yield from (f"examples.{n}: {fault}" for fault in _example_faults(example))
    yield from _field_faults(found)
    yield from faults_over_time(found)
    yield from find_faults(found)


def _dated(found: Organisation) -> Iterator[tuple[str, date, date | None]]:
    yield "organisation", found.valid_from, found.valid_to
    for a in found.areas:
        yield f"areas.{a.id}", a.valid_from, a.valid_to
    for d in found.districts:
        yield f"districts.{d.id}", d.valid_from, d.valid_to
    for m in found.mappings:
        yield f"mappings.{m.district}", m.valid_from, m.valid_to
    for s in found.steps:
        yield f"steps.{s.id}", s.valid_from or date.min, s.valid_to
    for n in found.numbers:
        yield f"numbers.{n.id}", n.valid_from or date.min, n.valid_to
    for c in crossings(found):
        yield f"may_ask.{c.organisation}", c.valid_from or date.min, c.valid_to


def _example_faults(example: Example) -> Iterator[str]:
    try:
        local_instant(example.at)
    except BadInput as error:
        yield f"at: {error}"
    if (example.step is None) is (example.phone is None):
        yield "expects either a step or a phone"


def _field_faults(found: Organisation) -> Iterator[str]:
    for name, times in Counter(value.name for value in found.fields).items():
        if times > 1:
            yield f"fields.{name}: stands {times} times"
    for value in found.fields:
        fault = value_fault(value)
        if fault is not None:
            yield f"fields.{value.name}: value: {fault}"


def _repeated(found: Iterable[Organisation]) -> Iterator[str]:
    everything = list(found)
    kinds: dict[str, list[str]] = {
        "organisation or group": [o.id for o in everything] + [o.group.id for o in everything if o.group],
        "area": [a.id for o in everything for a in o.areas],
        "district": [d.id for o in everything for d in o.districts],
        "number": [name for o in everything for name in {n.id for n in o.numbers}],
        "entry": list(repeated_entries(everything)),
    }
    for kind, ids in kinds.items():
        yield from (f"{kind} {name}: id: stands {n} times" for name, n in Counter(ids).items() if n > 1)


def _structure(found: Iterable[Organisation]) -> Structure:
    everything = list(found)
    mappings: dict[str, list[AreaMapping]] = {}
    for mapping in (m for o in everything for m in o.mappings):
        mappings.setdefault(mapping.district, []).append(mapping)
    return Structure(
        organisations={o.id: o for o in everything},
        groups={o.group.id: (o, o.group) for o in everything if o.group},
        areas={a.id: (o, a) for o in everything for a in o.areas},
        districts={d.id: d for o in everything for d in o.districts},
        mappings={
            d.id: tuple(sorted(mappings.get(d.id, ()), key=lambda m: m.valid_from))
            for o in everything
            for d in o.districts
        },
    )


def _cross_faults(structure: Structure, own: Organisation) -> Iterator[str]:
    yield from _asking_faults(structure, own)
    if own.group:
        yield from _group_faults(structure, own, own.group)
    for area in own.areas:
        if not _within(area.valid_from, area.valid_to, own.valid_from, own.valid_to):
            yield f"areas.{area.id}: does not lie within the organisation's own days"
    for n, mapping in enumerate(own.mappings):
        yield from (f"mappings.{n}: {fault}" for fault in _mapping_faults(structure, own, mapping))
    for n, example in enumerate(own.examples):
        yield from (f"examples.{n}: {fault}" for fault in _expecting_faults(own, example))
    yield from found_by_others(structure, own)


def _asking_faults(structure: Structure, own: Organisation) -> Iterator[str]:
    for other in _unknown(structure, [crossing.organisation for crossing in crossings(own)]):
        yield f"may_ask.{other}: there is no such organisation"
    for crossing in crossings(own):
        found = structure.organisations.get(crossing.organisation)
        days = (crossing.valid_from or own.valid_from, crossing.valid_to or own.valid_to)
        if found is not None and not _within(*days, found.valid_from, found.valid_to):
            yield f"may_ask.{found.id}: does not exist on all of these days"
    yield from crossing_faults(own)


def _group_faults(structure: Structure, own: Organisation, group: Group) -> Iterator[str]:
    if own.kind is not Kind.JOUR:
        yield "group: stands in the file of the jour that the boards share"
    for other in _unknown(structure, group.members):
        yield f"group.members.{other}: there is no such organisation"


def _expecting_faults(own: Organisation, example: Example) -> Iterator[str]:
    if example.step and example.step not in {step.id for step in own.steps}:
        yield "step: there is no such step"
    if example.area and example.area not in {area.id for area in own.areas}:
        yield "area: there is no such area here"


def _unknown(structure: Structure, names: Iterable[OrganisationId]) -> list[OrganisationId]:
    return [name for name in names if name not in structure.organisations]


def _mapping_faults(structure: Structure, own: Organisation, mapping: AreaMapping) -> Iterator[str]:
    if mapping.district not in structure.districts:
        yield "district: there is no such district"
    area = next((a for a in own.areas if a.id == mapping.area), None)
    if area is None:
        yield "area: there is no such area here"
    elif not _within(mapping.valid_from, mapping.valid_to, area.valid_from, area.valid_to):
        yield "area: does not exist on all of these days"


def _within(since: date, until: date | None, outer_since: date, outer_until: date | None) -> bool:
    ends_inside = outer_until is None or (until is not None and until <= outer_until)
    return outer_since <= since and ends_inside


def _map_faults(structure: Structure, district: District) -> Iterator[str]:
    where = f"district {district.id}: mappings"
    known = structure.mappings[district.id]
    if not known:
        yield f"{where}: belongs to no area"
        return
    for before, after in pairwise(known):
        if before.valid_to is None or after.valid_from < before.valid_to:
            yield f"{where}: two areas on {after.valid_from.isoformat()}"
        elif before.valid_to < after.valid_from:
            yield f"{where}: no area on {before.valid_to.isoformat()}"
    if known[0].valid_from != district.valid_from:
        yield f"{where}: must begin on the district's first day"
    if known[-1].valid_to != district.valid_to:
        yield f"{where}: must end when the district ends"
