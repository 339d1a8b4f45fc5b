"""Every view in every shape, as pictures for whoever designs: ./screenshots/ (not kept)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page

from bot.core.ids import PersonId
from tests.web import world
from tests.web.serving import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

FOLDER = Path(__file__).parents[2] / "screenshots"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
SCHEMES = ("light", "dark")
TARGETS = "[...document.querySelectorAll('a, button, summary')].filter(one => one.checkVisibility())"
SMALL = f"{TARGETS}.map(one => [one.innerText, one.getBoundingClientRect().height]).filter(it => it[1] < 44)"
SETTLED = "document.querySelector('[data-when=working]')?.hidden ?? true"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One thing to look at: an address, as somebody, at some minute."""

    name: str
    path: str = "/"
    person: PersonId | None = None
    at: datetime = world.NOW
    shows: str | None = None  # a selector that is made visible before the picture is taken


VIEWS = (
    View(name="outside-night"),
    View(name="outside-day", at=world.DAYTIME),
    View(name="outside-english", path="/?lang=en"),
    View(name="sign-in-refused", path="/in"),
    View(name="problem", path="/nowhere"),
    View(name="officer-asking", person=world.OFFICER),
    View(name="officer-silence", person=world.OFFICER, shows="[data-silence]"),
    View(name="officer-taken-and-ended", person=world.OFFICER_2),
    View(name="officer-numbers", person=world.OFFICER_3),
    View(name="officer-by-phone", person=world.OFFICER_STHLM),
    View(name="officer-deferred-english", path="/?lang=en", person=world.OFFICER_STHLM_2),
    View(name="officer-nothing", person=world.OFFICER_STHLM_3),
    View(name="worker-on-duty", person=world.EVENING),
    View(name="worker-by-phone", person=world.JOUR_STHLM),
    View(name="worker-off-duty", person=world.DAY_WORKER),
    View(name="supervisor", person=world.CHIEF),
    View(name="coordinator", person=world.COORDINATOR),
)


def shapes() -> Iterator[tuple[str, tuple[int, int], str]]:
    for size, pixels in SIZES.items():
        for scheme in SCHEMES:
            yield f"{size}-{scheme}", pixels, scheme


def ours(site: Site, address: str) -> bool:
    return address.startswith(f"{site.deps.base_url}/")


async def take(page: Page, view: View) -> None:
    """Take the pictures of a page as it stands."""
    if view.shows is not None:
        await page.locator(view.shows).evaluate("found => { found.hidden = false }")
    for shape, (width, height), scheme in shapes():
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.screenshot(
            path=FOLDER / f"{view.name}-{shape}.jpg", full_page=True, type="jpeg", quality=85
        )


async def test_every_view_is_drawn_whole(site: Site, context: BrowserContext) -> None:
    """Each view renders in each shape: no fault in the console, nothing fetched from anybody else, targets at
    least 44 px high, nothing wider than 320 px (WCAG 1.4.10).
    """
    FOLDER.mkdir(exist_ok=True)
    page = await context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if not ours(site, request.url) else None)
    for view in VIEWS:
        site.clock.at = view.at
        await context.clear_cookies()
        if view.person is not None:
            token = await site.session_for(view.person)
            await context.add_cookies([{"name": "samjour", "value": token, "url": site.deps.base_url}])
        await page.goto(site.deps.base_url + view.path)
        await page.wait_for_function(SETTLED)
        await take(page, view)
        await page.set_viewport_size({"width": 320, "height": 640})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, view.name
        assert await page.evaluate(SMALL) == [], view.name
    assert [fault for fault in faults if "404" not in fault] == []
