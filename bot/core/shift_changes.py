"""Changes of shifts by people: what each comes to, or why not; nobody is booked twice, and only who is posted takes over.

A change is one override, bound to the shift: for a stretch of it another holds it, or nobody. So no change ever leaves
two on one shift, or takes more from it than it says. Consent is asked by whoever calls (`core.swaps`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.booking import Book, Refusal, Refused, check_can, is_booked, near, only_holder, stretch
from bot.core.ids import PersonId
from bot.core.parts import Part, Span, held
from bot.core.rest import Rest, short_rests
from bot.core.roster import Cause, Override, OverrideId, Shift, key_of, numbered, on_duty, roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who makes a change, and the id that its overrides begin with; they are made at the book's `now`."""

    id: str
    by: PersonId
    cause: Cause = Cause.TAKEN_OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be kept, and the rests under eleven hours that it makes: shown, never a reason to refuse."""

    overrides: tuple[Override, ...]
    short_rest: tuple[Rest, ...] = ()


def take_over(book: Book, span: Span, taker: PersonId, stamp: Stamp, giver: PersonId | None = None) -> Change:
    """Somebody takes a stretch of a shift from whoever holds it, or from nobody. `giver`: who is to hold it.

    What has passed of it stays as it was. Raises Refused.
    """
    book = near(book, (span.starts, span.ends))
    found = stretch(book, span)
    holder = only_holder(found)
    if giver is not None and holder != giver:
        raise Refused(Refusal.NOT_HELD)
    if holder == taker:
        raise Refused(Refusal.ALREADY)
    return _judged(book, [_Move(parts=found, taker=taker, stamp=stamp)])


def give_back(book: Book, span: Span, person: PersonId, stamp: Stamp) -> Change:
    """Somebody gives a stretch back to whomever they had it from; had they it from nobody, it is nobody's. Raises Refused."""
    book = near(book, (span.starts, span.ends))
    found = stretch(book, span)
    if only_holder(found) != person:
        raise Refused(Refusal.NOT_HELD)
    if not all(part.changed for part in found):
        raise Refused(Refusal.NOT_TAKEN)
    several = _numbered(stamp, len(found))
    moves = zip(found, several, strict=True)
    return _judged(book, [_Move(parts=(part,), taker=part.before, stamp=one) for part, one in moves])


def swap(book: Book, one: Span, other: Span, stamp: Stamp) -> Change:
    """Two people take over each other's stretches, both or none. Raises Refused."""
    book = near(book, (one.starts, one.ends), (other.starts, other.ends))
    first, second = stretch(book, one), stretch(book, other)
    giver, taker = only_holder(first), only_holder(second)
    if giver is None or taker is None:
        raise Refused(Refusal.NOT_HELD)
    if giver == taker:
        raise Refused(Refusal.ALREADY)
    there, back = _numbered(stamp, 2)
    return _judged(
        book,
        [_Move(parts=first, taker=taker, stamp=there), _Move(parts=second, taker=giver, stamp=back)],
    )


def drop(book: Book, span: Span, person: PersonId, stamp: Stamp) -> Change:
    """Somebody cannot work a stretch that they hold: from then on it is nobody's. Raises Refused."""
    book = near(book, (span.starts, span.ends))
    found = stretch(book, span)
    if only_holder(found) != person:
        raise Refused(Refusal.NOT_HELD)
    return Change(overrides=_last(book, [_bound(book, found, None, stamp)]))


def drop_now(book: Book, person: PersonId, stamp: Stamp) -> Change:
    """Somebody cannot work from now on until their shift ends, nor whatever else they are on duty for. Raises Refused."""
    present = on_duty(roster(book.shifts, book.overrides), book.now).present.get(person, ())
    mine = [part for part in book.parts if part.person == person and part.ends > book.now]
    begun = {part.key for part in mine if part.starts <= book.now}
    left = [part for part in mine if part.key in begun]
    several = iter(_numbered(stamp, len(left) + 1))
    changes = [_bound(book, _ahead(book, (part,)), None, next(several)) for part in left]
    if any(duty.pressed for duty in present):
        until = max(duty.until for duty in present)
        changes.append(_own(book, person, (book.now, until), next(several), on=False))
    if not changes:
        raise Refused(Refusal.NOT_ON_DUTY)
    return Change(overrides=_last(book, changes))


