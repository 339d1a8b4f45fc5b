"""Signing in and out over HTTP, and every way in which it is refused."""

import asyncio
import gzip
import shutil
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.core.errors import BadInput
from bot.flow.records import Ticket
from bot.flow.sign_in import LINK_LIFETIME
from bot.web import body
from bot.web.deps import site_of
from tests.web import world
from tests.web.serving import Site, pieces, serve

SESSIONS = "/api/v1/sessions"


def read_all(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("samjour.db*"))


async def refused(site: Site, token: str) -> None:
    async with site.client.post(SESSIONS, json={"token": token}, headers=site.own) as answer:
        assert answer.status == 403
        assert answer.content_type == "application/problem+json"
        problem = await answer.json()
        assert problem["code"] == "link_spent"
        assert problem["title"] == "Länken går inte att använda"
        assert token not in str(problem)
        assert "Set-Cookie" not in answer.headers


async def test_a_link_signs_in_with_a_cookie_that_no_script_reads(site: Site) -> None:
    """The cookie lasts twelve hours, is HttpOnly and Strict, and is the only place where the session's token is."""
    token = await site.token_for(world.OFFICER)
    async with site.client.post(SESSIONS, json={"token": token}, headers=site.own) as answer:
        assert answer.status == 201
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("samjour=")
        assert {"HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
        assert set(await answer.json()) == {"expires"}


async def test_over_https_the_cookie_is_bound_to_this_host(
    tmp_path: Path, database: Path, known: world.Known
) -> None:
    """`__Host-` and Secure: no other host, no plain http, no subdomain sets or reads it; HSTS keeps it so."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(path, known, public="https://samjour.example") as site:
        token = await site.token_for(world.OFFICER)
        async with site.client.post(SESSIONS, json={"token": token}, headers=site.own) as answer:
            cookie = answer.headers["Set-Cookie"]
            assert cookie.startswith("__Host-samjour=")
            assert "Secure" in cookie.split("; ")
            assert "Domain" not in cookie
            assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://samjour.example:443", "https://samjour.example"),
        ("https://Samjour.Example/", "https://samjour.example"),
        ("http://localhost:8400", "http://localhost:8400"),
        ("http://[::1]:8400", "http://[::1]:8400"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(url: str, origin: str) -> None:
    """Lower case, and no port that goes without saying: else every write would be refused."""
    assert site_of(url).origin == origin


@pytest.mark.parametrize(
    "url", ["http://samjour.example", "http://10.0.0.1", "ftp://localhost", "https://", ""]
)
def test_a_base_url_that_leaves_sessions_unprotected_is_refused(url: str) -> None:
    """Plain http is for this machine alone."""
    with pytest.raises(BadInput):
        site_of(url)


async def test_a_link_works_once(site: Site) -> None:
    """The second use is refused, and does not disturb the first one's session."""
    token = await site.token_for(world.OFFICER)
    async with site.client.post(SESSIONS, json={"token": token}, headers=site.own) as answer:
        assert answer.status == 201
    await refused(site, token)
    async with site.client.get("/api/v1/me/status") as answer:
        assert answer.status == 200


async def test_of_many_at_once_one_gets_in(site: Site) -> None:
    """However many press the same link in the same moment, one session comes of it."""
    token = await site.token_for(world.OFFICER)

    async def use() -> int:
        async with site.client.post(SESSIONS, json={"token": token}, headers=site.own) as answer:
            return answer.status

    statuses = await asyncio.gather(*(use() for _ in range(40)))
    assert sorted(set(statuses)) == [201, 403]
    assert statuses.count(201) == 1


async def test_a_link_that_is_too_old_is_refused(site: Site) -> None:
    """A quarter of an hour, not a second more."""
    token = await site.token_for(world.OFFICER)
    site.clock.at += LINK_LIFETIME
    await refused(site, token)


async def test_a_link_nobody_issued_is_refused(site: Site) -> None:
    """A guess is told no more than a used link is."""
    await refused(site, "A" * 43)


async def test_a_code_for_something_else_does_not_sign_in(site: Site) -> None:
    """A code that links a Telegram account opens no session."""
    code = "a-code-that-links-an-account"
    expires = site.clock.at + timedelta(minutes=10)
    digest = sha256(code.encode()).digest()
    ticket = Ticket(digest=digest, purpose="link", person=world.OFFICER, expires=expires)
    await site.store.write(lambda tx: tx.people.issue(ticket))
    await refused(site, code)


async def test_whoever_is_suspended_neither_gets_in_nor_stays_in(site: Site) -> None:
    """Suspending somebody ends what their sessions can do at once, and their links are worth nothing."""
    await site.sign_in(world.OFFICER)
    token = await site.token_for(world.OFFICER)
    await site.suspend(world.OFFICER)
    await refused(site, token)
    async with site.client.get("/api/v1/me/status") as answer:
        assert answer.status == 401


async def test_a_session_ends_after_twelve_hours(site: Site) -> None:
    """To the second."""
    await site.sign_in(world.OFFICER)
    site.clock.at += timedelta(hours=12) - timedelta(seconds=1)
    async with site.client.get("/api/v1/me/status") as answer:
        assert answer.status == 200
    site.clock.at += timedelta(seconds=1)
    async with site.client.get("/api/v1/me/status") as answer:
        assert answer.status == 401


async def test_signing_in_anew_ends_the_session_before(site: Site) -> None:
    """One browser has one session: the old cookie, should somebody have it, is worth nothing."""
    await site.sign_in(world.OFFICER)
    before = site.cookie
    await site.sign_in(world.EVENING)
    assert site.cookie != before
    site.client.cookie_jar.clear()
    async with site.client.get("/api/v1/me/status", cookies={"samjour": before}) as answer:
        assert answer.status == 401


async def test_signing_out_ends_the_session_in_the_store_too(site: Site) -> None:
    """A kept copy of the cookie is worth nothing after; signing out again is harmless."""
    await site.sign_in(world.OFFICER)
    kept = site.cookie
    for _ in range(2):
        async with site.client.post(f"{SESSIONS}/end", headers=site.own) as answer:
            assert answer.status == 204
            assert "Max-Age=0" in answer.headers["Set-Cookie"]
    async with site.client.get("/api/v1/me/status", cookies={"samjour": kept}) as answer:
        assert answer.status == 401


async def test_a_form_that_signs_out_is_led_back_to_the_start_page(site: Site) -> None:
    """Signing out works without JavaScript."""
    await site.sign_in(world.OFFICER)
    async with site.client.post(
        f"{SESSIONS}/end?lang=en", data={}, headers=site.own, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == "/?lang=en"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff",
        b'{"token": 1}',
        b'{"token": "short"}',
        b'{"token": "' + b"a" * 129 + b'"}',
        b'{"token": "space is not in a token"}',
        b'{"token": "aaaaaaaaaaaaaaaaaaaa", "more": 1}',
    ],
)
async def test_what_is_not_a_sign_in_is_refused_without_echo(site: Site, sent: bytes) -> None:
    """Malformed input is one clear answer that repeats nothing of it."""
    headers = {**site.own, "Content-Type": "application/json"}
    async with site.client.post(SESSIONS, data=sent, headers=headers) as answer:
        assert answer.status == 400
        problem = await answer.json()
        assert problem["code"] == "400"
        assert "aaaa" not in str(problem)


