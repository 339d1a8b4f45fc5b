"""`python -m tests.flow.dying_handover FOLDER AT`: hands a shift over on copies of a folder, and is killed at each moment in turn.

A moment lies before and after everything that the act writes. Copy N, beside the folder, is of the act that was killed at
its Nth moment. One line for each: N and the exit code; the last has ended.
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
from bot.core.ids import PersonId
from bot.demo.clock import ScriptedClock
from bot.flow import shift_handover
from bot.flow.consult import signed_in_speaker
from bot.flow.ports import Tx
from bot.flow.shift_handover import Part, held
from bot.settings import Settings
from bot.store.consultations import SqlConsultations
from bot.store.handovers import SqlHandovers
from bot.store.outbox import SqlOutbox
from bot.store.rooms import SqlRooms
from tests.flow.flow_world import EVENING_1, EVENING_2, read_content

ACTS = (
    (SqlHandovers, ("put", "promise")),
    (SqlConsultations, ("save",)),
    (SqlRooms, ("append", "put_key", "put_escrow")),
    (SqlOutbox, ("put",)),
)
MOST = 80  # moments; against counting on for ever


def around(moment: Callable[[], None], act: Callable[..., Any]) -> Callable[..., Any]:
    """The act, with a moment before it and one after."""

    def acting(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever the act takes and gives
        moment()
        done = act(*args, **more)
        moment()
        return done

    return acting


def arm(moments: int) -> None:
    """Be killed at the last of so many moments."""
    left = [moments]

    def moment() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, names in ACTS:
        for name in names:
            setattr(owner, name, around(moment, getattr(owner, name)))


async def once(folder: Path, at: datetime, content: Content, moments: int) -> None:
    """Hand over everything that the first of the evening holds."""
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content, clock=ScriptedClock(at)) as samjour:
        arm(moments)

        def act(tx: Tx) -> None:
            giver = tx.people.get(PersonId(EVENING_1))
            assert giver is not None
            who = signed_in_speaker(giver, "sv", at)
            parts = [Part(room=talk.room.id) for talk in held(tx, samjour.deps, giver.id)]
            shift_handover.hand_over(tx, samjour.deps, who, None, PersonId(EVENING_2), parts)

        await samjour.deps.store.write(act)


def main(due: Path, at: datetime) -> None:
    """Kill at the first moment, at the second, and so on, until one gets to its end."""
    content = read_content()
    for moments in range(1, MOST):
        folder = due.with_name(str(moments))
        shutil.copytree(due, folder)
        child = os.fork()  # the files are read once, and there is no thread yet
        if child == 0:
            asyncio.run(once(folder, at, content, moments))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(moments, code, flush=True)  # noqa: T201 - what the test reads
        if code != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
