"""`samjour opening`: a supervisor with key files opens a talk from a terminal. What was said goes to stdout, and nowhere else."""

import asyncio
import secrets
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.client import opening
from bot.client.api import Api
from bot.client.device import PythonDevice
from bot.client.transcript import Transcript
from bot.commands import opening_offline, out, places
from bot.commands.at_device import Act, act_at, device_of
from bot.commands.said import visible
from bot.core.errors import BadInput, NotNow
from bot.core.hours import STOCKHOLM
from bot.seal.errors import Tampered, WrongShare
from bot.seal.opening import EVERY_ROOM

FOUND: Final = 1  # the exit code when what was waited for will not come
EVERY: Final = 3.0  # seconds between looks


def run(args: Namespace) -> int:
    """Do one of the acts; returns the exit code."""
    if args.act == "read" and args.backup is not None:
        show(
            opening_offline.read(Path(args.backup), [Path(key) for key in args.key or []], args.opening),
            args.json,
        )
        return 0
    return act_at(_device(args), _act, args)


def show(found: Transcript, as_json: bool) -> None:  # noqa: FBT001 - how it was asked for
    """Print what was said; what cannot be seen on a terminal becomes a question mark."""
    if as_json:
        lines = [{"seq": one.seq, "author": one.author, "text": one.text} for one in found.lines]
        out.result({"room": found.room, "lines": lines, "closed": list(found.closed)})
        return
    for one in found.lines:
        out.line(f"{one.seq:5}  {one.author}{' (bridge)' if one.bridged else ''}: {visible(one.text)}")
    if found.closed:
        out.note(f"epochs without a key of this organisation: {', '.join(map(str, found.closed))}")


async def _act(args: Namespace, api: Api, device: PythonDevice) -> int:
    try:
        return await ACTS[args.act](args, api, device)
    except WrongShare as error:
        raise NotNow(f"{error} The others see it now; whoever it is may pass theirs on again.") from error


async def _list(args: Namespace, api: Api, device: PythonDevice) -> int:
    del device
    rows = await opening.newest(api)
    if not rows:
        out.note("no room has been asked for yet")
    for row in rows:
        if args.json:
            out.result(row)
        else:
            out.line(_in_a_line(row))
    return 0


async def _rooms(args: Namespace, api: Api, device: PythonDevice) -> int:
    """Which rooms one may ask to open: ids and times, the newest first; nothing of what was said, and no names."""
    found = await opening.rooms(api)
    if not found:
        out.note("there is no room of which you have a share")
    for room in reversed(found):
        begun, epochs = _begun(room), found[room]
        if args.json:
            whose = {"room": room, "organisation": device.known.organisation}
            out.result({**whose, "begun": None if begun is None else begun.isoformat(), "epochs": epochs})
        else:
            at = "?" if begun is None else f"{begun.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
            out.line(visible(f"{room}  {at}  epochs: {epochs}"))
    return 0


async def _purposes(args: Namespace, api: Api, device: PythonDevice) -> int:
    del args, device
    out.result(await opening.purposes(api))
    return 0


async def _request(args: Namespace, api: Api, device: PythonDevice) -> int:
    minutes = _minutes(args, await opening.purposes(api))
    at, id_ = _now(), secrets.token_hex(16)
    told = await opening.request(
        api,
        device,
        opening=id_,
        room=EVERY_ROOM if args.every_room else _room(args),
        purpose=args.purpose,
        ground=args.ground,
        at=at,
        until=at + minutes * 60,
    )
    out.result(told)
    return 0


async def _wait(args: Namespace, api: Api, device: PythonDevice) -> int:
    """Until enough have passed their shares on; exit 1 when it is over first."""
    del device
    while True:
        told = await api.get(f"/api/v1/openings/{args.opening}")
        if told["opening"]["ended_at"] is not None:
            out.note("the opening has ended")
            return FOUND
        if await opening.is_ready(api, args.opening):
            out.result(told["opening"])
            return 0
        await asyncio.sleep(EVERY)


async def _pass(args: Namespace, api: Api, device: PythonDevice) -> int:
    """Pass on what one has. Who asks, and why, is said first, on stderr."""
    for row in await opening.newest(api):
        if row["opening"] == args.opening:
            out.note(_in_a_line(row))
            _check_helps(row, device)
    out.result({"passed": await opening.pass_on(api, device, args.opening, now=_now())})
    return 0


