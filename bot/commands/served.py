"""`samjour ledger files`: compares what a server serves to browsers with its ledger, and with this very program."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import aiohttp
from pydantic import BaseModel, ValidationError
from yarl import URL

from bot.client.bounded import read_at_most
from bot.commands import out
from bot.commands.witness_http import PATIENCE, address
from bot.core.errors import BadInput, Unavailable
from bot.flow.served_files import KIND, files_in
from bot.seal.checkpoint import verify_checkpoint
from bot.seal.errors import SealError, Tampered
from bot.seal.log import leaf_hash
from bot.seal.note import Verifier, verifier_from_text
from bot.seal.proof import MAX_PROOF, verify_inclusion
from bot.seal.wire import from_base64url
from bot.web.assets import digests, load_assets

MAX_LIST: Final = 512 * 1024  # bytes; 1024 names and digests
MAX_FILE: Final = 4 * 1024 * 1024  # bytes of one file


class _Told(BaseModel):
    index: int
    salt: str
    body: str
    checkpoint: str
    proof: list[str]


def run(args: Namespace) -> int:
    """Compare; exit 1 when a file is not what the ledger says, or the list is not proved."""
    try:
        key = verifier_from_text(args.vkey)
    except SealError as error:
        raise BadInput("--vkey: is no verifier key of a ledger") from error
    told = asyncio.run(_compare(address(args.url), key))
    out.result(told)
    return 0 if told["ok"] else 1


async def _compare(base: URL, key: Verifier) -> dict[str, object]:
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()) as session:
            content = await _get(session, base / "api" / "v1" / "ledger" / "files", MAX_LIST)
            if content is None:
                raise Unavailable("the server shows no list of its files")
            try:
                index, listed = _believed(content, key)
            except (SealError, BadInput) as error:
                return _verdict(0, {"list": f"it is not proved: {error}"})
            served = {name: await _digest(session, base, name) for name in listed}
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable("the server does not answer") from error
    return {"entry": index, **_verdict(len(listed), _faults(listed, served))}


def _believed(content: bytes, key: Verifier) -> tuple[int, dict[str, str]]:
    """The entry's number and the digests that it names, when it is under a checkpoint that the ledger's key signed."""
    try:
        told = _Told.model_validate_json(content)
    except ValidationError as error:
        raise Tampered("The answer cannot be read.") from error
    head = verify_checkpoint(told.checkpoint, origin=key.name, public=key.public)
    body = from_base64url(told.body)
    verify_inclusion(
        index=told.index,
        size=head.size,
        leaf=leaf_hash(kind=KIND, salt=from_base64url(told.salt), body=body),
        proof=[from_base64url(text) for text in told.proof[: MAX_PROOF + 1]],
        root=head.root,
    )
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Tampered("The entry cannot be read.") from error
    return told.index, files_in(plain if isinstance(plain, dict) else {})


def _faults(listed: Mapping[str, str], served: Mapping[str, str | None]) -> dict[str, str]:
    """What is served otherwise than listed, and what is listed otherwise than this program has it."""
    own = digests(load_assets())
    faults = dict.fromkeys(listed.keys() - own.keys(), "is not here in this program")
    faults |= dict.fromkeys(own.keys() - listed.keys(), "is not on the ledger")
    faults |= {
        name: "is other than in this program"
        for name in listed
        if own.get(name, listed[name]) != listed[name]
    }
    return faults | {name: "is served otherwise" for name in listed if served[name] != listed[name]}


def _verdict(files: int, faults: Mapping[str, str]) -> dict[str, object]:
    told = [{"where": where, "what": what} for where, what in sorted(faults.items())]
    return {"files": files, "ok": not told, "faults": told}


async def _digest(session: aiohttp.ClientSession, base: URL, name: str) -> str | None:
    content = await _get(session, base.joinpath("static", *name.split("/")), MAX_FILE)
    return None if content is None else sha256(content).hexdigest()


async def _get(session: aiohttp.ClientSession, url: URL, limit: int) -> bytes | None:
    """What stands there; None where nothing does. Raises Unavailable for too much, and for what is no answer."""
    async with session.get(url, allow_redirects=False) as answer:
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise Unavailable(f"the server does not answer ({answer.status})")
        content = await read_at_most(answer, limit)
    if content is None:
        raise Unavailable("the server's answer is too long")
    return content
