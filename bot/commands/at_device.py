"""What somebody does in a terminal at a device of two key files: sign in, act, and hear a refusal as a sentence."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.client.api import Api, Problem, opened
from bot.client.device import PythonDevice, sign_in
from bot.client.files import read_key, read_known
from bot.client.link import origin_of
from bot.client.other_ledger import OtherLedger
from bot.commands.said import of_problem
from bot.core.errors import BadInput, Unavailable
from bot.seal.errors import SealError

Act = Callable[[Namespace, Api, PythonDevice], Awaitable[int]]


def act_at(device: PythonDevice, act: Act, args: Namespace) -> int:
    """Sign in with the device and do it; returns the exit code.

    Raises Unavailable where what the server says does not hold, and the error of the server's refusal.
    """
    try:
        return asyncio.run(_signed_in(device, act, args))
    except OtherLedger as error:
        raise Unavailable(str(error)) from error
    except SealError as error:
        raise Unavailable(f"What the server says does not hold: {error}") from error
    except Problem as error:
        raise error.kind(of_problem(error)) from error


def device_of(key: str, pins: str, url: str | None) -> PythonDevice:
    """The device of the two files. Raises BadInput when `url` is not where its pins belong."""
    file = Path(pins)
    known = read_known(file)
    if url is not None and origin_of(url) != known.origin:
        raise BadInput("--url: the pins belong to another address")
    return PythonDevice(folder=file.parent, pins=file.name, secret=read_key(Path(key)), known=known)


async def _signed_in(device: PythonDevice, act: Act, args: Namespace) -> int:
    async with opened(device.known.origin) as api:
        await sign_in(api, device)
        return await act(args, api, device)
