"""Two real processes watch each other: whichever is killed or stands still, somebody who can do something is told."""

import asyncio
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot import content as files
from bot.app import SystemClock, build
from bot.commands import watch_file
from bot.commands.systemd import ALIVE, READY, STOPPING
from bot.content import Content
from bot.core.ids import PersonId
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.server import BotApiServer
from bot.demo.run import TOKEN, free_port
from bot.demo.seed import seed
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.keyring import read_fields
from bot.settings import Settings
from tests.stories.conftest import ROOT
from tests.stories.story import phones_of

CHIEF, NUMBER = PersonId("p-malmo-chef-1"), "070-1740651"
DIALLED = "+46701740651"
GONE, BACK = "Samjour svarar inte.", "Samjour svarar igen."
BOUND = timedelta(seconds=90)  # for one thing to be noticed, on a busy machine; against hanging only


@dataclass(slots=True)
class Gateway:
    """What a gateway to telephones was given."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.sent.append((str(form["to"]), str(form["message"])))
        self.rung.set()
        return web.json_response({"id": f"s{len(self.sent)}"})

    async def heard(self, beginning: str) -> None:
        """Return when the supervisor's telephone was sent that."""
        await until(lambda: any(to == DIALLED and text.startswith(beginning) for to, text in self.sent))
        self.sent.clear()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        app, door = web.Application(), socket.create_server(("127.0.0.1", 0))
        app.router.add_post("/a1/sms", self.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.SockSite(runner, door).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/a1"
        await runner.cleanup()


@dataclass(slots=True, kw_only=True)
class Machine:
    """The machine on which both run, and what they were started with."""

    folder: Path
    port: int
    notified: socket.socket
    environ: dict[str, str]

    @asynccontextmanager
    async def running(self, *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A process of ours, ready; ended at the end if it still lives."""
        while self.told():
            pass
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command),
            cwd=ROOT,
            env=self.environ,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            reading = asyncio.create_task(told_by(process))
            await until(lambda: self.told() == READY or reading.done())
            assert not reading.done(), reading.result()
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    def told(self) -> str:
        """What systemd was told next; empty: nothing."""
        try:
            return self.notified.recv(100).decode()
        except BlockingIOError:
            return ""

    async def ready(self) -> object:
        """What /readyz says of the watch."""
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"http://localhost:{self.port}/readyz") as answer,
        ):
            return (await answer.json()).get("work")


async def told_by(process: asyncio.subprocess.Process) -> bytes:
    """What it wrote, when it has ended."""
    assert process.stderr is not None
    return await process.stderr.read()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until it is so: another process has no bell that we could hear."""
    async with asyncio.timeout(BOUND.total_seconds()):
        while not is_so():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)


@pytest.fixture
def short(tmp_path: Path) -> Content:
    """The policies as they are, and one article: it starts faster."""
    root = tmp_path / "content"
    shutil.copytree(ROOT / "policies", root / "policies")
    article = Path("knowledge", "sv", "kontakt", "jourens-nummer.md")
    (root / article).parent.mkdir(parents=True)
    lines = (ROOT / article).read_text().splitlines(keepends=True)
    (root / article).write_text("".join(line for line in lines if not line.startswith("related:")))
    shutil.copy(ROOT / "knowledge" / "glossary.yaml", root / "knowledge")
    return files.read(root)


async def lay_out(folder: Path, content: Content) -> None:
    """A supervisor of Malmö has a telephone."""
    folder.mkdir()  # noqa: ASYNC240 - before anything runs
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}", keys_dir=folder / "keys"
    )
    async with build(settings, lambda: content) as samjour:
        await seed(samjour.deps, content, folder / "supervisors")
        await samjour.store.write(lambda tx: give_phone(tx, samjour.deps))


def give_phone(tx: Tx, deps: Deps) -> None:
    found = tx.people.get(CHIEF)
    assert found is not None
    entry = fact(deps, deps.home, "person", deps.clock.now(), by="test")
    tx.people.put(replace(found, phone=NUMBER), entry)


@pytest.fixture
async def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def api() -> AsyncIterator[BotApiServer]:
    served = BotApiServer(token=TOKEN, clock=SystemClock().now)
    async with served.running():
        yield served


