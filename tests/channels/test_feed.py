"""Fetching a roster: bounded in size and time, no detours, nothing from inside, no secret in an error."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult

from bot.channels import feed
from bot.channels.feed import HttpFeeds, Outside, is_public
from bot.core.feed import NotFetched, Outcome
from bot.core.roster_files import MAX_BYTES
from bot.flow.ports_feeds import Fetched

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
ROSTER = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Server:
    """A schedule's server on this machine, which answers as told."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.answer: Answer = good
        self.url = ""
        self.host = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self.answer(request)

    async def fetch(self, etag: str = "", modified: str = "") -> Fetched:
        return await HttpFeeds(frozenset({self.host})).fetch(self.url, etag=etag, modified=modified)

    async def outcome(self) -> Outcome:
        with pytest.raises(NotFetched) as failed:
            await self.fetch()
        assert "hemlig" not in str(failed.value)
        return failed.value.outcome


async def good(request: web.Request) -> web.StreamResponse:
    if request.headers.get("If-None-Match") == '"1"':
        return web.Response(status=304)
    return web.Response(
        body=ROSTER, headers={"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 12:00:00 GMT"}
    )


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    known = Server()
    app = web.Application()
    app.router.add_get("/{path:.*}", known.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    door = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, door).start()
    known.host = f"127.0.0.1:{door.getsockname()[1]}"
    known.url = f"http://{known.host}/malmo.ics?token=hemlig"
    yield known
    await runner.cleanup()


async def test_a_roster_is_fetched_and_asked_for_again_by_its_tags(server: Server) -> None:
    """200 with tags, then 304 for what we have; no cookie, nothing of ours but what is needed."""
    first = await server.fetch()
    assert (first.body, first.etag) == (ROSTER, '"1"')
    assert (await server.fetch(first.etag, first.modified)).body is None
    asked = server.asked[-1].headers
    assert asked["If-Modified-Since"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    assert asked["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer"} & set(asked)


async def test_not_modified_without_having_asked_is_no_answer(server: Server) -> None:
    """A cache that says 304 to everybody would leave us with nothing for ever."""

    async def always(_: web.Request) -> web.StreamResponse:
        return web.Response(status=304)

    server.answer = always
    assert await server.outcome() is Outcome.REFUSED


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (503, Outcome.REFUSED),
        (204, Outcome.REFUSED),
        (206, Outcome.REFUSED),
    ],
)
async def test_another_status_is_no_roster(server: Server, status: int, outcome: Outcome) -> None:
    """Whatever stands in the body."""

    async def say(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=ROSTER if status != 204 else None)

    server.answer = say
    assert await server.outcome() is outcome


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_detour_is_not_taken(server: Server, status: int) -> None:
    """A redirect could lead to this very machine: it is told, and the other address is never asked."""

    async def away(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    server.answer = away
    assert await server.outcome() is Outcome.MOVED
    assert [request.path for request in server.asked] == ["/malmo.ics"]


async def test_a_file_without_end_is_left(server: Server) -> None:
    """Two mebibytes are read and then no more, whatever length was promised."""
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        while sent < 20 * MAX_BYTES:
            await answer.write(b"x" * 65536)
            sent += 65536
        return answer

    server.answer = endless
    assert await server.outcome() is Outcome.TOO_LARGE
    assert sent < 10 * MAX_BYTES


async def test_a_bomb_is_not_unpacked(server: Server) -> None:
    """Packed though we asked for plain: refused by its header, not one byte of it unpacked."""

    async def bomb(_: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(bytes(MAX_BYTES * 4)), headers={"Content-Encoding": "gzip"})

    server.answer = bomb
    assert await server.outcome() is Outcome.NOT_A_ROSTER


async def test_a_server_that_says_nothing_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file, and then silence: a bound of time, and nothing of it is used."""
    silent = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(ROSTER[:5])
        await silent.wait()
        return answer

    monkeypatch.setattr(feed, "PATIENCE", aiohttp.ClientTimeout(total=0.2))
    server.answer = slow
    assert await server.outcome() is Outcome.UNREACHABLE
    silent.set()


async def test_a_file_that_breaks_off_is_not_used(server: Server) -> None:
    """Fewer bytes than were promised are no roster, though they would read as one."""

    async def short(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(len(ROSTER) + 10)})
        await answer.prepare(request)
        await answer.write(ROSTER)
        assert request.transport is not None
        request.transport.close()
        return answer

    server.answer = short
    assert await server.outcome() is Outcome.UNREACHABLE


async def test_nobody_there_is_told_so() -> None:
    """A port where nobody listens."""
    door = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{door.getsockname()[1]}"
    door.close()
    with pytest.raises(NotFetched) as failed:
        await HttpFeeds(frozenset({host})).fetch(f"http://{host}/")
    assert failed.value.outcome is Outcome.UNREACHABLE


async def test_tags_that_are_not_plain_are_not_kept(server: Server) -> None:
    """A tag of a thousand characters is not sent back, nor stored."""

    async def odd(_: web.Request) -> web.StreamResponse:
        return web.Response(body=ROSTER, headers={"ETag": "x" * 1000})

    server.answer = odd
    assert (await server.fetch()).etag == ""


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://0.0.0.0/",
        ),
        *(
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://192.168.1.1:8443/",
        ),
        *(
            "http://schema.example/",
            "https://name@schema.example/",
            "https://100.64.0.1/",
            "https://[2002:7f00:1::]/",
        ),
    ],
)
async def test_an_address_inside_is_never_asked(url: str) -> None:
    """Loopback, private networks, the cloud's own addresses, and addresses that stand for them."""
    with pytest.raises(NotFetched) as failed:
        await HttpFeeds().fetch(url)
    assert failed.value.outcome is Outcome.FORBIDDEN


async def test_a_name_that_leads_inside_is_not_followed() -> None:
    """A public name whose address is this machine's (DNS rebinding): what is connected to is what was looked at."""
    with pytest.raises(NotFetched) as failed:
        await HttpFeeds().fetch("https://localhost/")
    assert failed.value.outcome is Outcome.FORBIDDEN


async def test_a_name_with_one_address_inside_is_a_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    """One public and one private address: refused, not chosen between."""
    outside = Outside()

    async def both(host: str, port: int, family: int) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in ("193.0.6.139", "10.0.0.1")
        ]

    monkeypatch.setattr(outside._names, "resolve", both)
    with pytest.raises(OSError, match="leads inside"):
        await outside.resolve("schema.example", 443)
    assert outside.refused


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *(("193.0.6.139", True), ("2001:67c:2e8:22::c100:68b", True), ("::ffff:193.0.6.139", True)),
        *(("127.0.0.1", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.0.1", False)),
        *(("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False)),  # noqa: S104
        *(("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False)),
        *(("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("schema.example", False), ("", False)),
    ],
)
def test_what_is_public_is_known(address: str, *, public: bool) -> None:
    """Both families, and what stands for another address."""
    assert is_public(address) is public
