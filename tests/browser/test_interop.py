"""Python and Chromium in one room through the real server, to the last word; then the room opened in both."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.__main__ import main
from bot.client import room as rooms
from bot.client import talks
from bot.client.api import Api, Problem
from bot.client.device import PythonDevice
from bot.client.outgoing import Outgoing
from bot.client.room import Room
from bot.client.room_giving import hand_over
from bot.client.room_log import Said
from bot.client.room_trust import Trust
from bot.commands import places
from bot.content import Content
from bot.core.ids import PersonId
from bot.seal.enrolment import Right
from tests.browser.screens import DESK, Screen, screen
from tests.browser.whole import (
    CHIEFS,
    EVENING,
    EVENING_2,
    MALMO,
    OFFICER,
    Whole,
    python_device,
    supervisor_files,
    whole,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

MESSAGES = 1_000
BATCH = 40  # said by one side before the other speaks
TOGETHER = 20  # said by each side while the other speaks, too
SUPERVISOR = Right.SHARES | Right.APPROVE
WISH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}

# What a test does in a page: with the page's own modules, and the device that the page has enrolled.
ENTER = """async room => {
    const [{ Api }, { Store }, { keptDevices, unlock }, { signIn }, { Directories }, { Queue }, { Room }, { draw, now }] =
        await Promise.all(["api", "store", "keys", "session", "directories", "queue", "room", "here"]
            .map(name => import(`/static/${name}.js`)));
    const [api, store] = [new Api(), await Store.open()];
    const [kept] = await keptDevices(store);
    const secret = await unlock(kept);
    await signIn(secret, { api, origin: location.origin });
    const self = { secret, person: kept.person };
    const directories = new Directories({ api, store, home: kept.organisation, now });
    const queue = new Queue({ store, secret, draw });
    globalThis.here = { api, queue, room: new Room({ room, self, api, directories, store, draw }) };
    await globalThis.here.room.settle();
}"""
SAY = """async texts => {
    const { room, queue } = globalThis.here;
    for (const text of texts) await queue.add(room.id, text);
    return queue.flush(room.id, (text, id) => room.say(text, id));
}"""
HEAR = """async () => {
    const { room } = globalThis.here;
    await room.settle();
    const said = room.log.lines.filter(({ event }) => event.kind === "said");
    return said.map(({ event, text }) => [event.author, text]);
}"""
WAITING = "async () => (await globalThis.here.queue.waiting(globalThis.here.room.id)).length"
REVOKE = "id => globalThis.here.api.revoke(id)"

Line = tuple[str, str]  # who said it, and what


@dataclass(slots=True)
class Talk:
    """What was said, by everybody's own account, and how much is left to say."""

    said: dict[str, list[str]] = field(default_factory=dict)  # by whom, in their order

    @property
    def left(self) -> int:
        return MESSAGES - sum(map(len, self.said.values()))

    def next(self, who: str, count: int) -> list[str]:
        """Fresh words: some short, some long enough for larger buckets, none the same."""
        mine = self.said.setdefault(who, [])
        texts = [f"{who} {len(mine) + n}: räksmörgås \U0001f9c1 {'x' * (37 * (n % 30))}" for n in range(count)]
        mine += texts
        return texts


class Chrome:
    """A member of the room in Chromium."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def say(self, texts: Sequence[str]) -> None:
        assert await self.page.evaluate(SAY, list(texts))

    async def hear(self) -> list[Line]:
        return [(author, text) for author, text in await self.page.evaluate(HEAR)]


class Python:
    """A member of the room in Python."""

    def __init__(self, site: Whole, api: Api, device: PythonDevice) -> None:
        self.site, self.api, self.device = site, api, device
        self.trust = Trust(api, device, lambda: int(site.clock.now().timestamp()))
        self.room: Room | None = None

    def enter(self, room: str) -> None:
        outgoing = Outgoing(self.device.folder / "outgoing.json", self.device.secret)
        draw = self.site.deps.entropy.draw
        self.room = rooms.open_room(self.api, self.device, self.trust, outgoing, room, draw=draw)

    async def say(self, texts: Sequence[str]) -> None:
        assert self.room is not None
        for text in texts:
            await self.room.say(text)

    async def hear(self) -> list[Line]:
        assert self.room is not None
        await self.room.follow()
        assert self.room.log.broken is None
        return [(one.author, one.text) for one in self.room.log.show() if isinstance(one, Said)]


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path, malmo: Content) -> AsyncIterator[Whole]:
    """A Saturday night in Malmö; the workers can be rung."""
    async with whole(tmp_path, malmo) as running:
        await running.link(EVENING, EVENING_2)
        yield running


async def enrolled(
    browser: Browser, site: Whole, person: PersonId, *, tier: str, rights: int = Right.MEMBER
) -> Screen:
    """A browser of that person's."""
    opened = await screen(browser, site, size=DESK)
    organisation = {} if person == OFFICER else {"organisation": MALMO}
    await opened.enrol(person, tier=tier, rights=rights, **organisation)
    return opened


