"""Keeps the browser on our side: headers on every response, and no write from another site."""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.core.errors import Denied
from bot.web.deps import SITE

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "worker-src 'self'; "
    "img-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types samjour"  # offline.js makes it, for the address of one worker alone
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Frame-Options": "DENY",
}
TRANSPORT = "max-age=31536000"  # a year (RFC 6797)
READS = frozenset({"GET", "HEAD"})
# Other machines write here, not people in browsers. No cookie is read and nothing is done in anybody's name, so there
# is nothing that another site could make a browser do: an update and a report show a secret, a cosignature is
# itself the proof.
FOREIGN_WRITES = re.compile(r"/telegram/.*|/gateway/.*|/api/v1/ledger/[^/]+/cosignatures")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on whatever is about to leave; nothing is kept by a cache unless its route says so."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.popall("Server", None)
    if request.app[SITE].secure:
        response.headers["Strict-Transport-Security"] = TRANSPORT


@web.middleware
async def refuse_foreign_writes(request: web.Request, handler: Next) -> web.StreamResponse:
    """Let a write pass only from our own pages."""
    if request.method not in READS and not FOREIGN_WRITES.fullmatch(request.path):
        _verify_own(request)
    return await handler(request)


def _verify_own(request: web.Request) -> None:
    """Raise Denied unless the browser says that one of our own pages sent this.

    A form on a page with `no-referrer` sends `Origin: null` (Fetch, 3.2 "append a request Origin header"), so null
    counts only where the browser also says same-origin, which no page can forge.
    """
    said, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = request.app[SITE].origin
    if said not in (None, "same-origin") or origin not in (None, "null", own):
        raise Denied("written from another site")
    if said is None and origin != own:
        raise Denied("nothing says which site wrote this")
