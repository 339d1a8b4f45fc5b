"""The book that changes of shifts are judged by, and keeping what comes of them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.core.booking import Book
from bot.core.ids import OrganisationId, PersonId
from bot.core.roster import MAX_SHIFT, Cause
from bot.core.shift_changes import Change, Stamp
from bot.core.shift_told import WITHIN, to_tell
from bot.core.swaps import Swap, voided
from bot.flow.changed import duty_changed, turned
from bot.flow.deps import Deps, fresh_id
from bot.flow.overseers import TOLD, oversees
from bot.flow.ports import Tx
from bot.flow.record import fact, put
from bot.flow.records import Kind
from bot.flow.situation import attendance

AHEAD: Final = timedelta(days=60)  # how far shifts are shown
LONGEST: Final = timedelta(days=400)  # how far ahead a shift can be changed


def book(tx: Tx, now: datetime, *until: datetime) -> Book:
    """Everybody, and every shift and override from now until then, and what lies close: at least what is told of."""
    first, last = now - MAX_SHIFT, min(max([now + WITHIN, *until]), now + LONGEST) + MAX_SHIFT
    return Book(
        now=now,
        people={person.id: person for person in tx.people.all()},
        shifts=tx.rosters.shifts(first, last),
        overrides=tx.rosters.overrides(first, last),
    )


def stamp(deps: Deps, by: PersonId, cause: Cause) -> Stamp:
    """Who does it, with a fresh id."""
    return Stamp(id=fresh_id(deps.clock.now(), deps.entropy), by=by, cause=cause)


def keep(
    tx: Tx, deps: Deps, known: Book, change: Change, organisation: OrganisationId, rules: tuple[str, ...] = ()
) -> Book:
    """Keep a change: doorbells are judged anew, and whoever's next shift is another is told. Returns the book after it.

    `organisation`: whose ledger tells of what no shift says.
    """
    now = known.now
    before = attendance(tx, now)
    for override in change.overrides:
        owner = override.shift.organisation if override.shift is not None else organisation
        told = {"by": override.by, "cause": override.cause.value, "rules": list(rules)}
        tx.rosters.override(override, fact(deps, owner, "override", now, **told))
    people = turned(before, attendance(tx, now))
    if people:
        duty_changed(tx, deps, now, people, rules)
    deps.gates.forget()  # a gap ahead may close or open an organisation
    after = settle(tx, deps, now)
    tell_next(tx, deps, known, after, {o.by for o in change.overrides})
    return after


def keep_swap(tx: Tx, deps: Deps, one: Swap, rules: tuple[str, ...] = ()) -> None:
    """Keep a proposal, new or answered."""
    told = {"by": one.answerer or one.by, "rules": list(rules)}
    tx.swaps.put(one, fact(deps, one.gives.shift.organisation, "swap", deps.clock.now(), **told))


def settle(tx: Tx, deps: Deps, now: datetime) -> Book:
    """Proposals about what somebody no longer holds are void, and both are told. Returns the book as it is."""
    waiting = tx.swaps.waiting()
    known = book(tx, now, *(span.ends for one in waiting for span in one.spans))
    for one in waiting:
        void = voided(one, known)
        if void is not None:
            keep_swap(tx, deps, void)
            for person in (one.giver, one.taker):
                if person is not None:
                    tell(tx, deps, person, "swap", ref=one.id)
    return known


def tell_next(tx: Tx, deps: Deps, before: Book, after: Book, but: Collection[PersonId] = ()) -> None:
    """Tell everybody whose shift under way or next is another, on each of their channels. `but`: whoever did it knows."""
    for person in sorted(to_tell(before.parts, after.parts, after.now) - set(but)):
        tell(tx, deps, person, "next")


def overseers(tx: Tx, organisations: Iterable[OrganisationId], now: datetime) -> tuple[PersonId, ...]:
    """Who keeps the rosters of these organisations, and who answers for them, on that day."""
    found = (
        person.id
        for organisation in organisations
        for person in tx.people.posted(organisation, TOLD)
        if oversees(person, organisation, now)
    )
    return tuple(dict.fromkeys(found))


def tell(
    tx: Tx, deps: Deps, person: PersonId, key: str, ref: str = "", params: dict[str, str] | None = None
) -> None:
    """Say something about shifts on every channel that reaches somebody; the words are made when it is said."""
    for address in tx.people.addresses(person):
        put(tx, deps, person, address.channel, Kind.SHIFT, ref=ref, key=key, params=params)
