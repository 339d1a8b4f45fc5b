"""Booking: who may hold which stretch of a shift, and what keeps somebody from it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final

from bot.core.errors import NotNow
from bot.core.hours import local_day
from bot.core.ids import PersonId
from bot.core.parts import Part, Span, parts, within
from bot.core.people import Person, Posting, is_cleared, postings_in
from bot.core.roster import MAX_SHIFT, Cause, Override, Shift, ShiftKey, key_of

_TICK: Final = timedelta(microseconds=1)


class Refusal(StrEnum):
    """Why a change cannot be made. The values go into texts and answers: add, never rename."""

    NO_SHIFT = "no_shift"  # there is none of that name, or it does not reach there
    OVER = "over"  # it has ended
    SEVERAL = "several"  # more than one person holds it between these times
    NOT_HELD = "not_held"  # the one who would give it does not hold it
    HELD = "held"  # somebody holds it, and must be asked
    ALREADY = "already"  # whoever would take it holds it
    NOT_TAKEN = "not_taken"  # nobody has it from anybody: there is nothing to give back
    NOT_ON_DUTY = "not_on_duty"
    UNKNOWN = "unknown"  # there is no such person
    INACTIVE = "inactive"
    NOT_VETTED = "not_vetted"
    NOT_POSTED = "not_posted"
    OTHER_AREA = "other_area"
    BOOKED = "booked"  # they have another shift then
    PROPOSED = "proposed"  # somebody is being asked about it already
    TOO_MANY = "too_many"  # of one's proposals wait
    ANSWERED = "answered"  # the proposal waits no longer
    NOT_ASKED = "not_asked"  # the answer is another's


class Refused(NotNow):
    """The change cannot be made."""

    def __init__(self, why: Refusal) -> None:
        """`why`: the one thing that keeps it from being made."""
        super().__init__(f"the change cannot be made: {why}")
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a change is judged by: everybody, and every shift and override around it, of all boards and sources."""

    now: datetime
    people: Mapping[PersonId, Person]
    shifts: tuple[Shift, ...]
    overrides: tuple[Override, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Who holds what."""
        return parts(self.shifts, self.overrides)


def near(book: Book, *spans: tuple[datetime, datetime]) -> Book:
    """The book of these times alone, and what could touch them or the rest before and after."""
    first = min(starts for starts, _ in spans) - MAX_SHIFT
    last = max(ends for _, ends in spans) + MAX_SHIFT
    return replace(
        book,
        shifts=tuple(one for one in book.shifts if one.starts < last and first < one.ends),
        overrides=tuple(one for one in book.overrides if one.starts < last and first < one.ends),
    )


def stretch(book: Book, span: Span) -> tuple[Part, ...]:
    """The parts of a stretch that lie ahead. Raises Refused where it has passed, or its shift does not reach there."""
    whole = parts((one for one in book.shifts if key_of(one) == span.shift), book.overrides)
    found = within(whole, span)
    reached = sum((part.ends - part.starts for part in found), timedelta(0))
    if not found or reached < span.ends - span.starts:
        raise Refused(Refusal.NO_SHIFT)
    ahead = tuple(replace(part, starts=max(part.starts, book.now)) for part in found if part.ends > book.now)
    if not ahead:
        raise Refused(Refusal.OVER)
    return ahead


def only_holder(found: Iterable[Part]) -> PersonId | None:
    """Who holds all of these; None: nobody does. Raises Refused when it is several."""
    holders = {part.person for part in found}
    if len(holders) > 1:
        raise Refused(Refusal.SEVERAL)
    return holders.pop()


def check_can(book: Book, name: PersonId, duty: Shift) -> None:
    """Whether somebody may be put on such a duty: known, active, vetted and posted for all of it. Raises Refused."""
    person = book.people.get(name)
    if person is None:
        raise Refused(Refusal.UNKNOWN)
    if not person.active:
        raise Refused(Refusal.INACTIVE)
    days = {local_day(duty.starts), local_day(duty.ends - _TICK)}
    if not all(is_cleared(person, day) for day in days):
        raise Refused(Refusal.NOT_VETTED)
    posted = [postings_in(person, one, duty.role, day) for one in duty.organisations for day in days]
    if not all(posted):
        raise Refused(Refusal.NOT_POSTED)
    if not _covers(chain.from_iterable(posted), duty):
        raise Refused(Refusal.OTHER_AREA)


def is_booked(book: Book, person: PersonId, span: tuple[datetime, datetime], but: Span | None = None) -> bool:
    """Whether somebody holds a shift, or was assigned, at any minute of a time that lies ahead. `but`: not this one."""
    starts, ends = max(span[0], book.now), span[1]
    if starts >= ends:
        return False
    shifts = (
        part
        for part in near(book, (starts, ends)).parts
        if part.person == person and not (but is not None and part.key == but.shift)
    )
    if any(part.starts < ends and starts < part.ends for part in shifts):
        return True
    own = [o for o in book.overrides if o.person == person and o.shift is None]
    edges = {o_edge for o in own for o_edge in (o.starts, o.ends) if starts < o_edge < ends}
    return any(_is_assigned(own, at) for at in {starts, *edges})


def booked_twice(book: Book, keys: Collection[ShiftKey]) -> Iterator[Part]:
    """The parts of these shifts that lie ahead and whose holder has another then."""
    for part in book.parts:
        if part.person is None or part.ends <= book.now or part.key not in keys:
            continue
        if is_booked(book, part.person, (part.starts, part.ends), part.span):
            yield part


def _covers(postings: Iterable[Posting], duty: Shift) -> bool:
    """Whether the postings reach every area that the duty names."""
    mine = tuple(postings)
    return all(any(not one.areas or area in one.areas for one in mine) for area in duty.areas)


def _is_assigned(own: Iterable[Override], at: datetime) -> bool:
    assigned = False
    for o in sorted(own, key=lambda o: (o.made, o.number, o.id)):
        if not o.starts <= at < o.ends or (not o.on_duty and (o.role or o.organisations)):
            continue
        assigned = o.on_duty and (o.cause is Cause.ASSIGNED or assigned)
    return assigned
