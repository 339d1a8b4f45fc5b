"""Fetches rosters over HTTPS: never from inside a network, never by a detour, never more than a roster, never for long."""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.core.errors import BadInput
from bot.core.feed import MAX_TAG, NotFetched, Outcome, authority_of, check_address
from bot.core.roster_files import MAX_BYTES
from bot.flow.ports_feeds import Fetched

PATIENCE: Final = aiohttp.ClientTimeout(total=10, sock_connect=5, sock_read=5)  # seconds
OK, UNCHANGED = 200, 304
_MOVED: Final = frozenset({300, 301, 302, 303, 307, 308})
_PLAIN: Final = {"Accept-Encoding": "identity", "User-Agent": "samjour-roster"}
# Addresses that stand for others, which may lie inside: NAT64, 6to4, Teredo (RFC 6052, 3056, 4380).
_STAND_FOR_OTHERS: Final = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class Outside(AbstractResolver):
    """Resolves names to public addresses alone: what is connected to is what was looked at."""

    def __init__(self) -> None:
        """Asks the machine's own resolver."""
        self._names = aiohttp.ThreadedResolver()
        self.refused = False  # a name led inside

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of the name, if all are public. Raises OSError otherwise: a name of both kinds is a trap."""
        found = await self._names.resolve(host, port, family)
        if not all(is_public(one["host"]) for one in found):
            self.refused = True
            raise OSError("the name leads inside")
        return found

    async def close(self) -> None:
        """Nothing is kept open."""
        await self._names.close()


class HttpFeeds:
    """Implements `Fetcher`. `inside`: hosts that may lie in a network of one's own (`check_address`)."""

    def __init__(self, inside: frozenset[str] = frozenset()) -> None:
        """Nothing is kept between two looks: no connection, no cookie."""
        self.inside = inside

    async def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """What stands there; as it was, where it says so of what we named. Raises NotFetched, whatever goes wrong."""
        outside = Outside()
        resolver = None if self._may_be_inside(url) else outside
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {name: value for name, value in known.items() if value}
        connector = aiohttp.TCPConnector(resolver=resolver, force_close=True)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=PATIENCE,
                    headers=_PLAIN,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    auto_decompress=False,
                ) as session,
                session.get(url, headers=asked, allow_redirects=False) as answer,
            ):
                return await _fetched(answer, asked)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotFetched(Outcome.FORBIDDEN if outside.refused else Outcome.UNREACHABLE) from error

    def _may_be_inside(self, url: str) -> bool:
        """Whether the address may lie inside. Raises NotFetched for one that must not be asked at all."""
        try:
            check_address(url, self.inside)
        except BadInput as error:
            raise NotFetched(Outcome.FORBIDDEN) from error
        host = urlsplit(url).hostname or ""
        if authority_of(url) in self.inside:
            return True
        if _is_address(host) and not is_public(host):  # an address is not resolved
            raise NotFetched(Outcome.FORBIDDEN)
        return False


def is_public(text: str) -> bool:
    """Whether an address is reached over the internet and is nobody's inside; False for what is no address."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _STAND_FOR_OTHERS if network.version == address.version)
    )


async def _fetched(answer: aiohttp.ClientResponse, asked: Mapping[str, str]) -> Fetched:
    if answer.status == UNCHANGED and asked:
        return Fetched(body=None)
    if answer.status != OK:
        raise NotFetched(Outcome.MOVED if answer.status in _MOVED else Outcome.REFUSED)
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched(Outcome.NOT_A_ROSTER)
    kept = bytearray()
    async for piece in answer.content.iter_any():
        kept += piece
        if len(kept) > MAX_BYTES:
            raise NotFetched(Outcome.TOO_LARGE)
    return Fetched(body=bytes(kept), etag=_tag(answer, "ETag"), modified=_tag(answer, "Last-Modified"))


def _tag(answer: aiohttp.ClientResponse, name: str) -> str:
    """What is sent back the next time, if it is plain and short; otherwise nothing is."""
    value = answer.headers.get(name, "")
    return value if len(value) <= MAX_TAG and value.isascii() and value.isprintable() else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
