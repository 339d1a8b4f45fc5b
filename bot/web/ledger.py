"""The ledgers' public routes: checkpoints, proofs, keys; and cosignatures, which carry their own proof."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.flow import cosign, proofs
from bot.flow.ports import Tx
from bot.flow.upkeep import origin
from bot.seal.note import Verifier, verifier_to_text
from bot.seal.wire import MAX_NUMBER, to_base64url
from bot.web.body import read_body
from bot.web.deps import DEPS
from bot.web.ledger_models import ConsistencyProof, InclusionProof, LedgerKey, LedgerKeys

MAX_COSIGNED: Final = 8 * 1024  # bytes; sixteen lines are far less
_ORGANISATION: Final = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)

T = TypeVar("T")


async def checkpoint(request: web.Request) -> web.Response:
    """The newest signed checkpoint, or that of `?size=`, as a note with every cosignature that is known."""
    own, size = _organisation(request), _number(request, "size")
    note = await _ask(request, lambda tx: proofs.checkpoint(tx, own, size))
    return web.Response(text=note, content_type="text/plain", charset="utf-8")


async def inclusion(request: web.Request) -> web.Response:
    """The proof that entry `?index=` is under the checkpoint of `?size=`, by default the newest."""
    own, size = _organisation(request), _number(request, "size")
    index = _needed(request, "index")
    found = await _ask(request, lambda tx: proofs.inclusion(tx, own, index, size))
    return _json(
        InclusionProof(
            index=found.index, size=found.size, leaf=to_base64url(found.leaf), proof=_hashes(found.proof)
        )
    )


async def consistency(request: web.Request) -> web.Response:
    """The proof that the ledger of `?from=` entries is the beginning of that of `?to=`, by default the newest."""
    own, new = _organisation(request), _number(request, "to")
    old = _needed(request, "from")
    found = await _ask(request, lambda tx: proofs.consistency(tx, own, old, new))
    return _json(ConsistencyProof(old=found.old, new=found.new, proof=_hashes(found.proof)))


async def keys(request: web.Request) -> web.Response:
    """The verifier key of every organisation's ledger."""
    deps = request.app[DEPS]
    named = ((o, origin(deps.base_url, o)) for o in sorted(deps.content().structure.organisations))
    texts = ((o, verifier_to_text(Verifier(name=name, public=deps.ledger_key))) for o, name in named)
    return _json(LedgerKeys(keys=[LedgerKey(organisation=o, key=text) for o, text in texts]))


async def take_cosignatures(request: web.Request) -> web.Response:
    """Keep what a witness says: 201 the first time, 200 when it was known. Believed by its signature alone."""
    own = _organisation(request)
    body = await read_body(request, MAX_COSIGNED)
    deps = request.app[DEPS]
    new = await cosign.take(deps.store, deps.content(), own, body, now=deps.clock.now())
    return web.Response(status=201 if new else 200)


async def _ask(request: web.Request, ask: Callable[[Tx], T | None]) -> T:
    found = await request.app[DEPS].store.read(ask)
    if found is None:
        raise web.HTTPNotFound
    return found


def _organisation(request: web.Request) -> OrganisationId:
    name = request.match_info["organisation"]
    if not _ORGANISATION.fullmatch(name):
        raise web.HTTPNotFound
    return OrganisationId(name)


def _number(request: web.Request, name: str) -> int | None:
    """One decimal number of the query; None without it. Raises BadInput for anything else."""
    given = request.query.getall(name, [])
    if not given:
        return None
    if len(given) > 1 or not _NUMBER.fullmatch(given[0]) or int(given[0]) > MAX_NUMBER:
        raise BadInput("a size or an index is one decimal number")
    return int(given[0])


def _needed(request: web.Request, name: str) -> int:
    number = _number(request, name)
    if number is None:
        raise BadInput("a size or an index is missing")
    return number


def _hashes(proof: list[bytes]) -> list[str]:
    return [to_base64url(hashed) for hashed in proof]


def _json(answer: BaseModel) -> web.Response:
    return web.json_response(text=answer.model_dump_json(by_alias=True))
