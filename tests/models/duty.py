"""Who is on duty at a minute, by telling what happened in the order in which it happened: no index, and no cleverness."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.core.ids import PersonId
from bot.core.roster import Override, Shift

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Duties = frozenset[tuple[str, str, str]]  # person, role, organisation
_Held = set[tuple[str, str, str, str]]  # the same, and by which shift or override


class Told:
    """Shifts and changes, and what they come to at any minute."""

    def __init__(self, shifts: Sequence[Shift], overrides: Iterable[Override]) -> None:
        """`overrides`: all there are."""
        self._shifts = shifts
        self._overrides = sorted(overrides, key=lambda o: (o.made, o.number, o.id))

    def turns(self) -> set[datetime]:
        """Whenever anything begins or ends."""
        both: list[Shift | Override] = [*self._shifts, *self._overrides]
        return {edge for one in both for edge in (one.starts, one.ends)}

    def on(self, day: datetime) -> "Told":
        """The same with nothing but what touches the day that begins then: there is less to go through."""
        shifts = [s for s in self._shifts if s.starts < day + DAY and day < s.ends]
        return Told(shifts, (o for o in self._overrides if o.starts < day + DAY and day < o.ends))

    def at(self, minute: datetime) -> Duties:
        """Who is on duty then."""
        there: _Held = set()
        held: dict[str, _Held] = {}  # by shift, whoever holds it
        for shift in self._shifts:
            if shift.starts <= minute < shift.ends:
                held[shift.id] = _duties(shift.person, shift)
                there |= held[shift.id]
        named = {shift.id: shift for shift in self._shifts}
        for o in self._overrides:
            if not o.starts <= minute < o.ends:
                continue
            if o.shift is not None and o.shift.id in held:
                there -= {one for one in there if one[3] == o.shift.id}
                held[o.shift.id] = _duties(o.person, named[o.shift.id]) if o.on_duty else set()
                there |= held[o.shift.id]
            elif o.shift is None:
                there = _pressed(there, held, o)
        return frozenset((person, role, name) for person, role, name, _ in there)


def _duties(person: PersonId, shift: Shift) -> _Held:
    return {(person, shift.role.value, name, shift.id) for name in shift.organisations}


def _pressed(there: _Held, held: dict[str, _Held], o: Override) -> _Held:
    if o.on_duty and o.role is not None:
        return there | {(o.person, o.role.value, name, o.id) for name in o.organisations}
    if o.on_duty:
        return there | {one for some in held.values() for one in some if one[0] == o.person}
    gone = {
        one
        for one in there
        if one[0] == o.person
        and (o.role is None or one[1] == o.role.value)
        and (not o.organisations or one[2] in o.organisations)
    }
    return there - gone
