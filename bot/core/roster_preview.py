"""What importing a roster changes: shifts added, moved and removed, duties that break off now, rest that is short.

What has ended is history: an import adds nothing to it and takes nothing from it.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.core.hours import local_day
from bot.core.ids import PersonId
from bot.core.people import Role
from bot.core.rest import Rest, short_rests
from bot.core.roster import (
    MAX_SHIFT,
    Listed,
    Override,
    Shift,
    ShiftId,
    lasting,
    name_of,
    override_to_dict,
    shift_to_dict,
)
from bot.core.roster_files import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One shift as it stood and as it will stand: other hours, another person, role or place."""

    before: Shift
    after: Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import changes. `running`: shifts under way whose person is on duty no longer.

    `same`: every shift that stands before and after, moved or not, by whatever name. `void`: changes by people that
    hold no longer.
    """

    added: tuple[Shift, ...]
    moved: tuple[Moved, ...]
    removed: tuple[Shift, ...]
    unchanged: int
    running: tuple[Shift, ...]
    short_rest: tuple[Rest, ...]
    same: tuple[Moved, ...] = field(default=(), compare=False)
    void: tuple[Override, ...] = ()

    @property
    def people(self) -> frozenset[PersonId]:
        """Everybody of whom a shift is changed."""
        moved = [shift for pair in self.moved for shift in (pair.before, pair.after)]
        return frozenset(shift.person for shift in (*self.added, *moved, *self.removed))


NOTHING: Final = Preview(added=(), moved=(), removed=(), unchanged=0, running=(), short_rest=())


def ahead(shifts: Iterable[Shift], now: datetime) -> tuple[Shift, ...]:
    """What has not ended, in order of beginning."""
    return tuple(sorted((s for s in shifts if s.ends > now), key=lambda s: (s.starts, s.id)))


def compare(old: Sequence[Shift], new: Sequence[Shift], now: datetime, around: Iterable[Shift]) -> Preview:
    """What putting `new` in the place of `old` changes; both of one source and not ended.

    The same name is the same shift. Where a calendar gives new names with every export, a person's shift of the same
    role on the same local day is. `around`: shifts of other rosters, for the rest between.
    """
    before, after = {name_of(s): s for s in old}, {name_of(s): s for s in new}
    pairs = [(before[name], after[name]) for name in after if name in before]
    lost = [s for name, s in before.items() if name not in after]
    come = [s for name, s in after.items() if name not in before]
    same_day = list(_same_day(lost, come))
    paired = {shift.id for pair in same_day for shift in pair}
    pairs += same_day
    moved = tuple(Moved(before=b, after=a) for b, a in pairs if not _alike(b, a))
    return Preview(
        added=tuple(s for s in come if s.id not in paired),
        moved=moved,
        removed=tuple(s for s in lost if s.id not in paired),
        unchanged=len(pairs) - len(moved),
        running=tuple(s for s in old if s.starts <= now and not _goes_on(s, new, now)),
        short_rest=tuple(r for r in short_rests([*new, *around]) if r.ends > now),
        same=tuple(Moved(before=b, after=a) for b, a in pairs),
    )


def history(old: Sequence[Shift], new: Sequence[Shift], now: datetime) -> tuple[Shift, ...]:
    """What of shifts under way has been until now, where the new ones do not say it too."""
    return tuple(
        replace(shift, id=again(shift.id, now), ends=now)
        for shift in old
        if shift.starts < now and not any(_covers(later, shift) for later in new)
    )


def again(id_: ShiftId, ends: datetime) -> ShiftId:
    """Another id for the same name, by the instant until which it is meant."""
    return ShiftId(f"{lasting(id_)}~{ends.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}")


def clashes(new: Sequence[Written], others: Iterable[Listed], now: datetime) -> Iterator[str]:
    """Faults: who would be on duty twice from now on, by a shift of another roster or another organisation."""
    theirs: defaultdict[PersonId, list[Listed]] = defaultdict(list)
    for listed in sorted(others, key=lambda one: one.shift.starts):
        theirs[listed.shift.person].append(listed)
    for written in new:
        shift, listed_before = written.shift, theirs[written.shift.person]
        first = bisect_left(listed_before, shift.starts - MAX_SHIFT, key=lambda one: one.shift.starts)
        for other in listed_before[first:]:
            if other.shift.starts >= shift.ends:
                break
            if min(other.shift.ends, shift.ends) > max(other.shift.starts, shift.starts, now):
                yield (
                    f"{written.place}: the person is on duty already, "
                    f"by the roster {other.source} of {other.organisation}"
                )
                break


def preview_to_dict(found: Preview) -> dict[str, object]:
    """What changes, as plain JSON values; `faults` is empty, or nothing could be compared."""
    return {
        "added": [shift_to_dict(shift) for shift in found.added],
        "moved": [
            {"before": shift_to_dict(pair.before), "after": shift_to_dict(pair.after)} for pair in found.moved
        ],
        "removed": [shift_to_dict(shift) for shift in found.removed],
        "running": [shift_to_dict(shift) for shift in found.running],
        "void": [override_to_dict(change) for change in found.void],
        "unchanged": found.unchanged,
        "short_rest": [
            {
                "person": rest.person,
                "from": rest.begins.isoformat(),
                "to": rest.ends.isoformat(),
                "hours": round((rest.ends - rest.begins) / timedelta(hours=1), 2),
            }
            for rest in found.short_rest
        ],
        "faults": [],
    }


def _same_day(lost: Sequence[Shift], come: Sequence[Shift]) -> Iterator[tuple[Shift, Shift]]:
    waiting: defaultdict[tuple[PersonId, Role, date], list[Shift]] = defaultdict(list)
    for shift in reversed(come):
        waiting[_day(shift)].append(shift)
    for shift in lost:
        if waiting[_day(shift)]:
            yield shift, waiting[_day(shift)].pop()


def _day(shift: Shift) -> tuple[PersonId, Role, date]:
    return shift.person, shift.role, local_day(shift.starts)


def _alike(one: Shift, other: Shift) -> bool:
    """Whether two say the same, whatever they are called and wherever they come from."""
    return replace(one, id=other.id, source=other.source) == other


def _goes_on(shift: Shift, new: Sequence[Shift], now: datetime) -> bool:
    return any(
        later.person == shift.person and later.role is shift.role and later.starts <= now < later.ends
        for later in new
    )


def _covers(later: Shift, shift: Shift) -> bool:
    if later.person != shift.person or later.starts > shift.starts:
        return False
    return replace(later, id=shift.id, source=shift.source, starts=shift.starts, ends=shift.ends) == shift
