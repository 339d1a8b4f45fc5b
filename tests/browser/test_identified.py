"""Naming and disclosing in a browser: the press that cannot be undone, the receipt, and a ground before anything is given."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.client import talks
from bot.core.ids import ConsultationId, DistrictId
from bot.core.press import Choose
from bot.core.request import Matter, Need, Urgency
from bot.flow import consult
from bot.flow.ports import Tx
from tests.browser.screens import DESK, PHONE, Screen, screen
from tests.browser.whole import EVENING, MALMO, OFFICER, Whole, python_device

pytestmark = pytest.mark.asyncio(loop_scope="session")

WISH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}
GIVEN = "Hon bor i familjehem sedan i våras."
TARGETS = (
    "[...document.querySelectorAll('a, button, summary, select, input')].filter(one => one.checkVisibility())"
)
SMALL = f"{TARGETS}.map(one => [one.innerText, one.getBoundingClientRect().height]).filter(it => it[1] < 44)"

Open = Callable[..., Awaitable[Screen]]


@pytest_asyncio.fixture(loop_scope="session")
async def opened(town: Whole, browser: Browser) -> AsyncIterator[Open]:
    """Screens, which end with the test."""
    async with AsyncExitStack() as stack:

        async def one(size: tuple[int, int] = PHONE, scheme: str = "light") -> Screen:
            found = await screen(browser, town, size=size, scheme=scheme)
            stack.push_async_callback(found.context.close)
            return found

        yield one


async def fits(page: Page) -> None:
    """Nothing is wider than a small telephone, and what is pressed is large enough (WCAG 1.4.10, 2.5.8)."""
    size = page.viewport_size
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate(SMALL) == []
    assert size is not None
    await page.set_viewport_size(size)


async def talking(town: Whole, opened: Open) -> tuple[Screen, Screen]:
    """An officer on a telephone and a worker at a desk, in a talk."""
    officer, worker = await opened(), await opened(DESK, "dark")
    await officer.enrol(OFFICER)
    await worker.enrol(EVENING, organisation=MALMO)
    async with python_device(town, OFFICER) as (api, _):
        await talks.request(api, town.deps.entropy.draw, **WISH)
    await worker.page.locator("[id^=accept-]").click()
    await officer.page.locator("[id^=room-]").click()
    return officer, worker


def ask(town: Whole, tx: Tx) -> None:
    """The officer, who has no device, asks."""
    person, now = tx.people.get(OFFICER), town.clock.now()
    assert person is not None
    choice = Choose(
        district=DistrictId("lpo-malmo-norr"), matter=Matter.CHILD, need=Need.ADVICE, urgency=Urgency.NOW
    )
    consult.request(tx, town.deps, consult.signed_in_speaker(person, "sv", now), choice)


async def test_the_officer_names_and_the_worker_discloses_on_a_ground(town: Whole, opened: Open) -> None:
    """The press is explained first; both see the receipt; nothing is given before direction and ground are chosen; both see them."""
    officer, worker = await talking(town, opened)
    await expect(worker.page.locator("[data-disclosing]")).to_be_hidden()
    await officer.page.locator("[data-naming] summary").click()
    await expect(officer.page.locator("[data-naming]")).to_contain_text("det går inte att ångra")
    await fits(officer.page)
    await officer.page.locator("#identify").click()
    await expect(officer.page.locator(".receipt")).to_contain_text("Mottaget av Malmö")
    await expect(officer.page.locator("[data-naming]")).to_be_hidden()
    await expect(officer.page.locator("[data-disclosing]")).to_have_count(0)
    await expect(worker.page.locator(".receipt")).to_contain_text("Infört i registret hos Malmö")
    await expect(worker.page.locator(".receipt")).to_contain_text("SoL 14:2")
    await expect(worker.page.locator(".receipt")).to_contain_text("SoL 20:1")
    fold = worker.page.locator("[data-disclosing]")
    await fold.locator("summary").click()
    await expect(fold.locator("#disclose")).to_be_hidden()  # nothing is chosen for anybody
    options = await fold.locator("#disclose-ground option").all_inner_texts()
    assert options[0] == "Välj grund"
    assert "Var någon vistas" in options
    assert not [one for one in options if one in ("Behövs mot brott", "Utreda ett begånget brott")]
    await fold.get_by_label("Vem lämnar till vem?").select_option("to_social")
    await expect(fold.locator("#disclose-ground")).to_contain_text("Orosanmälan")
    await fold.get_by_label("Vem lämnar till vem?").select_option("to_police")
    await fold.get_by_label("På vilken grund?").select_option("sol-15-7")
    await expect(fold.locator(".ground")).to_contain_text("SoL 15:7")
    await expect(fold.locator(".ground")).to_contain_text("2026-02-12")
    await fits(worker.page)
    await fold.get_by_label("Det som lämnas ut").fill(GIVEN)
    await fold.locator("#disclose").click()
    for each in (worker, officer):
        line = each.page.locator(".line", has_text=GIVEN)
        await expect(line).to_contain_text("Socialtjänsten till polisen")
        await expect(line).to_contain_text("Grund: Var någon vistas")
    await expect(worker.page.locator("#disclose-text")).to_have_value("")
    (c,) = await town.deps.store.read(lambda tx: tx.consultations.of_officer(OFFICER, 5))
    kinds = await town.deps.store.read(
        lambda tx: [one.kind.value for one in tx.registers.of_talk(ConsultationId(c.id))]
    )
    assert kinds == ["identified", "disclosure"]
    await fits(officer.page)
    await officer.page.get_by_text("Avsluta", exact=True).first.click()
    await officer.page.locator("#close").click()
    await expect(officer.page.locator('[data-section="rooms"]')).to_contain_text("mottaget av Malmö")
    for each in (officer, worker):
        assert each.complaints() == []


async def test_where_telegram_listens_the_page_says_which_number(town: Whole, opened: Open) -> None:
    """The worker's press is refused in words, with the number that answers, and nobody is named."""
    await town.link(OFFICER)
    worker = await opened()
    await worker.enrol(EVENING, organisation=MALMO)
    await town.deps.store.write(partial(ask, town))
    town.deps.bells.ring()
    await worker.page.locator("[id^=accept-]").click()
    await worker.page.locator("[data-naming] summary").click()
    await worker.page.locator("#identify").click()
    call = worker.page.locator('[data-naming] a[href^="tel:070174"]')
    await expect(call).to_contain_text("Ring 070-174")
    await fits(worker.page)
    (c,) = await town.deps.store.read(lambda tx: tx.consultations.of_officer(OFFICER, 5))
    assert not c.identified
    assert worker.complaints() == []