async def test_a_thousand_messages_a_handover_a_lost_device_and_an_opening_in_both(
    browser: Browser, site: Whole, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every word comes to everybody once and in order; the lost device hears no more; two openings read the same."""
    async with AsyncExitStack() as stack:
        phone_api, phone = await stack.enter_async_context(python_device(site, OFFICER))
        worker = Python(site, *await stack.enter_async_context(python_device(site, EVENING, MALMO)))
        officer = await enrolled(browser, site, OFFICER, tier="prf")
        second = await enrolled(browser, site, EVENING_2, tier="storage")
        chief, deputy = [await enrolled(browser, site, one, tier="prf", rights=SUPERVISOR) for one in CHIEFS[:2]]
        draw, lost, talk = site.deps.entropy.draw, Python(site, phone_api, phone), Talk()

        await talks.request(phone_api, draw, **WISH)
        (offer,) = await talks.offers(worker.api)
        room = await talks.accept(worker.api, worker.device, worker.trust, str(offer["offer"]), draw=draw)
        worker.enter(room)
        lost.enter(room)
        await officer.page.evaluate(ENTER, room)
        chrome = Chrome(officer.page)

        async def converse(one: Chrome | Python, other: Chrome | Python, until: int) -> None:
            """Both speak in turn, and now and then at once."""
            while talk.left > until:
                await one.say(talk.next("officer", min(BATCH, talk.left - until)))
                await other.say(talk.next("worker", min(BATCH, talk.left - until)))
                assert await one.hear() == await other.hear()
                both = min(TOGETHER, (talk.left - until) // 2)
                await asyncio.gather(one.say(talk.next("officer", both)), other.say(talk.next("worker", both)))

        await converse(chrome, worker, 600)
        assert await lost.hear() == await chrome.hear() == await worker.hear()

        assert worker.room is not None
        await hand_over(worker.room, EVENING_2)
        await second.page.evaluate(ENTER, room)
        relief = Chrome(second.page)
        assert await relief.hear() == await chrome.hear()  # with all that was said before
        with pytest.raises(Problem):
            await worker.room.follow()
        await converse(lost, relief, 400)

        before = await lost.hear()
        await officer.page.evaluate(REVOKE, to_base64url(phone.id))
        with pytest.raises(Problem):
            await lost.room.follow()
        await officer.context.set_offline(offline=True)
        unsent = talk.next("officer", 10)
        assert not await officer.page.evaluate(SAY, unsent)
        await officer.context.set_offline(offline=False)
        assert await officer.page.evaluate(WAITING) == len(unsent)
        await chrome.say([])
        await converse(chrome, relief, 0)
        heard = await relief.hear()
        assert heard == await chrome.hear()
        assert heard[: len(before)] == before
        assert len(heard) == MESSAGES
        assert [text for author, text in heard if author == OFFICER] == talk.said["officer"]
        assert [text for author, text in heard if author != OFFICER] == talk.said["worker"]
        assert phone.id not in {device for device in await holders(site, room)}

        shown = await opened_in_browser(chief, deputy)
        assert shown == heard
        monkeypatch.setattr(places, "now", site.clock.now)
        assert await opened_in_terminal(site, room, capfd) == heard
        for one in (officer, second, chief, deputy):
            assert one.said == []
