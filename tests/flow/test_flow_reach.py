"""Whoever is asked can be reached, and nobody waits for somebody who cannot."""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import SystemClock, _end
from bot.commands.acts import people_add
from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.ids import PersonId
from bot.core.people import Vetting, VettingState, to_dict
from bot.core.request import Outcome
from bot.flow import advance as advancing
from bot.flow import deliver as delivering
from bot.flow import inbox as receiving
from bot.flow import wake as waking
from bot.flow.deliver import deliver
from bot.flow.deps import Deps
from bot.flow.messages import Delivery, Outbound, Receipt
from bot.flow.ports import Tx
from bot.flow.record import put as to_say
from bot.flow.records import Kind
from bot.flow.situation import Situation
from tests.flow.flow_world import (
    CHANNEL,
    EVENING_1,
    EVENING_2,
    FARSTA_1,
    FARSTA_2,
    JOUR_3,
    JOUR_4,
    OFFICER,
    OFFICER_2,
    STHLM,
    TUESDAY,
    Chats,
    World,
    address,
    night_of,
)

SAID = "Vi väntar vid porten tills ni kommer."
MINUTE = timedelta(minutes=1)


async def test_who_cannot_be_rung_is_not_rung_in_circles(world: World) -> None:
    """Four dead phones: each is tried once, and the officer has numbers in the same minute."""
    for person in (EVENING_1, EVENING_2, JOUR_3, JOUR_4):
        world.chats.answers[address(person)] = Delivery.NEVER
    c = await world.ask_for()
    assert (c.state, len(c.offers)) == (State.PHONED, 4)
    assert {offer.outcome for offer in c.offers} == {Outcome.WITHDRAWN}


@pytest.mark.parametrize("how", ["suspended", "revoked"])
async def test_who_may_no_longer_is_asked_no_longer(world: World, how: str) -> None:
    """Suspended, or the vetting revoked in mid-shift: what was put to them goes to the next one at once."""
    await world.ask_for()
    await put(world, EVENING_1, how)
    c = await world.latest()
    assert [(o.person, o.outcome) for o in c.offers] == [
        (EVENING_1, Outcome.WITHDRAWN),
        (EVENING_2, Outcome.PENDING),
    ]


@pytest.mark.parametrize("how", ["suspended", "revoked"])
async def test_who_may_no_longer_has_no_talk(world: World, how: str) -> None:
    """The talk of somebody who may no longer speak goes on with another one at once, and they hear no more of it."""
    await world.ask_for()
    await world.accept(EVENING_1)
    await world.say(OFFICER, SAID)
    await world.say(EVENING_1, "Jag är på väg.")
    before = len(world.messages(EVENING_1))
    await put(world, EVENING_1, how)
    c = await world.latest()
    assert (c.state, c.holder, [o.person for o in c.pending]) == (State.OFFERED, None, [EVENING_2])
    await world.accept(EVENING_2)
    await world.say(OFFICER, SAID)
    assert not any(SAID in message.text for message in world.messages(EVENING_1)[before:])


@pytest.mark.parametrize("how", ["suspended", "revoked"])
async def test_an_officer_who_may_no_longer_hears_no_more(world: World, how: str) -> None:
    """What a worker says is not passed on to an officer who was suspended or whose vetting was revoked."""
    await world.ask_for()
    await world.accept(EVENING_1)
    await world.say(OFFICER, SAID)
    await put(world, OFFICER, how)
    await world.say(EVENING_1, "Jag kommer från Rosengård.")
    assert not any("Rosengård" in text for text in world.texts(OFFICER))
    assert (await world.latest()).state is State.CLOSED


async def test_a_talk_by_telephone_does_not_lapse_in_the_middle(
    laid_out: Path, content: Content, tmp_path: Path
) -> None:
    """Where Telegram may not carry the talk, whoever took it has time to telephone before somebody else is rung."""
    async with night_of(laid_out, tmp_path / "day", content, TUESDAY) as day:
        await day.ask_for(STHLM, "c:lpo-farsta:child:advice:now")
        await day.accept(FARSTA_1)
        day.clock.move(5 * MINUTE)
        await day.work()
        c = await day.latest(STHLM)
        assert (c.state, c.holder) == (State.OPEN, FARSTA_1)
        day.clock.move(15 * MINUTE)
        await day.work()
        assert (await day.latest(STHLM)).holder is None, "nobody waits for ever"
        assert FARSTA_2 in {o.person for o in (await day.latest(STHLM)).offers}


@dataclass(slots=True)
class Hanging(Chats):
    """A channel where one address never answers."""

    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Outbound) -> Receipt:
        if message.address == address(EVENING_1):
            self.hanging.set()
            await asyncio.Event().wait()
        self.told.set()
        return await Chats.send(self, message)


