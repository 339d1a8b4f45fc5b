"""Many deadlines due at once: how late each is passed with its effects durable, beside bare inserts of as many rows."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

from bot.bench.casts import CHANNEL, link
from bot.bench.ledgers import Ground, insert_raw, raw_file
from bot.bench.measure import Figure, Tick
from bot.content import Content
from bot.core.errors import Unavailable
from bot.core.ids import DistrictId, OrganisationId, PersonId
from bot.core.people import Person, Role
from bot.core.places import Organisation, districts_at
from bot.core.press import Choose
from bot.core.request import Matter, Need, Urgency
from bot.core.roster import Shift, ShiftId
from bot.flow import refer, wake
from bot.flow.deps import Deps
from bot.flow.enrol import put_person, put_roster
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.speaker import Speaker

REQUESTS: Final = 10_000
WORKERS: Final = 300  # on duty besides the demo's, over all organisations
EACH: Final = 5  # requests of one officer
_TOGETHER: Final = 50
_WATCH: Final = timedelta(hours=12)
_ROWS: Final = ("entries", "nodes", "outbox", "offers", "timers")
_RAW: Final = (b"s" * 16, b"x" * 400, b"h" * 32)

Move = Callable[[timedelta], None]  # the clock


def boundless(content: Content) -> Content:
    """The same content, in which nobody is ever too full to be asked: else no crowd were large enough."""
    known = content.structure
    made = {id_: _boundless(organisation) for id_, organisation in known.organisations.items()}
    structure = replace(
        known,
        organisations=made,
        areas={id_: (made[owner.id], area) for id_, (owner, area) in known.areas.items()},
        groups={id_: (made[owner.id], group) for id_, (owner, group) in known.groups.items()},
    )
    return replace(content, structure=structure)


async def figures(ground: Ground, move: Move, tick: Tick, requests: int = REQUESTS) -> Iterator[Figure]:
    """Let that many requests wait for an answer until their time is out, all at once; then see how late each is."""
    officers = await _crowd(ground.deps, requests // EACH + 1)
    await _ask(ground.deps, officers, requests)
    move(timedelta(minutes=2))
    before = _rows(ground.database)
    late = await _timed(lambda: _pass(ground.deps), tick)
    each = (_rows(ground.database) - before) // len(late) + 1
    with closing(raw_file(ground.database)) as raw:
        left = iter([wake.BATCH] * (len(late) // wake.BATCH) + [len(late) % wake.BATCH])
        bare = await _timed(lambda: _insert(raw, next(left, 0), each), tick)
    return iter(_told(late, bare))


def _told(late: list[float], bare: list[float]) -> Iterator[Figure]:
    yield Figure(name="deadlines", value=len(late) / late[-1], unit="deadlines/s", limit=len(bare) / bare[-1])
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        at = int(len(late) * share)
        yield Figure(name=f"deadlines.{name}", value=late[at], unit="s", limit=bare[at])


async def _timed(work: Callable[[], Awaitable[int]], tick: Tick) -> list[float]:
    """How long after the beginning each was done, in seconds; work that does nothing ends it."""
    begun, late = tick(), list[float]()
    while (done := await work()) > 0:
        late += [max(tick() - begun, 1e-9)] * done
    if not late:
        raise Unavailable("no deadline was due")
    return late


async def _pass(deps: Deps) -> int:
    passed, failed = await wake.pass_deadlines(deps)
    if failed:
        raise Unavailable("a deadline was not passed")
    return passed


async def _insert(raw: sqlite3.Connection, deadlines: int, rows: int) -> int:
    insert_raw(raw, [_RAW] * deadlines * rows)
    return deadlines


async def _crowd(deps: Deps, officers: int) -> list[Person]:
    """People on duty, and officers, all of them linked."""
    now, people = deps.clock.now(), await deps.store.read(lambda tx: tx.people.all())
    asked = {
        role for one in deps.content().structure.organisations.values() for s in one.steps for role in s.roles
    }
    like = cycle(p for p in people if any(posting.role in asked for posting in p.postings))
    workers = [replace(next(like), id=PersonId(f"p-bench-{n}"), phone=None) for n in range(WORKERS)]
    one = next(p for p in people if any(posting.role is Role.OFFICER for posting in p.postings))
    found = [replace(one, id=PersonId(f"p-bench-officer-{n}"), phone=None) for n in range(officers)]

    def act(tx: Tx) -> None:
        for person in (*workers, *found):
            put_person(tx, deps, person, by="bench")
        for person in (*people, *workers, *found):
            link(tx, deps, person, now)
        duties: dict[OrganisationId, list[Shift]] = {}
        for person in workers:
            posting = person.postings[0]
            shift = Shift(
                id=ShiftId(person.id),
                person=person.id,
                organisations=(posting.organisation,),
                role=posting.role,
                starts=now,
                ends=now + _WATCH,
                source="bench",
            )
            duties.setdefault(posting.organisation, []).append(shift)
        for organisation, shifts in duties.items():
            put_roster(tx, deps, organisation, "bench", tuple(shifts), by="bench")

    await deps.store.write(act)
    return found


async def _ask(deps: Deps, officers: list[Person], requests: int) -> None:
    places = cycle(district.id for district in districts_at(deps.content().structure, deps.clock.now()))
    asked = [(officers[n // EACH], next(places)) for n in range(requests)]
    for start in range(0, requests, _TOGETHER):
        some = asked[start : start + _TOGETHER]
        await asyncio.gather(
            *(deps.store.write(lambda tx, o=o, p=p: _request(tx, deps, o, p)) for o, p in some)  # type: ignore[misc]
        )


def _request(tx: Tx, deps: Deps, officer: Person, place: DistrictId) -> None:
    now = deps.clock.now()
    inbound = Inbound(channel=CHANNEL, address=officer.id, native_id="0", at=now)
    choice = Choose(district=place, matter=Matter.OTHER, need=Need.ADVICE, urgency=Urgency.NOW)
    refer.request(tx, deps, Speaker(person=officer, inbound=inbound, language="sv", now=now), choice)


def _rows(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        return sum(raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _ROWS)  # noqa: S608 - named above


def _boundless(organisation: Organisation) -> Organisation:
    steps = tuple(replace(step, load_limit=1_000_000) for step in organisation.steps)
    return replace(organisation, steps=steps)
