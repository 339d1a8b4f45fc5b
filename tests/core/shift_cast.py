"""Synthetic people, shifts and a short way to say them, for tests of changes by people."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.core.booking import Book
from bot.core.hours import local_instant
from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.parts import Span
from bot.core.people import Person, Posting, Role, Vetting, VettingState
from bot.core.roster import Cause, Override, Shift, ShiftId, key_of
from bot.core.shift_changes import Stamp

FARSTA, BROMMA = OrganisationId("farsta"), OrganisationId("bromma")
NORTH, SOUTH = AreaId("norra"), AreaId("sodra")
ANN, BO, CIA, DAN = (PersonId(f"p-{name}") for name in ("ann", "bo", "cia", "dan"))
CHIEF = PersonId("p-samordnare")
LONG_AGO = date(2020, 1, 1)


def at(text: str) -> datetime:
    """A Swedish wall clock, as "23T16:30": that day of November 2026; or a whole date."""
    return local_instant(text if len(text) > 8 else f"2026-11-{text}")


def person(
    id_: PersonId,
    *postings: Posting,
    active: bool = True,
    cleared: date = LONG_AGO,
    state: VettingState = VettingState.CLEARED,
) -> Person:
    """Somebody who is vetted; posted in Farsta as social worker unless said otherwise."""
    return Person(
        id=id_,
        name=f"Påhittad {id_}",
        postings=postings or (posting(FARSTA),),
        vetting=Vetting(state=state, since=cleared),
        active=active,
    )


def posting(
    organisation: OrganisationId,
    role: Role = Role.SOCIAL_WORKER,
    areas: tuple[AreaId, ...] = (),
    until: date | None = None,
) -> Posting:
    """A posting of long standing."""
    return Posting(organisation=organisation, role=role, areas=areas, valid_from=LONG_AGO, valid_to=until)


def shift(
    name: str,
    who: PersonId,
    starts: str,
    ends: str,
    *,
    organisations: tuple[OrganisationId, ...] = (FARSTA,),
    source: str = "schema",
    areas: tuple[AreaId, ...] = (),
    role: Role = Role.SOCIAL_WORKER,
) -> Shift:
    """A rostered shift."""
    return Shift(
        id=ShiftId(name),
        person=who,
        organisations=organisations,
        role=role,
        starts=at(starts),
        ends=at(ends),
        areas=areas,
        source=source,
    )


def span(of: Shift, starts: str = "", ends: str = "") -> Span:
    """A stretch of a shift; all of it unless said otherwise."""
    return Span(
        shift=key_of(of), starts=at(starts) if starts else of.starts, ends=at(ends) if ends else of.ends
    )


def book(
    now: str, shifts: Iterable[Shift], overrides: Iterable[Override] = (), people: Iterable[Person] = ()
) -> Book:
    """What is judged by; Ann, Bo, Cia and Dan work in both boards."""
    both = (posting(FARSTA), posting(BROMMA))
    known = {one: person(one, *both) for one in (ANN, BO, CIA, DAN)}
    return Book(
        now=at(now),
        people=known | {one.id: one for one in people},
        shifts=tuple(shifts),
        overrides=tuple(overrides),
    )


def stamp(id_: str = "o", by: PersonId = ANN, cause: Cause = Cause.TAKEN_OVER) -> Stamp:
    """Who did it."""
    return Stamp(id=id_, by=by, cause=cause)
