"""`samjour questions`: a curator or lawyer with key files reads what the library could not settle. It goes to stdout, and nowhere else."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Final

from bot.client import questions
from bot.client.api import Api
from bot.client.device import PythonDevice
from bot.client.questions import Read
from bot.commands import out
from bot.commands.at_device import Act, act_at, device_of
from bot.commands.said import visible
from bot.core.errors import BadInput, Denied

FOUND: Final = 1  # the exit code when a copy does not open
NOT_THEIRS: Final = "these questions are not for this device: --key and --pins must belong together, to a curator or lawyer of that organisation (--org)"


def run(args: Namespace) -> int:
    """Do one of the acts; returns the exit code. Raises Denied, in words for a terminal, where the rules do not allow it."""
    try:
        return act_at(device_of(args.key, args.pins, args.url), ACTS[args.act], args)
    except Denied as error:
        raise Denied(NOT_THEIRS) from error


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
    if args.days < 1:
        raise BadInput("--days: is a number from 1 on")
    told = await questions.counts(api, device, organisation=args.org, days=args.days)
    if args.json:
        out.result(told)
        return 0
    for kind, count in told["kinds"].items():
        out.line(visible(f"{kind:10} {count:6}"))
    for row in told["articles"]:
        out.line(visible(f"{row['article']:10} {row['count']:6}  {row['kind']}"))
    if not any(told["kinds"].values()):
        out.note(
            visible(f"nothing was counted since {told['since']}: today's questions are counted tomorrow")
        )
    return 0


ACTS: Final[Mapping[str, Act]] = {"list": _list, "counts": _counts}


def _plain(one: Read) -> dict[str, object]:
    told: dict[str, object] = {"id": one.id, "day": one.day}
    if one.question is None:
        return {**told, "ok": False}
    asked = one.question
    return {**told, "ok": True, "kind": asked.kind, "articles": list(asked.articles), "text": asked.text}


def _in_a_line(one: Read) -> str:
    if one.question is None:
        return visible(f"{one.day}  does not open: it was changed, or is not for this device ({one.id})")
    asked = one.question
    return visible(f"{one.day}  {asked.kind:9}  {','.join(asked.articles) or '-':11}  {asked.text}")
