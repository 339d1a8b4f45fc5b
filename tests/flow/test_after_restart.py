"""After a restart: everything that became due while nobody ran is worked off at once, the longest overdue first."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.content import Content
from bot.core.codec import Happened, parse_consultation_body
from bot.core.events import DeadlinePassed
from bot.core.ids import OrganisationId
from bot.flow import verify
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.upkeep import sign_heads, signers
from bot.flow.wake import wake
from tests.flow.flow_world import (
    EVENING_1,
    NIGHT,
    OFFICER,
    OFFICER_2,
    World,
    night_of,
    through_gaps,
)

APART, AWAY = timedelta(seconds=20), timedelta(minutes=10)
MALMO = OrganisationId("malmo")
BELL = "Samjour: någon söker dig. Tryck Visa."


async def test_deadlines_and_timers_run_at_once_and_in_order(
    laid_out: Path, tmp_path: Path, content: Content
) -> None:
    """Whoever waited longest is served first; a bell that was to ring again does not ring where the time is out."""
    files = through_gaps(content)
    async with night_of(laid_out, tmp_path / "before", files, NIGHT) as before:
        first = await before.ask_for(OFFICER)
        before.clock.move(APART)
        second = await before.ask_for(OFFICER_2)
        now = before.clock.now()
        timers = await before.deps.store.read(lambda tx: tx.timers.overdue(now + AWAY, 100))
        assert len(timers) >= 2, "there is something that rings again"
        assert await seen(before) == []
    async with night_of(tmp_path / "before", tmp_path / "after", files, NIGHT + AWAY) as after:
        bells = len([text for text in after.texts(EVENING_1) if text == BELL])
        await woken(after.deps)
        assert [told.consultation for told in await seen(after)][:2] == [first.id, second.id]
        assert all(told.event.at == NIGHT + AWAY for told in await seen(after))
        assert len([text for text in after.texts(EVENING_1) if text == BELL]) == bells
        assert await overdue(after.deps, NIGHT + AWAY) == 0
        await sign_heads(after.deps)
        found = await after.deps.store.read(lambda tx: verify.verify(tx, signers(after.deps)))
        assert found.faults == ()


async def woken(deps: Deps) -> None:
    """The loop runs until nothing is overdue."""
    waking = asyncio.create_task(wake(deps))
    async with asyncio.timeout(60):  # against hanging only
        while await overdue(deps, deps.clock.now()):
            pass
    waking.cancel()
    with suppress(asyncio.CancelledError):
        await waking


async def overdue(deps: Deps, now: datetime) -> int:
    def ask(tx: Tx) -> int:
        return len(tx.consultations.overdue(now, 100)) + len(tx.timers.overdue(now, 100))

    return await deps.store.read(ask)


async def seen(world: World) -> list[Happened]:
    """Deadlines that have passed, in the order of the ledger."""

    def ask(tx: Tx) -> list[Happened]:
        entries = [found.entry for found in tx.audit.entries(MALMO) if found.entry.kind == "consultation"]
        told = [parse_consultation_body(entry.body) for entry in entries]
        return [one for one in told if isinstance(one.event, DeadlinePassed)]

    return await world.deps.store.read(ask)
