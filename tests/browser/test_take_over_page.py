"""Taking a colleague's talk over in a browser, and ending it by referring the officer on; pages on a small telephone."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.client import talks
from bot.client.api import Api
from bot.client.outgoing import Outgoing
from bot.client.room import Room, open_room
from bot.client.room_log import Said
from bot.client.room_trust import Trust
from bot.core.consultation import Consultation, State
from bot.core.events import Ending
from tests.browser.screens import DESK, Screen, screen
from tests.browser.whole import EVENING, EVENING_2, MALMO, OFFICER, Whole, python_device

pytestmark = pytest.mark.asyncio(loop_scope="session")

NORTH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}
FIRST, SECOND = "Vi väntar vid porten.", "Jag tar det nu."
TARGETS = "[...document.querySelectorAll('a, button, summary, select')].filter(one => one.checkVisibility())"
SMALL = f"{TARGETS}.map(one => [one.innerText, one.getBoundingClientRect().height]).filter(it => it[1] < 44)"


@pytest_asyncio.fixture(loop_scope="session")
async def officer(town: Whole) -> AsyncIterator[Room]:
    """The officer's room, on a device of their own, once somebody has taken it."""
    async with AsyncExitStack() as stack:
        api, device = await stack.enter_async_context(python_device(town, OFFICER))
        made = await talks.request(api, town.deps.entropy.draw, **NORTH)
        outgoing = Outgoing(device.folder / "outgoing.json", device.secret)
        trust = Trust(api, device, lambda: int(town.clock.now().timestamp()))
        yield open_room(api, device, trust, outgoing, str(made["consultation"]), draw=town.deps.entropy.draw)


@pytest_asyncio.fixture(loop_scope="session")
async def holder(town: Whole, officer: Room) -> AsyncIterator[Api]:
    """A colleague who has taken it, and owes the officer an answer."""
    async with python_device(town, EVENING, MALMO) as (api, device):
        trust = Trust(api, device, lambda: int(town.clock.now().timestamp()))
        (offer,) = await talks.offers(api)
        await talks.accept(api, device, trust, str(offer["offer"]), draw=town.deps.entropy.draw)
        await officer.follow()
        await officer.say(FIRST)
        yield api


async def latest(town: Whole) -> Consultation:
    return (await town.deps.store.read(lambda tx: tx.consultations.of_officer(OFFICER, 1)))[0]


async def fits(page: Page) -> None:
    """Nothing is wider than a small telephone, and what is pressed is large enough (WCAG 1.4.10, 2.5.8)."""
    size = page.viewport_size
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate(SMALL) == []
    assert size is not None
    await page.set_viewport_size(size)


async def entered(town: Whole, browser: Browser, stack: AsyncExitStack) -> Screen:
    """The colleague's own browser."""
    found = await screen(browser, town, size=DESK)
    stack.push_async_callback(found.context.close)
    await found.enrol(EVENING_2, tier="storage", organisation=MALMO)
    return found


async def test_a_colleague_takes_over_and_refers_the_officer_on(
    town: Whole, browser: Browser, officer: Room, holder: Api
) -> None:
    """It stands there with why; one press, and the talk is open with what was said; ended with a target of the place."""
    async with AsyncExitStack() as stack:
        colleague = await entered(town, browser, stack)
        page = colleague.page
        section = page.locator('[data-section="takeable"]')
        await expect(section).to_contain_text("Polisen väntar på svar.")
        await fits(page)
        await section.get_by_role("button", name="Ta över").click()
        await expect(page.locator('[data-section="talk"]')).to_be_visible()
        await expect(section).to_be_hidden()
        assert (await latest(town)).holder == EVENING_2
        assert [one["because"] for one in await talks.takeovers(holder)] == ["owed"]  # they may have it back
        await page.locator("#say").fill(SECOND)
        await page.locator("#send").click()
        await expect(page.locator("[data-seq] .bubble", has_text=SECOND)).to_be_visible()  # it was taken
        await officer.follow()
        assert [one.text for one in officer.log.show() if isinstance(one, Said)] == [FIRST, SECOND]
        await page.locator("summary", has_text="Avsluta").click()
        await page.locator("#close-choice").select_option("referred")
        await expect(page.get_by_label("Hänvisad till vad?")).to_be_visible()
        await fits(page)
        await page.get_by_label("Hänvisad till vad?").select_option("sspf-malmo")
        await page.locator("#close").click()
        await expect(page.get_by_text("Samtalet är avslutat").first).to_be_visible()
        c = await latest(town)
        assert (c.state, c.ending, c.target) == (State.CLOSED, Ending.REFERRED, "sspf-malmo")
        assert colleague.complaints() == []


@pytest.mark.parametrize("path", ["/find", "/coverage", "/staffing"])
async def test_every_page_leads_back_and_fits_a_small_telephone(
    town: Whole, browser: Browser, path: str
) -> None:
    """Whoever has gone astray finds the start page by a link that says so, not only by the mark."""
    async with AsyncExitStack() as stack:
        context = await browser.new_context(locale="sv-SE", viewport={"width": 320, "height": 640})
        stack.push_async_callback(context.close)
        page = await context.new_page()
        person = OFFICER if path == "/find" else "p-malmo-chef-1"
        await page.goto(await town.sign_in_link(person))  # type: ignore[arg-type]  # an id
        await expect(page.get_by_role("heading", level=1)).to_have_text("Läget just nu")
        await page.goto(f"{town.deps.base_url}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        await page.get_by_role("link", name="Till startsidan").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Läget just nu")
