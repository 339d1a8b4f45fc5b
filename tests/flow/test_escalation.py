"""Escalation obeys its seconds: in simulated nights of people who accept, decline, sleep, go home and come back."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.in_force import steps_at
from bot.core.request import Offer, Outcome
from bot.flow.wake import pass_edges
from tests.flow.flow_world import (
    EVENING_1,
    EVENING_2,
    JOUR_3,
    JOUR_4,
    NIGHT,
    OFFICER,
    OFFICER_2,
    World,
    night_of,
    through_gaps,
)

TICK = timedelta(seconds=5)  # how often anybody looks at the clock, in these nights
TICKS = 600  # over the end of the first evening duty, at one o'clock
BEGINS = timedelta(minutes=120)  # after the world's own beginning: 00.40
OFFICERS, WORKERS = (OFFICER, OFFICER_2), (EVENING_1, EVENING_2, JOUR_3, JOUR_4)
NEEDS = ("advice:now", "consult:now", "presence:now", "call_me:now", "notify:tonight")
OVER = {State.CLOSED, State.ERASED}
ASIDE = {*OVER, State.PHONED, State.DEFERRED}


class Night:
    """A night out of one seed; whatever its people do, what is kept is looked at after each tick."""

    def __init__(self, world: World, seed: int) -> None:
        """The same seed plays the same night."""
        self.world, self.chance = world, Random(seed)  # noqa: S311 - a night, not a key
        self.silent = self.asked = self.phoned = 0
        self.before: dict[str, Consultation] = {}
        self.came = set[tuple[str, datetime]]()

    async def play(self) -> None:
        """Tick by tick; what people do happens between two ticks."""
        for _ in range(TICKS):
            since = self.world.clock.now()
            self.world.clock.move(TICK)
            await pass_edges(self.world.deps, since, self.world.clock.now())
            await self.world.work()
            await self.look()
            if self.chance.random() < 0.4:
                await self.happen()
                await self.look()

    async def happen(self) -> None:
        """Somebody does something."""
        match self.chance.choice(("ask", "ask", "answer", "answer", "answer", "duty", "could", "close")):
            case "ask":
                await self.ask(self.chance.choice(OFFICERS))
            case "answer":
                await self.answer(self.chance.choice(WORKERS))
            case "duty":
                await self.duty(
                    self.chance.choice(WORKERS), self.chance.choice(("d:on", "d:on", "d:on", "d:off"))
                )
            case "could":
                await self.held(":could_not")
            case "close":
                await self.held(":close:advice")

    async def ask(self, officer: str) -> None:
        """One more request, of any need, from an officer for whom nobody is being sought."""
        if not any(c.officer == officer and c.state not in ASIDE for c in self.before.values()):
            await self.world.ask_for(officer, f"c:lpo-malmo-norr:child:{self.chance.choice(NEEDS)}")

    async def duty(self, worker: str, press: str) -> None:
        """Somebody comes, or goes home."""
        self.came.add((worker, self.world.clock.now()))
        await self.world.press(worker, press)

    async def answer(self, worker: str) -> None:
        """Yes, no, or only a look."""
        for c in self.before.values():
            for offer in c.pending:
                if offer.person == worker:
                    say = self.chance.choice(("show", "yes", "no", "no"))
                    await self.world.press(worker, f"o:{offer.id}:{say}")
                    return

    async def held(self, ending: str) -> None:
        """Whoever has a talk ends it, or cannot come."""
        for c in self.before.values():
            if c.holder is not None and c.state is State.OPEN:
                await self.world.press(c.holder, f"k:{c.id}{ending}")
                return

    async def look(self) -> None:
        """Nobody is left waiting for anybody who is not asked, and nothing is later than a tick."""
        now = self.world.clock.now()
        for officer in OFFICERS:
            for c in await self.world.deps.store.read(
                lambda tx, one=officer: tx.consultations.of_officer(one, 5)  # type: ignore[misc]
            ):
                self.hold(c, now)
                self.count(self.before.get(c.id), c)
                self.before[c.id] = c

    def hold(self, c: Consultation, now: datetime) -> None:
        """What must be true of a request at every instant."""
        assert (
            c.state is not State.SEEKING
        )  # while anybody waits, somebody is asked, a time is set, or numbers are given
        if c.state not in OVER:
            assert c.due is not None
            assert c.due > now
        if c.state is State.OFFERED:
            assert c.pending
        if c.state is State.PHONED:
            assert c.numbers
        for n, offer in enumerate(c.offers):
            assert offer.until - offer.at == timedelta(seconds=self.seconds(c, offer))
            assert offer.outcome is not Outcome.PENDING or offer.until > now
            if offer.outcome is Outcome.SILENT:
                assert offer.settled_at is not None
                assert timedelta(0) <= offer.settled_at - offer.until <= TICK
            self.hold_turn(offer, c.offers[:n])

    def hold_turn(self, offer: Offer, before: tuple[Offer, ...]) -> None:
        """Nobody is asked before those of earlier steps have answered, or their time was out; but who comes on duty is."""
        for other in before:
            done = other.settled_at is not None and other.settled_at <= offer.at
            assert other.at == offer.at or done or (offer.person, offer.at) in self.came

    def count(self, before: Consultation | None, now: Consultation) -> None:
        """How much of everything there was."""
        known = len(before.offers) if before is not None else 0
        self.asked += len(now.offers) - known
        self.silent = max(self.silent, sum(o.outcome is Outcome.SILENT for o in now.offers))
        self.phoned += now.state is State.PHONED

    def seconds(self, c: Consultation, offer: Offer) -> int:
        """What the chain's file says of the step."""
        assert c.organisation is not None
        board = self.world.deps.content().structure.organisations[c.organisation]
        return next(step.seconds for step in steps_at(board, offer.at) if step.id == offer.step)


@pytest.mark.parametrize("seed", range(6))
async def test_nobody_waits_longer_than_the_seconds_and_a_tick(
    laid_out: Path, content: Content, folder: Path, seed: int
) -> None:
    """Whatever people do: silence ends no earlier than its seconds and at most a tick later, and what follows follows at once."""
    async with night_of(laid_out, folder, through_gaps(content), NIGHT) as world:
        night = Night(world, seed)
        await night.play()
    assert night.asked > 20  # the draw has not gone stale
    assert night.silent > 0
    assert night.phoned > 0
