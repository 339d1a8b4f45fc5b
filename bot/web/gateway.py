"""Takes what the gateway tells of a call: its address is the proof that the call was ours."""

import hmac
import re
from collections.abc import Mapping
from math import ceil
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from bot.core.errors import BadInput
from bot.core.waking import Did
from bot.flow.called import reported
from bot.flow.deps import pinned
from bot.flow.waking import proof
from bot.web.acting import flow_deps
from bot.web.asking import now_of
from bot.web.body import read_body
from bot.web.problems import problem
from bot.web.rates import Rates

REPORTS: web.AppKey[Rates] = web.AppKey("reports", Rates)
MAX_REPORT: Final = 4 * 1024  # bytes; real ones are some hundred
MAX_FIELDS: Final = 40
_RING: Final = re.compile(r"[0-9a-f]{32}")
_CALLER: Final = "gateway"  # all reports are counted together
# What a gateway calls it (SMS: `status`; a call that ended: `state`), and what it is to us; whatever else is on the way.
_CAME_OF: Final[Mapping[str, Did]] = {
    "delivered": Did.DELIVERED,
    "success": Did.DELIVERED,
    "failed": Did.FAILED,
    "busy": Did.FAILED,
    "cancelled": Did.FAILED,
}


async def report(request: web.Request) -> web.Response:
    """Note what became of a call. 404 without the proof, 413 for a large body, 429 beyond 60 a minute.

    A report that came before, of a call that is erased, or of a state in between is thanked for and changes nothing.
    """
    deps, ring = flow_deps(request), request.match_info["ring"]
    if not _RING.fullmatch(ring) or not _is_proof(request.match_info["proof"], proof(deps, ring)):
        raise web.HTTPNotFound
    wait = request.app[REPORTS].wait(_CALLER, now_of(request))
    if wait is not None:
        answer = problem(request, 429, code="429")
        answer.headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return answer
    did = came_of(await read_body(request, MAX_REPORT))
    if did is not None:
        await deps.store.write(lambda tx: reported(tx, pinned(deps), ring, did))
        deps.bells.ring()
    return web.Response(status=204)


def came_of(body: bytes) -> Did | None:
    """What a report says became of a call; None for what is on its way or unknown. Raises BadInput for what is no form."""
    try:
        said = dict(parse_qsl(body.decode(), max_num_fields=MAX_FIELDS, encoding="utf-8", errors="strict"))
    except (ValueError, UnicodeDecodeError):
        raise BadInput("a report is a form") from None
    return _CAME_OF.get(said.get("status") or said.get("state") or "")


def _is_proof(shown: str, wanted: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), wanted.encode())