async def test_one_that_hangs_holds_up_nobody(world: World) -> None:
    """While one sending hangs, everybody else's are said."""
    chats = Hanging(shown=world.chats.shown)
    loop = asyncio.create_task(deliver(world.deps, {CHANNEL: chats}))
    try:
        await asyncio.wait_for(_ring_and_answer(world, chats), 5)
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)


async def _ring_and_answer(world: World, chats: Hanging) -> None:
    for person in (EVENING_1, OFFICER_2):
        await world.deps.store.write(
            lambda tx, p=person: to_say(  # type: ignore[misc]
                tx, world.deps, PersonId(p), CHANNEL, Kind.REPLY, key="page.numbers"
            )
        )
        world.deps.bells.ring()
        await (chats.hanging if person == EVENING_1 else chats.told).wait()


async def test_a_row_that_cannot_be_settled_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the outcome of one sending cannot be recorded, the others are recorded, and it is given up in the end."""

    def broken(*_: object) -> None:
        raise KeyError("x")

    await world.ask_for()
    monkeypatch.setattr(delivering, "_undelivered", broken)
    world.chats.answers[address(EVENING_1)] = Delivery.NEVER
    await world.command(EVENING_1, "ring")
    await world.command(OFFICER, "ring")
    assert any("Svarar nu" in text for text in world.texts(OFFICER))
    for _ in range(10):
        world.clock.move(MINUTE)
        await world.work()
    assert await world.deps.store.read(lambda tx: tx.outbox.next_due()) is None


async def test_a_deadline_that_breaks_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One consultation that breaks us is tried again, and those after it are worked off and told meanwhile."""
    broken = await world.ask_for()
    whole, real = await world.ask_for(OFFICER_2), advancing.overdue

    def overdue(
        tx: Tx, deps: Deps, c: Consultation, now: datetime, found: Situation | None
    ) -> tuple[Consultation, Situation | None]:
        if c.id == broken.id:
            raise KeyError("x")
        return real(tx, deps, c, now, found)

    monkeypatch.setattr(waking, "overdue", overdue)
    world.clock.move(MINUTE)
    passed, failed = await waking.pass_deadlines(world.deps)
    assert (passed, failed) == (1, 1)
    assert world.deps.bells.outbox.is_set()
    now = await world.deps.store.read(lambda tx: tx.consultations.get(whole.id))
    assert now is not None
    assert now.version > whole.version


async def test_a_refusal_that_breaks_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """When even saying that something broke breaks, the others' messages are handled all the same."""

    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(receiving, "refuse", broken)
    await world.press(OFFICER, "no button of ours")
    await world.command(OFFICER_2, "ring")
    assert any("Svarar nu" in text for text in world.texts(OFFICER_2))


async def test_bells_are_rung_in_the_loop(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bell is rung after the commit and in the loop's own thread: from another one nobody is woken."""
    rung: list[bool] = []
    here = threading.get_ident()
    monkeypatch.setattr(type(world.deps.bells), "ring", lambda _: rung.append(threading.get_ident() == here))
    world.chats.answers[address(EVENING_1)] = Delivery.NEVER
    await world.ask_for()
    assert rung
    assert all(rung)


async def test_a_wait_looks_at_the_clock_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slept, or a clock that was set, delays no deadline by more than a few seconds."""
    asked: list[float | None] = []

    def noted(left: float | None) -> asyncio.Timeout:
        asked.append(left)
        return asyncio.timeout_at(0)

    monkeypatch.setattr(asyncio, "timeout", noted)
    clock = SystemClock()
    await clock.wait(asyncio.Event(), clock.now() + timedelta(hours=1))
    assert asked[0] is not None
    assert asked[0] <= 5


async def test_a_loop_that_misses_its_end_is_ended() -> None:
    """A cancellation that was taken for something else does not keep Samjour from stopping."""
    begun = asyncio.Event()

    async def stubborn() -> None:
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await begun.wait()
    await asyncio.wait_for(_end([task]), 5)
    assert task.cancelled()


async def put(world: World, person: str, how: str) -> None:
    """As `samjour people add` does with a changed person."""
    revoked = Vetting(state=VettingState.REVOKED, since=date(2026, 11, 21))
    found = await world.facts(person)
    changed = replace(found, active=False) if how == "suspended" else replace(found, vetting=revoked)
    samjour = _Samjour(world)
    await people_add(samjour, {"person": to_dict(changed)})  # type: ignore[arg-type]
    await world.work()


class _Samjour:
    """What a command needs of the running service."""

    def __init__(self, world: World) -> None:
        self.deps, self.store = world.deps, world.deps.store
