"""Routes that read: pages, the part that refreshes, the same view as JSON, static files, health."""

import asyncio
from hashlib import sha256

from aiohttp import ETag, web
from pydantic import TypeAdapter

from bot.core.errors import SamjourError
from bot.flow.look import look, look_from_outside
from bot.flow.ports import Tx
from bot.flow.sign_in import MAX_TOKEN, signed_in
from bot.flow.status import Status
from bot.web import pages
from bot.web.asking import content_of, frame_of, language_of, now_of, public_numbers, token_of
from bot.web.assets import Asset
from bot.web.deps import ASSETS, DEPS
from bot.web.openapi import DOCUMENT
from bot.web.status_page import heard_at, status_page, status_part

FOREVER = "public, max-age=31536000, immutable"  # the address names the version
TIME = "Samjour-Time"  # what the page shows as the time it last heard from us
SCOPES = {
    "sw.js": "/"
}  # a worker that may look after every page (Service Workers, 4.1 Service-Worker-Allowed)
READY_SECONDS = 3.0  # slower than this is not ready
STATUS = TypeAdapter(Status)


async def home(request: web.Request) -> web.Response:
    """The status page; for whoever is not signed in, the numbers that answer now."""
    return _html(status_page(frame_of(request), await _status(request)))


async def part(request: web.Request) -> web.Response:
    """The part of the status page that changes; 304 while it is what the browser already has."""
    frame = frame_of(request)
    body = status_part(frame, await _status(request)).markup
    tag = sha256(body.encode()).hexdigest()[:32]
    if any(known.value == tag for known in request.if_none_match or ()):
        response = web.Response(status=304)
    else:
        response = _html(body)
    response.etag = tag
    response.headers[TIME] = heard_at(frame)
    return response


async def sign_in(request: web.Request) -> web.Response:
    """The page that a sign-in link opens."""
    return _html(pages.sign_in_page(frame_of(request), public_numbers(request)))


async def my_status(request: web.Request) -> web.Response:
    """The view of the status page as JSON; 401 for whoever is not signed in."""
    status = await _status(request)
    if not status.signed_in:
        raise web.HTTPUnauthorized
    return web.Response(body=STATUS.dump_json(status), content_type="application/json", charset="utf-8")


async def openapi(_: web.Request) -> web.Response:
    """Every route as an OpenAPI 3.1 document."""
    return web.json_response(DOCUMENT)


async def static(request: web.Request) -> web.Response:
    """One static file, from memory; kept for good where the address names its version."""
    name = request.match_info["name"]
    response = _file(request, name)
    if name in SCOPES:
        response.headers["Service-Worker-Allowed"] = SCOPES[name]
    return response


async def module(request: web.Request) -> web.Response:
    """One that stands in a folder. Modules import each other without versions, so the browser asks each time."""
    return _file(request, f"{request.match_info['folder']}/{request.match_info['name']}")


async def healthz(request: web.Request) -> web.Response:
    """Whether the process lives with all that it does; 503, with their names, where loops do not do their work."""
    silent = request.app[DEPS].silent()
    return (
        web.json_response({"ok": False, "silent": silent}, status=503)
        if silent
        else web.json_response({"ok": True})
    )


async def readyz(request: web.Request) -> web.Response:
    """Whether database, content and ledger head are as they should be; 503 where not."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            found = await request.app[DEPS].ready()
    except (SamjourError, TimeoutError):
        found = {"ok": False}
    return web.json_response(found, status=200 if found.get("ok") is True else 503)


def _file(request: web.Request, name: str) -> web.Response:
    asset = request.app[ASSETS].get(name)
    if asset is None:
        raise web.HTTPNotFound
    return answer_asset(
        request, asset, cache=FOREVER if request.query.get("v") == asset.digest else "no-cache"
    )


def answer_asset(request: web.Request, asset: Asset, *, cache: str) -> web.Response:
    """The bytes, or 304 while they are what the browser already has; the tag is weak: packed or not is the same."""
    known = {tag.value for tag in request.if_none_match or ()}
    response = web.Response(status=304) if asset.digest in known else _whole(request, asset)
    response.etag = ETag(value=asset.digest, is_weak=True)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = cache
    return response


def _whole(request: web.Request, asset: Asset) -> web.Response:
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    body = asset.packed if packs else asset.body
    response = web.Response(body=body, content_type=asset.kind, charset="utf-8")
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    return response


async def _status(request: web.Request) -> Status:
    """What this browser's person sees, in one read of the store; without a session the store is not asked."""
    deps, token = request.app[DEPS], token_of(request)
    language, now = language_of(request), now_of(request)

    def ask(tx: Tx) -> Status | None:
        person = signed_in(tx, token, now) if token is not None else None
        return None if person is None else look(tx, content_of(request), person, language, now)

    known = token is not None and len(token) <= MAX_TOKEN
    found = await deps.store.read(ask) if known else None
    return found or look_from_outside(content_of(request), language, now)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", charset="utf-8")
