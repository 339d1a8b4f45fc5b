"""What systemd hears of us."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.systemd import ALIVE, READY, STOPPING, Systemd, systemd, told


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    """Where systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.setblocking(False)
        yield heard


async def next_of(listener: socket.socket) -> str:
    return (await asyncio.wait_for(asyncio.get_running_loop().sock_recv(listener, 100), 5)).decode()


async def test_ready_alive_and_stopping_are_told_in_that_order(listener: socket.socket) -> None:
    """It hears that we are ready, that we live as long as it wants to hear it, and that we stop."""
    to = Systemd(address=listener.getsockname(), patience=0.03)
    async with told(to, lambda: True):
        assert await next_of(listener) == READY
        assert [await next_of(listener) for _ in range(3)] == [ALIVE] * 3
    heard = [await next_of(listener)]
    while heard[-1] == ALIVE:
        heard.append(await next_of(listener))
    assert heard[-1] == STOPPING


async def test_whoever_does_not_live_shows_no_sign_of_life(listener: socket.socket) -> None:
    """As soon as a loop hangs the signs end, and systemd starts us anew; when it lives again they go on."""
    lives, asked = False, asyncio.Event()

    def is_alive() -> bool:
        asked.set()
        return lives

    async with told(Systemd(address=listener.getsockname(), patience=0.003), is_alive):
        assert await next_of(listener) == READY
        for _ in range(3):
            asked.clear()
            await asked.wait()
        with pytest.raises(BlockingIOError):
            listener.recv(100)
        lives = True
        assert await next_of(listener) == ALIVE


async def test_without_systemd_nothing_is_said() -> None:
    """At a terminal nobody listens, and nothing breaks; nor when systemd's socket is gone."""
    async with told(systemd({}), lambda: True):
        pass
    async with told(Systemd(address="/nowhere/notify", patience=1.0), lambda: True):
        pass


@pytest.mark.parametrize(
    ("given", "address", "patience"),
    [
        ({}, "", 0.0),
        ({"NOTIFY_SOCKET": "/run/notify"}, "/run/notify", 0.0),
        ({"NOTIFY_SOCKET": "@abstract"}, "\0abstract", 0.0),
        ({"NOTIFY_SOCKET": "vsock:2:1"}, "", 0.0),
        ({"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "30000000"}, "/run/notify", 30.0),
        ({"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "soon"}, "/run/notify", 0.0),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, "/n", 0.0),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "9000000", "WATCHDOG_PID": str(os.getpid())}, "/n", 9.0),
    ],
)
def test_what_systemd_asks_for(given: dict[str, str], address: str, patience: float) -> None:
    """Paths and abstract names are known; a watchdog that is meant for another process is not ours."""
    assert systemd(given) == Systemd(address=address, patience=patience)
