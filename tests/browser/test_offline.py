"""Without a net: the numbers show in the place of the browser's error page, and say how old they are."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.screens import screen
from tests.browser.test_screenshots import FOLDER, SMALL, shapes
from tests.browser.whole import OFFICER as TOWN_OFFICER
from tests.browser.whole import Whole
from tests.web import world
from tests.web.serving import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

INSTEAD = "Ingen kontakt med Samjour: ring"
KEPT = """async () => {
    await navigator.serviceWorker.ready;
    const kept = await caches.open("samjour-numbers");
    while ((await kept.keys()).length < 7) await new Promise(soon => setTimeout(soon, 50));
    const found = {};
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            found[request.url.replace(location.origin, "")] = await (await caches.match(request)).text();
    return found;
}"""
WHAT_MAY_BE_KEPT = {
    "/numbers?lang=sv",
    "/numbers?lang=en",
    "/static/samjour.css",
    "/static/icons.svg",
    "/static/samjour.svg",
    "/static/numbers.js",
    "/static/offline.js",
}
MONDAY_MORNING = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 09.00, a day and a half after the Saturday night


async def visit(site: Site, context: BrowserContext, path: str = "/") -> Page:
    """Look once with a net, until the browser has kept what it keeps; the telephone's clock is the server's."""
    page = await context.new_page()
    await page.clock.set_fixed_time(site.clock.at)
    await page.goto(site.deps.base_url + path)
    await page.evaluate(KEPT)
    return page


@asynccontextmanager
async def instead_of(
    site: Site, answer: Callable[[web.Request], Awaitable[web.Response]]
) -> AsyncIterator[None]:
    """Something else listens where Samjour did, as a proxy in front of it does."""
    await site.stop()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(site.deps.base_url.rpartition(":")[2])).start()
    yield
    await runner.cleanup()


async def test_a_reload_without_net_shows_the_numbers(site: Site, context: BrowserContext) -> None:
    """Signed out and with the server gone, the page of numbers stands where the error page would: each can be pressed."""
    page = await visit(site, context)
    await site.stop()
    await page.reload()
    await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()
    assert page.url == f"{site.deps.base_url}/"
    jour = page.get_by_role("link", name="Ring Socialjour Malmö")
    await expect(jour).to_have_attribute("href", "tel:0701740605")
    await expect(jour).to_have_attribute("data-rank", "first")
    await expect(page.get_by_text("Gäller till lördag 5 december")).to_be_visible()


async def test_the_numbers_are_there_in_the_language_of_the_page(site: Site, context: BrowserContext) -> None:
    """Whoever read English reads English without a net, and the link to the other language works without one too."""
    page = await visit(site, context)
    await site.stop()
    await page.goto(f"{site.deps.base_url}/?lang=en")
    await expect(page.get_by_role("heading", name="No contact with Samjour: call")).to_be_visible()
    await page.get_by_role("link", name="På svenska").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nummer att ringa")


async def test_nothing_of_anybody_is_kept(site: Site, context: BrowserContext) -> None:
    """Signed in, every page of one's own visited: the browser keeps the public list, its style and icons, nothing else."""
    token = await site.session_for(world.OFFICER)
    await context.add_cookies([{"name": "samjour", "value": token, "url": site.deps.base_url}])
    page = await visit(site, context)
    for path in ("/", "/device", "/find", "/in", "/api/v1/me/status"):
        await page.goto(site.deps.base_url + path)
    await page.goto(site.deps.base_url)
    kept = await page.evaluate(KEPT)
    assert kept.keys() == WHAT_MAY_BE_KEPT
    assert not [url for url, text in kept.items() if "Polis i yttre tjänst" in text or token in text]
    await site.stop()
    await page.reload()
    await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()
    assert "Polis i yttre tjänst" not in await page.content()


async def test_which_number_answers_is_told_without_a_server(site: Site, context: BrowserContext) -> None:
    """By the hours that are in the page: at night the jour stands out, on Monday morning the reception."""
    page = await visit(site, context)
    await site.stop()
    await page.reload()
    reception = page.locator("[data-open]", has_text="Ring Mottagningen Malmö")
    await expect(reception.get_by_text("Svarar inte nu.")).to_be_visible()
    await page.clock.set_fixed_time(MONDAY_MORNING)
    await page.reload()
    await expect(reception.get_by_text("Svarar inte nu.")).to_be_hidden()
    await expect(reception.locator(".ring")).to_have_attribute("data-rank", "first")
    jour = page.get_by_role("link", name="Ring Socialjour Malmö")
    await expect(jour).to_have_attribute("data-rank", "later")
    await expect(page.get_by_text("(för 1 dag sedan)")).to_be_visible()


