"""Speaks with the server: JSON over HTTP, bounded, its refusals as our own errors."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.client.bounded import read_at_most
from bot.core.errors import BadInput, Denied, NotNow, SamjourError, Unavailable

MAX_ANSWER = 32 * 1024 * 1024  # bytes; a directory of as many devices as there may be is 16
PATIENCE = aiohttp.ClientTimeout(total=30)  # seconds
_KINDS: Mapping[int, type[SamjourError]] = {400: BadInput, 401: Denied, 403: Denied, 409: NotNow}

Json = dict[str, Any]  # what a server says is looked at field by field, by whoever asked


class Problem(Unavailable):
    """The server refused, and this is how: `status`, `code`, and whatever else its problem document says."""

    def __init__(self, status: int, plain: Json) -> None:
        """`plain`: the problem document (RFC 9457)."""
        code = plain.get("code")
        self.status, self.plain = status, plain
        self.code = code if isinstance(code, str) else str(status)
        super().__init__(f"the server refused: {self.code}")

    @property
    def kind(self) -> type[SamjourError]:
        """As which of our own errors it reads."""
        return _KINDS.get(self.status, Unavailable)


class Api:
    """One session with one server. The cookie stays here; nothing is written to disk."""

    def __init__(self, session: aiohttp.ClientSession, origin: str) -> None:
        """`origin`: `https://<host>`, as the device itself knows it."""
        self._session = session
        self.origin = origin

    async def get(self, path: str, **query: str | int) -> Json:
        """What stands there. Raises Problem or Unavailable."""
        named = {name: str(value) for name, value in query.items()}
        return await self._ask("GET", path, params=named)

    async def post(self, path: str, body: Mapping[str, object], *, key: str | None = None) -> Json:
        """Send and return the answer. `key`: the same for every repetition of this act (Idempotency-Key)."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self._ask("POST", path, json=dict(body), headers=headers)

    async def _ask(self, method: str, path: str, **more: Any) -> Json:  # noqa: ANN401 - aiohttp's own
        headers = {"Origin": self.origin, **more.pop("headers", {})}
        try:
            async with self._session.request(
                method, f"{self.origin}{path}", headers=headers, allow_redirects=False, **more
            ) as answer:
                status, content = answer.status, await read_at_most(answer, MAX_ANSWER)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable("the server did not answer") from error
        if content is None:
            raise Unavailable("the server's answer is too long")
        return _read(status, content)


@asynccontextmanager
async def opened(origin: str) -> AsyncIterator[Api]:
    """A session that ends with the block. Cookies of a plain host name are kept, too: the demo's is localhost."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=PATIENCE) as session:
        yield Api(session, origin)


def _read(status: int, content: bytes) -> Json:
    try:
        plain = json.loads(content) if content else {}
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        plain = {} if status >= 300 else None
    if status >= 300:
        raise Problem(status, plain or {})
    if plain is None:
        raise Unavailable("the server's answer cannot be read")
    return plain
