"""One whole evening, scripted, through the real app over HTTP and a Bot API server on loopback."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from bot.content import Content
from bot.core.errors import BadInput, SamjourError
from bot.demo import night_chat, night_sealed
from bot.demo.clock import ScriptedClock
from bot.demo.night_cast import SATURDAY
from bot.demo.night_chat import Chat
from bot.demo.night_devices import Devices
from bot.demo.night_opening import Opening
from bot.demo.night_ready import Ready
from bot.demo.night_records import Records
from bot.demo.night_sealed import Sealed
from bot.demo.night_step import Scene, Step
from bot.demo.run import RECORDS, Demo, demo, free_port
from bot.seal.errors import SealError

SECRETS = (*night_chat.SECRETS, *night_sealed.SAID)  # what must be found nowhere in clear


async def night(folder: Path, content: Content, *, tick: Callable[[], float]) -> AsyncGenerator[Step, None]:
    """Play the evening in `folder`; yields each step as it is done. After a failed step the rest is not played.

    Raises BadInput for a folder with records: of another evening, or of later than this one.
    """
    if (folder / RECORDS).exists():
        raise BadInput(f"{folder}: has records already; the scripted evening takes a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    clock = ScriptedClock(SATURDAY)
    async with demo(folder, content, port=free_port(), clock=clock) as shown, AsyncExitStack() as stack:
        devices = Devices(shown.samjour.deps, clock, folder, stack)
        for name, play in script(shown, clock, devices):
            begun = tick()
            try:
                await play()
            except (SamjourError, SealError, AssertionError, aiohttp.ClientError) as error:
                why = str(error) or type(error).__name__
                yield Step(name=name, ok=False, ms=(tick() - begun) * 1000, why=why)
                return
            yield Step(name=name, ok=True, ms=(tick() - begun) * 1000)


def script(shown: Demo, clock: ScriptedClock, devices: Devices) -> tuple[Scene, ...]:
    """Every scene, in order: the night on telephones, the talk on devices, what supervisors and time make of it."""
    chat, sealed, records = Chat(shown, clock), Sealed(shown, devices), Records(shown)
    opening = Opening(shown, clock, devices, sealed)
    return (
        *chat.script(),
        ("status page by a sign-in link", records.web),
        *sealed.script(),
        *Ready(shown, clock).script(),
        *opening.script(),
        ("erased a week later, with certificates", records.erased),
        ("erased: nothing is left to open", opening.gone),
        ("ledger verify", records.ledger),
    )
