"""Changes follow the shifts of a roster that is put in another's place, in the same transaction; who must know is told."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.booking import Book, booked_twice
from bot.core.ids import OrganisationId, PersonId
from bot.core.roster import Cause, Override, Shift, ShiftKey, key_of, lasting
from bot.core.roster_files import Written
from bot.core.roster_preview import Preview, ahead, compare
from bot.core.shift_follow import Followed, Pair, follow
from bot.core.swaps import renamed
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Entry
from bot.flow.shift_book import LONGEST, keep_swap, overseers, settle, tell, tell_next
from bot.flow.shift_changes import gap_params


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """In whose roster of which source it happens, and when."""

    organisation: OrganisationId
    source: str
    now: datetime

    def key(self, shift: Shift) -> ShiftKey:
        """What changes of one of its shifts are bound to."""
        return ShiftKey(organisation=self.organisation, source=self.source, id=lasting(shift.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What becomes of changes, and the book as it will be of whoever has some."""

    followed: Followed
    book: Book

    def faults(self, place: Place, written: Sequence[Written]) -> Iterator[str]:
        """Who would be on duty twice: by the roster, and by a shift that they have taken over or were put on."""
        lines = {place.key(one.shift): one.place for one in written}
        for part in booked_twice(self.book, lines.keys()):
            yield f"{lines[part.key]}: the person has another shift then, taken over or assigned"


def foresee(
    tx: Tx, place: Place, found: Preview, shifts: Iterable[Shift], others: Iterable[Shift]
) -> Foreseen | None:
    """What becomes of changes when these shifts stand in that place; None: there are none."""
    overrides = tx.rosters.overrides(place.now, place.now + LONGEST)
    changes = [o for o in overrides if o.shift is not None or o.cause is Cause.ASSIGNED]
    if not changes:
        return None
    bound = {o.shift for o in changes}
    pairs = [pair for pair in _pairs(place, found) if key_of(pair.before) in bound]
    bound |= {key_of(pair.after) for pair in pairs if pair.after is not None}
    stands = [*(replace(shift, key=place.key(shift)) for shift in shifts), *others]
    mine = {o.person for o in changes} | {shift.person for shift in stands if key_of(shift) in bound}
    known = Book(
        now=place.now,
        people={person.id: person for person in tx.people.all()},
        shifts=tuple(shift for shift in stands if shift.person in mine or key_of(shift) in bound),
        overrides=overrides,
    )
    followed = follow(known, pairs)
    return Foreseen(followed=followed, book=replace(known, overrides=followed.after(overrides)))


def follow_all(tx: Tx, place: Place, shifts: Sequence[Shift]) -> Followed:
    """What becomes of changes when these are all the shifts of that place, as nobody has compared them yet."""
    old = tx.rosters.of_source(place.organisation, place.source, place.now)
    found = compare(old, ahead(shifts, place.now), place.now, ())
    foreseen = foresee(tx, place, found, shifts, _others(tx, place))
    return Followed() if foreseen is None else foreseen.followed


def keep_followed(tx: Tx, deps: Deps, place: Place, followed: Followed, by: str) -> None:
    """Keep what has become of changes; both people of one that is void are told, and whoever oversees what is nobody's."""
    cut = {o.id for o in followed.put}
    for override in (*followed.put, *followed.opened):
        tx.rosters.put_override(override, _entry(deps, place, override, by))
    for override in followed.void:
        if override.id not in cut:
            tx.rosters.drop_override(override.id, _entry(deps, place, override, by))


def rename_proposals(tx: Tx, deps: Deps, place: Place, found: Preview) -> None:
    """Proposals are about the same shifts, whatever a calendar calls them now."""
    names = {key_of(pair.before): place.key(pair.after) for pair in found.same}
    for one in tx.swaps.waiting():
        if renamed(one, names) != one:
            keep_swap(tx, deps, renamed(one, names))


def tell_followed(tx: Tx, deps: Deps, before: Book, followed: Followed) -> None:
    """Say it, once everything stands: what is void, what is nobody's, and whose next shift is another."""
    after = settle(tx, deps, before.now)
    for override in followed.void:
        for person in _concerned(before, override) if not _caught_up(after, override) else ():
            tell(tx, deps, person, "void", params=gap_params(override))
    for override in followed.opened:
        part = next((p for p in after.parts if p.key == override.shift), None)
        for person in overseers(tx, part.shift.organisations if part else (), before.now):
            tell(tx, deps, person, "gap", params=gap_params(override))
    tell_next(tx, deps, before, after)


def _others(tx: Tx, place: Place) -> Iterator[Shift]:
    for one in tx.rosters.listed(place.now, place.now + LONGEST):
        if (one.organisation, one.source) != (place.organisation, place.source):
            yield one.shift


def _pairs(place: Place, found: Preview) -> Iterator[Pair]:
    for pair in found.same:
        yield Pair(before=pair.before, after=replace(pair.after, key=place.key(pair.after)))
    for gone in found.removed:
        yield Pair(before=gone, after=None)


def _caught_up(after: Book, override: Override) -> bool:
    """Whether the roster itself says by now what people had changed: nobody need be told."""
    there = [
        part
        for part in after.parts
        if part.key == override.shift and part.starts < override.ends and override.starts < part.ends
    ]
    return override.on_duty and bool(there) and all(part.person == override.person for part in there)


def _concerned(before: Book, override: Override) -> Collection[PersonId]:
    """Whoever held the stretch, and whoever they had it from."""
    held = (part for part in before.parts if part.key == override.shift)
    those = (
        holder
        for part in held
        if part.starts < override.ends and override.starts < part.ends
        for holder in part.holders
        if holder is not None
    )
    return sorted({override.person, *those})


def _entry(deps: Deps, place: Place, override: Override, by: str) -> Entry:
    return fact(deps, place.organisation, "override", place.now, by=by, cause=override.cause.value)
