"""kill -9 in the middle of erasing: it was done or it was not, the certificate says which, and the next run finishes it."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.app import build
from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.demo.clock import ScriptedClock
from bot.flow.deps import Deps
from bot.flow.retention_restore import reapply_at_start
from bot.flow.retention_run import run
from bot.settings import Settings
from tests.flow import dying
from tests.flow.flow_world import NIGHT, ROOT, World, lay_out, night_of
from tests.flow.retention_world import (
    DAY,
    certificates_in,
    faults,
    found_in,
    later,
    marks_of,
    question,
    read_decided,
    state_of,
    talk,
)

LEAST = 12  # moments at which it was killed


async def test_kill_at_every_moment(tmp_path: Path) -> None:
    """Killed before any step: what is erased has its certificate outside, and what is not has none that counts.

    The ledger holds each time; after the next run everything is erased, and nothing is left in any file.
    """
    content, due = read_decided(), tmp_path / "due"
    await lay_out(tmp_path / "seeded", content, NIGHT)
    async with night_of(tmp_path / "seeded", due, content, NIGHT) as world:
        gone = [await talk(world), await question(world)]  # two certificates
        await later(world, DAY)
        world.clock.move(7 * DAY)
        at = world.clock.now()
    marks = marks_of(due, gone[0])
    *killed, (last, ended) = await die(due, at)
    assert ended == 0
    assert {code for _, code in killed} == {-signal.SIGKILL}
    assert len(killed) >= LEAST
    seen = {await check(tmp_path / str(n), gone, marks, content, at) for n in range(1, last + 1)}
    assert seen == {0, 1, 2}, "it was never killed between the one and the other"


async def die(due: Path, at: datetime) -> list[tuple[int, int]]:
    """Run retention on a copy for each moment; returns the moments and the exit codes."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", dying.__name__, str(due), at.isoformat()),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return [(int(moment), int(code)) for moment, code in (line.split() for line in told.splitlines())]


async def check(
    folder: Path, gone: list[Consultation], marks: dict[str, bytes], content: Content, at: datetime
) -> int:
    """What must be so after any kill; returns how many were erased by then."""
    async with opened(folder, content, at) as deps:
        await reapply_at_start(deps)
        world = World(deps, ScriptedClock(at))
        erased = [await state_of(world, c) for c in gone].count(State.ERASED)
        inside = await deps.store.read(lambda tx: tx.retention.certificates())
        outside = {name.partition(".")[0] for name in certificates_in(folder)}
        assert inside <= outside, "erased, and no certificate outside"
        assert erased == len(inside)
        assert await faults(deps) == ()
        await run(deps, "test")
        assert {await state_of(world, c) for c in gone} == {State.ERASED}
        inside = await deps.store.read(lambda tx: tx.retention.certificates())
        shown = {name for name in certificates_in(folder) if not name.startswith(".")}
        assert shown == {f"{id_}.certificate" for id_ in inside}
        assert await faults(deps) == ()
    assert found_in(folder, marks) == set()
    return erased


@asynccontextmanager
async def opened(folder: Path, content: Content, at: datetime) -> AsyncIterator[Deps]:
    """The folder, opened by this process."""
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content, clock=ScriptedClock(at)) as samjour:
        yield samjour.deps
