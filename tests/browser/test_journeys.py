"""What people do on the status page, in a real browser before the real web."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from bot.core.events import Accepted, Closed, Ending
from bot.core.ids import OfferId, PersonId, RoomId
from bot.flow.sign_in import LINK_LIFETIME, issue_link
from tests.web import world
from tests.web.serving import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


async def look_at(site: Site, context: BrowserContext, person: PersonId) -> Page:
    """The status page of somebody who is signed in; its clock is turned by the test."""
    token = await site.session_for(person)
    await context.add_cookies([{"name": "samjour", "value": token, "url": site.deps.base_url}])
    page = await context.new_page()
    await page.clock.install()
    async with page.expect_response("**/part/status*"):
        await page.goto(site.deps.base_url)
    return page


async def after_the_next_answer(page: Page, seconds: int = 5) -> None:
    """Turn the page's clock until it has asked once more and heard."""
    async with page.expect_response("**/part/status*"):
        await page.clock.run_for(seconds * 1_000)


async def test_a_sign_in_link_opens_the_status_page(site: Site, context: BrowserContext) -> None:
    """The link signs in at once, and its token is left neither in the address nor where a script can read it."""
    page = await context.new_page()
    await page.goto(await issue_link(site.deps, world.OFFICER))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Läget just nu")
    await expect(page.get_by_text("Frågar Socialjouren (2 personer)")).to_be_visible()
    assert page.url == f"{site.deps.base_url}/"
    assert await page.evaluate("document.cookie") == ""
    assert [cookie.get("httpOnly") for cookie in await context.cookies()] == [True]


async def test_the_back_button_does_not_bring_the_token_back(site: Site, context: BrowserContext) -> None:
    """Going back after signing in shows no used link and no token."""
    page = await context.new_page()
    await page.goto(site.deps.base_url)
    await page.goto(await issue_link(site.deps, world.OFFICER))
    await expect(page.get_by_text("Mina förfrågningar")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_text("Mina förfrågningar")).to_be_visible()
    assert "#" not in page.url


async def test_a_used_link_is_refused_with_what_to_do_and_whom_to_call(
    site: Site, context: BrowserContext, browser: Browser
) -> None:
    """The second use is refused politely, in another browser too, and the numbers stand there all the same."""
    link = await issue_link(site.deps, world.OFFICER)
    page = await context.new_page()
    await page.goto(link)
    await expect(page.get_by_text("Mina förfrågningar")).to_be_visible()
    other = await browser.new_page(locale="sv-SE")
    await other.goto(link)
    await expect(other.get_by_role("heading", level=1)).to_have_text("Länken går inte att använda")
    await expect(other.get_by_text("Skriv /webb till Samjour i Telegram")).to_be_visible()
    await expect(other.get_by_role("link", name="Ring Socialjour Malmö")).to_be_visible()
    await other.close()


async def test_an_expired_link_is_refused_in_the_readers_language(site: Site, browser: Browser) -> None:
    """A link that is too old says so, and an English browser is answered in English."""
    link = await issue_link(site.deps, world.OFFICER)
    site.clock.at += LINK_LIFETIME + timedelta(seconds=1)
    page = await browser.new_page(locale="en-GB")
    await page.goto(link)
    await expect(page.get_by_role("heading", level=1)).to_have_text("This link cannot be used")
    await page.close()


async def test_a_link_opened_without_coverage_can_be_tried_again(site: Site, context: BrowserContext) -> None:
    """When the server is not reached the link is not used up: one press later it works."""
    page = await context.new_page()
    await page.route("**/api/v1/sessions", lambda route: route.abort())
    await page.goto(await issue_link(site.deps, world.OFFICER))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ingen kontakt med Samjour")
    await page.unroute("**/api/v1/sessions")
    await page.get_by_role("button", name="Försök igen").click()
    await expect(page.get_by_text("Mina förfrågningar")).to_be_visible()


async def test_what_happens_is_seen_within_five_seconds_and_said_once(
    site: Site, context: BrowserContext
) -> None:
    """The page renews itself: the new state is shown and announced, the focus stays where it was."""
    page = await look_at(site, context, world.OFFICER)
    await page.locator("#ring-c-offered-0").focus()
    offer = OfferId("c-offered-p-sj-malmo-3")
    answer_by = site.clock.at + timedelta(minutes=3)
    event = Accepted(at=site.clock.at, offer=offer, room=RoomId("room-1"), answer_by=answer_by)
    await site.happen("c-offered", event)
    await expect(page.locator("[data-heard]")).to_have_text("kl. 23.40")
    site.clock.at += timedelta(minutes=1)
    await after_the_next_answer(page)
    await expect(page.locator("[data-heard]")).to_have_text("kl. 23.41")
    await expect(page.get_by_role("heading", name="Socialjouren har tagit den")).to_be_visible()
    await expect(page.locator("[data-announced]")).to_contain_text("Socialjouren har tagit den")
    assert await page.evaluate("document.activeElement.id") == "ring-c-offered-0"


