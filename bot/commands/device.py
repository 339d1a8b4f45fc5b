"""`samjour device`: devices as the operator sees them, and a device in Python that enrols, reads directories, approves."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path

from bot.app import SystemEntropy
from bot.client import device as client
from bot.client.api import Problem, opened
from bot.client.link import read_link
from bot.client.other_ledger import OtherLedger
from bot.commands import out, places, rights, said
from bot.commands.organisation import call
from bot.core.errors import BadInput, Denied
from bot.seal.enrolment import Bundle
from bot.seal.errors import SealError
from bot.seal.keys import ENTROPY


def run(args: Namespace) -> int:
    """Invite, list, revoke, bundle; enrol, directory, waiting, approve."""
    if args.act in _HERE:
        try:
            out.result(asyncio.run(_HERE[args.act](args)))
        except Problem as error:
            raise error.kind(said.of_problem(error)) from error
        except OtherLedger as error:
            raise Denied(str(error)) from error
        except SealError as error:
            raise Denied(f"what the server says does not hold: {error}") from error
        return 0
    return _ASKED[args.act](args)


def _invite(args: Namespace) -> int:
    asked = sum({rights.INVITED[name] for name in _names(args.rights)})
    out.result(call("device-invite", {"organisation": args.org, "person": args.person, "rights": asked}))
    return 0


def _list(args: Namespace) -> int:
    told = call("device-list", {"organisation": args.org})
    if args.json:
        out.result(told)
        return 0
    for one in told["devices"]:
        may = ",".join(rights.in_words(one["rights"]))
        out.line(f"{one['device']} {one['state']} {may} {one['person']} {one.get('code', '')}".rstrip())
    return 0


def _revoke(args: Namespace) -> int:
    out.result(call("device-revoke", {"device": args.device}))
    return 0


def _bundle(args: Namespace) -> int:
    told = call("device-bundle", {"device": args.device})
    if args.out is None:
        out.result(told)
        return 0
    path = Path(args.out)
    if path.exists():
        raise BadInput(f"{path}: there is a file already")
    path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    out.result({"device": args.device, "file": str(path)})
    return 0


async def _enrol(args: Namespace) -> dict[str, object]:
    """Enrol this machine's device by an invitation's link; its files come into the folder."""
    invite = read_link(args.link)
    async with opened(invite.origin) as api:
        made = await client.enrol(api, invite, Path(args.dir), entropy=SystemEntropy().draw(ENTROPY))
    return {"device": made.id.hex(), "code": made.code, "state": "pending"}


async def _directory(args: Namespace) -> dict[str, object]:
    """Read and check an organisation's directory."""
    device = client.load(Path(args.dir))
    async with opened(device.known.origin) as api:
        await client.sign_in(api, device)
        named = args.org or device.known.organisation
        verified = await client.read_directory(api, device, named, now=_now())
    rows = [
        {"device": id_.hex(), "person": m.person, **rights.told(int(m.rights)), "active": m.active}
        for id_, m in sorted(verified.members.items())
    ]
    return {"organisation": named, "number": verified.number, "devices": rows}


async def _waiting(args: Namespace) -> dict[str, object]:
    """What waits for approval, with the code that each must show."""
    device = client.load(Path(args.dir))
    async with opened(device.known.origin) as api:
        await client.sign_in(api, device)
        bundles = await client.waiting(api, device.known.organisation)
    rows = [
        {
            "device": bundle.device_id.hex(),
            "person": bundle.person,
            **rights.told(int(bundle.rights)),
            "code": client.code_of(device, bundle),
        }
        for bundle in bundles
    ]
    return {"waiting": rows}


async def _approve(args: Namespace) -> dict[str, object]:
    """Approve a device that waits, when it shows the code that its bundle gives."""
    device = client.load(Path(args.dir))
    async with opened(device.known.origin) as api:
        await client.sign_in(api, device)
        found = [b for b in await client.waiting(api, device.known.organisation) if _is(b, args.device)]
        if not found:
            raise BadInput("no such device waits for approval")
        if args.shown.replace(" ", "") != client.code_of(device, found[0]).replace(" ", ""):
            raise BadInput("--code: this is not the device that you look at; approve nothing")
        told = await client.give_word(api, device, found[0], at=_now())
    return {"device": args.device, "state": told.get("state")}


def _is(bundle: Bundle, device: str) -> bool:
    return bundle.device_id.hex() == device.lower()


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if not names or any(name not in rights.INVITED for name in names):
        raise BadInput(f"--rights: are of {', '.join(rights.INVITED)}")
    return names


def _now() -> int:
    return int(places.now().timestamp())


_ASKED: Mapping[str, Callable[[Namespace], int]] = {
    "invite": _invite,
    "list": _list,
    "revoke": _revoke,
    "bundle": _bundle,
}
_HERE: Mapping[str, Callable[[Namespace], Coroutine[None, None, dict[str, object]]]] = {
    "enrol": _enrol,
    "directory": _directory,
    "waiting": _waiting,
    "approve": _approve,
}
