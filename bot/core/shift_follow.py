"""Changes follow their shift: what becomes of each when an import or a feed moves the shift or takes it away.

Where a change reached the shift's edge, it reaches the new one; where people agreed on a time within it, that time
stands. What can no longer be is void, and the shift is again of whom the roster names: then people are told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.booking import Book, Refused, booked_twice, check_can, is_booked
from bot.core.parts import Span, held, within
from bot.core.roster import Cause, Override, OverrideId, Shift, ShiftKey, bound_to, key_of, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One shift as it stood, and as it will stand; None: it goes."""

    before: Shift
    after: Shift | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What becomes of changes: `put` replaces those of the same id; `void` hold no longer, as they stood.

    `opened`: new ones, where a shift fell back to somebody who has another then: it is nobody's, and shows as a gap.
    """

    put: tuple[Override, ...] = ()
    void: tuple[Override, ...] = ()
    opened: tuple[Override, ...] = ()

    def after(self, overrides: Iterable[Override]) -> tuple[Override, ...]:
        """All overrides, once this has come to be."""
        replaced = {o.id: o for o in self.put}
        gone = {o.id for o in self.void} - replaced.keys()
        kept = (replaced.pop(o.id, o) for o in overrides if o.id not in gone)
        return (*kept, *replaced.values(), *self.opened)


def follow(book: Book, pairs: Sequence[Pair]) -> Followed:
    """What becomes of the changes of these shifts. `book`: with the shifts as they will stand, overrides as they stood."""
    changes = _changes(book.overrides, pairs, book.now)
    waiting = {change.id for _, change in changes}
    found = Followed()
    for pair, change in changes:
        moved = _moved(change, pair, book.now)
        before = found.after(o for o in book.overrides if o.id not in waiting)
        waiting.discard(change.id)
        if moved is not None and (_alike(pair) or _stands(replace(book, overrides=(*before, moved)), moved)):
            found = found if moved == change else replace(found, put=(*found.put, moved))
            continue
        past = (replace(change, ends=book.now),) if change.starts < book.now else ()
        found = replace(found, put=(*found.put, *past), void=(*found.void, change))
    return replace(found, opened=tuple(_opened(book, found)))


def _changes(
    overrides: Iterable[Override], pairs: Iterable[Pair], now: datetime
) -> list[tuple[Pair, Override]]:
    """The changes of these shifts that have not ended, in the order in which they were made."""
    bound: Mapping[ShiftKey, tuple[Override, ...]] = bound_to(overrides)
    found = [
        (pair, change) for pair in pairs for change in bound.get(key_of(pair.before), ()) if change.ends > now
    ]
    return sorted(found, key=lambda one: (one[1].made, one[1].number, one[1].id))


def _moved(change: Override, pair: Pair, now: datetime) -> Override | None:
    """The change where the shift is now; None: it is void. An edge that has passed stays where it was."""
    before, after = pair.before, pair.after
    if after is None or after.person != before.person:
        return None
    whole = change.starts <= before.starts and change.ends >= before.ends
    if not whole and not (change.starts < after.ends and after.starts < change.ends):
        return None
    starts = after.starts if change.starts <= before.starts else max(change.starts, after.starts)
    starts = change.starts if change.starts <= now else starts
    ends = after.ends if change.ends >= before.ends else min(change.ends, after.ends)
    if ends <= max(starts, now):
        return None
    return replace(change, starts=starts, ends=ends, shift=key_of(after))


def _alike(pair: Pair) -> bool:
    """Whether only its name is another: then nothing is judged anew."""
    before, after = pair.before, pair.after
    return after is not None and replace(after, id=before.id, source=before.source) == before


def _stands(there: Book, moved: Override) -> bool:
    """Whether whoever took it may have it there, and is free."""
    if not moved.on_duty or moved.shift is None:
        return True
    span = Span(shift=moved.shift, starts=max(moved.starts, there.now), ends=moved.ends)
    try:
        for duty in held(within(there.parts, span)):
            check_can(there, duty.person, duty)
    except Refused:
        return False
    return not is_booked(there, moved.person, (span.starts, span.ends), span)


def _opened(book: Book, found: Followed) -> Iterator[Override]:
    """Where a shift falls back to somebody who holds another then, it is nobody's."""
    there = replace(book, overrides=found.after(book.overrides))
    last = {change.shift: change for change in found.void if change.shift is not None}
    for number, part in enumerate(booked_twice(there, last.keys())):
        gone = last[part.key]
        opened = replace(
            gone,
            id=OverrideId(f"{gone.id}-{number}-open"),
            person=part.person or gone.person,
            on_duty=False,
            starts=max(part.starts, book.now),
            ends=part.ends,
            made=book.now,
            cause=Cause.DROPPED,
        )
        yield numbered(opened, there.overrides)
