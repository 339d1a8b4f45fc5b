"""kill -9 at any moment: what was acknowledged has happened, once, and nobody waits for somebody nobody has woken."""

import asyncio
import json
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from bot import content as files
from bot.app import Samjour, SystemClock, build
from bot.content import Content
from bot.core import guard
from bot.core.codec import Happened, parse_consultation_body
from bot.core.consultation import Consultation, State
from bot.core.events import Accepted, Closed, Referred, Said, Tried
from bot.core.ids import PersonId
from bot.core.people_file import PeopleFile
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.server import BotApiServer
from bot.demo.run import TOKEN, free_port
from bot.demo.seed import link_code, seed
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.rooms import hear
from bot.settings import Settings
from tests.stories import short_chains
from tests.stories.conftest import MALMO, ROOT, people_in
from tests.stories.plaintext import files_under, leaks
from tests.stories.robots import REPEATED, Moment, Night, heard, seek, work
from tests.stories.short_chains import short
from tests.stories.story import OFFICER, OFFICER_2, OFFICER_3, phones_of

SEED = 112
KILLS_AT = dict.fromkeys(Moment, 4)  # while the service runs
KILLS_IN_STARTING = 3
LEAST = 20  # kills
JITTER = 0.08  # seconds after the moment, at most
STARTING = 1.6  # seconds after the start, at most
STARTED = 30  # seconds; against hanging only
OFFICERS = (OFFICER, OFFICER_2, OFFICER_3)
READY = b"Samjour serves"


@dataclass(slots=True, kw_only=True)
class Process:
    """`samjour serve`, started again and again over the same records."""

    folder: Path
    api: BotApiServer
    port: int = field(default_factory=free_port)
    kills: int = 0
    told: list[bytes] = field(default_factory=list)  # everything it ever wrote to stderr
    running: asyncio.subprocess.Process | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start it, and do not wait until it serves."""
        self._ready = asyncio.Event()
        self.running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", short_chains.__name__, "serve", "--port", str(self.port)),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read(self.running, self._ready))

    async def start(self) -> None:
        """Start it and wait until it serves; what it missed is brought to it at once."""
        await self.begin()
        async with asyncio.timeout(STARTED):
            await self._ready.wait()
        self.api.redeliver()

    async def kill(self) -> None:
        """Let it end at once, in the middle of whatever it does."""
        assert self.running is not None
        self.running.kill()
        self.kills += 1
        await self._ended()

    async def stop(self) -> int:
        """Ask it to stop; returns its exit code."""
        assert self.running is not None
        self.running.terminate()
        return await self._ended()

    async def _ended(self) -> int:
        assert self.running is not None
        assert self._reader is not None
        code = await self.running.wait()
        await self._reader
        self.running = None
        return code

    async def _read(self, process: asyncio.subprocess.Process, ready: asyncio.Event) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self.told.append(line)
            if READY in line:
                ready.set()

    def settings(self) -> dict[str, str]:
        return {
            "SAMJOUR_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / 'samjour.db'}",
            "SAMJOUR_KEYS_DIR": str(self.folder / "keys"),
            "SAMJOUR_CONTENT_DIR": str(self.folder.with_name("content")),
            "SAMJOUR_BASE_URL": f"http://localhost:{self.port}",
            "SAMJOUR_TELEGRAM_TOKEN": TOKEN,
            "SAMJOUR_TELEGRAM_API_URL": self.api.base_url,
            "SAMJOUR_TELEGRAM_MODE": "webhook",
            "SAMJOUR_LOG_LEVEL": "DEBUG",
        }


@pytest.fixture
def few(tmp_path: Path) -> Content:
    """The policies as they are, one article, and people who are always on duty, in a hurry: it starts faster."""
    root = tmp_path / "content"
    shutil.copytree(ROOT / "policies", root / "policies")
    article = Path("knowledge", "sv", "kontakt", "jourens-nummer.md")
    (root / article).parent.mkdir(parents=True)
    lines = (ROOT / article).read_text().splitlines(keepends=True)
    (root / article).write_text("".join(line for line in lines if not line.startswith("related:")))
    shutil.copy(ROOT / "knowledge" / "glossary.yaml", root / "knowledge")
    return short(files.read(root))


@asynccontextmanager
async def opened(folder: Path, port: int, content: Content) -> AsyncIterator[Samjour]:
    """The records, opened by this process while no other has them."""
    settings = replace(
        Settings(),
        database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}",
        base_url=f"http://localhost:{port}",
        keys_dir=folder / "keys",
    )
    async with build(settings, lambda: content) as samjour:
        yield samjour


async def test_kill_at_any_moment(tmp_path: Path, few: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through kill -9 at many moments every acknowledged word and deadline has its effect, exactly once."""
    folder, clock = tmp_path / "records", SystemClock()
    folder.mkdir()
    content = replace(few, demo=of_malmo(few))
    api = BotApiServer(token=TOKEN, clock=clock.now)
    night = Night(chance=Random(SEED))  # noqa: S311 - chance that repeats
    async with api.running():
        process = Process(folder=folder, api=api)
        for name, value in process.settings().items():
            monkeypatch.setenv(name, value)
        phones = phones_of(api, content)
        async with opened(folder, process.port, content) as samjour:
            await seed(samjour.deps, content, folder / "supervisors")
            on_duty = {rule.person: phones[rule.person] for rule in of_malmo(content).weekly}
            asking = {PersonId(person): phones[PersonId(person)] for person in OFFICERS}
            for person, phone in {**asking, **on_duty}.items():
                await phone.say(f"/start {await link_code(samjour.deps, person)}")
        await play(process, night, list(asking.values()), list(on_duty.values()))
        assert api.pending == 0, "an update was never acknowledged"
        assert await process.stop() == 0
        assert process.kills >= LEAST
        await ledger_verifies()
    async with opened(folder, process.port, content) as samjour:
        await samjour.store.read(lambda tx: everything_once(tx, samjour.deps, night, phones))
        assert min(night.taken, night.phoned, len(night.said) // 4) >= 3, (
            "the night was too quiet to show much"
        )
    secrets = [*night.said, *people_in(content)]
    assert leaks({**files_under(folder), "stderr": b"".join(process.told)}, secrets) == []


