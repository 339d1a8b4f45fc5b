"""A night without a network: the real app on SQLite, people who press and write, and a channel that notes what is said."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import content as files
from bot.app import build
from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.hours import local_day
from bot.core.ids import PersonId
from bot.core.in_force import numbers_on
from bot.core.people import Person
from bot.core.people_file import PeopleFile
from bot.core.readiness import NEEDED, Missing
from bot.demo.clock import ScriptedClock
from bot.demo.seed import seed
from bot.flow import door
from bot.flow.deliver import begin_due
from bot.flow.deps import Deps
from bot.flow.inbox import handle_waiting, keep
from bot.flow.messages import Button, Delivery, Inbound, Outbound, Receipt
from bot.flow.numbers_tested import keep_test
from bot.flow.ports import Tx
from bot.flow.timed import pass_timers
from bot.flow.wake import pass_deadlines
from bot.seal.plain import Plain
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
NIGHT = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)  # Saturday 22.40 in Malmö
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 10.00, when Farsta's are at the police
OFFICER, OFFICER_2, STHLM = "p-polis-malmo-1", "p-polis-malmo-2", "p-polis-sthlm-1"
EVENING_1, EVENING_2 = "p-malmo-kvall-1", "p-malmo-kvall-2"
JOUR_3, JOUR_4 = "p-sj-malmo-3", "p-sj-malmo-4"
FARSTA_1, FARSTA_2 = "p-farsta-1", "p-farsta-2"
DAY_1 = "p-malmo-dag-1"
LINKED = (DAY_1, OFFICER, OFFICER_2, STHLM, EVENING_1, EVENING_2, JOUR_3, JOUR_4, FARSTA_1, FARSTA_2)
PREFIXES = ("p-polis-", "p-malmo-", "p-sj-malmo-", "p-sj-sthlm-", "p-farsta-", "p-skarpnack-")
CHANNEL = "telegram"
NOW_ADVICE = "c:lpo-malmo-norr:child:advice:now"
ROUNDS = 50  # of handling, deadlines and delivery before it is called a circle


@dataclass(slots=True)
class Shown:
    """A message as it stands in somebody's chat."""

    id: str
    text: str
    buttons: tuple[Button, ...]

    @property
    def presses(self) -> tuple[str, ...]:
        return tuple(button.press for button in self.buttons if button.press)


@dataclass(slots=True)
class Chats:
    """A channel that keeps what each address is shown, and fails as told."""

    name: str = CHANNEL
    shown: dict[str, list[Shown]] = field(default_factory=dict)
    answers: dict[str, Delivery] = field(default_factory=dict)  # address -> what comes of sending there
    count: int = 0

    async def send(self, message: Outbound) -> Receipt:
        told = self.answers.get(message.address, Delivery.SENT)
        if told is not Delivery.SENT:
            return Receipt(delivery=told)
        text, chat = message.text.reveal().decode(), self.shown.setdefault(message.address, [])
        buttons = tuple(button for row in message.buttons for button in row)
        for old in chat:
            if old.id == message.replaces:
                old.text, old.buttons = text, buttons
                return Receipt(delivery=Delivery.SENT, native_id=old.id)
        self.count += 1
        chat.append(Shown(str(self.count), text, buttons))
        return Receipt(delivery=Delivery.SENT, native_id=str(self.count))


