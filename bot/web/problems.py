"""Turns whatever goes wrong into one clear answer: a problem document (RFC 9457) or a page, never with content."""

import json
import logging
import traceback
from collections.abc import Mapping

from aiohttp import web

from bot.core import booking
from bot.core.errors import BadInput, Denied, NotNow, SamjourError, Unavailable
from bot.flow.refusals import Code, Refused
from bot.seal.wire import to_base64url
from bot.web import pages
from bot.web.asking import frame_of, public_numbers
from bot.web.security import Next

LOG = logging.getLogger(__name__)
MACHINES = ("/api/", "/telegram/", "/healthz", "/readyz")  # who asks here reads JSON
STATUS: Mapping[type[SamjourError], int] = {BadInput: 400, Denied: 403, NotNow: 409, Unavailable: 503}
REFUSALS: Mapping[Code, int] = {
    Code.BAD_SEAL: 400,
    Code.KEY_MISSING: 400,
    Code.NOT_YOURS: 403,
    Code.DEVICE_NEEDED: 403,
}  # else 409
SAID = frozenset({400, 401, 403, 404, 405, 408, 409, 413, 415, 429, 503})  # have sentences of their own


@web.middleware
async def answer_problems(request: web.Request, handler: Next) -> web.StreamResponse:
    """Answer for every error that leaves a route. What is not ours is told as 500 and logged by kind and place."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return error if error.status < 400 else problem(request, error.status, error.headers.get("Allow"))
    except Refused as error:
        return _refusal(request, error)
    except booking.Refused as error:
        return _shift_refused(request, error)
    except SamjourError as error:
        return problem(request, _status(error))
    except Exception as error:  # noqa: BLE001 - the last edge before the browser
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = {"kind": type(error).__name__, "at": f"{where.filename}:{where.lineno}"}
        LOG.error("page broke", extra=told)  # noqa: TRY400 - the message could hold content
        return problem(request, 500)


def problem(
    request: web.Request,
    status: int,
    allow: str | None = None,
    code: str = "",
    more: Mapping[str, object] | None = None,
) -> web.Response:
    """Build the answer in the language of whoever asked; `code` names a case that has a sentence of its own.

    `more`: further members of a problem document (RFC 9457 section 3.2).
    """
    key = code or (str(status) if status in SAID else "500")
    machine = _is_machine(request)
    response = _document(request, status, key, more or {}) if machine else _page(request, status, key)
    if allow is not None:
        response.headers["Allow"] = allow
    return response


def _refusal(request: web.Request, error: Refused) -> web.Response:
    room = error.room
    head = None if room is None else {"epoch": room.epoch, "seq": room.seq, "hash": to_base64url(room.head)}
    more = {} if head is None else {"head": head}
    return problem(request, REFUSALS.get(error.code, 409), code=error.code, more=more)


def _shift_refused(request: web.Request, error: booking.Refused) -> web.Response:
    """Why a shift cannot be changed so, in the words that a chat has for it."""
    told = frame_of(request).say(f"shifts.refused_{error.why}")
    return problem(request, 409, more={"code": f"shift_{error.why}", "detail": told})


def _status(error: SamjourError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def _is_machine(request: web.Request) -> bool:
    return request.path.startswith(MACHINES)


def _document(request: web.Request, status: int, key: str, more: Mapping[str, object]) -> web.Response:
    frame = frame_of(request)
    body = {
        "type": "about:blank",
        "title": frame.say(f"web.problem_title.{key}"),
        "status": status,
        "detail": frame.say(f"web.problem.{key}"),
        "code": key,
        **more,
    }
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/problem+json")


def _page(request: web.Request, status: int, key: str) -> web.Response:
    text = pages.problem_page(frame_of(request), key, public_numbers(request))
    return web.Response(text=text, status=status, content_type="text/html")
