"""`samjour questions`: a curator or lawyer with key files reads what the library could not settle. It goes to stdout, and nowhere else."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from bot.client import questions
from bot.client.api import Api, Problem, opened
from bot.client.device import PythonDevice, sign_in
from bot.client.files import read_key, read_known
from bot.client.link import origin_of
from bot.client.questions import Read
from bot.commands import out
from bot.core.errors import BadInput, Unavailable
from bot.seal.errors import SealError

FOUND: Final = 1  # the exit code when a copy does not open

Act = Callable[[Namespace, Api, PythonDevice], Awaitable[int]]


def run(args: Namespace) -> int:
    """Do one of the acts; returns the exit code."""
    try:
        return asyncio.run(_signed_in(args, ACTS[args.act]))
    except SealError as error:
        raise Unavailable(f"What the server says does not hold: {error}") from error
    except Problem as error:
        detail = error.plain.get("detail")
        raise error.kind(_visible(detail) if isinstance(detail, str) else str(error)) from error


async def _signed_in(args: Namespace, act: Act) -> int:
    device = _device(args)
    async with opened(device.known.origin) as api:
        await sign_in(api, device)
        return await act(args, api, device)


async def _list(args: Namespace, api: Api, device: PythonDevice) -> int:
    """What was asked, the newest day first; exit 1 when a copy does not open."""
    if args.limit < 1:
        raise BadInput("--limit: is a number from 1 on")
    found = await questions.newest(api, device, organisation=args.org, limit=args.limit)
    if not found:
        out.note("there is nothing to read: today's questions can be read tomorrow")
    for one in found:
        if args.json:
            out.result(_plain(one))
        else:
            out.line(_in_a_line(one))
    return FOUND if any(one.question is None for one in found) else 0


async def _counts(args: Namespace, api: Api, device: PythonDevice) -> int:
    told = await questions.counts(api, device, organisation=args.org, days=args.days)
    if args.json:
        out.result(told)
        return 0
    for kind, count in told["kinds"].items():
        out.line(_visible(f"{kind:10} {count:6}"))
    for row in told["articles"]:
        out.line(_visible(f"{row['article']:10} {row['count']:6}  {row['kind']}"))
    return 0


ACTS: Final[Mapping[str, Act]] = {"list": _list, "counts": _counts}


def _device(args: Namespace) -> PythonDevice:
    """The device of the two files. Raises BadInput when `--url` is not where its pins belong."""
    pins = Path(args.pins)
    known = read_known(pins)
    if args.url is not None and origin_of(args.url) != known.origin:
        raise BadInput("--url: the pins belong to another address")
    return PythonDevice(folder=pins.parent, pins=pins.name, secret=read_key(Path(args.key)), known=known)


def _plain(one: Read) -> dict[str, object]:
    told: dict[str, object] = {"id": one.id, "day": one.day}
    if one.question is None:
        return {**told, "ok": False}
    asked = one.question
    return {**told, "ok": True, "kind": asked.kind, "articles": list(asked.articles), "text": asked.text}


def _in_a_line(one: Read) -> str:
    if one.question is None:
        return _visible(f"{one.day}  does not open: it was changed, or is not for this device ({one.id})")
    asked = one.question
    return _visible(f"{one.day}  {asked.kind:9}  {','.join(asked.articles) or '-':11}  {asked.text}")


def _visible(text: str) -> str:
    """Nothing that a terminal would obey."""
    return "".join(c if c.isprintable() else " / " if c == "\n" else "?" for c in text)