@pytest.fixture
async def machine(
    tmp_path: Path, short: Content, gateway: Gateway, api: BotApiServer
) -> AsyncIterator[Machine]:
    folder, port = tmp_path / "records", free_port()
    await lay_out(folder, short)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(tmp_path / "notify"))
        notified.setblocking(False)
        async with gateway.running() as url:
            environ = {
                "PATH": "/usr/bin",
                "SAMJOUR_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'samjour.db'}",
                "SAMJOUR_KEYS_DIR": str(folder / "keys"),
                "SAMJOUR_CONTENT_DIR": str(tmp_path / "content"),
                "SAMJOUR_BASE_URL": f"http://localhost:{port}",
                "SAMJOUR_TELEGRAM_TOKEN": TOKEN,
                "SAMJOUR_TELEGRAM_API_URL": api.base_url,
                "SAMJOUR_TELEGRAM_MODE": "webhook",
                "SAMJOUR_GATEWAY_URL": url,
                "SAMJOUR_GATEWAY_USER": "user",
                "SAMJOUR_GATEWAY_SECRET": "secret",
                "SAMJOUR_GATEWAY_FROM": "Samjour",
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
                "WATCHDOG_USEC": "1500000",
            }
            yield Machine(folder=folder, port=port, notified=notified, environ=environ)


SERVE, WORK = ("serve",), ("work", "--every", "1")


async def watched(machine: Machine) -> None:
    """Return when the one that watches knows whom to tell."""
    await until((machine.folder / "samjour.db.watch").exists)


def remembered(machine: Machine) -> watch_file.Kept:
    """What the one that watches has written down."""
    return watch_file.read(machine.folder / "samjour.db.watch", read_fields(machine.folder / "keys"))


async def test_a_server_that_stands_still_is_killed_or_never_starts_is_told_to_supervisors(
    machine: Machine, gateway: Gateway
) -> None:
    """SIGSTOP, kill -9, or nothing at all: supervisors are rung without any help of the server's, and told that it is back."""
    serve = (*SERVE, "--port", str(machine.port))
    async with machine.running(*serve) as first, machine.running(*WORK):
        await watched(machine)
        first.send_signal(signal.SIGSTOP)
        await gateway.heard(GONE)
        first.send_signal(signal.SIGCONT)
        await gateway.heard(BACK)
        first.kill()
        await gateway.heard(GONE)
        await until(lambda: CHIEF in remembered(machine).told)  # it is written after it was said
    async with machine.running(*serve) as second:
        async with machine.running(*WORK):
            await gateway.heard(BACK)  # from one that was not there when it fell
            await until(lambda: machine.told() == ALIVE)
        second.terminate()
        await until(lambda: machine.told() == STOPPING)
        assert await second.wait() == 0
    async with machine.running(*WORK) as work:  # the machine comes up, and Samjour does not
        await gateway.heard(GONE)
        work.terminate()
        assert await work.wait() == 0


async def test_a_watch_that_is_killed_is_missed(machine: Machine, api: BotApiServer, short: Content) -> None:
    """Killed, the process that watches is missed: the server says so to supervisors and on /readyz, and knows after its own restart."""
    chief = phones_of(api, short)[CHIEF]
    serve = (*SERVE, "--port", str(machine.port))
    async with machine.running(*serve):
        await link(machine, chief)
        assert await machine.ready() == "never"
        async with machine.running(*WORK) as work:
            await watched(machine)
            assert await machine.ready() == "here"
            work.kill()
            await chief.wait_for_text("Väktaren svarar inte", within=BOUND)
            assert await machine.ready() == "gone"
        async with machine.running(*WORK):
            await chief.wait_for_text("Väktaren svarar igen", within=BOUND)
            assert await machine.ready() == "here"
    async with machine.running(*serve):
        assert await machine.ready() == "here", "where one has watched, it is missed from the start on"


async def link(machine: Machine, phone: Phone) -> None:
    """The supervisor links Telegram."""
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "people", "link", CHIEF),
        cwd=ROOT,
        env=machine.environ,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asked.communicate()
    code = out.decode().partition('"code": "')[2].partition('"')[0]
    await phone.say(f"/start {code}")
    await phone.wait_for_text("kontot är kopplat")
