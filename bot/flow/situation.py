"""The situation at a minute: everybody who could be asked, as the matching wants to see them, read once for an act."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core import matching
from bot.core.consultation import Consultation, State
from bot.core.ids import OrganisationId, PersonId
from bot.core.matching import Standing, Worker
from bot.core.people import Person
from bot.core.request import Request
from bot.core.roster import Attendance, on_duty, roster
from bot.flow.ports import Tx

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Who is on duty at one minute, and how each of them stands; the rest of the people are not in it."""

    at: datetime
    attendance: Attendance
    people: tuple[Person, ...]
    standings: Mapping[PersonId, Standing]
    unready: dict[OrganisationId, str] = field(default_factory=dict)  # what has been found out in this act


def attendance(tx: Tx, at: datetime) -> Attendance:
    """Who is on duty at that instant by roster and by what people have pressed."""
    shifts = tx.rosters.shifts(at, at + _INSTANT)
    overrides = tx.rosters.overrides(at, at + _INSTANT)
    return on_duty(roster(shifts, overrides), at)


def situation(tx: Tx, at: datetime) -> Situation:
    """Read it. Once for an act; `after` keeps it up with what the act itself does."""
    present = attendance(tx, at)
    people = tuple(person for person in tx.people.all() if person.id in present.present)
    return Situation(at=at, attendance=present, people=people, standings=_standings(tx, people, at))


def ready(tx: Tx, found: Situation, request: Request) -> tuple[Worker, ...]:
    """Those on duty, as the matching wants to see them for this request."""
    return matching.workers(found.people, found.attendance, found.standings, _then(tx, request, found.at))


def worker(tx: Tx, found: Situation, person: PersonId, request: Request) -> Worker | None:
    """One person, on duty or not, for this request; None for somebody who is not known."""
    one = next((p for p in found.people if p.id == person), None) or tx.people.get(person)
    then = _then(tx, request, found.at)
    return None if one is None else matching.workers([one], found.attendance, found.standings, then)[0]


def after(found: Situation, before: Consultation, now: Consultation) -> Situation:
    """The same, when one consultation has gone from one state to another."""
    held, asked = _load(now), Counter(offer.person for offer in now.pending)
    held.subtract(_load(before))
    asked.subtract(offer.person for offer in before.pending)
    new = {offer.person: offer.at for offer in now.offers[len(before.offers) :]}
    standings = dict(found.standings)
    for person in (held.keys() | asked.keys() | new.keys()) & standings.keys():
        one = standings[person]
        standings[person] = replace(
            one,
            open_rooms=one.open_rooms + held[person],
            pending=one.pending + asked[person],
            last_offered=new.get(person, one.last_offered),
        )
    return replace(found, standings=standings)


def workers(tx: Tx, at: datetime, wanted: datetime | None = None) -> tuple[Worker, ...]:
    """Everybody, with their duties, whether they can be reached, and their load.

    Reached is whoever has a channel that rings, or is signed in on a device of their own, where offers are seen.
    `wanted`: the minute for which somebody is wanted, where that is another one.
    """
    people = tx.people.all()
    then = attendance(tx, wanted) if wanted is not None and wanted > at else None
    return matching.workers(people, attendance(tx, at), _standings(tx, people, at), then)


def _standings(tx: Tx, people: tuple[Person, ...], at: datetime) -> dict[PersonId, Standing]:
    reachable = tx.people.reachable() | tx.people.on_devices(at)
    held, asked, last = (
        tx.consultations.open_rooms(),
        tx.consultations.doorbells(),
        tx.consultations.last_offered(),
    )
    return {
        p.id: Standing(
            reachable=p.id in reachable,
            open_rooms=held.get(p.id, 0),
            pending=asked.get(p.id, 0),
            last_offered=last.get(p.id),
        )
        for p in people
    }


def _then(tx: Tx, request: Request, at: datetime) -> Attendance | None:
    wanted = request.interview_at
    return attendance(tx, wanted) if wanted is not None and wanted > at else None


def _load(c: Consultation) -> Counter[PersonId]:
    return Counter([c.holder] if c.state is State.OPEN and c.holder is not None else [])
