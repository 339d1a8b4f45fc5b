"""What is wrong with an organisation over time: its chain on each of its days, whom it asks, what can be found there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from bot.core.chain import chain_faults
from bot.core.ids import OrganisationId
from bot.core.in_force import changes, numbers_on, on_day
from bot.core.places import Group, Organisation, Structure, When, crossings
from bot.core.referrals import Contact, Entry, Reachable, entry_faults


def faults_over_time(found: Organisation) -> Iterator[str]:
    """What is wrong with the chain and the numbers on some day, the first such day named; each fault once."""
    told: set[str] = set()
    for number, day in enumerate(changes(found)):
        for fault in chain_faults(on_day(found, day)):
            if fault not in told:
                told.add(fault)
                yield fault if number == 0 else f"{fault} (from {day.isoformat()})"
    yield from _number_faults(found)


def crossing_faults(own: Organisation) -> Iterator[str]:
    """Steps that ask another organisation's people where, when or for what `may_ask` does not let them; each once."""
    told = (fault for day in changes(own) for fault in _crossings(on_day(own, day)))
    yield from dict.fromkeys(told)


def find_faults(own: Organisation) -> Iterator[str]:
    """What is wrong with what can be found there, one by one."""
    reachable = _reachable(own)
    for kind, entries in _kinds(own):
        for entry in entries:
            yield from (f"{kind}.{entry.id}: {fault}" for fault in entry_faults(entry, reachable))


def found_by_others(structure: Structure, own: Organisation) -> Iterator[str]:
    """What is wrong between what can be found and the map: contacts in districts that there are not."""
    for contact in own.contacts:
        yield from (f"contacts.{contact.id}: {fault}" for fault in _district_faults(structure, contact))
    if own.group is not None:
        yield from _membership_faults(own.group)


def repeated_entries(found: Sequence[Organisation]) -> Iterator[str]:
    """Every id of something that can be found, as often as it stands."""
    for one in found:
        for _, entries in _kinds(one):
            yield from (entry.id for entry in entries)


def _kinds(own: Organisation) -> tuple[tuple[str, Sequence[Entry]], ...]:
    shared = own.group.referrals if own.group is not None else ()
    return (
        ("referrals", own.referrals),
        ("contacts", own.contacts),
        ("forums", own.forums),
        ("group.referrals", shared),
    )


def _number_faults(found: Organisation) -> Iterator[str]:
    """An id stands again only after the one before has ended, as in a chain: what was tried is told by it."""
    told: set[str] = set()
    for day in changes(found):
        for name, times in Counter(number.id for number in numbers_on(found, day)).items():
            if times > 1 and name not in told:
                told.add(name)
                yield f"numbers.{name}: id: stands {times} times on {day.isoformat()}"


def _crossings(own: Organisation) -> Iterator[str]:
    allowed = {crossing.organisation: crossing for crossing in crossings(own)}
    for step in own.steps:
        for other in step.organisations:
            if other == own.id:
                continue
            crossing = allowed.get(other)
            where = f"steps.{step.id}.organisations: {other}"
            if crossing is None:
                yield f"{where} does not stand in may_ask"
                continue
            if crossing.needs and not (step.needs and set(step.needs) <= set(crossing.needs)):
                yield f"{where} may not be asked for all of these needs"
            if crossing.when is not When.ALWAYS and crossing.when is not step.when:
                yield f"{where} may not be asked at these hours"


def _reachable(own: Organisation) -> Reachable:
    numbers: dict[str, list[tuple[date, date | None]]] = {}
    steps: dict[str, list[tuple[date, date | None]]] = {}
    for number in own.numbers:
        numbers.setdefault(number.id, []).append((number.valid_from or date.min, number.valid_to))
    for step in own.steps:
        steps.setdefault(step.id, []).append((step.valid_from or date.min, step.valid_to))
    return Reachable(
        numbers={name: tuple(days) for name, days in numbers.items()},
        steps={name: tuple(days) for name, days in steps.items()},
        since=own.valid_from,
        until=own.valid_to,
    )


def _district_faults(structure: Structure, contact: Contact) -> Iterator[str]:
    for name in contact.districts:
        district = structure.districts.get(name)
        if district is None:
            yield f"districts.{name}: there is no such district"
        elif contact.valid_from < district.valid_from:
            yield f"districts.{name}: does not exist on all of these days"


def _membership_faults(group: Group) -> Iterator[str]:
    days: dict[OrganisationId, list[tuple[date, date | None]]] = {}
    for one in group.dated:
        where = f"group.dated.{one.organisation}"
        if one.organisation not in group.members:
            yield f"{where}: does not stand in members"
        if one.valid_to is not None and one.valid_to <= one.valid_from:
            yield f"{where}: valid_to: must be a later day than valid_from"
        days.setdefault(one.organisation, []).append((one.valid_from, one.valid_to))
    for name, spans in days.items():
        if any(
            end is None or start < end for (_, end), (start, _) in pairwise(sorted(spans, key=lambda s: s[0]))
        ):
            yield f"group.dated.{name}: is a member twice on one day"
