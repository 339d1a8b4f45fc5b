"""Every route: what it gives, and how it fails."""

import gzip
import json
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import Tampered, Unavailable
from bot.core.ids import PersonId
from bot.core.places import Label
from bot.web import reading
from bot.web.assets import load_assets
from bot.web.openapi import DOCUMENT
from bot.web.server import ROUTES
from tests.web import world
from tests.web.serving import Site, pieces

CANARY = "content that must not be told"


async def test_signed_out_the_start_page_shows_the_numbers_that_answer_now(site: Site) -> None:
    """There is no wall of sign-in before the number: by night the jour's, in office hours the reception's too."""
    async with site.client.get("/") as answer:
        night = await answer.text()
    assert answer.content_type == "text/html"
    assert 'href="tel:0701740605"' in night
    assert 'href="tel:0701740610"' in night
    assert 'href="tel:0701740609"' not in night
    site.clock.at = world.DAYTIME
    async with site.client.get("/") as answer:
        assert 'href="tel:0701740609"' in await answer.text()


async def test_signed_in_the_start_page_is_ones_own(site: Site) -> None:
    """The page shows who is signed in, and is kept by no cache."""
    await site.sign_in(world.OFFICER)
    async with site.client.get("/") as answer:
        text = await answer.text()
    assert "Polis i yttre tjänst Malmö 1" in text
    assert "Frågar Socialjouren (2 personer)" in text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/", None, "sv"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/", "de", "sv"),
        ("/?lang=en", "sv", "en"),
        ("/?lang=sv", "en", "sv"),
        ("/?lang=xx", "en", "en"),
        ("/in", "en", "en"),
        ("/nowhere", "en", "en"),
    ],
)
async def test_the_language_is_the_one_asked_for(
    site: Site, path: str, accepts: str | None, language: str
) -> None:
    """By the address first, by the browser second, Swedish otherwise."""
    headers = {} if accepts is None else {"Accept-Language": accepts}
    async with site.client.get(path, headers=headers) as answer:
        assert f'<html lang="{language}">' in await answer.text()


async def test_a_new_reading_of_the_files_shows_at_once(site: Site) -> None:
    """Content is asked for each time: a reload needs no restart."""
    malmo = site.content.now.structure.organisations[world.MALMO]
    renamed = replace(malmo, label=Label(sv="Ny stad", en="New city"))
    everything = {**site.content.now.structure.organisations, world.MALMO: renamed}
    structure = replace(site.content.now.structure, organisations=everything)
    site.content.now = replace(site.content.now, structure=structure)
    async with site.client.get("/") as answer:
        assert "Ny stad" in await answer.text()


async def test_the_sign_in_page_needs_neither_session_nor_store(site: Site) -> None:
    """It shows nothing of anybody, and its numbers stand although the database is gone."""
    await site.lose_database()
    async with site.client.get("/in") as answer:
        text = await answer.text()
    assert answer.status == 200
    assert "Länken går inte att använda" in text
    assert 'href="tel:0701740605"' in text