async def play(process: Process, night: Night, officers: list[Phone], people: list[Phone]) -> None:
    """Let everybody use their phones while the process is killed, then let them finish what they began."""
    await process.start()
    async with asyncio.TaskGroup() as everybody:
        working = [everybody.create_task(work(phone, night)) for phone in people]
        seeking = [everybody.create_task(seek(phone, night)) for phone in officers]
        await killed_often(process, night)
        night.over = True
        await asyncio.gather(*seeking)
        await nothing_left(process)
        for task in working:
            task.cancel()


async def killed_often(process: Process, night: Night) -> None:
    """Kill and start again: just after each kind of moment, and while it is still starting."""
    moments: list[Moment | None] = [m for m, times in KILLS_AT.items() for _ in range(times)]
    moments += [None] * KILLS_IN_STARTING
    night.chance.shuffle(moments)
    for moment in moments:
        if moment is None:
            await process.kill()
            await process.begin()
            await asyncio.sleep(night.chance.uniform(0, STARTING))
        else:
            async with asyncio.timeout(STARTED):
                await night.moments.wait(moment)
            await asyncio.sleep(night.chance.uniform(0, JITTER))
        await process.kill()
        await process.start()


async def nothing_left(process: Process) -> None:
    """Return when everything has been handled and said."""
    await process.api.settled()
    async with asyncio.timeout(STARTED):
        while any(rows(process.folder)):  # noqa: ASYNC110 - another process's database has no bell that we could hear
            await asyncio.sleep(0.05)


