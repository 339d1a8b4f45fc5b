"""Python and Chromium in one room through the real server, to the last word; then the room opened in both."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
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
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.flow import verify
from bot.flow.ports import Tx
from bot.flow.room_chain import recipients_of
from bot.flow.upkeep import sign_heads, signers
from bot.seal.enrolment import Right
from bot.seal.wire import to_base64url
from tests.browser.screens import DESK, Screen, screen
from tests.browser.whole import (
    CHIEFS,
    EVENING,
    EVENING_2,
    MALMO,
    OFFICER,
    POLICE,
    Whole,
    python_device,
    supervisor_files,
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
SHOWN = """article => [...article.querySelectorAll(".line")].map(line => [
    /\\((.*)\\)$/.exec(line.querySelector(".fine").textContent)[1],
    line.querySelector(".bubble").textContent,
])"""
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
        texts = [
            f"{who} {len(mine) + n}: räksmörgås \U0001f9c1 {'x' * (37 * (n % 30))}" for n in range(count)
        ]
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
        await self.room.settle()  # whoever writes has seen who is there
        for text in texts:
            await self.room.say(text)
        while self.room.outgoing.waiting(self.room.log.room):  # the other one was always faster
            await self.room.flush()

    async def hear(self) -> list[Line]:
        assert self.room is not None
        await self.room.follow()
        assert self.room.log.broken is None
        return [(one.author, one.text) for one in self.room.log.show() if isinstance(one, Said)]


async def enrolled(
    browser: Browser, site: Whole, person: PersonId, *, tier: str, rights: int = Right.MEMBER
) -> Screen:
    """A browser of that person's."""
    opened = await screen(browser, site, size=DESK)
    organisation = POLICE if person == OFFICER else MALMO
    await opened.enrol(person, tier=tier, rights=rights, organisation=organisation)
    return opened