async def test_the_part_is_the_same_bytes_until_something_changes(site: Site) -> None:
    """304 while the browser has what it would get; something new as soon as there is."""
    await site.sign_in(world.OFFICER)
    async with site.client.get("/part/status") as answer:
        tag = answer.headers["ETag"]
        assert (await answer.text()).startswith('<div class="part"')
    site.clock.at = world.NOW.replace(second=9)
    async with site.client.get("/part/status", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304
        assert await answer.text() == ""
        assert answer.headers["ETag"] == tag
    await site.play(world.Story(id="c-next", officer=world.OFFICER, begun=world.NOW).asked())
    async with site.client.get("/part/status", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200
        assert answer.headers["ETag"] != tag


async def test_the_part_of_one_is_never_the_part_of_another(site: Site) -> None:
    """The tag of somebody else's page gives nothing away and saves nothing."""
    await site.sign_in(world.OFFICER)
    async with site.client.get("/part/status") as answer:
        tag = answer.headers["ETag"]
    await site.sign_in(world.OFFICER_2)
    async with site.client.get("/part/status", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200


async def test_the_status_is_there_as_json(site: Site) -> None:
    """The same view as the page, with the choices and times behind the sentences."""
    await site.sign_in(world.OFFICER)
    async with site.client.get("/api/v1/me/status?lang=en") as answer:
        status = await answer.json()
    assert answer.status == 200
    (request,) = status["requests"]
    assert request["state"] == "offered"
    assert request["sentence"] == "Asking Social services on call (2 people)"
    assert request["until"] == "2026-11-28T22:47:20Z"
    assert [step["outcome"] for step in request["happened"]] == ["declined", "pending"]
    assert status["numbers"][0]["lines"][0]["number"] == "070-1740605"


@pytest.mark.parametrize("cookie", [None, "", "a", "a" * 43, "a" * 5000])
async def test_without_a_session_there_is_no_status(site: Site, cookie: str | None) -> None:
    """No cookie, a guessed one, an absurd one: 401, and what to do."""
    cookies = {} if cookie is None else {"samjour": cookie}
    async with site.client.get("/api/v1/me/status", cookies=cookies) as answer:
        assert answer.status == 401
        assert answer.content_type == "application/problem+json"
        assert "/webb" in (await answer.json())["detail"]


async def test_without_a_session_the_store_is_not_asked(site: Site) -> None:
    """Whoever is signed out sees the numbers even when the database is gone."""
    await site.lose_database()
    async with site.client.get("/") as answer:
        assert answer.status == 200
        assert 'href="tel:0701740605"' in await answer.text()


async def test_when_the_database_is_gone_the_page_says_so_and_gives_the_numbers(site: Site) -> None:
    """503, one sentence, and whom to call."""
    await site.sign_in(world.OFFICER)
    await site.lose_database()
    async with site.client.get("/") as answer:
        text = await answer.text()
        assert answer.status == 503
        assert "Samjour är inte tillgängligt just nu" in text
        assert 'href="tel:0701740605"' in text
    async with site.client.get("/api/v1/me/status") as answer:
        assert answer.status == 503
        assert (await answer.json())["code"] == "503"


async def test_what_nobody_may_see_is_denied(site: Site) -> None:
    """With no rule that lets anybody look, nobody looks: silence denies."""
    await site.sign_in(world.OFFICER)
    site.content.now = replace(site.content.now, policy=replace(site.content.now.policy, rules=()))
    async with site.client.get("/") as answer:
        assert answer.status == 403
        assert "Frågar" not in await answer.text()


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/telegram/other", "/api/v1/sessions"])
async def test_machines_are_refused_by_problem_documents(site: Site, path: str) -> None:
    """RFC 9457: type, title, status, detail; in the reader's language, and nothing of what was sent."""
    async with site.client.get(path, headers={"Accept-Language": "en"}) as answer:
        assert answer.content_type == "application/problem+json"
        problem = await answer.json()
    assert problem["status"] == answer.status
    assert problem["type"] == "about:blank"
    assert problem["code"] == str(answer.status)
    assert set(problem) == {"type", "title", "status", "detail", "code"}


async def test_people_are_refused_by_a_page(site: Site) -> None:
    """A page that does not exist leads back to the start, and still gives the numbers."""
    async with site.client.get("/nowhere") as answer:
        text = await answer.text()
    assert answer.status == 404
    assert answer.content_type == "text/html"
    assert "Sidan finns inte" in text
    assert 'href="tel:0701740605"' in text


async def test_a_method_that_a_route_does_not_take_is_named(site: Site) -> None:
    """405 with the methods that it does take (RFC 9110, 15.5.6)."""
    async with site.client.delete("/api/v1/sessions", headers=site.own) as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
    async with site.client.options("/", headers=site.own) as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET,HEAD"


async def test_a_fault_of_ours_is_told_without_content(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """500 says that it is our fault; the log names the kind and the place, never what was handled."""
    site.webhook.fails = RuntimeError(CANARY)
    with caplog.at_level(logging.DEBUG):
        async with site.client.post("/telegram/hook", data=CANARY) as answer:
            assert answer.status == 500
            assert CANARY not in await answer.text()
    assert CANARY not in caplog.text
    assert [record.__dict__["kind"] for record in caplog.records if record.msg == "page broke"] == [
        "RuntimeError"
    ]


# ---- Telegram's door ---------------------------------------------------------------------------------


async def test_an_update_is_handed_over_as_it_came(site: Site) -> None:
    """The body, byte for byte, and the secret header; the channel's answer is the answer."""
    secret = {"X-Telegram-Bot-Api-Secret-Token": "s"}
    for status in (200, 403, 400):
        site.webhook.status = status
        async with site.client.post("/telegram/hook", data=b"\x00raw", headers=secret) as answer:
            assert answer.status == status
            assert await answer.read() == b""
    assert site.webhook.given == [(b"\x00raw", "s")] * 3


async def test_an_update_without_a_secret_is_the_channels_to_refuse(site: Site) -> None:
    """None is handed over, so that the channel compares in constant time and answers."""
    async with site.client.post("/telegram/hook", data=b"{}"):
        assert site.webhook.given == [(b"{}", None)]


@pytest.mark.parametrize("path", ["other", "hoo", "hookk", "HOOK", "%68%6f%6f%6b%20", "hook/more", "%ff"])
async def test_another_path_does_not_exist(site: Site, path: str) -> None:
    """404, and the channel hears nothing of it."""
    async with site.client.post(f"/telegram/{path}", data=b"{}") as answer:
        assert answer.status == 404
    assert site.webhook.given == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_update_that_is_too_large_is_refused(site: Site, *, chunked: bool) -> None:
    """More than 256 kB is no update of Telegram's."""
    sent = b"x" * (256 * 1024 + 1)
    async with site.client.post("/telegram/hook", data=pieces(sent) if chunked else sent) as answer:
        assert answer.status == 413
    async with site.client.post("/telegram/hook", data=sent[:-1]) as answer:
        assert answer.status == 200
    assert len(site.webhook.given) == 1


async def test_when_an_update_cannot_be_kept_telegram_sends_it_again(site: Site) -> None:
    """A database that is gone is 503, which Telegram answers by trying again."""
    site.webhook.fails = Unavailable(CANARY)
    async with site.client.post("/telegram/hook", data=b"{}") as answer:
        assert answer.status == 503
        assert CANARY not in await answer.text()


# ---- health ------------------------------------------------------------------------------------------


async def test_the_process_says_that_it_lives(site: Site) -> None:
    """Without asking anything else."""
    await site.lose_database()
    async with site.client.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})


async def test_readiness_is_what_is_found(site: Site) -> None:
    """200 and what was found; 503 when something is not as it should be."""
    async with site.client.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True, "database": "ok"})
    site.ready.answer = {"ok": False, "ledger": "no head"}
    async with site.client.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (503, {"ok": False, "ledger": "no head"})


