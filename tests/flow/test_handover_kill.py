"""kill -9 in the middle of a handover: every talk has gone, or none, and each has somebody who holds it."""

import asyncio
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.app import build
from bot.content import Content
from bot.core.ids import PersonId
from bot.demo.clock import ScriptedClock
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from bot.settings import Settings
from tests.flow import dying_handover
from tests.flow.flow_world import (
    EVENING_1,
    EVENING_2,
    NIGHT,
    OFFICER,
    OFFICER_2,
    ROOT,
    lay_out,
    night_of,
    read_content,
)

LEAST = 20  # moments at which it was killed
CALL_ME = "c:lpo-malmo-norr:child:call_me:now"


async def test_kill_at_every_moment_of_it(tmp_path: Path) -> None:
    """Whenever it dies, both talks are the giver's or both are the receiver's, the ledger holds, and nothing half stands."""
    content, due = read_content(), tmp_path / "due"
    await lay_out(tmp_path / "seeded", content, NIGHT)
    async with night_of(tmp_path / "seeded", due, content, NIGHT) as world:
        await world.ask_for(OFFICER)
        await world.accept(EVENING_1)
        await world.say(OFFICER, "Vi väntar vid porten.")
        await world.ask_for(OFFICER_2, CALL_ME)
        await world.accept(EVENING_1)
        at = world.clock.now()
    *killed, (last, ended) = await die(due, at)
    assert ended == 0
    assert {code for _, code in killed} == {-signal.SIGKILL}
    assert len(killed) >= LEAST
    seen = [await held_in(tmp_path / str(n), content, at) for n in range(1, last + 1)]
    assert set(seen) == {(2, 0), (0, 2)}
    assert seen[-1] == (0, 2)


async def die(due: Path, at: datetime) -> list[tuple[int, int]]:
    """Hand over on a copy for each moment; returns the moments and the exit codes."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", dying_handover.__name__, str(due), at.isoformat()),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return [(int(moment), int(code)) for moment, code in (line.split() for line in told.splitlines())]


async def held_in(folder: Path, content: Content, at: datetime) -> tuple[int, int]:
    """How many talks giver and receiver hold after it; everything verifies."""
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content, clock=ScriptedClock(at)) as samjour:
        deps = samjour.deps
        await sign_heads(deps)
        found = await deps.store.read(lambda tx: verify(tx, signers(deps)))
        assert found.faults == ()
        giver = await deps.store.read(lambda tx: tx.consultations.held_by(PersonId(EVENING_1)))
        receiver = await deps.store.read(lambda tx: tx.consultations.held_by(PersonId(EVENING_2)))
    return len(giver), len(receiver)
