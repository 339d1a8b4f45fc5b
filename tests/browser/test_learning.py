"""The learning view in a real browser: it fits, can be touched, needs no script, and is a paper when it is printed."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.whole import OFFICER, Whole

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATHS = ("/learn", "/learn/heder", "/learn/lvu", "/learn/all", "/learn/lvu/nar-omedelbart-lvu")
TARGETS = (
    "[...document.querySelectorAll('main a, main button, main input')].filter(one => one.checkVisibility())"
)
HEIGHT = "Math.max(one.getBoundingClientRect().height, (one.closest('.shelf li') ?? one).getBoundingClientRect().height)"
SMALL = f"{TARGETS}.filter(one => !one.closest('.stop')).map(one => [one.innerText, {HEIGHT}]).filter(it => it[1] < 44)"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
PAGES = re.compile(rb"/Type\s*/Page[^s]")
SEEN = "[...document.querySelectorAll('header, footer, nav.trail, form, .screen, .danger')].filter(one => one.checkVisibility()).length"
GROUND = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"


async def signed_in(context: BrowserContext, town: Whole) -> Page:
    """An officer's browser."""
    page = await context.new_page()
    await page.goto(await town.sign_in_link(OFFICER))
    await page.wait_for_url(re.compile(r"/(\?.*)?$"))
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_every_page_fits_and_can_be_touched(
    context: BrowserContext, town: Whole, width: int, scheme: str
) -> None:
    """No page is wider than the screen, also where a source is a long address; whatever is pressed is 44 pixels high."""
    page = await signed_in(context, town)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PATHS:
        answer = await page.goto(f"{town.address}{path}")
        assert answer is not None
        assert answer.status == 200
        assert await page.evaluate(TOO_WIDE) is False, path
        assert await page.evaluate(SMALL) == [], path


async def test_without_scripts_it_is_searched_all_the_same(
    browser: Browser, context: BrowserContext, town: Whole
) -> None:
    """A form and an answer; what was searched for is in no address and not on the page."""
    await signed_in(context, town)
    plain = await browser.new_context(
        java_script_enabled=False, storage_state=await context.storage_state(), locale="sv-SE"
    )
    page = await plain.new_page()
    await page.goto(f"{town.address}/learn")
    await page.fill("#q", "får vi låsa in en lvu-kille under transporten")
    await page.click("form button")
    assert page.url == f"{town.address}/learn?lang=sv"
    assert await page.locator("article").count() >= 1
    assert await page.locator("#q").input_value() == ""
    await plain.close()


async def test_paper_is_black_on_white_and_begins_a_page_for_each_answer(
    context: BrowserContext, town: Whole
) -> None:
    """Also where the screen is dark: no navigation, sources written out, and each answer of a topic on a page of its own."""
    page = await signed_in(context, town)
    await page.goto(f"{town.address}/learn/lvu")
    await page.emulate_media(media="print", color_scheme="dark")
    assert await page.evaluate(SEEN) == 0
    assert await page.evaluate(GROUND) == "rgb(255, 255, 255)rgb(0, 0, 0)"
    assert await page.locator("article .sources li").first.is_visible()
    assert await page.locator(".paper").last.is_visible()
    told = await page.locator("[data-stop=jour]").first.inner_text()
    assert "Vilket nummer som svarar står i Samjour" in told
    assert re.search(r"[0-9]{3}-", told) is None  # who answers now is no news on paper
    answers = await page.locator("article:not([data-waits])").count()
    printed = len(PAGES.findall(await page.pdf(format="A4")))
    assert answers + 1 <= printed <= answers + 3
    await page.goto(f"{town.address}/learn/lvu/nar-omedelbart-lvu")
    assert len(PAGES.findall(await page.pdf(format="A4"))) == 1