async def test_a_list_that_is_too_old_says_so(site: Site, context: BrowserContext) -> None:
    """After seven days it claims nothing of who answers, and the numbers can still be pressed."""
    page = await visit(site, context)
    await site.stop()
    old = page.get_by_role("heading", name="Listan är äldre än sju dygn")
    await page.clock.set_fixed_time(site.clock.at + timedelta(days=7) - timedelta(minutes=1))
    await page.reload()
    await expect(old).to_be_hidden()
    await page.clock.set_fixed_time(site.clock.at + timedelta(days=7, minutes=1))
    await page.reload()
    await expect(old).to_be_visible()
    await expect(page.get_by_text("Svarar inte nu.").first).to_be_hidden()
    assert await page.locator(".ring[data-rank=first]").count() == 0
    await expect(page.get_by_role("link", name="Ring Socialjour Malmö")).to_be_visible()


async def test_a_proxy_that_finds_nobody_is_no_net(site: Site, context: BrowserContext) -> None:
    """What stands before us answers 502: that page has no number, so ours is shown."""
    page = await visit(site, context)

    async def bad_gateway(_: web.Request) -> web.Response:
        return web.Response(status=502, text="<h1>502 Bad Gateway</h1>", content_type="text/html")

    async with instead_of(site, bad_gateway):
        await page.reload()
        await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()


async def test_a_server_that_never_answers_is_not_waited_for(site: Site, context: BrowserContext) -> None:
    """After ten seconds without an answer the numbers come; nobody looks at a white page."""
    page = await visit(site, context)

    async def never(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with instead_of(site, never):
        await page.reload()
        await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()


async def test_another_page_in_its_place_is_not_kept(site: Site, context: BrowserContext) -> None:
    """What a hotel's network answers everything with never takes the place of the numbers."""
    page = await visit(site, context)

    async def welcome(_: web.Request) -> web.Response:
        return web.Response(text="<h1>Välkommen till hotellet</h1>", content_type="text/html")

    async with instead_of(site, welcome):
        await page.evaluate("navigator.serviceWorker.controller.postMessage('numbers')")
        await page.reload()
        await expect(page.get_by_role("heading", name="Välkommen till hotellet")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()


async def test_when_the_net_is_back_the_page_comes_by_itself(site: Site, context: BrowserContext) -> None:
    """Nobody has to think of reloading: the telephone says that it is online, and the page is asked for again."""
    page = await visit(site, context)
    await context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()
    await context.set_offline(False)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ring den som svarar nu")


async def test_only_our_own_worker_can_be_registered(site: Site, context: BrowserContext) -> None:
    """No string becomes a worker's address, and no second policy can be made (Trusted Types)."""
    page = await visit(site, context)
    refused = """async () => { try { await (async () => { %s })(); return "done"; }
        catch (error) { return error.name; } }"""
    register = "await navigator.serviceWorker.register('/static/status.js')"
    assert await page.evaluate(refused % register) == "TypeError"
    assert await page.evaluate(refused % "trustedTypes.createPolicy('samjour', {})") == "TypeError"
    assert await page.evaluate(refused % "trustedTypes.createPolicy('other', {})") == "TypeError"


async def test_it_is_drawn_whole_without_a_net(site: Site, context: BrowserContext) -> None:
    """Style and icons are there too: on a phone and at a desk, light and dark, targets at least 44 px, 320 px wide."""
    page = await visit(site, context)
    await site.stop()
    await page.reload()
    await expect(page.get_by_role("heading", name=INSTEAD)).to_be_visible()
    FOLDER.mkdir(exist_ok=True)
    for shape, (width, height), scheme in shapes():
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        path = Path(FOLDER) / f"offline-numbers-{shape}.jpg"
        await page.screenshot(path=path, full_page=True, type="jpeg", quality=85)
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate(SMALL) == []
    icon = "document.querySelector('.ring .icon').getBoundingClientRect().width"
    assert await page.evaluate(icon) > 10


# ---- a page that stands open ---------------------------------------------------------------------------


async def test_an_open_device_that_hears_nothing_says_ring(browser: Browser, town: Whole) -> None:
    """Twenty seconds without an answer: a number stands on the page, and goes away when something is heard again."""
    one = await screen(browser, town)
    await one.enrol(TOWN_OFFICER)
    page = one.page
    silence = page.get_by_role("alert").filter(has_text="Inget hört på 20 s: ring")
    await expect(silence).to_be_hidden()
    await page.route("**/api/v1/**", lambda route: route.abort())
    await expect(silence).to_be_visible(timeout=40_000)
    await expect(silence.get_by_role("link", name="Ring Socialjour Malmö")).to_be_visible()
    await expect(silence.get_by_role("link", name="Alla nummer")).to_be_visible()
    await page.unroute("**/api/v1/**")
    await expect(silence).to_be_hidden()
