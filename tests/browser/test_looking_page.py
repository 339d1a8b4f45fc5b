"""Looking at an offer in a browser: a page that stands open stops no telephone, a hand on it does."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.client import talks
from bot.core.ids import OfferId, PersonId
from bot.core.waking import Did, Means, Ring
from tests.browser.screens import PHONE, Screen, screen
from tests.browser.whole import EVENING, MALMO, OFFICER, Whole, python_device

pytestmark = pytest.mark.asyncio(loop_scope="session")

NORTH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}
OFFERS = '[data-section="offers"]'


@pytest_asyncio.fixture(loop_scope="session")
async def worker(town: Whole, browser: Browser) -> AsyncIterator[Screen]:
    """The device of whoever is asked first."""
    async with AsyncExitStack() as stack:
        found = await screen(browser, town, size=PHONE, scheme="light")
        stack.push_async_callback(found.context.close)
        yield found


async def rings(town: Whole) -> tuple[Ring, ...]:
    """Everything about the offer that waits."""
    (c,) = await town.deps.store.read(lambda tx: tx.consultations.offered_to(PersonId(EVENING)))
    offer = OfferId(c.pending[0].id)
    return await town.deps.store.read(lambda tx: tx.rings.of(offer))


async def test_only_a_hand_on_the_page_says_that_somebody_looks(town: Whole, worker: Screen) -> None:
    """The list is fetched again and again by a page that nobody may be sitting before: that is no look."""
    await worker.enrol(EVENING, organisation=MALMO)
    async with python_device(town, OFFICER) as (api, _):
        await talks.request(api, town.deps.entropy.draw, **NORTH)
        await expect(worker.page.locator(OFFERS)).to_be_visible()
        assert await rings(town) == ()
        async with worker.page.expect_response(lambda answer: "/api/v1/offers/" in answer.url):
            await worker.page.locator(OFFERS).click(position={"x": 5, "y": 5})
        assert [(ring.means, ring.did) for ring in await rings(town)] == [(Means.DEVICE, Did.SEEN)]
