"""A ledger as its witness sees it from outside: a few public addresses, bounded in size and time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final

import aiohttp
from pydantic import BaseModel, Field, ValidationError
from yarl import URL

from bot.client.bounded import read_at_most
from bot.core.errors import BadInput, Denied, Unavailable
from bot.seal.errors import SealError
from bot.seal.log import HASH
from bot.seal.note import MAX_NOTE
from bot.seal.proof import MAX_PROOF
from bot.seal.wire import from_base64url

PATIENCE: Final = aiohttp.ClientTimeout(total=30)  # seconds for one question and its answer
MAX_ANSWER: Final = 8 * 1024  # bytes of a proof; 64 hashes are half of it
_HERE: Final = frozenset({"http", "https"})


class _Proof(BaseModel):
    proof: Annotated[list[str], Field(max_length=MAX_PROOF)]


class Ledgers:
    """The ledgers of one server. Raises Unavailable when it does not answer, BadInput for an answer that is none."""

    def __init__(self, session: aiohttp.ClientSession, base: URL) -> None:
        """`base`: where the server's own paths begin."""
        self._session = session
        self._base = base / "api" / "v1" / "ledger"

    async def checkpoint(self, organisation: str) -> str | None:
        """The newest signed note; None when the server says that there is none."""
        async with self._session.get(self._base / organisation / "checkpoint") as response:
            if response.status == 404:
                return None
            return _text(await _body(response, MAX_NOTE))

    async def proof(self, organisation: str, old: int, new: int) -> list[bytes]:
        """The hashes that join both sizes, not verified. BadInput also when the server gives no proof."""
        asked = (self._base / organisation / "consistency").with_query({"from": old, "to": new})
        async with self._session.get(asked) as response:
            if 400 <= response.status < 500:
                raise BadInput("The ledger gives no proof.")
            body = await _body(response, MAX_ANSWER)
        try:
            return [from_base64url(text, most=HASH) for text in _Proof.model_validate_json(body).proof]
        except (ValidationError, SealError) as error:
            raise BadInput("The ledger's proof cannot be read.") from error

    async def hand_in(self, organisation: str, note: str) -> None:
        """Give the server what we cosigned. Raises Denied when it knows no such witness, Unavailable for other reasons."""
        to = self._base / organisation / "cosignatures"
        kind = {"Content-Type": "text/plain; charset=utf-8"}
        async with self._session.post(to, data=note.encode(), headers=kind) as response:
            if response.status == 403:
                raise Denied("the server did not take the cosignature (403)")
            if response.status not in (200, 201):
                raise Unavailable(f"the server did not take the cosignature ({response.status})")


def address(url: str) -> URL:
    """Where a server's own paths begin. Raises BadInput for what is no address, and for one with a secret in it."""
    try:
        base = URL(url)
    except ValueError as error:
        raise BadInput("--url: is no address") from error
    if base.scheme not in _HERE or not base.host or base.user or base.query or base.fragment:
        raise BadInput("--url: is https:// and a host, with a path if there is one")
    return base


@asynccontextmanager
async def ledgers_at(base: URL) -> AsyncIterator[Ledgers]:
    """Speak with a server; whatever breaks inside is Unavailable."""
    plain = {"Accept-Encoding": "identity", "User-Agent": "samjour-witness"}
    try:
        async with aiohttp.ClientSession(
            timeout=PATIENCE, headers=plain, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        ) as session:
            yield Ledgers(session, base)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable("the server does not answer") from error


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    if response.status != 200:
        raise Unavailable(f"the server does not answer ({response.status})")
    body = await read_at_most(response, limit)
    if body is None:
        raise BadInput("The ledger's answer is too long.")
    return body


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadInput("The ledger's checkpoint cannot be read.") from error
