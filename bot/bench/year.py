"""A year of nights in minutes: the real flow and store, a clock that is moved from one thing to the next, people by chance."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final

from bot.bench.casts import link
from bot.bench.measure import Tick
from bot.bench.year_acts import Doing, People, Told
from bot.bench.year_people import crowd, requests
from bot.content import Content
from bot.core.errors import SamjourError, Unavailable
from bot.core.hours import day_minute, local_day
from bot.core.in_force import numbers_on
from bot.flow.deps import LEASE, Deps
from bot.flow.enrol import put_person, put_roster
from bot.flow.numbers_tested import keep_test
from bot.flow.ports import Tx
from bot.flow.records import Kind, Saying
from bot.flow.timed import pass_timers
from bot.flow.upkeep import sign_heads
from bot.flow.wake import pass_deadlines, pass_edges

SOURCE: Final = "demo"  # the roster that the generated one takes the place of
AT_ONCE: Final = 500  # sayings taken out together
TESTED_EVERY: Final = timedelta(days=14)
_DAY: Final = timedelta(days=1)

Move = Callable[[timedelta], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how much, and by which chance."""

    days: int = 365
    requests: int = 20_000
    seed: int = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dues:
    """When something is next to be done, each in its way."""

    deadline: datetime | None
    timer: datetime | None
    said: datetime | None
    done: datetime | None  # by people
    edge: datetime  # of a duty, or of a day

    @property
    def next(self) -> datetime | None:
        """When the first of it is; None: all is over."""
        ahead = [due for due in (self.deadline, self.timer, self.said, self.done) if due is not None]
        return min(*ahead, self.edge) if ahead else None


class Seeded:
    """Chance that is the same each time: what happens may hang on the order of ids. For secrets of no worth alone."""

    def __init__(self, seed: int) -> None:
        """`seed`: the same gives the same bytes."""
        self._chance = Random(seed)  # noqa: S311 - see above

    def draw(self, size: int) -> bytes:
        """`size` bytes."""
        return self._chance.randbytes(size)


