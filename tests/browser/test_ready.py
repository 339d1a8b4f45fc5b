"""In a real browser: whoever is asked before a shift answers with their device's key; those who oversee see how it stands."""

from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from bot.core.checks import Outcome
from bot.core.drills import Drill, Skipped
from bot.core.hours import local_day
from bot.core.ids import PersonId, StepId
from bot.core.people import Role
from bot.core.roster import Shift, ShiftId
from bot.core.waking import Means
from bot.flow.enrol import put_roster
from bot.flow.ports import Tx
from bot.flow.records_readiness import Check
from tests.browser.screens import screen
from tests.browser.test_screenshots import FOLDER, SMALL, View, take
from tests.browser.whole import EVENING, MALMO, NIGHT, Whole
from tests.web import world
from tests.web.serving import Site
from tests.web.test_readiness import a_check, put

pytestmark = pytest.mark.asyncio(loop_scope="session")

MINUTE = timedelta(minutes=1)
YES, TOLD = "#ready-yes", "[data-told]"


async def ask(town: Whole) -> None:
    """The evening's worker has a shift that begins in half an hour, and none before."""
    shift = Shift(
        id=ShiftId("s"),
        person=EVENING,
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        starts=NIGHT + 30 * MINUTE,
        ends=NIGHT + 300 * MINUTE,
    )
    await town.deps.store.write(lambda tx: put_roster(tx, town.deps, MALMO, "demo", (shift,), by="test"))


async def kept(town: Whole) -> Check:
    found = await town.deps.store.read(lambda tx: tx.readiness.last_checks(NIGHT))
    return found[EVENING]


async def test_a_press_answers_with_the_devices_key(browser: Browser, town: Whole) -> None:
    """A clock that is six minutes off is refused and said; with the right one the press answers, and the question goes."""
    one = await screen(browser, town)
    device = await one.enrol(EVENING, organisation=MALMO)
    await one.is_open()
    await ask(town)
    await expect(one.page.locator(YES)).to_be_visible(timeout=30_000)
    assert await one.page.evaluate(SMALL) == []
    FOLDER.mkdir(exist_ok=True)
    await take(one.page, View(name="device-asked"))
    town.clock.move(6 * MINUTE)
    await one.page.locator(YES).click()
    await expect(one.page.locator(TOLD)).to_contain_text("klocka går fel")
    assert (await kept(town)).outcome is Outcome.ASKED
    await one.page.clock.set_fixed_time(town.clock.now())
    await one.page.locator(YES).click()
    await expect(one.page.locator(TOLD)).to_contain_text("Samjour vet att du nås på den här enheten.")
    await expect(one.page.locator(YES)).to_have_count(0)
    answered = await kept(town)
    assert (answered.outcome, answered.means) == (Outcome.ANSWERED, Means.DEVICE)
    assert answered.device == device.hex()
    assert one.complaints() == []


async def test_the_page_of_coverage_in_every_shape(site: Site, context: BrowserContext) -> None:
    """Who is not reached, gaps, numbers, drills: nothing wider than a narrow phone, every target large enough."""
    now = site.clock.now()
    bells = (
        drill("dag", now, skipped=Skipped.NOBODY),
        drill("kvall", now - 9 * MINUTE, seen=now - 9 * MINUTE + timedelta(seconds=12)),
        drill("jour", now - 9 * MINUTE),
        drill("falt", now, skipped=Skipped.RED),
    )

    def act(tx: Tx) -> None:
        for bell in bells:
            tx.readiness.put_drill(bell, world.entry(world.MALMO, "drill"))

    await site.store.write(act)
    await put(site, a_check(site, outcome=Outcome.FAILED, told=now))
    FOLDER.mkdir(exist_ok=True)
    page = await context.new_page()
    token = await site.session_for(world.CHIEF)
    await context.add_cookies([{"name": "samjour", "value": token, "url": site.deps.base_url}])
    for name, path in (("coverage", "/coverage"), ("coverage-english", "/coverage?lang=en")):
        await page.goto(site.deps.base_url + path)
        await take(page, View(name=name))
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        assert await page.evaluate(SMALL) == []


def drill(step: str, at: datetime, *, seen: datetime | None = None, skipped: Skipped | None = None) -> Drill:
    return Drill(
        organisation=world.MALMO,
        step=StepId(step),
        day=local_day(at),
        person=PersonId("" if skipped else "p-malmo-kvall-1"),
        at=at,
        until=at + MINUTE,
        seen=seen,
        skipped=skipped,
    )
