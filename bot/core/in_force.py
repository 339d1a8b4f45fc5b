"""What of an organisation is in force on a day: planned changes are entered ahead, and what has ended stays as history."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from bot.core.hours import holds, hours_on, is_open, local_day
from bot.core.ids import OrganisationId
from bot.core.places import (
    Crossing,
    Kind,
    Number,
    Organisation,
    Step,
    Structure,
    When,
    crossings,
    lasts,
    members_at,
)
from bot.core.referrals import Entry
from bot.core.request import Need

_Named = TypeVar("_Named", Step, Number)


def steps_at(asked: Organisation, at: datetime) -> tuple[Step, ...]:
    """The steps of the chain that exist at that minute, in order."""
    day = local_day(at)
    return tuple(step for step in asked.steps if lasts(step, day))


def numbers_on(asked: Organisation, day: date) -> tuple[Number, ...]:
    """The numbers that exist on a day, answered or not."""
    return tuple(number for number in asked.numbers if lasts(number, day))


def crossings_at(asked: Organisation, need: Need | None, at: datetime) -> frozenset[OrganisationId]:
    """Whose people the organisation may ask besides its own, for a need (None: any), at the hours of that minute."""
    day, other = local_day(at), When.CLOSED if is_open(asked.hours, at) else When.OPEN
    return frozenset(
        crossing.organisation
        for crossing in crossings(asked)
        if lasts(crossing, day)
        and crossing.when is not other
        and (need is None or not crossing.needs or need in crossing.needs)
    )


def on_day(found: Organisation, day: date) -> Organisation:
    """The organisation with nothing but what holds on that day: steps, numbers, hours, crossings."""
    return replace(
        found,
        hours=hours_on(found.hours, day),
        steps=tuple(step for step in found.steps if lasts(step, day)),
        numbers=tuple(replace(n, hours=hours_on(n.hours, day)) for n in numbers_on(found, day)),
        may_ask=tuple(crossing for crossing in crossings(found) if lasts(crossing, day)),
    )


def as_named(found: Organisation, day: date) -> Organisation:
    """The organisation with every step and number once: as it is on that day, or as it was last, or will be first.

    What a request has been through is told by ids; so it can also be told after its day.
    """
    return replace(found, steps=_once(found.steps, day), numbers=_once(found.numbers, day))


def changes(found: Organisation) -> tuple[date, ...]:
    """The days on which its chain, numbers, hours or crossings change, the organisation's first day among them."""
    dated: list[Step | Number | Crossing] = [*found.steps, *found.numbers, *crossings(found)]
    days = {day for one in dated for day in (one.valid_from, one.valid_to) if day is not None}
    hours = (found.hours, *(number.hours for number in found.numbers))
    days |= {since for one in hours for since, _ in one.then}
    return tuple(sorted({found.valid_from, *(day for day in days if day > found.valid_from)}))


def entries_of(found: Organisation) -> tuple[Entry, ...]:
    """Everything of its own that can be found, on whatever days."""
    return (*found.referrals, *found.contacts, *found.forums)


def entries_at(
    structure: Structure, board: Organisation, at: datetime
) -> Iterator[tuple[Organisation, Entry]]:
    """What can be found at a board at that minute, with whose it is: its own, its groups', then the police's."""
    groups = ((jour, g) for jour, g in structure.groups.values() if board.id in members_at(g, at))
    shared = ((jour, entry) for jour, group in groups for entry in group.referrals)
    police = (o for o in structure.organisations.values() if o.kind is Kind.POLICE and o is not board)
    others = ((one, entry) for one in police for entry in entries_of(one))
    day = local_day(at)
    for owner, entry in (*((board, entry) for entry in entries_of(board)), *shared, *others):
        if holds(day, entry.valid_from, entry.valid_to):
            yield owner, entry


def _once(found: Iterable[_Named], day: date) -> tuple[_Named, ...]:
    listed = tuple(found)
    kept: dict[str, _Named] = {}
    for one in sorted(listed, key=lambda one: one.valid_from or date.min):
        if one.id not in kept or one.valid_from is None or one.valid_from <= day:
            kept[one.id] = one
    return tuple(kept[name] for name in dict.fromkeys(one.id for one in listed))
