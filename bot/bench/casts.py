"""Who takes part in grown talks: for each district an officer and a worker, over a channel or at devices of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.bench.handsets import Handset, enrol
from bot.core.ids import OrganisationId
from bot.core.people import Person, Role
from bot.core.places import Area, District, Organisation, districts_at, owner
from bot.flow import door
from bot.flow.deps import POLICE, Deps
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.room_members import carries
from bot.seal.plain import Plain
from bot.seal.signing import SigningKey

CHANNEL: Final = "telegram"
DEVICES: Final = 2  # of an officer: the car's and their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who takes part, and where: a district with the board that owns it."""

    officer: Person
    worker: Person
    district: District
    board: Organisation
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """The same two, both at devices."""

    cast: Cast
    officer: tuple[Handset, ...]
    worker: Handset


def on_channel(tx: Tx, deps: Deps, at: datetime) -> Iterator[Cast]:
    """The first officer, and the first worker of every district whose board lets the channel carry talks."""
    for cast in _casts(tx, deps, at, nth=0):
        if carries(deps.content(), cast.board.id, CHANNEL):
            yield cast


def at_devices(
    tx: Tx, deps: Deps, at: datetime, roots: Mapping[OrganisationId, SigningKey]
) -> Iterator[Seated]:
    """The second officer, and the second worker of every board that has one: given devices, where a root is at hand."""
    workers: dict[str, Handset] = {}
    officer: tuple[Handset, ...] = ()
    for cast in _casts(tx, deps, at, nth=1):
        root, polices = roots.get(cast.board.id), roots.get(POLICE)
        if root is None or polices is None:
            continue
        officer = officer or tuple(enrol(tx, deps, cast.officer, POLICE, polices) for _ in range(DEVICES))
        if cast.worker.id not in workers:
            workers[cast.worker.id] = enrol(tx, deps, cast.worker, cast.board.id, root)
        yield Seated(cast=cast, officer=officer, worker=workers[cast.worker.id])


def link(tx: Tx, deps: Deps, person: Person, at: datetime) -> None:
    """Link an account of that person, whose address there is their id."""
    code = Plain(door.issue_code(tx, deps, person.id).encode())
    start = Inbound(channel=CHANNEL, address=person.id, native_id="0", at=at, command="start", argument=code)
    door.link(tx, deps, start, code, "sv")


def _casts(tx: Tx, deps: Deps, at: datetime, *, nth: int) -> Iterator[Cast]:
    structure, people = deps.content().structure, tx.people.all()
    officers = [person for person in people if _has(person, Role.OFFICER)]
    for district in districts_at(structure, at):
        board, area = owner(structure, district.id, at)
        workers = [p for p in people if _has(p, Role.SOCIAL_WORKER, board)]
        if len(officers) > nth and len(workers) > nth:
            yield Cast(officer=officers[nth], worker=workers[nth], district=district, board=board, area=area)


def _has(person: Person, role: Role, where: Organisation | None = None) -> bool:
    return any(p.role is role and (where is None or p.organisation == where.id) for p in person.postings)
