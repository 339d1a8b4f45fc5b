"""Timers at work: each once, in order, in the act that forgets it; one that fails stops no other."""

from datetime import datetime

from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.timed import AGAIN, HANDLERS, pass_timers
from tests.flow.flow_world import NIGHT, World
from tests.store.small import MINUTE, SECOND

KIND = TimerKind.RING_AGAIN


class Seen:
    """What a handler was called with; it breaks at what `breaks` names."""

    def __init__(self, breaks: str = "") -> None:
        """Nothing yet."""
        self.refs: list[str] = []
        self.breaks = breaks

    def __call__(self, tx: Tx, _deps: Deps, ref: str, _now: datetime) -> None:
        """Note it; what is done before it breaks is undone."""
        tx.timers.put(Timer(kind=KIND, ref=f"after {ref}", due=NIGHT + 60 * MINUTE))
        if ref == self.breaks:
            raise RuntimeError
        self.refs.append(ref)


async def put(world: World, *refs: str) -> None:
    """A timer for each, a second between them, due when the night begins."""

    def act(tx: Tx) -> None:
        for n, ref in enumerate(refs):
            tx.timers.put(Timer(kind=KIND, ref=ref, due=NIGHT + n * SECOND))

    await world.deps.store.write(act)


def test_every_kind_has_its_handler() -> None:
    """No timer is set that nobody looks at."""
    assert set(HANDLERS) == set(TimerKind)


async def test_each_once_and_in_order(world: World) -> None:
    """What became due while nobody looked runs at once, the longest overdue first, and never again."""
    await put(world, "a", "b", "c")
    world.clock.move(MINUTE)
    seen = Seen()
    assert await pass_timers(world.deps, {KIND: seen}) == 3
    assert seen.refs == ["a", "b", "c"]
    assert await pass_timers(world.deps, {KIND: seen}) == 0


async def test_one_that_fails_stops_no_other(world: World) -> None:
    """Nothing that it did is kept; it is tried anew after a while, and the others have run."""
    await put(world, "a", "b", "c")
    world.clock.move(MINUTE)
    seen = Seen(breaks="b")
    await pass_timers(world.deps, {KIND: seen})
    assert seen.refs == ["a", "c"]
    left = await world.deps.store.read(lambda tx: tx.timers.overdue(NIGHT + 60 * MINUTE, 9))
    again = Timer(kind=KIND, ref="b", due=NIGHT + MINUTE + AGAIN)
    assert left[0] == again
    assert [timer.ref for timer in left[1:]] == ["after a", "after c"]


async def test_one_that_was_moved_meanwhile_waits(world: World) -> None:
    """An act before it in the queue has moved or dropped it: it does not run on what was read before."""
    await put(world, "a", "b")
    world.clock.move(MINUTE)
    refs: list[str] = []

    def drops(tx: Tx, _deps: Deps, ref: str, _now: datetime) -> None:
        refs.append(ref)
        tx.timers.drop(KIND, "b")

    await pass_timers(world.deps, {KIND: drops})
    assert refs == ["a"]
