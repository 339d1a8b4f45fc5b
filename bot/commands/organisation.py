"""`samjour organisation`: an organisation's root, which is kept offline and certifies its first devices.

`init`, and `certify` and `introduce` with files, need neither a server nor a database: they run on a machine of their own.
"""

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app import SystemEntropy
from bot.commands import acts, admin, out, places, rights, said
from bot.core.errors import BadInput, Unavailable
from bot.keyring import read_signing
from bot.seal.device_code import device_code
from bot.seal.enrolment import Bundle, approve, bundle_from_bytes, introduce, root_id
from bot.seal.errors import SealError
from bot.seal.signing import SigningKey
from bot.seal.wire import from_base64url, to_base64url

MAX_FILE = 64 * 1024  # bytes of a bundle, an approval or an introduction, as JSON
MAX_CODE = 64  # characters of a line with sixteen digits


def run(args: Namespace) -> int:
    """Init, register, show, certify, introduce, submit."""
    return {
        "init": _init,
        "register": _register,
        "show": _show,
        "certify": _certify,
        "introduce": _introduce,
        "submit": _submit,
    }[args.act](args)


def _init(args: Namespace) -> int:
    """Make a root, or read the one that is there, and print its public part. The file never leaves its machine."""
    root = read_signing(Path(args.root), SystemEntropy())
    out.result({"root": to_base64url(root.public), "root_id": root_id(root.public).hex()})
    out.note(f"{args.root}: keep it offline, with a copy elsewhere; whoever has it can certify devices")
    return 0


def _register(args: Namespace) -> int:
    out.result(call("root-register", {"organisation": args.org, "root": args.public}))
    return 0


def _show(args: Namespace) -> int:
    out.result(call("root-show", {"organisation": args.org}))
    return 0


def _certify(args: Namespace) -> int:
    """Vouch for a device with the root: from a file to a file, or for one that waits at the server."""
    root = _root(args)
    if (args.bundle is None) == (args.device is None):
        raise BadInput("name a device with --device, or a bundle's file with --bundle")
    given = _file(args.bundle) if args.bundle else call("device-bundle", {"device": args.device})
    bundle = _bundle(given)
    _compare(bundle, root, args.shown or _asked(bundle))
    named = root_id(root.public)
    word = approve(bundle=bundle, root=named, approver=named, key=root, at=int(places.now().timestamp()))
    told = {"device": bundle.device_id.hex(), "approval": to_base64url(word.content)}
    about = {
        "organisation": bundle.organisation,
        "person": bundle.person,
        **rights.told(int(bundle.rights)),
        "code": device_code(bundle.device_id, named),
    }
    return _hand_on(args, "device-approve", told, about)


def _introduce(args: Namespace) -> int:
    """Vouch for another organisation's root with one's own."""
    root = _root(args)
    other = args.public or str(call("root-show", {"organisation": args.other})["root"])
    word = introduce(
        organisation=args.org,
        root=root_id(root.public),
        other=args.other,
        other_root=_public(other),
        approver=root_id(root.public),
        key=root,
        at=int(places.now().timestamp()),
    )
    about = {"organisation": args.org, "other": args.other, "root": other}
    return _hand_on(args, "device-introduce", {"introduction": to_base64url(word.content)}, about)


def _submit(args: Namespace) -> int:
    """Take to the server what was signed elsewhere."""
    given = _file(args.file)
    if "approval" in given:
        out.result(call("device-approve", given))
    else:
        out.result(call("device-introduce", given))
    return 0


def call(name: str, given: Mapping[str, object]) -> dict[str, Any]:
    """Have the running server do it, or do it here when there is none."""
    found = places.settings()
    kept = places.database(found)
    if kept is None:
        raise Unavailable("there is no database yet: start `samjour serve` or `samjour demo` first")
    return asyncio.run(admin.call(kept, places.content(found), acts.ACTS, name, given))


def _hand_on(args: Namespace, name: str, told: Mapping[str, object], about: Mapping[str, object]) -> int:
    if args.out is None:
        out.result({**about, **call(name, told)})
        return 0
    path = Path(args.out)
    if path.exists():
        raise BadInput(f"{path}: there is a file already")
    path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    out.result({**about, "file": str(path)})
    return 0


def _root(args: Namespace) -> SigningKey:
    path = Path(args.root)
    if not path.exists():
        raise BadInput(f"{path}: there is no root; samjour organisation init makes one")
    return read_signing(path, SystemEntropy())


def _asked(bundle: Bundle) -> str:
    """The code as whoever holds the root reads it off the device. Raises BadInput where nobody sits at a terminal."""
    if not sys.stdin.isatty():
        raise BadInput("--code: the sixteen digits that the device shows are needed; compare them by voice")
    may = ", ".join(rights.in_words(bundle.rights))
    out.note(said.visible(f"{bundle.person} of {bundle.organisation}, a device that may: {may}"))
    out.note("Type the sixteen digits that the device shows, as its owner reads them to you:")
    return sys.stdin.readline(MAX_CODE).strip()


def _compare(bundle: Bundle, root: SigningKey, code: str) -> None:
    """Hold the code that the device shows against the bundle in hand. Raises BadInput when they differ."""
    shown = device_code(bundle.device_id, root_id(root.public))
    if code.replace(" ", "") != shown.replace(" ", ""):
        raise BadInput(f"--code: the bundle in hand gives {shown}; this is not the device that you look at")


def _bundle(given: Mapping[str, Any]) -> Bundle:
    try:
        return bundle_from_bytes(from_base64url(str(given.get("bundle"))))
    except SealError as error:
        raise BadInput("the bundle does not hold") from error


def _public(text: str) -> bytes:
    try:
        public = from_base64url(text)
        root_id(public)
    except SealError as error:
        raise BadInput("--public: is no root's public key") from error
    return public


def _file(name: str) -> dict[str, Any]:
    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_FILE + 1)
        given = json.loads(content) if len(content) <= MAX_FILE else None
    except OSError as error:
        raise BadInput(f"{name}: cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name}: is no JSON") from error
    if not isinstance(given, dict):
        raise BadInput(f"{name}: is not what this takes")
    return given