def rows(folder: Path) -> tuple[int, int]:
    """How many updates wait to be handled, and how many sayings to be said."""
    with closing(sqlite3.connect(f"file:{folder / 'samjour.db'}?mode=ro", uri=True)) as file:
        waiting = file.execute("SELECT count(*) FROM inbox WHERE body IS NOT NULL").fetchone()[0]
        return waiting, file.execute("SELECT count(*) FROM outbox").fetchone()[0]


# ---- what must be so afterwards ---------------------------------------------------------------------------------------


def happened(tx: Tx) -> list[Happened]:
    """Every event of every consultation, from the ledgers."""
    entries = (recorded.entry for o in tx.audit.organisations() for recorded in tx.audit.entries(o))
    return [parse_consultation_body(entry.body) for entry in entries if entry.kind == "consultation"]


def everything_once(tx: Tx, deps: Deps, night: Night, phones: Mapping[PersonId, Phone]) -> None:
    """Each press and each word had its effect once; each word reached the other one; no one is left waiting."""
    events = happened(tx)
    kinds = Counter(type(told.event) for told in events)
    asked = {told.consultation for told in events if isinstance(told.event, Referred)}
    assert kinds[Referred] == len(asked) == len(night.asked), "a request was lost or made twice"
    assert kinds[Accepted] == night.taken, "a yes was lost or counted twice"
    assert kinds[Closed] == len(asked), "an ending was lost or counted twice"
    tried = Counter(told.consultation for told in events if isinstance(told.event, Tried))
    called = asked - {told.consultation for told in events if isinstance(told.event, Accepted)}
    assert len(called) == night.phoned, "somebody who waited at the telephone was forgotten"
    assert {tried[one] for one in called} <= {2}, "a number was lost or counted twice"
    ended = {c: tx.consultations.get(c) for c in asked}
    assert {c.state for c in ended.values() if c is not None} == {State.CLOSED}
    assert all(c is not None and (c.holder is not None or c.numbers) for c in ended.values())
    assert tx.consultations.next_due() is None, "somebody still waits"
    said = Counter(
        word_of(tx, deps, told, ended[told.consultation], phones) for told in events if is_said(told)
    )
    assert said == Counter(night.said), "a word was lost or stands twice in its room"


def is_said(told: Happened) -> bool:
    return isinstance(told.event, Said)


def word_of(
    tx: Tx, deps: Deps, told: Happened, c: Consultation | None, phones: Mapping[PersonId, Phone]
) -> str:
    """What was said, after it is shown that the other one heard it, and heard it twice only if marked so."""
    assert isinstance(told.event, Said)
    assert c is not None
    assert c.room is not None
    assert c.holder is not None
    assert c.officer is not None
    found = hear(tx, deps, c.room, told.event.seq)
    text = found.text.reveal().decode()
    assert found.author == told.event.author
    other = c.holder if found.author == c.officer else c.officer
    shown = [m.text for m in phones[other].messages if heard(m) == text]
    assert shown, "a word was never delivered"
    assert sum(not one.startswith(REPEATED) for one in shown) <= 1, "a repetition was not marked"
    assert not any(heard(m) == text for p in phones.values() if p is not phones[other] for m in p.messages)
    return text


async def ledger_verifies() -> None:
    """`samjour ledger verify` finds nothing."""
    verifying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "ledger", "verify", "--json"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await verifying.communicate()
    assert verifying.returncode == 0, out
    assert json.loads(out)["faults"] == []


def of_malmo(content: Content) -> PeopleFile:
    """The people of Malmö, and their duties."""
    assert content.demo is not None
    people = tuple(person for person in content.demo.people if person.id.startswith(MALMO))
    known = {person.id for person in people}
    weekly = tuple(rule for rule in content.demo.weekly if rule.person in known)
    return PeopleFile(people=people, weekly=weekly)


def test_what_the_robots_say_points_nobody_out(content: Content) -> None:
    """The guard stops none of it: a word that is missing afterwards was lost, not stopped."""
    night = Night(chance=Random(SEED))  # noqa: S311 - chance that repeats
    for _ in range(200):
        verdict = guard.judge(content.guard, night.text(), channel="telegram", phase="unnamed")
        assert not verdict.blocked
