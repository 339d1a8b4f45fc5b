"""`python -m tests.flow.dying DUE AT`: runs retention on copies of a folder, and is killed at each moment in turn.

A moment lies before each thing that a run does to the folder of certificates or to the database. Copy N, beside the
folder, is of the run that was killed at its Nth moment. One line for each: N and the exit code; the last has ended.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import build
from bot.content import Content
from bot.demo.clock import ScriptedClock
from bot.flow.retention_run import run
from bot.settings import Settings
from bot.store import sqlite
from bot.store.certificate_folder import CertificateFolder
from bot.store.retention import SqlRetention
from bot.store.scour import rewrite
from tests.flow.retention_world import read_decided

STEPS = ("_write", "_rename", "_remove", "_settle")  # of the folder
ACTS = ("blank", "remove", "put_certificate")  # within the transaction
MOST = 60  # moments; against counting on for ever


def after(moment: Callable[[], None], act: Callable[..., Any]) -> Callable[..., Any]:
    """The act, with a moment before."""

    def acting(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever the act takes and gives
        moment()
        return act(*args, **more)

    return acting


def arm(moments: int) -> None:
    """Be killed at the last of so many moments."""
    left = [moments]

    def moment() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, names in ((CertificateFolder, STEPS), (SqlRetention, ACTS)):
        for name in names:
            setattr(owner, name, after(moment, getattr(owner, name)))
    sqlite.rewrite = after(moment, rewrite)  # type: ignore[attr-defined]


async def once(folder: Path, at: datetime, content: Content) -> None:
    """Run retention."""
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content, clock=ScriptedClock(at)) as samjour:
        await run(samjour.deps, "test")


def main(due: Path, at: datetime) -> None:
    """Kill at the first moment, at the second, and so on, until one run gets to its end."""
    content = read_decided()
    for moments in range(1, MOST):
        folder = due.with_name(str(moments))
        shutil.copytree(due, folder)
        child = os.fork()  # the files are read once, and there is no thread yet
        if child == 0:
            arm(moments)
            asyncio.run(once(folder, at, content))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(moments, code, flush=True)  # noqa: T201 - what the test reads
        if code != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