async def _read(args: Namespace, api: Api, device: PythonDevice) -> int:
    told = (await api.get(f"/api/v1/openings/{args.opening}"))["opening"]
    if told["gives"] == "transcript":
        show(await opening.read(api, device, args.opening, now=_now()), args.json)
    else:
        out.result({"epochs": await opening.practise(api, device, args.opening, now=_now())})
    return 0


async def _end(args: Namespace, api: Api, device: PythonDevice) -> int:
    del device
    out.result(await opening.end(api, args.opening))
    return 0


async def _state(args: Namespace, api: Api, device: PythonDevice) -> int:
    """How safely the keys are kept; exit 1 when somebody must act."""
    del args, device
    told = await opening.state(api)
    out.result(told)
    return FOUND if told["alarm"] else 0


async def _hand_on(args: Namespace, api: Api, device: PythonDevice) -> int:
    try:
        to = bytes.fromhex(args.to)
    except ValueError as error:
        raise BadInput("--to: is the id of a device, hexadecimal") from error
    try:
        out.result({"handed_on": await opening.hand_on(api, device, to, now=_now())})
    except Tampered as error:
        raise NotNow(f"{error} Nothing more was handed on.") from error
    return 0


async def _redeal(args: Namespace, api: Api, device: PythonDevice) -> int:
    dealt = await opening.deal_again(api, device, args.opening, now=_now(), draw=secrets.token_bytes)
    out.result({"dealt": dealt})
    return 0


ACTS: Final[Mapping[str, Act]] = {
    "list": _list,
    "rooms": _rooms,
    "purposes": _purposes,
    "request": _request,
    "wait": _wait,
    "pass": _pass,
    "read": _read,
    "end": _end,
    "state": _state,
    "hand-on": _hand_on,
    "redeal": _redeal,
}


def _device(args: Namespace) -> PythonDevice:
    if len(args.key or []) != 1 or args.pins is None:
        raise BadInput("--key and --pins: the two files of one device are needed")
    return device_of(args.key[0], args.pins, args.url)


def _minutes(args: Namespace, told: Mapping[str, Any]) -> int:
    """For how long it is asked. Raises BadInput, naming what may be chosen, for what no room is opened for here."""
    purposes = {row["purpose"]: row for row in told["purposes"]}
    wanted = purposes.get(args.purpose)
    if wanted is None:
        raise BadInput(f"--purpose: is one of {visible(', '.join(purposes))}")
    grounds = [row["ground"] for row in wanted["grounds"]]
    if args.ground not in grounds:
        raise BadInput(f"--ground: is, for {args.purpose}, one of {visible(', '.join(grounds))}")
    minutes: int = wanted["minutes"] if args.minutes is None else args.minutes
    if not 1 <= minutes <= wanted["minutes"]:
        raise BadInput(f"--minutes: is, for {args.purpose}, a number from 1 to {wanted['minutes']}")
    if args.every_room is not (wanted["gives"] == "every_key") or (args.every_room and args.room):
        raise BadInput("--every-room: is to deal the keys again, and for nothing else; otherwise --room")
    return minutes


def _check_helps(row: Mapping[str, Any], device: PythonDevice) -> None:
    """Raise NotNow where there is nothing that this supervisor could do, whatever the server says later."""
    if row["person"] == device.known.person:
        raise NotNow("you asked for this one yourself: another supervisor must pass theirs on")
    if row["ended_at"] is not None:
        raise NotNow("the opening has ended")


def _room(args: Namespace) -> str:
    if not args.room:
        raise BadInput("--room: which room is to be opened? samjour opening rooms lists them")
    return str(args.room)


def _begun(room: str) -> datetime | None:
    """When a room began, by its id (UUIDv7); None for an id of another form."""
    try:
        return datetime.fromtimestamp(int(room[:12], 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _now() -> int:
    return int(places.now().timestamp())


def _in_a_line(row: Mapping[str, Any]) -> str:
    state = "ended" if row["ended_at"] else "opened" if row["opened_at"] else "waiting"
    what = row["room"] or "every room"
    return visible(
        f"{row['opening']}  {state}  {row['name']}: {row['purpose_label']} ({row['ground_label']}), "
        f"{what}, until {row['until']}, {row['left']} shares of yours"
    )
