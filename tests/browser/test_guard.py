"""The guard where people write: stopped on the device before anything is sealed, told why, and nothing of it sent."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bot.client import talks
from tests.browser.screens import Screen, screen
from tests.browser.test_screenshots import SMALL
from tests.browser.whole import EVENING, MALMO, OFFICER, Whole, python_device

pytestmark = pytest.mark.asyncio(loop_scope="session")

WISH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}
NAMED = "kan nån ringa Ulrika Ekdahl på 070-174 06 40"
CLEAN = "kan nån ringa henne"
# The deliberate act after which somebody may be named, as the API has it.
IDENTIFY = """async () => {
    const { consultations } = await (await fetch("/api/v1/consultations")).json();
    const address = `/api/v1/consultations/${consultations[0].consultation ?? consultations[0].id}/identify`;
    const headers = { "Content-Type": "application/json", "Idempotency-Key": "one-and-the-same-key" };
    return (await fetch(address, { method: "POST", headers, body: "{}" })).status;
}"""
SEEN = re.compile(r"/api/v1/rooms/[^/?]+\?")  # the page looks at how the room stands

Open = Callable[..., Awaitable[Screen]]


@pytest.fixture
def opened(browser: Browser, town: Whole) -> Open:
    """Opens a screen of somebody's in the town."""

    async def open_one(**how: object) -> Screen:
        return await screen(browser, town, **how)  # type: ignore[arg-type]  # as `screen` takes it

    return open_one


async def talk(town: Whole, officer: Screen, worker: Screen) -> None:
    """A talk of the two, open on the officer's screen."""
    await officer.enrol(OFFICER, tier="storage")
    await worker.enrol(EVENING, tier="storage", organisation=MALMO)
    async with python_device(town, OFFICER) as (api, _):
        await talks.request(api, town.deps.entropy.draw, **WISH)
    await worker.page.get_by_role("button", name="Jag tar den").click()
    await officer.page.locator("[id^=room-]").click()
    await expect(officer.page.locator("#say")).to_be_visible()


def asked(page: Page) -> list[str]:
    """The paths that the page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


async def test_a_name_is_stopped_before_it_is_sealed(town: Whole, opened: Open) -> None:
    """What is marked and why is told; the words stay in the field, and go once they say nothing of who it is."""
    officer, worker = await opened(), await opened()
    page, paths = officer.page, asked(officer.page)
    await talk(town, officer, worker)
    assert not any(
        "guard" in path.removesuffix("guarding.js").removesuffix("views/guard.js") for path in paths
    )
    await page.locator("#say").fill(NAMED)
    await page.locator("#send").click()
    told = page.locator(".guard")
    await expect(told).to_contain_text("Det är inte skickat.")
    await expect(told.locator("mark")).to_have_text(["Ulrika Ekdahl", "070-174 06 40"])
    await expect(told.locator("li").first).to_contain_text("ett namn. Ett förnamn som vakten känner.")
    await expect(page.locator("#say")).to_have_value(NAMED)
    assert not [path for path in paths if "/events" in path and "after=" not in path]
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate(SMALL) == []
    await page.locator("#say").fill(CLEAN)
    await expect(told).to_be_empty()
    await page.locator("#send").click()
    await expect(worker.page.locator("[id^=room-], .bubble").first).to_be_visible()
    await expect(page.locator(".bubble", has_text=CLEAN)).to_be_visible()
    assert await page.locator(".bubble", has_text="Ulrika").count() == 0
    assert officer.complaints() == []


async def test_without_the_rules_nothing_is_sent(town: Whole, opened: Open) -> None:
    """Where the rules do not come, the words stay where they are and the page says so; the next attempt asks again."""
    officer, worker = await opened(), await opened()
    page = officer.page

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, body="")

    await page.route("**/api/v1/guard*", refuse)
    await talk(town, officer, worker)
    await page.locator("#say").fill(CLEAN)
    await page.locator("#send").click()
    await expect(page.locator("[data-told]")).to_contain_text("gick inte att läsa in")
    await expect(page.locator("#say")).to_have_value(CLEAN)
    assert await page.locator(".bubble").count() == 0
    await page.unroute("**/api/v1/guard*")
    await page.locator("#send").click()
    await expect(page.locator(".bubble", has_text=CLEAN)).to_be_visible()


async def test_in_the_named_phase_the_writer_decides(town: Whole, opened: Open) -> None:
    """A case number is reminded of: changed, or sent as it is; a name passes."""
    officer, worker = await opened(), await opened()
    page = officer.page
    await talk(town, officer, worker)
    assert await page.evaluate(IDENTIFY) == 201
    for _ in range(2):  # when it looks the second time, it has taken in what it saw the first
        async with page.expect_response(SEEN):
            pass
    await page.locator("#say").fill("Ulrika Ekdahl, dnr 2026-00123")
    await page.locator("#send").click()
    told = page.locator(".guard")
    await expect(told.locator("mark")).to_have_text(["dnr 2026-00123"])
    await page.locator("#guard-change").click()
    await expect(told).to_be_empty()
    assert await page.locator(".bubble").count() == 0
    await page.locator("#send").click()
    await page.locator("#guard-send").click()
    await expect(page.locator(".bubble", has_text="dnr 2026-00123")).to_be_visible()
