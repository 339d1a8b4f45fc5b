"""Tells systemd how we are: ready, alive, stopping (sd_notify(3)); silent where no systemd has started us."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"
MICROSECONDS: Final = 1_000_000
SIGNS: Final = 3  # of life within what systemd waits for one


@dataclass(frozen=True, slots=True, kw_only=True)
class Systemd:
    """Where it listens, and for how many seconds it waits for a sign of life; 0: for none."""

    address: str = ""
    patience: float = 0.0

    def say(self, state: str) -> None:
        """Say it; that nobody listens changes nothing."""
        if not self.address:
            return
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told,
        ):
            told.setblocking(False)  # a full queue must not hold up the night
            told.sendto(state.encode(), self.address)


def systemd(environ: Mapping[str, str] = os.environ) -> Systemd:
    """The one that has started us, as it tells in our surroundings. What it asks of another process is not asked of us."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return Systemd()
    asked, whom = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(os.getpid()))
    waits = int(asked) / MICROSECONDS if asked.isdecimal() and whom == str(os.getpid()) else 0.0
    return Systemd(address=address.replace("@", "\0", 1), patience=waits)


@asynccontextmanager
async def told(to: Systemd, is_alive: Callable[[], bool]) -> AsyncIterator[None]:
    """Be ready until left, and show signs of life as long as `is_alive` says so."""
    to.say(READY)
    signs = asyncio.create_task(_signs(to, is_alive))
    try:
        yield
    finally:
        to.say(STOPPING)
        signs.cancel()


async def _signs(to: Systemd, is_alive: Callable[[], bool]) -> None:
    while to.patience:
        if is_alive():
            to.say(ALIVE)
        await asyncio.sleep(to.patience / SIGNS)
