"""What of somebody's shifts they must be told of when it changes: the one under way, and the next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.parts import Part, Span
from bot.core.people import Role
from bot.core.roster import ShiftKey

WITHIN: Final = timedelta(days=30)  # a shift farther ahead than that is not yet anybody's next


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Somebody's time on one shift, as one stretch: from when until when, as what, for whom, where."""

    shift: ShiftKey
    starts: datetime
    ends: datetime
    role: Role
    organisations: tuple[OrganisationId, ...]
    areas: tuple[AreaId, ...]
    before: tuple[PersonId | None, ...] = ()  # from whom they have it; empty: it is theirs by the roster

    @property
    def span(self) -> Span:
        """Where it is."""
        return Span(shift=self.shift, starts=self.starts, ends=self.ends)


def mine(parts: Iterable[Part], person: PersonId, now: datetime) -> tuple[Mine, ...]:
    """What somebody holds that has not ended, in order of beginning; parts of one shift that meet are one."""
    found: list[Mine] = []
    for part in sorted(parts, key=lambda one: (one.starts, one.shift.id)):
        if part.person != person or part.ends <= now:
            continue
        last = found[-1] if found else None
        if last is not None and last.shift == part.key and last.ends == part.starts:
            found[-1] = replace(
                last, ends=part.ends, before=_from(part) if last.before == _from(part) else ()
            )
        else:
            found.append(_mine(part))
    return tuple(found)


def coming(parts: Iterable[Part], person: PersonId, now: datetime) -> tuple[Mine, ...]:
    """The shift under way, if there is one, and the next."""
    soon = [one for one in mine(parts, person, now) if one.starts < now + WITHIN]
    return tuple(soon[: 2 if soon and soon[0].starts <= now else 1])


def to_tell(before: Iterable[Part], after: Iterable[Part], now: datetime) -> frozenset[PersonId]:
    """Whose shift under way or next has another beginning, end, place or holder than before."""
    were, are = _by_person(before), _by_person(after)
    return frozenset(
        person
        for person in were.keys() | are.keys()
        if _said(coming(were[person], person, now)) != _said(coming(are[person], person, now))
    )


def _by_person(parts: Iterable[Part]) -> defaultdict[PersonId, list[Part]]:
    found: defaultdict[PersonId, list[Part]] = defaultdict(list)
    for part in parts:
        if part.person is not None:
            found[part.person].append(part)
    return found


def _said(found: tuple[Mine, ...]) -> tuple[object, ...]:
    """What they would notice: not what the source calls it."""
    return tuple((one.starts, one.ends, one.role, one.organisations, one.areas) for one in found)


def _mine(part: Part) -> Mine:
    shift = part.shift
    return Mine(
        shift=part.key,
        starts=part.starts,
        ends=part.ends,
        role=shift.role,
        organisations=shift.organisations,
        areas=shift.areas,
        before=_from(part),
    )


def _from(part: Part) -> tuple[PersonId | None, ...]:
    return (part.before,) if part.changed else ()
