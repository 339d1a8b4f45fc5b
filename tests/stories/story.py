"""A story: the demo running on a clock that the story moves, and what its people do with their phones."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import build, running
from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId, PersonId
from bot.demo.botapi.phone import GUARD, Phone
from bot.demo.botapi.server import BotApiServer
from bot.demo.botapi.shown import Shown
from bot.demo.clock import ScriptedClock
from bot.demo.gateway import GatewayServer
from bot.demo.run import TOKEN, Demo, demo, free_port
from bot.demo.seed import link_code, seed
from bot.flow import verify
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.upkeep import sign_heads, signers
from bot.settings import Settings, TelegramMode
from tests.stories.overheard import LEAST

NIGHT = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)  # Saturday 22.40 in Malmö
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 10.00, office hours
EVE = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)  # 10.00 on Christmas Eve
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PATIENCE = 120.0  # seconds until two hundred at once are through on a busy machine; against hanging only
STEP = timedelta(seconds=60)  # how long each step of the demo's chains waits
TURNS = 2000  # looks at the database before giving up on quiet

OFFICER, OFFICER_2, OFFICER_3 = "p-polis-malmo-1", "p-polis-malmo-2", "p-polis-malmo-3"
DAY_1, DAY_2 = "p-malmo-dag-1", "p-malmo-dag-2"
EVENING_1, EVENING_2 = "p-malmo-kvall-1", "p-malmo-kvall-2"
JOUR_1, JOUR_2, JOUR_3, JOUR_4 = "p-sj-malmo-1", "p-sj-malmo-2", "p-sj-malmo-3", "p-sj-malmo-4"
OUTREACH_1, OUTREACH_2 = "p-malmo-falt-1", "p-malmo-falt-2"

RING = "Samjour: någon söker dig. Tryck Visa."
BUSY = "Kan inte: upptagen"
DEMO_LINES = ("070-1740605", "070-1740606", "070-1740607")  # what answers in Malmö at night, in order


@dataclass(slots=True, kw_only=True)
class Story:
    """A running demo."""

    shown: Demo
    clock: ScriptedClock
    database: Path
    hidden: set[str] = field(default_factory=set)  # what was posted past the phones and must be in no log

    # ---- who --------------------------------------------------------------------------------------------

    @property
    def deps(self) -> Deps:
        return self.shown.samjour.deps

    def phone(self, person: str) -> Phone:
        """The phone of one of the demo's people."""
        return self.shown.phones[PersonId(person)]

    # ---- what people do ---------------------------------------------------------------------------------

    async def ask_for(
        self,
        officer: Phone,
        need: str = "Råd",
        *,
        detail: str = "",
        place: str = "Lokalpolisområde Norr",
        matter: str = "Barn som kan fara illa",
        urgency: str = "Nu",
        until: str = "Dra tillbaka",
        within: timedelta = GUARD,
    ) -> Shown:
        """The officer's four taps (five with an hour or a kind of decision); returns the live card, if it comes in time."""
        start, shown = await officer.say("/konsultera"), ""
        for choice in (place, matter, need, *([detail] if detail else []), *([urgency] if urgency else [])):
            page = await officer.wait_for(new_page(choice, shown), after=start)
            await officer.press(choice, page)
            shown = page.text
        return await officer.wait_for_button(until, after=start, within=within)

    async def rung(self, person: str, *, after: Shown | None = None) -> Shown:
        """The doorbell of somebody who has been rung."""
        return await self.phone(person).wait_for(
            lambda m: m.text == RING and m.button("Visa") is not None, after=after
        )

    async def show(self, person: str, *, after: Shown | None = None) -> Shown:
        """Press "Visa"; returns the offer with its fixed choices."""
        bell = await self.rung(person, after=after)
        await self.phone(person).press("Visa", bell)
        return await self.phone(person).wait_for_button("Jag tar den")

    async def accept(self, person: str, *, after: Shown | None = None) -> Shown:
        """Take it; returns what the worker is told."""
        offer = await self.show(person, after=after)
        await self.phone(person).press("Jag tar den", offer)
        return await self.phone(person).wait_for_text("Du har förfrågan", after=after)

    async def decline(self, person: str) -> None:
        """Say no."""
        offer = await self.show(person)
        await self.phone(person).press(BUSY, offer)
        await self.phone(person).wait_for_text("Du avböjde")

    async def press_raw(self, person: str, data: str, under: Shown | None = None) -> Shown:
        """Press a button that says this, whether or not the message has such a button; returns the message."""
        phone = self.phone(person)
        pressed = under or phone.last
        state = self.shown.api.state
        state.press(phone.user, pressed.chat.id, pressed.message_id, data, at=self.clock.now())
        self.shown.api._changes.tell()
        await self.quiet()
        return pressed

    async def open_talk(self, need: str = "Råd") -> Shown:
        """The officer asks, the first evening worker takes it."""
        card = await self.ask_for(self.phone(OFFICER), need)
        await self.accept(EVENING_1)
        await self.phone(OFFICER).wait_for_text("har tagit din förfrågan")
        return card

    # ---- what is so -------------------------------------------------------------------------------------

    async def latest(self, officer: str = OFFICER) -> Consultation:
        """The officer's newest consultation, as it is stored."""
        found = await self.deps.store.read(lambda tx: tx.consultations.of_officer(PersonId(officer), 1))
        return found[0]

    async def count(self, officer: str = OFFICER) -> int:
        """How many consultations the officer has had."""
        return len(await self.deps.store.read(lambda tx: tx.consultations.of_officer(PersonId(officer), 100)))

    async def recorded(self) -> dict[OrganisationId, int]:
        """How many entries each ledger has: unchanged means that nothing happened."""
        return await self.deps.store.read(
            lambda tx: {o: tx.ledger.size(o) for o in self.deps.content().structure.organisations}
        )

    async def quiet(self) -> None:
        """Return when every update is handled and everything is said. Raises Unavailable if that does not come."""
        await self.shown.api.settled()
        try:
            async with asyncio.timeout(PATIENCE):
                while await self.deps.store.read(lambda tx: tx.inbox.waiting(1)) or self.rows("outbox"):
                    pass
        except TimeoutError as error:
            raise Unavailable("there is still something to be handled or said") from error

    async def settle(self, seconds: int = 60) -> None:
        """Let seconds pass until all is quiet: whatever failed is tried again. Raises Unavailable when it never is."""
        await self.shown.api.settled()
        for _ in range(seconds):
            for _ in range(TURNS // 20):
                if not await self.deps.store.read(lambda tx: tx.inbox.waiting(1)) and not self.rows("outbox"):
                    return
            self.clock.move(SECOND)
        raise Unavailable("there is still something to be handled or said")

    def written(self) -> list[str]:
        """Every text that anybody wrote on a phone, and what was posted past the phones; commands are no secret."""
        said = [m.text for phone in self.shown.phones.values() for m in phone.messages if not m.from_bot]
        codes = [text.partition(" ")[2] for text in said if text.startswith("/start ")]
        return [*codes, *(t for t in said if len(t) >= LEAST and not t.startswith("/")), *self.hidden]

    def rows(self, table: str, which: str = "TRUE") -> int:
        """How many rows a table has, of those named."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as file:
            count: int = file.execute(f"SELECT count(*) FROM {table} WHERE {which}").fetchone()[0]  # noqa: S608 - our own tables
        return count

    async def pass_time(self, span: timedelta) -> None:
        """Let time pass, and everything be done that was due.

        What is being said just now is recorded first: a sending older than its lease is sent once more, as it
        should be, and a story that only moves the clock does not mean that.
        """
        await self.settled_sendings()
        self.clock.move(span)
        await self.worked_off()
        await self.quiet()

    async def settled_sendings(self) -> None:
        """Return when no sending is under way."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.rows("outbox", "leased"):
                    await self.deps.store.read(lambda tx: tx.outbox.next_due())
        except TimeoutError as error:
            raise Unavailable("a sending never came to an end") from error

    async def worked_off(self) -> None:
        """Return when no deadline is overdue."""
        try:
            async with asyncio.timeout(PATIENCE):
                while await self.deps.store.read(self._overdue):
                    pass
        except TimeoutError as error:
            raise Unavailable("a deadline is still overdue") from error

    def _overdue(self, tx: Tx) -> bool:
        now = self.clock.now()
        return bool(tx.consultations.overdue(now, 1) or tx.timers.overdue(now, 1))

    async def verified(self) -> int:
        """Everything that was recorded holds; returns how many entries there are."""
        await sign_heads(self.deps)
        found = await self.deps.store.read(lambda tx: verify.verify(tx, signers(self.deps)))
        assert found.faults == ()
        return found.entries


def new_page(choice: str, shown: str) -> Callable[[Shown], bool]:
    """Whether a message offers the choice and is another page than the one that was shown before."""
    return lambda page: page.button(choice) is not None and page.text != shown


@asynccontextmanager
async def story(
    folder: Path, content: Content, at: datetime = NIGHT, *, gateway: GatewayServer | None = None
) -> AsyncIterator[Story]:
    """Begin a story at that minute: everybody is linked, and nothing has happened yet."""
    clock = ScriptedClock(at)
    async with demo(folder, content, port=free_port(), clock=clock, gateway=gateway) as shown:
        begun = Story(shown=shown, clock=clock, database=folder / "samjour.db")
        await begun.quiet()
        yield begun


@dataclass(slots=True, kw_only=True)
class Service:
    """A Samjour that is started and stopped again over the same records, with Telegram up or not."""

    folder: Path
    content: Content
    clock: ScriptedClock
    api: BotApiServer
    mode: TelegramMode = TelegramMode.WEBHOOK
    port: int = field(default_factory=free_port)
    api_port: int = field(default_factory=free_port)

    def settings(self) -> Settings:
        """What it is started with."""
        return replace(
            Settings(),
            database_url=f"sqlite+aiosqlite:///{self.folder / 'samjour.db'}",
            base_url=f"http://localhost:{self.port}",
            keys_dir=self.folder / "keys",
            telegram_token=TOKEN,
            telegram_api_url=f"http://127.0.0.1:{self.api_port}/bot",
            telegram_mode=self.mode,
        )

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Story]:
        """Run it until left."""
        phones = phones_of(self.api, self.content)
        async with (
            build(self.settings(), lambda: self.content, clock=self.clock) as samjour,
            running(samjour, host="127.0.0.1", port=self.port),
        ):
            shown = Demo(samjour=samjour, api=self.api, phones=phones)
            yield Story(shown=shown, clock=self.clock, database=self.folder / "samjour.db")

    async def link(self, story: Story, *people: str) -> None:
        """Link these people's phones."""
        for person in people:
            await story.phone(person).say(f"/start {await link_code(story.deps, PersonId(person))}")
            await story.phone(person).wait_for_text("kontot är kopplat")
        await story.quiet()


def phones_of(api: BotApiServer, content: Content) -> dict[PersonId, Phone]:
    """A phone for everybody; the same ones each time."""
    assert content.demo is not None
    people = content.demo.people
    return {person.id: api.phone(1001 + n, person.name) for n, person in enumerate(people)}


async def lay_out(folder: Path, content: Content, at: datetime) -> None:
    """Seed a folder without starting anything: copied, it lets many stories begin at once."""
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content, clock=ScriptedClock(at)) as samjour:
        await seed(samjour.deps, content, folder / "supervisors")