@dataclass(slots=True)
class World:
    """The running parts, and what people do."""

    deps: Deps
    clock: ScriptedClock
    chats: Chats = field(default_factory=Chats)
    inbound: dict[str, Inbound] = field(default_factory=dict)
    first: int = 1  # number of an update that was not used before

    async def say(self, person: str, text: str, reply_to: str | None = None) -> None:
        await self._arrive(person, text=Plain(text.encode()), reply_to=reply_to)

    async def press(self, person: str, press: str, under: str | None = None) -> None:
        shown = self.chats.shown[address(person)]
        await self._arrive(person, press=press, reply_to=under or shown[-1].id)

    async def press_shown(self, person: str, ending: str) -> None:
        """Press the newest button whose meaning ends so."""
        for message in reversed(self.messages(person)):
            for press in message.presses:
                if press.endswith(ending):
                    await self.press(person, press, message.id)
                    return
        raise AssertionError(f"{person} has no button that ends in {ending}")

    async def command(self, person: str, command: str, argument: str | None = None) -> None:
        plain = Plain(argument.encode()) if argument is not None else None
        await self._arrive(person, command=command, argument=plain)

    async def ask_for(self, officer: str = OFFICER, press: str = NOW_ADVICE) -> Consultation:
        """The last of the officer's taps; returns the request."""
        await self.command(officer, "konsultera")
        await self.press(officer, press)
        return await self.latest(officer)

    async def accept(self, person: str) -> None:
        await self.press_shown(person, ":show")
        await self.press_shown(person, ":yes")

    async def latest(self, officer: str = OFFICER) -> Consultation:
        return (await self.deps.store.read(lambda tx: tx.consultations.of_officer(PersonId(officer), 1)))[0]

    async def facts(self, person: str) -> Person:
        """Somebody's facts as they are kept."""
        found = await self.deps.store.read(lambda tx: tx.people.get(PersonId(person)))
        assert found is not None
        return found

    async def ring_numbers(self) -> None:
        """Somebody rings every number, as each month, and each answers."""
        content = self.deps.content()
        today = local_day(self.clock.now())
        numbers = [n.id for own in content.structure.organisations.values() for n in numbers_on(own, today)]

        def act(tx: Tx) -> None:
            for number in numbers:
                keep_test(tx, self.deps, number, answered=True, by="test")

        await self.deps.store.write(act)

    async def work(self) -> None:
        """Handle, wake and deliver until nothing more follows."""
        for _ in range(ROUNDS):
            handled, _ = await handle_waiting(self.deps, {CHANNEL: self._understand})
            passed, _ = await pass_deadlines(self.deps)
            passed += await pass_timers(self.deps)
            said = await begin_due(self.deps, {CHANNEL: self.chats})
            await asyncio.gather(*said)
            if not handled + passed + len(said):
                return
        raise AssertionError("it goes round in circles")

    def messages(self, person: str) -> list[Shown]:
        return self.chats.shown.get(address(person), [])

    def texts(self, person: str) -> list[str]:
        return [message.text for message in self.messages(person)]

    async def _arrive(self, person: str, **what: object) -> None:
        native = str(self.first + len(self.inbound))
        # A test names fields of Inbound with values of their types; keywords cannot say so.
        self.inbound[native] = Inbound(
            channel=CHANNEL,
            address=address(person),
            native_id=native,
            at=self.clock.now(),
            **what,  # type: ignore[arg-type]
        )
        await keep(self.deps, CHANNEL, native, Plain(native.encode()))
        await self.work()

    def _understand(self, body: Plain, at: datetime) -> Inbound | None:
        del at
        return self.inbound[body.reveal().decode()]


def address(person: str) -> str:
    """Somebody's address on the channel."""
    return f"chat-{person}"


def read_content() -> Content:
    """The real files, with a part of the demo's people."""
    content = files.read(ROOT)
    assert content.demo is not None
    people = tuple(p for p in content.demo.people if p.id.startswith(PREFIXES))
    known = {person.id for person in people}
    weekly = tuple(rule for rule in content.demo.weekly if rule.person in known)
    return replace(content, demo=PeopleFile(people=people, weekly=weekly))


def through_gaps(content: Content) -> Content:
    """The same, where a gap ahead keeps nobody from being asked: for stories about who comes and goes tonight."""
    needs = tuple(one for one in NEEDED if one is not Missing.COVER)
    known = content.structure.organisations
    asked = {name: replace(own, ready_needs=needs) for name, own in known.items()}
    return replace(content, structure=replace(content.structure, organisations=asked))


async def lay_out(folder: Path, content: Content, at: datetime) -> None:
    """Seed a folder, everybody linked: copied, it lets many nights begin at once."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    async with _built(folder, content, ScriptedClock(at)) as world:
        await seed(world.deps, content, folder / "supervisors")
        for person in LINKED:
            code = await world.deps.store.write(lambda tx, p=person: _code(tx, world.deps, p))  # type: ignore[misc]
            await world.command(person, "start", code)


@asynccontextmanager
async def night_of(laid_out: Path, folder: Path, content: Content, at: datetime) -> AsyncIterator[World]:
    """A world of its own, from a folder that was laid out."""
    shutil.copytree(laid_out, folder)
    async with _built(folder, content, ScriptedClock(at)) as world:
        world.first = 1000
        for person in LINKED:
            world.chats.shown[address(person)] = [Shown("0", "", ())]
        yield world


@asynccontextmanager
async def _built(folder: Path, content: Content, clock: ScriptedClock) -> AsyncIterator[World]:
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content, clock=clock) as samjour:
        yield World(samjour.deps, clock)


def _code(tx: Tx, deps: Deps, person: str) -> str:
    return door.issue_code(tx, deps, PersonId(person))