async def test_what_is_not_json_is_refused(site: Site) -> None:
    """A form from another page cannot pose as JSON: the content type must say so."""
    headers = {**site.own, "Content-Type": "text/plain"}
    async with site.client.post(SESSIONS, data=b'{"token": "x"}', headers=headers) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused(site: Site, *, chunked: bool) -> None:
    """Whether it says its length or not."""
    headers = {**site.own, "Content-Type": "application/json"}
    sent = b" " * 100_000
    async with site.client.post(SESSIONS, data=pieces(sent) if chunked else sent, headers=headers) as answer:
        assert answer.status == 413
        assert (await answer.json())["code"] == "413"


async def test_a_body_that_grows_when_unpacked_is_refused(site: Site) -> None:
    """The bound holds for what comes out of a compressed body."""
    packed = gzip.compress(b" " * 5_000_000)
    headers = {**site.own, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with site.client.post(SESSIONS, data=packed, headers=headers) as answer:
        assert answer.status == 413


async def test_a_body_that_never_ends_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends slower than is reasonable is let go."""
    monkeypatch.setattr(body, "SECONDS", 0.01)
    port = int(site.deps.base_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = (
        f"POST {SESSIONS} HTTP/1.1",
        "Host: localhost",
        f"Origin: {site.deps.base_url}",
        "Content-Type: application/json",
        "Content-Length: 100",
        "",
        "{",
    )
    writer.write("\r\n".join(lines).encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()
    await writer.wait_closed()


async def test_tokens_are_nowhere_in_the_database(site: Site, tmp_path: Path) -> None:
    """Whoever reads the database can sign in as nobody: it holds digests only."""
    token = await site.token_for(world.OFFICER)
    await site.sign_in(world.OFFICER)
    stored = await asyncio.to_thread(read_all, tmp_path)
    assert len(stored) > 10_000
    assert token.encode() not in stored
    assert site.cookie.encode() not in stored
    assert sha256(token.encode()).digest() in stored