def assign(book: Book, duty: Shift, stamp: Stamp) -> Change:
    """The coordinator puts somebody on duty beside every roster. `duty`: who, when, as what and where. Raises Refused."""
    if duty.ends <= book.now:
        raise Refused(Refusal.OVER)
    check_can(book, duty.person, duty)
    span = (max(duty.starts, book.now), duty.ends)
    made = replace(
        _own(book, duty.person, span, stamp, on=True), role=duty.role, organisations=duty.organisations
    )
    if is_booked(book, duty.person, span):
        raise Refused(Refusal.BOOKED)
    rests = _new_rests(book, [*held(book.parts), duty], {duty.person})
    return Change(overrides=_last(book, [made]), short_rest=rests)


def take_off(book: Book, person: PersonId, span: tuple[datetime, datetime], stamp: Stamp) -> Change:
    """The coordinator takes somebody off every duty for a time. Raises Refused."""
    if person not in book.people:
        raise Refused(Refusal.UNKNOWN)
    if span[1] <= book.now:
        raise Refused(Refusal.OVER)
    off = _own(book, person, (max(span[0], book.now), span[1]), stamp, on=False)
    return Change(overrides=_last(book, [off]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Parts that follow each other go to somebody, or to nobody."""

    parts: tuple[Part, ...]
    taker: PersonId | None
    stamp: Stamp

    @property
    def taken(self) -> tuple[Shift, ...]:
        """What the taker gets, as shifts of theirs."""
        if self.taker is None:
            return ()
        return tuple(
            replace(part.shift, person=self.taker, starts=part.starts, ends=part.ends) for part in self.parts
        )


def _judged(book: Book, moves: Sequence[_Move]) -> Change:
    """The changes, if everybody who gets something may have it and is free. Raises Refused."""
    taken = [duty for move in moves for duty in move.taken]
    for duty in taken:
        check_can(book, duty.person, duty)
    changes = _last(book, [_bound(book, move.parts, move.taker, move.stamp) for move in moves])
    after = replace(book, overrides=(*book.overrides, *changes))
    for duty in taken:
        span = Span(shift=key_of(duty), starts=duty.starts, ends=duty.ends)
        if is_booked(after, duty.person, (duty.starts, duty.ends), span):
            raise Refused(Refusal.BOOKED)
    rests = _new_rests(book, held(after.parts), {duty.person for duty in taken})
    return Change(overrides=changes, short_rest=rests)


def _last(book: Book, made: Iterable[Override]) -> tuple[Override, ...]:
    """The overrides as the last of those of their instant."""
    return tuple(numbered(change, book.overrides) for change in made)


def _ahead(book: Book, found: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(replace(part, starts=max(part.starts, book.now)) for part in found if part.ends > book.now)


def _bound(book: Book, found: tuple[Part, ...], taker: PersonId | None, stamp: Stamp) -> Override:
    """One override over parts that follow each other. Where nobody takes them, it names whoever let them go."""
    gone = found[0].person or found[0].shift.person
    return Override(
        id=OverrideId(stamp.id),
        person=taker if taker is not None else gone,
        on_duty=taker is not None,
        starts=min(part.starts for part in found),
        ends=max(part.ends for part in found),
        by=stamp.by,
        made=book.now,
        shift=found[0].key,
        cause=stamp.cause,
    )


def _own(
    book: Book, person: PersonId, span: tuple[datetime, datetime], stamp: Stamp, *, on: bool
) -> Override:
    return Override(
        id=OverrideId(stamp.id),
        person=person,
        on_duty=on,
        starts=span[0],
        ends=span[1],
        by=stamp.by,
        made=book.now,
        cause=stamp.cause,
    )


def _numbered(stamp: Stamp, count: int) -> tuple[Stamp, ...]:
    """A stamp for each override of one change."""
    return tuple(replace(stamp, id=f"{stamp.id}-{n}" if n else stamp.id) for n in range(count))


def _new_rests(book: Book, after: Iterable[Shift], takers: Collection[PersonId]) -> tuple[Rest, ...]:
    """The short rests that whoever takes something had not before."""
    before = short_rests(held(book.parts))
    return tuple(rest for rest in short_rests(after) if rest.person in takers and rest not in before)