@pytest.mark.parametrize("fault", [Unavailable(CANARY), Tampered(CANARY), TimeoutError()])
async def test_what_cannot_be_asked_is_not_ready(site: Site, fault: Exception) -> None:
    """A refusal or a long wait is an answer too, and tells nothing more."""
    site.ready.fails = fault
    async with site.client.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (503, {"ok": False})


async def test_readiness_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that hangs is not ready."""
    monkeypatch.setattr(reading, "READY_SECONDS", 0.01)
    site.ready.hangs = True
    async with site.client.get("/readyz") as answer:
        assert answer.status == 503


# ---- static files ------------------------------------------------------------------------------------


async def test_every_static_file_is_served_by_its_version(site: Site) -> None:
    """Kept for good under the address that names its digest; asked about again under any other."""
    for name, asset in load_assets().items():
        async with site.client.get(f"/static/{name}?v={asset.digest}") as answer:
            assert await answer.read() == asset.body
            assert answer.content_type == asset.kind
            assert "immutable" in answer.headers["Cache-Control"]
        async with site.client.get(f"/static/{name}?v=old") as answer:
            assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_static_file_that_the_browser_has_is_not_sent_again(site: Site) -> None:
    """A module is imported without a version, so the browser asks each time, and mostly hears "as it was"."""
    for name in ("seal/wire.js", "vendor/crypto.js", "samjour.css"):
        async with site.client.get(f"/static/{name}") as answer:
            known = answer.headers["ETag"]
        for packing in ("gzip", "identity"):
            asked = {"If-None-Match": known, "Accept-Encoding": packing}
            async with site.client.get(f"/static/{name}", headers=asked) as answer:
                assert (answer.status, await answer.read()) == (304, b"")
                assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == (known, "no-cache")
                assert "Accept-Encoding" in answer.headers["Vary"]
        async with site.client.get(f"/static/{name}", headers={"If-None-Match": 'W/"other"'}) as answer:
            assert answer.status == 200


async def test_static_files_travel_packed(site: Site) -> None:
    """What the start page loads is under the 100 kB of a first load; seals and keys come only where they are used."""
    async with site.client.get("/") as answer:
        first = set(re.findall(r"/static/([a-z_./]+)", await answer.text()))
    sizes = {}
    for name in load_assets():
        async with site.client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            sizes[name] = int(answer.headers["Content-Length"])
    assert {"samjour.css", "status.js"} <= first
    assert sum(sizes[name] for name in first) < 100_000
    assert sum(sizes.values()) < 200_000


@pytest.mark.parametrize(
    "name",
    [
        "none.js",
        "..%2fserver.py",
        "%2e%2e/server.py",
        "samjour.css%00",
        "",
        "seal",
        "seal/",
        "seal/none.js",
        "seal/..%2fsign_in.js",
        "..%2fstatic/sign_in.js",
        "seal%2fwire.js/",
    ],
)
async def test_there_are_no_other_static_files(site: Site, name: str) -> None:
    """What is not in the table does not exist; there is no folder to climb out of."""
    async with site.client.get(f"/static/{name}") as answer:
        assert answer.status == 404


async def test_pages_name_only_files_that_exist(site: Site) -> None:
    """Each address of a file on a page is answered, and names the version that is served."""
    for path in ("/", "/in"):
        async with site.client.get(path) as answer:
            named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', await answer.text()))
        assert len(named) >= 4
        for address in named:
            async with site.client.get(address) as answer:
                assert "immutable" in answer.headers["Cache-Control"]


def test_every_file_in_the_folder_is_of_a_kind_that_is_served() -> None:
    """Nothing lies in the folder that no page can use."""
    folder = Path(reading.__file__).parent / "static"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == set(load_assets())


def test_a_packed_file_is_the_file() -> None:
    """What is sent packed unpacks to what is sent plain."""
    for asset in load_assets().values():
        assert gzip.decompress(asset.packed) == asset.body


# ---- the document ------------------------------------------------------------------------------------


async def test_the_document_tells_of_every_route_and_no_other(site: Site) -> None:
    """OpenAPI 3.1: what the router has is what the document has."""
    async with site.client.get("/api/v1/openapi.json") as answer:
        document = await answer.json()
    told = {(method, path) for path, item in document["paths"].items() for method in item}
    there = {(route.method.lower(), route.path) for route in ROUTES}
    assert document["openapi"] == "3.1.0"
    assert told == there


async def test_the_router_has_the_routes_of_the_table_and_no_other(site: Site) -> None:
    """What the tests of headers and refusals go through is everything that is served."""
    assert site.runner.app is not None
    served = {
        (route.method, route.resource.canonical)
        for route in site.runner.app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert served == {(route.method, route.path) for route in ROUTES}


def test_every_reference_in_the_document_leads_somewhere() -> None:
    """Each schema that is named is there."""
    named = set(re.findall(r'"#/components/schemas/([A-Za-z]+)"', json.dumps(DOCUMENT)))
    assert named <= set(DOCUMENT["components"]["schemas"])
    assert {"Status", "Problem", "MyRequest"} <= named


async def test_problems_have_the_shape_the_document_tells(site: Site) -> None:
    """What is sent has the fields of the schema, and no other."""
    async with site.client.get("/api/v1/me/status") as answer:
        problem = await answer.json()
    schema = DOCUMENT["components"]["schemas"]["Problem"]
    assert set(schema["required"]) <= set(problem) <= set(schema["properties"])


@pytest.mark.parametrize("viewer", [world.OFFICER, world.EVENING, world.CHIEF])
async def test_the_status_has_the_shape_the_document_tells(site: Site, viewer: PersonId) -> None:
    """Field by field, for each kind of person."""
    await site.sign_in(viewer)
    async with site.client.get("/api/v1/me/status") as answer:
        status = await answer.json()
    assert set(status) == set(DOCUMENT["components"]["schemas"]["Status"]["properties"])
