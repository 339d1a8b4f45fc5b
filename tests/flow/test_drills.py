"""Drills: the doorbell of each step is tried in the afternoon, and nothing else happens."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.checks import Outcome, Stage
from bot.core.drills import Result, Skipped, last
from bot.core.ids import OrganisationId, PersonId, StepId
from bot.core.people import Role
from bot.core.readiness import Missing, reasons
from bot.flow.drills import drill
from bot.flow.messages import Delivery
from bot.flow.ports import Tx
from bot.flow.ready import drilled, found_of, gap_finder
from bot.flow.record import fact
from bot.flow.records_readiness import Check
from bot.flow.situation import workers
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from tests.flow.flow_world import DAY_1, NIGHT, OFFICER, World, address, night_of

AFTERNOON = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)  # Tuesday, 14.30
MALMO, DAY, MINUTE = OrganisationId("malmo"), timedelta(days=1), timedelta(minutes=1)
BELL = "Provlarm: tryck Visa."


@pytest.fixture
async def world(laid_out: Path, content: Content, folder: Path) -> AsyncIterator[World]:
    """Tuesday at half past two, with the people of the day on duty."""
    async with night_of(laid_out, folder, content, NIGHT) as begun:
        begun.clock.move(AFTERNOON - NIGHT)
        yield begun


async def found(world: World) -> dict[StepId, Result]:
    now = world.clock.now()
    return last(await world.deps.store.read(lambda tx: drilled(tx, MALMO, now)))


async def rings(world: World) -> int:
    count = await drill(world.deps)
    await world.work()
    return count


async def holds(world: World) -> bool:
    await sign_heads(world.deps)
    report = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert report.faults == ()
    return report.ok


async def test_seen_in_time_is_passed(world: World) -> None:
    """LO#363: a bell can be tried, and says that it is a drill; a press on Visa within the step's seconds is what passes it."""
    assert await rings(world) > 0
    assert world.texts(DAY_1)[-1] == BELL
    world.clock.move(timedelta(seconds=12))
    await world.press_shown(DAY_1, "t:20261124")
    assert world.texts(DAY_1)[-1] == "Tack. Provlarmet kom fram. Ingen väntar på dig."
    world.clock.move(MINUTE)
    result = (await found(world))[StepId("dag")]
    assert (result.passed, result.seconds) == (True, 12.0)
    assert await holds(world)


async def test_each_person_is_rung_once_for_all_their_steps(world: World) -> None:
    """Whoever stands in several chains gets one bell; the second look rings nobody."""
    count = await rings(world)
    assert await rings(world) == 0
    shown = sum(BELL in text for person in world.chats.shown for text in texts(world, person))
    assert 0 < shown <= count


def texts(world: World, chat: str) -> list[str]:
    return [message.text for message in world.chats.shown[chat]]


async def test_nothing_else_follows(world: World) -> None:
    """No consultation, no load, no turn, no officer, no number: who is asked next is who was before."""

    def ask(tx: Tx) -> tuple[object, ...]:
        return (
            tx.consultations.of_officer(PersonId(OFFICER), 9),
            tx.consultations.doorbells(),
            tx.consultations.last_offered(),
            workers(tx, world.clock.now()),
            tuple(tx.audit.consultations()),
        )

    before = await world.deps.store.read(ask)
    await rings(world)
    world.clock.move(10 * MINUTE)
    await world.work()
    world.clock.move(-10 * MINUTE)
    assert await world.deps.store.read(ask) == before
    assert not any(BELL in text for text in world.texts(OFFICER))


async def test_what_nobody_sees_twice_is_a_reason(world: World) -> None:
    """Once may be chance; twice in a row the organisation's state says DRILL."""
    assert Missing.DRILL not in await state(world)
    for n in range(2):
        world.clock.move(AFTERNOON + n * DAY - world.clock.now())
        await rings(world)
        world.clock.move(10 * MINUTE)
        assert (await found(world))[StepId("dag")].passed is False
        assert (Missing.DRILL in await state(world)) is (n == 1)


async def state(world: World) -> tuple[Missing, ...]:
    now = world.clock.now()

    def ask(tx: Tx) -> tuple[Missing, ...]:
        content = world.deps.content()
        own = content.structure.organisations[MALMO]
        return reasons(found_of(tx, content, own, now, gap_finder(tx, tx.people.all(), now)))

    return await world.deps.store.read(ask)


async def test_steps_of_other_hours_say_so(world: World) -> None:
    """Every step has its row: the evening's has nobody to try at half past two."""
    await rings(world)
    results = await found(world)
    assert results.keys() == {"skydd", "dag", "kvall", "jour", "falt"}
    assert results[StepId("kvall")].skipped is Skipped.NOBODY
    assert results[StepId("dag")].skipped is None


async def test_who_is_known_not_to_be_reached_is_not_tried(world: World) -> None:
    """A check that failed is red already: the drill says so, and rings nobody in vain."""
    await world.deps.store.write(lambda tx: fail(tx, world))
    await rings(world)
    assert (await found(world))[StepId("dag")].skipped is Skipped.RED
    assert BELL not in world.texts(DAY_1)


def fail(tx: Tx, world: World) -> None:
    """The check of the day's worker has failed."""
    now = world.clock.now() - 60 * MINUTE
    check = Check(
        id="0" * 32,
        person=PersonId(DAY_1),
        starts=now,
        stage=Stage.START,
        organisation=MALMO,
        role=Role.SOCIAL_WORKER,
        outcome=Outcome.FAILED,
        asked=now,
        until=now,
        told=now,
    )
    tx.readiness.put_check(check, fact(world.deps, MALMO, "readiness", now))


@pytest.mark.parametrize("hours", [-1, 2, 8, 12])
async def test_at_other_hours_nobody_is_rung(world: World, hours: int) -> None:
    """Not before, not in the evening when it was missed, never at night."""
    world.clock.move(timedelta(hours=hours))
    assert await rings(world) == 0


async def test_a_bell_that_comes_late_is_not_shown(world: World) -> None:
    """Telegram was away for an hour: a drill that cannot count any more disturbs nobody."""
    await drill(world.deps)
    world.clock.move(60 * MINUTE)
    await world.work()
    assert BELL not in world.texts(DAY_1)


async def test_the_button_of_another_day_counts_for_nothing(world: World) -> None:
    """It says so; yesterday's result stays what it was."""
    await rings(world)
    world.clock.move(DAY)
    await world.press_shown(DAY_1, "t:20261124")
    assert world.texts(DAY_1)[-1] == "Det här provlarmet är över. Ingen väntar på dig."
    assert (await found(world))[StepId("dag")].passed is False


async def test_who_blocks_the_bot_has_not_seen_it(world: World) -> None:
    """A refused bell is a failed drill, not a skipped one."""
    world.chats.answers[address(DAY_1)] = Delivery.REFUSED
    await rings(world)
    world.clock.move(10 * MINUTE)
    assert (await found(world))[StepId("dag")].passed is False
