"""A clock that is set back an hour in the middle of a night: duty goes on, nothing is lost, nothing rings twice."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import State
from bot.core.ids import PersonId
from bot.demo.clock import ScriptedClock
from bot.demo.run import demo, free_port
from bot.flow.steady import Steady
from tests.stories.conftest import LaidOut
from tests.stories.story import (
    EVENING_1,
    EVENING_2,
    HOUR,
    MINUTE,
    NIGHT,
    OFFICER,
    OFFICER_2,
    RING,
    SECOND,
    STEP,
    Service,
    Story,
)


class SetBack(ScriptedClock):
    """A machine whose clock somebody sets, as Samjour sees it."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._start, self._off = start, timedelta(0)
        self._steady = Steady(self._wall, self._ran)

    def now(self) -> datetime:
        return self._steady.now()

    def _ran(self) -> float:
        return (self._now - self._start).total_seconds()

    def _wall(self) -> datetime:
        return self._now + self._off

    def set_back(self, span: timedelta) -> None:
        """The machine's clock is set back, and no time passes."""
        self._off -= span
        self.move(timedelta(0))


@asynccontextmanager
async def night_on(clock: SetBack, folder: Path, content: Content) -> AsyncIterator[Story]:
    async with demo(folder, content, port=free_port(), clock=clock) as shown:
        begun = Story(shown=shown, clock=clock, database=folder / "samjour.db")
        await begun.quiet()
        yield begun


@pytest.fixture
def clock() -> SetBack:
    return SetBack(NIGHT)


@pytest.fixture
async def night(tmp_path: Path, malmo: Content, laid_out: LaidOut, clock: SetBack) -> AsyncIterator[Story]:
    folder = tmp_path / "records"
    shutil.copytree(await laid_out(NIGHT), folder)
    async with night_on(clock, folder, malmo) as begun:
        yield begun


def rung(story: Story, person: str) -> int:
    """How often a doorbell has come to somebody's phone."""
    return sum(RING in (message.text, *message.history) for message in story.phone(person).messages)


async def test_whoever_is_asked_has_two_minutes_at_most_and_no_bell_more(
    night: Story, clock: SetBack
) -> None:
    """The minute to answer lasts two, not an hour and one, with as many bells as ever (at 0, 25, 50 s): then the next."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    clock.set_back(HOUR)
    bells = [1]
    for _ in range(2 * int(STEP / SECOND) - 1):
        await night.pass_time(SECOND)
        bells.append(rung(night, EVENING_1))
    assert [second + 1 for second, (one, two) in enumerate(pairwise(bells)) if two > one] == [50, 100]
    assert rung(night, EVENING_2) == 0
    await night.pass_time(SECOND)
    await night.rung(EVENING_2)
    assert rung(night, EVENING_1) == bells[-1]
    await night.verified()


async def test_a_yes_counts_and_the_talk_goes_on(night: Story, clock: SetBack) -> None:
    """What was pressed after the clock was set is a yes, words arrive, and the ledger verifies: no time goes back in it."""
    await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    clock.set_back(HOUR)
    await night.phone(EVENING_1).press("Jag tar den", offer)
    await night.phone(EVENING_1).wait_for_text("Du har förfrågan")
    await night.phone(OFFICER).say("Är ni på väg?")
    await night.phone(EVENING_1).wait_for_text("Är ni på väg?")
    assert (await night.latest()).state is State.OPEN
    await night.pass_time(2 * HOUR)
    assert clock.now() == NIGHT + HOUR, "the clocks agree again"
    await night.verified()


async def test_a_shift_that_is_over_does_not_begin_again(night: Story, clock: SetBack) -> None:
    """Who went off duty stays off when the clock shows the hour before; who came on stays on and is asked."""
    ends = await end_of_shift(night, EVENING_1)
    await night.pass_time(ends - clock.now() + MINUTE)
    clock.set_back(HOUR)
    await night.pass_time(MINUTE)
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_2)
    assert rung(night, EVENING_1) == 0
    await night.verified()


async def test_everything_due_meanwhile_comes_once_and_in_order(night: Story, clock: SetBack) -> None:
    """Deadlines of before and after the setting, timers too: through the night each has its effect once."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    clock.set_back(HOUR)
    await night.pass_time(MINUTE)
    await night.ask_for(night.phone(OFFICER_2))
    for _ in range(12):
        await night.pass_time(MINUTE)
    for officer in (OFFICER, OFFICER_2):
        c = await night.latest(officer)
        assert c.state is State.PHONED
        assert len({o.id for o in c.offers}) == len(c.offers) == 4, "somebody was asked twice, or never"
        assert sorted(o.at for o in c.offers) == [o.at for o in c.offers]
    assert night.rows("timers") == len({(kind, ref) for kind, ref in await timers(night)})
    assert await night.deps.store.read(lambda tx: tx.timers.overdue(clock.now(), 10)) == ()
    await night.verified()


async def test_a_restart_after_the_clock_was_set_loses_nothing(service: Service) -> None:
    """Started again an hour earlier than it stopped: what was open is open, the next request is served, the record holds."""
    async with service.api.running(port=service.api_port):
        async with service.started() as before:
            await service.link(before, OFFICER, OFFICER_2, EVENING_1, EVENING_2)
            await before.open_talk()
            await before.quiet()
        service.clock = ScriptedClock(NIGHT - HOUR)
        async with service.started() as after:
            await after.phone(OFFICER).say("Är ni kvar?")
            await after.phone(EVENING_1).wait_for_text("Är ni kvar?")
            assert (await after.latest()).holder == PersonId(EVENING_1)
            await after.ask_for(after.phone(OFFICER_2))
            await after.quiet()
            for _ in range(3):
                await after.pass_time(STEP)
            assert (await after.latest(OFFICER_2)).offers
            await after.verified()


async def end_of_shift(story: Story, person: str) -> datetime:
    now = story.clock.now()
    shifts = await story.deps.store.read(lambda tx: tx.rosters.shifts(now, now + SECOND))
    (ends,) = {s.ends for s in shifts if s.person == person}
    return ends


async def timers(story: Story) -> list[tuple[str, str]]:
    far = story.clock.now() + timedelta(days=400)
    found = await story.deps.store.read(lambda tx: tx.timers.overdue(far, 10_000))
    return [(timer.kind, timer.ref) for timer in found]
