"""In a real browser: a commander tells a forum, somebody on its list reads and answers, and both see it; in every shape."""

import pytest
from playwright.async_api import Browser, expect

from bot.core.ids import PersonId
from bot.core.referrals import EntryId
from bot.flow import forum_lists
from tests.browser.screens import DESK, PHONE, Screen, screen
from tests.browser.test_screenshots import FOLDER, SMALL, View, take
from tests.browser.whole import CHIEFS, EVENING, MALMO, POLICE, Whole

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMMANDER, FORUM = PersonId("p-polis-malmo-befal"), EntryId("beredskap-nhl")
PLACE, WORDS = "Rosengårds centrum", "Samling på områdeskontoret kl. 22. Många unga på platsen."
SLOW = 30_000  # ms: the desk looks every few seconds, on a machine that is busy


async def opened(browser: Browser, town: Whole, person: PersonId, **shape: object) -> Screen:
    """Somebody's own device, on the site's clock."""
    one = await screen(browser, town, **shape)  # type: ignore[arg-type] # by name
    await one.enrol(person, organisation=POLICE if person == COMMANDER else MALMO)
    await one.page.clock.set_fixed_time(town.clock.now())
    return one


async def test_a_forum_is_told_and_answers(browser: Browser, town: Whole) -> None:
    """Chosen, written, asked once more, rung; read as it was written; the answer stands on the sender's page."""
    for person in (CHIEFS[0], EVENING):
        await town.deps.store.write(
            lambda tx, p=person: forum_lists.put_on(tx, town.deps, FORUM, p, by="test")  # type: ignore[misc]
        )
    FOLDER.mkdir(exist_ok=True)
    commander = await opened(browser, town, COMMANDER, size=PHONE, scheme="dark")
    chief = await opened(browser, town, CHIEFS[0], size=DESK)
    page = commander.page
    await page.locator("#grave-begin").click(timeout=SLOW)
    await page.locator("#grave-forum").select_option(FORUM)
    await page.locator("#grave-kind").select_option("shooting")
    await page.locator("#grave-place").fill(PLACE)
    await page.locator("#grave-words").fill("Ring 070-174 06 25")
    await take(page, View(name="grave-form"))
    await page.locator("#grave-send").click()
    await expect(page.locator(".guard .alarm")).to_be_visible(timeout=SLOW)
    await page.locator("#grave-words").fill(WORDS)
    await page.locator("#grave-send").click()
    await expect(page.locator("#grave-yes")).to_be_visible(timeout=SLOW)
    assert await page.evaluate(SMALL) == []
    await take(page, View(name="grave-sure"))
    await page.locator("#grave-yes").click()
    await expect(page.locator("[data-told]")).to_contain_text("skickat till 2", timeout=SLOW)
    told = chief.page.locator('[data-section="graves"] [data-grave]')
    await expect(told).to_contain_text(f"Skottlossning, {PLACE}.", timeout=SLOW)
    await expect(told).to_contain_text(WORDS)
    await expect(told).to_contain_text("Ersätter aldrig RLC, TiB eller POSOM.")
    await told.get_by_role("button", name="Deltar").click()
    await expect(told.get_by_role("button", name="Deltar")).to_have_attribute(
        "aria-pressed", "true", timeout=SLOW
    )
    await take(chief.page, View(name="grave-told"))
    answers = page.locator("[data-sent] .answers")
    await expect(answers).to_contain_text("Deltar", timeout=SLOW)
    await expect(answers).to_contain_text("Inget svar än")
    await take(page, View(name="grave-answers"))
    assert commander.complaints() == []
    assert chief.complaints() == []
