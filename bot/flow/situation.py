"""The situation at a minute: everybody who could be asked, as the matching wants to see them, read once for an act."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core import chain, matching
from bot.core.consultation import Consultation, State
from bot.core.ids import OrganisationId, PersonId
from bot.core.matching import Standing, Worker
from bot.core.places import Structure
from bot.core.request import Request
from bot.core.roster import Attendance
from bot.flow.ports import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What the store knows of everybody just now."""

    reachable: frozenset[PersonId]  # by a channel that rings
    on_devices: frozenset[PersonId]  # where offers are seen
    open_rooms: Mapping[PersonId, int]
    doorbells: Mapping[PersonId, int]
    last_offered: Mapping[PersonId, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Who is on duty at one minute and for whom, and how everybody stood when it was read."""

    at: datetime
    attendance: Attendance
    of: Mapping[OrganisationId, Sequence[PersonId]]  # who is on duty for each
    standings: Standings
    workers: dict[PersonId, Worker] = field(
        default_factory=dict
    )  # as they stand now; made when first asked for


def attendance(tx: Tx, at: datetime) -> Attendance:
    """Who is on duty at that instant by roster and by what people have pressed."""
    return tx.rosters.attendance(at)


def situation(tx: Tx, at: datetime) -> Situation:
    """Read it. Once for an act; `after` keeps it up with what the act itself does."""
    present, of = attendance(tx, at), defaultdict[OrganisationId, list[PersonId]](list)
    for person, duties in present.present.items():
        for organisation in {name for duty in duties for name in duty.organisations}:
            of[organisation].append(person)
    return Situation(at=at, attendance=present, of=of, standings=_standings(tx, at))


def ready(tx: Tx, structure: Structure, found: Situation, request: Request) -> tuple[Worker, ...]:
    """Those on duty whom the chain of this request may ask, as the matching wants to see them for it."""
    asked = dict.fromkeys(p for one in chain.asked_for(structure, request) for p in found.of.get(one, ()))
    there = (worker(tx, found, person, request) for person in asked)
    return tuple(one for one in there if one is not None)


def worker(tx: Tx, found: Situation, person: PersonId, request: Request) -> Worker | None:
    """One person, on duty or not, for this request; None for somebody who is not known."""
    one, then = _worker(tx, found, person), _then(tx, request, found.at)
    return one if one is None or then is None else replace(one, then=then.present.get(person, ()))


def load(tx: Tx, found: Situation, person: PersonId) -> int:
    """How much somebody carries who is on duty, talks and doorbells together; 0 for anybody else."""
    one = _worker(tx, found, person) if person in found.attendance.present else None
    return 0 if one is None else one.load


def after(tx: Tx, found: Situation, before: Consultation, now: Consultation) -> Situation:
    """The same, when one consultation has gone from one state to another."""
    held, asked = Counter(_holders(now)), Counter(offer.person for offer in now.pending)
    held.subtract(_holders(before))
    asked.subtract(offer.person for offer in before.pending)
    new = {offer.person: offer.at for offer in now.offers[len(before.offers) :]}
    workers = dict(found.workers)
    for person in held.keys() | asked.keys() | new.keys():
        one = _worker(tx, found, person)
        if one is not None:
            workers[person] = replace(
                one,
                open_rooms=one.open_rooms + held[person],
                pending=one.pending + asked[person],
                last_offered=new.get(person, one.last_offered),
            )
    return replace(found, workers=workers)


def workers(tx: Tx, at: datetime, wanted: datetime | None = None) -> tuple[Worker, ...]:
    """Everybody, with their duties, whether they can be reached, and their load.

    Reached is whoever has a channel that rings, or is signed in on a device of their own, where offers are seen.
    `wanted`: the minute for which somebody is wanted, where that is another one.
    """
    then = attendance(tx, wanted) if wanted is not None and wanted > at else None
    present, known = attendance(tx, at), _standings(tx, at)
    people = tx.people.all()
    return matching.workers(people, present, {one.id: _standing(known, one.id) for one in people}, then)


def _worker(tx: Tx, found: Situation, person: PersonId) -> Worker | None:
    if person in found.workers:
        return found.workers[person]
    one = tx.people.get(person)
    if one is None:
        return None
    standings = {person: _standing(found.standings, person)}
    found.workers[person] = matching.workers([one], found.attendance, standings)[0]
    return found.workers[person]


def _standings(tx: Tx, at: datetime) -> Standings:
    return Standings(
        reachable=tx.people.reachable(),
        on_devices=tx.people.on_devices(at),
        open_rooms=tx.consultations.open_rooms(),
        doorbells=tx.consultations.doorbells(),
        last_offered=tx.consultations.last_offered(),
    )


def _standing(known: Standings, person: PersonId) -> Standing:
    return Standing(
        reachable=person in known.reachable or person in known.on_devices,
        open_rooms=known.open_rooms.get(person, 0),
        pending=known.doorbells.get(person, 0),
        last_offered=known.last_offered.get(person),
    )


def _then(tx: Tx, request: Request, at: datetime) -> Attendance | None:
    wanted = request.interview_at
    return attendance(tx, wanted) if wanted is not None and wanted > at else None


def _holders(c: Consultation) -> list[PersonId]:
    return [c.holder] if c.state is State.OPEN and c.holder is not None else []