async def test_what_has_been_unfolded_stays_unfolded(site: Site, context: BrowserContext) -> None:
    """Renewing the page folds nothing that somebody has opened."""
    page = await look_at(site, context, world.OFFICER_3)
    stockholm = page.locator("details", has_text="Stockholm")
    await stockholm.locator("summary").click()
    await site.happen("c-waiting", Closed(at=site.clock.at, by=world.OFFICER_3, ending=Ending.CANCELLED))
    await after_the_next_answer(page)
    await expect(page.get_by_role("heading", name="Avslutad: tillbakadragen")).to_be_visible()
    await expect(stockholm.get_by_role("link", name="Ring Socialjouren Stockholm")).to_be_visible()


async def test_when_the_server_dies_the_page_says_ring(site: Site, context: BrowserContext) -> None:
    """Twenty seconds without an answer: the page says so, with a button that calls the number that answers."""
    page = await look_at(site, context, world.OFFICER)
    silence = page.get_by_role("alert")
    await site.stop()
    await page.clock.run_for(15_000)
    await expect(silence).to_be_hidden()
    await page.clock.run_for(6_000)
    await expect(silence).to_contain_text("Inget hört på 20 s: ring")
    call = silence.get_by_role("link", name="Ring Socialjour Malmö")
    assert await call.get_attribute("href") == "tel:0701740605"


async def test_an_answer_that_takes_long_is_waited_for(site: Site, context: BrowserContext) -> None:
    """On a slow network a second question does not cut the first one off: its answer still counts."""
    page = await look_at(site, context, world.OFFICER)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/part/status*", hold)
    async with page.expect_request("**/part/status*"):
        await page.clock.run_for(5_000)
    await page.clock.run_for(12_000)
    assert len(held) == 1
    async with page.expect_response("**/part/status*"):
        await held[0].continue_()
    await page.clock.run_for(4_000)
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_when_the_server_is_heard_again_the_alarm_goes_away(
    site: Site, context: BrowserContext
) -> None:
    """Silence ends with the first answer; an error is no answer."""
    page = await look_at(site, context, world.OFFICER)
    await page.route("**/part/status*", lambda route: route.fulfill(status=502, body="bad gateway"))
    await page.clock.run_for(21_000)
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.unroute("**/part/status*")
    await after_the_next_answer(page)
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_without_coverage_the_page_says_ring_at_once(site: Site, context: BrowserContext) -> None:
    """A phone that says it is offline need not wait twenty seconds."""
    page = await look_at(site, context, world.OFFICER)
    await context.set_offline(offline=True)
    await expect(page.get_by_role("alert")).to_be_visible()
    async with page.expect_response("**/part/status*"):
        await context.set_offline(offline=False)
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_a_page_nobody_looks_at_asks_nothing(site: Site, context: BrowserContext) -> None:
    """Hidden, the page is quiet; seen again, it asks at once and does not cry wolf."""
    page = await look_at(site, context, world.OFFICER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/part/" in request.url else None)
    await page.evaluate(HIDE, True)
    await page.clock.run_for(60_000)
    assert asked == []
    async with page.expect_response("**/part/status*"):
        await page.evaluate(HIDE, False)
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_nothing_new_costs_next_to_nothing(site: Site, context: BrowserContext) -> None:
    """While nothing has changed the answer is 304, and the page is left untouched."""
    page = await look_at(site, context, world.OFFICER)
    await page.locator("[data-part]").evaluate("part => { part.marked = true }")
    async with page.expect_response("**/part/status*") as answered:
        await page.clock.run_for(5_000)
    assert (await answered.value).status == 304
    assert await page.locator("[data-part]").evaluate("part => part.marked")


async def test_signing_out_leaves_nothing_behind(site: Site, context: BrowserContext) -> None:
    """After signing out the browser has no cookie, the page shows the numbers, and the session is dead."""
    page = await look_at(site, context, world.OFFICER)
    await page.get_by_role("button", name="Logga ut").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ring den som svarar nu")
    assert await context.cookies() == []


async def test_a_session_ended_elsewhere_disappears_from_the_screen(
    site: Site, context: BrowserContext
) -> None:
    """When the session runs out, what was personal leaves the page and the numbers stay."""
    page = await look_at(site, context, world.OFFICER)
    site.clock.at += timedelta(hours=12, seconds=1)
    await after_the_next_answer(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ring den som svarar nu")
    await expect(page.get_by_text("Mina förfrågningar")).to_have_count(0)


async def test_without_javascript_the_numbers_are_there(site: Site, browser: Browser) -> None:
    """The page is drawn by the server: an old or locked browser shows whom to call."""
    context = await browser.new_context(locale="sv-SE", java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{site.deps.base_url}/in#whatever")
    await expect(page.get_by_text("Händer inget: slå på JavaScript")).to_be_visible()
    await expect(page.get_by_role("link", name="Ring Socialjour Malmö")).to_be_visible()
    await context.close()


async def test_everything_is_reached_by_keyboard_in_reading_order(
    site: Site, context: BrowserContext
) -> None:
    """Tab goes first past the bar, then to what matters; what has the focus shows it."""
    page = await look_at(site, context, world.OFFICER)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.locator('a[href^="/learn"]')).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Vem gör vad")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Min enhet")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Koppla Telegram")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Logga ut")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#ring-c-offered-0")).to_be_focused()
    outline = await page.locator("#ring-c-offered-0").evaluate("link => getComputedStyle(link).outlineStyle")
    assert outline == "solid"
