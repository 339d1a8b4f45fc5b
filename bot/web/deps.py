"""What the web is given by the composition root."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from bot.core.errors import BadInput
from bot.flow.deps import Content, Deps
from bot.flow.ports import Clock, Entropy, Store
from bot.web.assets import Asset

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Webhook = Callable[[bytes, str | None], Awaitable[int]]  # raw body, secret header -> HTTP status
Ready = Callable[[], Awaitable[dict[str, object]]]  # {"ok": bool, ...}: what works and what does not


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDeps:
    """Everything the web works with. `content` is asked each time, so that a reload takes effect at once."""

    store: Store
    clock: Clock
    entropy: Entropy
    content: Callable[[], Content]
    base_url: str
    ready: Ready
    ledger_key: bytes  # the Ed25519 key under which the ledgers' checkpoints are signed
    silent: Callable[[], tuple[str, ...]] = tuple  # which loops do not do their work
    flow: Deps | None = None  # what acts of devices and rooms take; None: pages alone
    webhook: Webhook | None = None
    webhook_path: str = ""  # the one path under /telegram/ that exists, when `webhook` is set


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What follows from the base URL: the one origin that may write, and the cookie that suits it."""

    origin: str
    secure: bool
    cookie: str


DEPS: web.AppKey[WebDeps] = web.AppKey("deps", WebDeps)
SITE: web.AppKey[Site] = web.AppKey("site", Site)
ASSETS: web.AppKey[Mapping[str, Asset]] = web.AppKey("assets", Mapping)


def site_of(base_url: str) -> Site:
    """Read the base URL. Raises BadInput unless it is https, or http on this machine (the demo).

    `__Host-` (RFC 6265bis 4.1.3.2) binds the cookie to this very host over https.
    """
    try:
        url = URL(base_url).origin()
    except ValueError as error:
        raise BadInput("SAMJOUR_BASE_URL must be an address") from error
    if url.scheme == "http" and url.host in LOOPBACK:
        return Site(origin=str(url), secure=False, cookie="samjour")
    if url.scheme == "https":
        return Site(origin=str(url), secure=True, cookie="__Host-samjour")
    raise BadInput("SAMJOUR_BASE_URL must begin with https://, or with http:// on this machine alone")