class Year:
    """Lives through it. What happens at one instant is worked off before the clock is moved to the next."""

    def __init__(self, deps: Deps, content: Content, move: Move, tick: Tick, plan: Plan) -> None:
        """`move`: the clock; `tick`: this machine's, for how long deadlines take."""
        self._deps = deps
        self._move = move
        self._tick = tick
        self._chance = Random(plan.seed)  # noqa: S311 - not for secrets: the same seed is the same year
        self._line: list[tuple[datetime, int, Doing]] = []
        self._order = count()
        self._looked: datetime | None = None
        self._edge: datetime | None = None  # of a duty, the next; None: to be found
        self._people = People(deps, self._chance, self._later)
        self.late: list[float] = []  # seconds after each deadline until what follows was durable
        self.refused = 0  # acts that came when they had no place any more
        first = local_day(deps.clock.now()) + _DAY
        self._begins, self._ends = day_minute(first, 0), day_minute(first + plan.days * _DAY, 0)
        assert content.demo is not None
        self._crowd = crowd(content.demo, first - _DAY, first + (plan.days + 1) * _DAY, self._chance)
        self._wanted = requests(content.structure, first, plan.days, plan.requests, self._chance)

    @property
    def told(self) -> Told:
        """What people did."""
        return self._people.told

    async def live(self) -> None:
        """From the first request until the last one is over."""
        await self._deps.store.write(self._settle_in)
        for wanted in self._wanted:
            self._at(wanted.at, lambda tx, w=wanted: self._people.ask(tx, w))  # type: ignore[misc]
        dues = await self._deps.store.read(self._dues)
        while dues.next is not None:
            self._move(max(dues.next - self._deps.clock.now(), timedelta(0)))
            dues = await self._work_off(dues)
        await sign_heads(self._deps)

    def _settle_in(self, tx: Tx) -> None:
        deps, now, known = self._deps, self._deps.clock.now(), self._crowd
        for person in (*known.workers, *known.officers):
            put_person(tx, deps, person, by="bench")
        for person in tx.people.all():
            link(tx, deps, person, now)
        for organisation, shifts in sorted(known.shifts.items()):
            put_roster(tx, deps, organisation, SOURCE, tuple(shifts), by="bench")
        day = self._begins
        while day < self._ends:
            self._at(day, self._ring_numbers)
            day += TESTED_EVERY

    def _ring_numbers(self, tx: Tx) -> None:
        """As somebody does every month: each number is rung, and answers."""
        today = local_day(self._deps.clock.now())
        for own in self._deps.content().structure.organisations.values():
            for number in numbers_on(own, today):
                keep_test(tx, self._deps, number.id, answered=True, by="bench")

    def _dues(self, tx: Tx) -> _Dues:
        """When each is next to be done; once nothing else is left, nothing more happens at midnights either."""
        now = self._deps.clock.now()
        if self._edge is None:
            midnight = day_minute(local_day(now) + _DAY, 0)
            self._edge = min(tx.rosters.next_edge(self._looked or now) or midnight, midnight)
        return _Dues(
            deadline=tx.consultations.next_due(),
            timer=tx.timers.next_due(),
            said=tx.outbox.next_due(),
            done=self._line[0][0] if self._line else None,
            edge=self._edge,
        )

    async def _work_off(self, dues: _Dues) -> _Dues:
        """What is due at this instant, as `wake` does it, and whatever people do now; then what follows."""
        now = self._deps.clock.now()
        if dues.edge <= now:
            if not await pass_edges(self._deps, self._looked, now):
                raise Unavailable("a change of duty could not be worked off")
            self._looked, self._edge = now, None
        if dues.deadline is not None and dues.deadline <= now:
            await self._pass_deadlines()
        if dues.timer is not None and dues.timer <= now:
            await pass_timers(self._deps)
        acts = [asyncio.create_task(self._deps.store.write(one)) for one in self._due(now)]
        took_out = asyncio.create_task(
            self._deps.store.write(self._take_out)
        )  # after them, in their transaction
        self._count_refused(await asyncio.gather(*acts, return_exceptions=True))
        heard, following = await took_out
        for saying in heard:
            self._people.hear(saying)
        return replace(following, done=self._line[0][0] if self._line else None)

    async def _pass_deadlines(self) -> None:
        begun = self._tick()
        passed, failed = await pass_deadlines(self._deps)
        if failed:
            raise Unavailable("a deadline was not passed")
        self.late += [self._tick() - begun] * passed

    def _count_refused(self, done: Sequence[object]) -> None:
        for one in done:
            if isinstance(one, SamjourError):  # too late, or no longer theirs: told, and nothing is changed
                self.refused += 1
            elif isinstance(one, BaseException):
                raise one

    def _take_out(self, tx: Tx) -> tuple[list[Saying], _Dues]:
        """What the channel would send now, and what follows; a doorbell to somebody who is off the net is tried again later."""
        now, heard = self._deps.clock.now(), list[Saying]()
        while (due := tx.outbox.next_due()) is not None and due <= now:
            for saying in tx.outbox.claim(now, now + LEASE, AT_ONCE):
                away = self._people.is_off_net() if saying.kind is Kind.RING else None
                if away is not None:
                    tx.outbox.retry(saying, now + away)
                else:
                    tx.outbox.finish(saying)
                    heard.append(saying)
        if self.told.pressed:  # duties begin and end at other instants now
            self.told.pressed, self._edge = False, None
        return heard, self._dues(tx)

    def _due(self, now: datetime) -> list[Doing]:
        found = []
        while self._line and self._line[0][0] <= now:
            found.append(heappop(self._line)[2])
        return found

    def _later(self, span: timedelta, doing: Doing) -> None:
        self._at(self._deps.clock.now() + span, doing)

    def _at(self, at: datetime, doing: Doing) -> None:
        heappush(self._line, (at, next(self._order), doing))