class Evening:
    """Who is there, scene by scene."""

    def __init__(self, site: Whole, browser: Browser, stack: AsyncExitStack) -> None:
        self.site, self.browser, self.stack, self.talk = site, browser, stack, Talk()
        self.draw = site.deps.entropy.draw

    async def arrive(self) -> None:
        """The officer at a browser and with a telephone, a worker in Python, one at a browser, two supervisors."""
        self.phone = Python(self.site, *await self._python(OFFICER, POLICE))
        self.worker = Python(self.site, *await self._python(EVENING, MALMO))
        self.officer = await enrolled(self.browser, self.site, OFFICER, tier="prf")
        self.relief = await enrolled(self.browser, self.site, EVENING_2, tier="storage")
        self.chiefs = [
            await enrolled(self.browser, self.site, person, tier="prf", rights=SUPERVISOR)
            for person in CHIEFS[:2]
        ]

    async def begin(self) -> str:
        """Asked for, and accepted in Python; returns the room."""
        await talks.request(self.phone.api, self.draw, **WISH)
        (offer,) = await talks.offers(self.worker.api)
        worker = self.worker
        room = await talks.accept(
            worker.api, worker.device, worker.trust, str(offer["offer"]), draw=self.draw
        )
        worker.enter(room)
        self.phone.enter(room)
        await self.officer.page.evaluate(ENTER, room)
        return room

    async def converse(self, officer: Chrome | Python, worker: Chrome | Python, *, until: int) -> None:
        """Both speak in turn, and now and then at once, until so much is left to say."""
        talk = self.talk
        while talk.left > until:
            await officer.say(talk.next("officer", min(BATCH, talk.left - until)))
            await worker.say(talk.next("worker", min(BATCH, talk.left - until)))
            assert await officer.hear() == await worker.hear()
            both = min(TOGETHER, (talk.left - until) // 2)
            ours, theirs = talk.next("officer", both), talk.next("worker", both)
            await asyncio.gather(officer.say(ours), worker.say(theirs))

    async def hand_over(self, room: str) -> None:
        """From Python to a browser, which can read all that was said; whoever gave it away hears no more."""
        assert self.worker.room is not None
        await hand_over(self.worker.room, EVENING_2)
        await self.relief.page.evaluate(ENTER, room)
        assert await Chrome(self.relief.page).hear() == await Chrome(self.officer.page).hear()
        with pytest.raises(Problem):
            await self.worker.room.follow()

    async def lose_the_phone(self, room: str) -> None:
        """Revoked at the browser: the room gets a new key without it, and what is written offline comes all the same."""
        assert self.phone.room is not None
        page, lost = self.officer.page, self.phone.device.id
        await page.evaluate(REVOKE, to_base64url(lost))
        with pytest.raises(Problem):
            await self.phone.room.follow()
        await self.officer.context.set_offline(offline=True)
        unsent = self.talk.next("officer", 10)
        assert not await page.evaluate(SAY, unsent)
        await self.officer.context.set_offline(offline=False)
        assert await page.evaluate(WAITING) == len(unsent)
        assert lost in await holders(self.site, room)
        await Chrome(page).say([])
        assert lost not in await holders(self.site, room)

    async def _python(self, person: PersonId, organisation: OrganisationId) -> tuple[Api, PythonDevice]:
        return await self.stack.enter_async_context(python_device(self.site, person, organisation))


async def test_a_thousand_messages_a_handover_a_lost_device_and_an_opening_in_both(
    browser: Browser, town: Whole, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every word comes to everybody once and in order; the lost device hears no more; two openings read the same."""
    async with AsyncExitStack() as stack:
        evening = Evening(town, browser, stack)
        await evening.arrive()
        room = await evening.begin()
        officer, relief = Chrome(evening.officer.page), Chrome(evening.relief.page)
        await evening.converse(officer, evening.worker, until=600)
        assert await evening.phone.hear() == await officer.hear()
        await evening.hand_over(room)
        await evening.converse(evening.phone, relief, until=400)
        heard_by_the_lost = await evening.phone.hear()
        await evening.lose_the_phone(room)
        await evening.converse(officer, relief, until=0)

        heard = await relief.hear()
        assert heard == await officer.hear()
        assert heard[: len(heard_by_the_lost)] == heard_by_the_lost
        assert len(heard) == len(set(heard)) == MESSAGES
        assert [text for author, text in heard if author == OFFICER] == evening.talk.said["officer"]
        assert [text for author, text in heard if author != OFFICER] == evening.talk.said["worker"]

        assert await opened_in_browser(*evening.chiefs) == heard
        monkeypatch.setattr(places, "now", town.clock.now)
        assert await opened_in_terminal(town, room, capfd) == heard
        for one in (evening.officer, evening.relief, *evening.chiefs):
            assert one.complaints() == []
        await sign_heads(town.deps)
        found = await town.deps.store.read(lambda tx: verify.verify(tx, signers(town.deps)))
        assert found.faults == ()


async def holders(site: Whole, room: str) -> frozenset[bytes]:
    """The devices that hold the room's present key."""

    def ask(tx: Tx) -> frozenset[bytes]:
        found = tx.rooms.get(RoomId(room))
        assert found is not None
        return recipients_of(tx, found)

    return await site.deps.store.read(ask)


async def opened_in_browser(chief: Screen, deputy: Screen) -> list[Line]:
    """One asks and reads, the other passes the share on: with the buttons of the page."""
    await chief.page.locator("#ask").click()
    await chief.page.locator("#ask-send").click()
    await deputy.page.locator("[data-opening] [id^=help]").click()
    await chief.page.locator("[data-opening] [id^=read]").click()
    transcript = chief.page.locator("[data-transcript]")
    await expect(transcript).to_be_visible()
    shown = await transcript.evaluate(SHOWN)
    await chief.page.locator("#close-opening").click()
    await expect(transcript).to_have_count(0)
    return [(author, text) for author, text in shown]


async def opened_in_terminal(site: Whole, room: str, capfd: pytest.CaptureFixture[str]) -> list[Line]:
    """The third asks and the first passes the share on, both with key files."""

    async def run(person: PersonId, *words: str) -> str:
        key, pins = supervisor_files(site, person)
        capfd.readouterr()
        named = ["opening", *words, "--key", str(key), "--pins", str(pins)]
        assert await asyncio.to_thread(main, named) == 0
        return capfd.readouterr().out

    first, _, third = CHIEFS
    why = ("--purpose", "log-check", "--ground", "lag-2001-454-10", "--minutes", "30")
    asked = json.loads(await run(third, "request", "--room", room, *why))["opening"]
    await run(first, "pass", asked)
    read = json.loads(await run(third, "read", asked, "--json"))
    return [(line["author"], line["text"]) for line in read["lines"]]
