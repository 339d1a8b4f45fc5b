"""What stands around every route: headers on every answer, and no write from another site."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.web.security import HEADERS, POLICY
from bot.web.server import ROUTES
from tests.web import world
from tests.web.serving import Site

ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
)


def addresses() -> Iterator[tuple[str, str]]:
    """Every route of the application, whatever routes there come to be, with something in its gaps."""
    for route in ROUTES:
        yield route.method, route.path.replace("{path}", "hook").replace("{name}", "samjour.css")
        yield "PATCH", route.path.replace("{path}", "hook").replace("{name}", "nothing.css")
    yield "GET", "/nowhere"
    yield "GET", "/api/v1/nowhere"


@pytest.mark.parametrize(("method", "path"), list(dict.fromkeys(addresses())))
async def test_every_answer_carries_the_headers(site: Site, method: str, path: str) -> None:
    """Found, refused or unknown: each answer keeps the browser on our side, and says nothing of what we run on."""
    async with site.client.request(method, path) as answer:
        assert answer.status < 500
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "Server" not in answer.headers
        public = path.startswith("/static/samjour") or path == "/api/v1/guard"  # the same for everybody
        assert public or answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path"), list(dict.fromkeys(addresses())))
async def test_no_route_breaks_on_what_nobody_should_send(site: Site, method: str, path: str) -> None:
    """Odd languages, cookies and queries get an ordinary answer, never an error of ours."""
    odd = {"Accept-Language": "sv;q=,*" * 200, "Cookie": "samjour=" + "å" * 400, "If-None-Match": 'W/"x"'}
    async with site.client.request(method, path, params={"lang": "<b>", "v": "1"}, headers=odd) as answer:
        assert answer.status < 500


async def test_the_policy_lets_in_nothing_but_our_own_files() -> None:
    """No inline script or style, no other host, no framing, and no string becomes markup (Trusted Types)."""
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "require-trusted-types-for 'script'" in POLICY
    assert POLICY.endswith("trusted-types samjour"), "one policy, for the address of one worker"


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/sessions/end"])
@pytest.mark.parametrize("headers", ELSEWHERE)
async def test_a_write_from_elsewhere_is_refused_and_changes_nothing(
    site: Site, path: str, headers: dict[str, str]
) -> None:
    """Without the browser's word that our own page wrote it, nothing is written: the link still works after."""
    token = await site.token_for(world.OFFICER)
    async with site.client.post(path, json={"token": token}, headers=headers) as answer:
        assert answer.status == 403
        assert (await answer.json())["code"] == "403"
        assert "Set-Cookie" not in answer.headers
    async with site.client.post("/api/v1/sessions", json={"token": token}, headers=site.own) as answer:
        assert answer.status == 201


async def test_a_form_on_our_own_page_may_write_though_its_origin_is_null(site: Site) -> None:
    """A page with no-referrer sends `Origin: null` from a form; the browser's own word is what counts."""
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    async with site.client.post("/api/v1/sessions/end", headers=own) as answer:
        assert answer.status == 204


async def test_an_old_browser_is_known_by_its_origin(site: Site) -> None:
    """A browser without Sec-Fetch-Site writes from our own origin only."""
    own = {"Origin": site.deps.base_url}
    async with site.client.post("/api/v1/sessions/end", headers=own) as answer:
        assert answer.status == 204


async def test_bytes_that_are_no_text_are_no_fault_of_ours(site: Site) -> None:
    """A cookie and a language of raw bytes are just unknown ones."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.deps.base_url.rpartition(":")[2]))
    writer.write(
        b"GET /api/v1/me/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Cookie: samjour=\xff\xfe\xe5\r\nAccept-Language: \xff\r\n\r\n"
    )
    assert (await reader.read()).startswith(b"HTTP/1.1 401")
    writer.close()
    await writer.wait_closed()
