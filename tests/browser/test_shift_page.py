"""The end of a shift in a browser: everything goes to a colleague by one button, the receipt stays, and what came is taken up."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.client import talks
from bot.client.outgoing import Outgoing
from bot.client.room import open_room
from bot.client.room_log import Said
from bot.client.room_trust import Trust
from bot.core.events import Closed, Ending
from bot.core.ids import ConsultationId, PersonId
from bot.flow.advance import advance, moment
from bot.flow.ports import Tx
from tests.browser.screens import DESK, PHONE, Screen, screen
from tests.browser.whole import EVENING, EVENING_2, MALMO, OFFICER, Whole, python_device

pytestmark = pytest.mark.asyncio(loop_scope="session")

OFFICER_2 = PersonId("p-polis-malmo-2")
NORTH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}
FIRST = "Vi väntar vid porten."
TARGETS = (
    "[...document.querySelectorAll('a, button, summary, select, input')].filter(one => one.checkVisibility())"
)
SMALL = f"{TARGETS}.map(one => [one.innerText, one.getBoundingClientRect().height]).filter(it => it[1] < 44)"
SHIFT = '[data-section="shift"]'

Open = Callable[..., Awaitable[Screen]]
Ask = Callable[[PersonId], Awaitable[Callable[[], Awaitable[list[str]]]]]


@pytest_asyncio.fixture(loop_scope="session")
async def opened(town: Whole, browser: Browser) -> AsyncIterator[Open]:
    """Screens, which complain of nothing and end with the test."""
    async with AsyncExitStack() as stack:

        async def one(size: tuple[int, int] = PHONE, scheme: str = "light") -> Screen:
            found = await screen(browser, town, size=size, scheme=scheme)
            stack.push_async_callback(found.context.close)
            return found

        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def ask(town: Whole) -> AsyncIterator[Ask]:
    """An officer on a device of their own asks; returns what hears their room, once they have written in it."""
    async with AsyncExitStack() as stack:

        async def asked(person: PersonId) -> Callable[[], Awaitable[list[str]]]:
            api, device = await stack.enter_async_context(python_device(town, person))
            made = await talks.request(api, town.deps.entropy.draw, **NORTH)
            outgoing = Outgoing(device.folder / "outgoing.json", device.secret)
            trust = Trust(api, device, lambda: int(town.clock.now().timestamp()))
            room = open_room(
                api, device, trust, outgoing, str(made["consultation"]), draw=town.deps.entropy.draw
            )

            async def hear() -> list[str]:
                if not room.log.head.seq:
                    await room.follow()
                    await room.say(FIRST)
                await room.follow()
                return [one.text for one in room.log.show() if isinstance(one, Said)]

            return hear

        yield asked


async def fits(page: Page) -> None:
    """Nothing is wider than a small telephone, and what is pressed is large enough (WCAG 1.4.10, 2.5.8)."""
    size = page.viewport_size
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate(SMALL) == []
    assert size is not None
    await page.set_viewport_size(size)


async def take(page: Page) -> None:
    """Take the one offer that waits."""
    await page.get_by_role("button", name="Jag tar den").click()
    await expect(page.locator('[data-section="offers"]')).to_be_hidden()


async def test_a_shift_goes_to_a_colleague_by_one_button(town: Whole, opened: Open, ask: Ask) -> None:
    """Two talks, one promise, one press: the receipt stays with the giver, the colleague says that they have them, the officers hear it."""
    giver, receiver = await opened(), await opened(DESK, "dark")
    await giver.enrol(EVENING, organisation=MALMO)
    await receiver.enrol(EVENING_2, organisation=MALMO)
    heard = []
    for officer in (OFFICER, OFFICER_2):
        hear = await ask(officer)
        await take(giver.page)
        await hear()
        heard.append(hear)
    panel = giver.page.locator(SHIFT)
    await expect(panel).to_contain_text("Du har 2 öppna samtal. Ditt pass slutar kl. 01.00.")
    await panel.get_by_role("button", name="Lämna över passet").click()
    await fits(giver.page)
    first = panel.locator("li").first
    await first.get_by_label("Vad har du lovat?").select_option("call")
    await panel.locator("#shift-give").click()
    await expect(panel.locator("#shift-give")).to_be_visible()  # no time was given: nothing has gone
    await first.get_by_label("Klockan").fill("23:30")
    await panel.get_by_label("Till vem?").select_option(EVENING_2)
    await panel.get_by_role("button", name="Lämna över alla (2)").click()
    await expect(giver.page.locator("[data-told]")).to_contain_text("Överlämnat: 2 samtal")
    await panel.locator("summary").click()
    await expect(panel.locator("[data-receipt]")).to_contain_text("du lämnade 2 samtal till")
    await expect(panel.locator("[data-receipt]")).to_contain_text("ring upp kl. 23.30")
    await expect(panel.locator("[data-receipt]")).to_contain_text("Loggen för malmo, nr")
    await expect(panel.locator("#shift-open")).to_have_count(0)
    await fits(giver.page)
    came = receiver.page.locator("[data-received]")
    await expect(came).to_contain_text("har lämnat över 2 samtal till dig")
    await expect(came).to_contain_text("ring upp kl. 23.30")
    await came.get_by_role("button", name="Säg i alla att jag har dem").click()
    await expect(receiver.page.locator("[data-told]")).to_contain_text("Polisen vet att du har samtalen")
    await expect(came).to_have_count(0)
    for hear in heard:
        assert await hear() == [FIRST, "Jag har tagit över samtalet efter en kollega."]
    held = await town.deps.store.read(lambda tx: tx.consultations.held_by(EVENING_2))
    assert len(held) == 2
    assert giver.complaints() == []
    assert receiver.complaints() == []


async def test_what_changed_under_the_hand_is_not_handed_over(town: Whole, opened: Open, ask: Ask) -> None:
    """A talk that ended meanwhile: nothing goes, the page says so, and the list is the one of now."""
    giver = await opened()
    await giver.enrol(EVENING, organisation=MALMO)
    for officer in (OFFICER, OFFICER_2):
        await ask(officer)
        await take(giver.page)
    panel = giver.page.locator(SHIFT)
    await panel.get_by_role("button", name="Lämna över passet").click()
    await panel.get_by_label("Till vem?").select_option(EVENING_2)
    (one, _) = await town.deps.store.read(lambda tx: tx.consultations.held_by(EVENING))

    async def end_it_first(route: Route) -> None:
        if route.request.method == "POST":
            await close(town, one.id)
        await route.continue_()

    await giver.page.route("**/api/v1/shift/handover?*", end_it_first)
    await panel.locator("#shift-give").click()
    await expect(giver.page.locator("[data-told]")).to_contain_text(
        "Ett samtal har kommit till eller avslutats"
    )
    await expect(panel).to_contain_text("Du har 1 öppna samtal")
    assert len(await town.deps.store.read(lambda tx: tx.consultations.held_by(EVENING))) == 1


async def close(town: Whole, consultation: ConsultationId) -> None:
    """The officer ends it."""

    def act(tx: Tx) -> None:
        c = tx.consultations.get(consultation)
        assert c is not None
        advance(tx, town.deps, c, Closed(at=moment(c, town.clock.now()), by=c.officer, ending=Ending.ADVICE))

    await town.deps.store.write(act)
