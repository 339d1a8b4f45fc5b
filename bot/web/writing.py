"""Routes that write: a session opened by a link, a session ended, an update from Telegram."""

import hmac

from aiohttp import web
from pydantic import ValidationError

from bot.core.errors import BadInput, Denied
from bot.flow.door import LINK_LIFETIME, issue_code
from bot.flow.sign_in import SESSION_LIFETIME, redeem, session_person, sign_out
from bot.web import pages
from bot.web.asking import frame_of, public_numbers, token_of
from bot.web.body import read_body
from bot.web.deps import DEPS, SITE
from bot.web.problems import problem
from bot.web.shapes import SessionAnswer, SessionRequest

MAX_SIGN_IN = 4 * 1024  # bytes
MAX_END = 1024  # bytes; nothing in it is read
MAX_UPDATE = 256 * 1024  # bytes; Telegram's updates are far smaller
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name (Bot API, setWebhook)


async def open_session(request: web.Request) -> web.Response:
    """Turn a sign-in link's token into a session; the cookie carries it, the body says only until when."""
    asked = _sign_in(await read_body(request, MAX_SIGN_IN), request)
    try:
        opened = await redeem(request.app[DEPS], asked.token, instead_of=token_of(request))
    except Denied:
        return problem(request, 403, code="link_spent")
    response = web.json_response(text=SessionAnswer(expires=opened.expires).model_dump_json(), status=201)
    _set_cookie(request, response, opened.token, int(SESSION_LIFETIME.total_seconds()))
    return response


async def end_session(request: web.Request) -> web.Response:
    """End the session, here and in the store; a form is led back to the start page."""
    await read_body(request, MAX_END)
    token = token_of(request)
    if token is not None:
        await sign_out(request.app[DEPS], token)
    is_form = request.content_type == "application/x-www-form-urlencoded"
    home = f"/{frame_of(request).query}"
    response = web.Response(status=303, headers={"Location": home}) if is_form else web.Response(status=204)
    _set_cookie(request, response, "", 0)
    return response


async def link_telegram(request: web.Request) -> web.Response:
    """Show a code with which the person who is signed in links their Telegram account, once."""
    await read_body(request, MAX_END)
    deps = request.app[DEPS]
    person = await session_person(deps, token_of(request))
    if person is None:
        raise web.HTTPUnauthorized
    code = await deps.store.write(lambda tx: issue_code(tx, deps, person.id))
    minutes = str(int(LINK_LIFETIME.total_seconds()) // 60)
    text = pages.link_page(frame_of(request), code, minutes, public_numbers(request))
    return web.Response(text=text, content_type="text/html", charset="utf-8")


async def telegram(request: web.Request) -> web.Response:
    """Hand an update to the Telegram channel, which checks its secret and answers with a status."""
    deps = request.app[DEPS]
    path = request.match_info["path"]
    if deps.webhook is None or not hmac.compare_digest(path.encode(), deps.webhook_path.encode()):
        raise web.HTTPNotFound
    body = await read_body(request, MAX_UPDATE)
    return web.Response(status=await deps.webhook(body, request.headers.get(SECRET)))


def _sign_in(body: bytes, request: web.Request) -> SessionRequest:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return SessionRequest.model_validate_json(body)
    except ValidationError:
        raise BadInput("a sign-in is one token, as JSON") from None


def _set_cookie(request: web.Request, response: web.Response, token: str, seconds: int) -> None:
    site = request.app[SITE]
    response.set_cookie(
        site.cookie, token, max_age=seconds, path="/", secure=site.secure, httponly=True, samesite="Strict"
    )
