"""Runs the demo: the real app, a Bot API server on loopback in Telegram's place, and phones to play with."""

import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import Samjour, SystemClock, build, running
from bot.content import DEMO, Content, Load, Published
from bot.core import who
from bot.core.ids import PersonId
from bot.core.people import Role
from bot.core.retention import with_decisions
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.server import BotApiServer
from bot.demo.gateway import GatewayServer, with_gateway
from bot.demo.invitations import Invitation
from bot.demo.seed import link_code, people_of, seed
from bot.demo.seed_devices import CURATORS
from bot.flow.ports import Clock
from bot.flow.sign_in import issue_link
from bot.settings import Settings, TelegramMode

TOKEN = "1000:demo-token-of-the-loopback-server"  # noqa: S105 - opens nothing but the demo's own server
RECORDS = "samjour.db"  # in the demo's folder
CURATOR = "malmo--p-malmo-redaktor"  # whose key file the demo names
LINK_LIFETIME = timedelta(hours=24)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ROLES = {
    "officer": PersonId("p-polis-malmo-1"),
    "worker_1": PersonId("p-malmo-kvall-1"),
    "worker_2": PersonId("p-malmo-kvall-2"),
    "jour": PersonId("p-sj-malmo-1"),
    "supervisor_1": PersonId("p-malmo-chef-1"),
    "supervisor_2": PersonId("p-malmo-chef-2"),
    "supervisor_3": PersonId("p-malmo-chef-3"),
}
PHONED = frozenset({Role.OFFICER, Role.SOCIAL_WORKER, Role.JOUR, Role.OUTREACH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A running demo."""

    samjour: Samjour
    api: BotApiServer
    phones: dict[PersonId, Phone]


@asynccontextmanager
async def demo(
    folder: Path,
    content: Content,
    *,
    port: int,
    phones_port: int = 0,
    clock: Clock | None = None,
    load: Load | None = None,
    gateway: GatewayServer | None = None,
) -> AsyncIterator[Demo]:
    """Start the demo in `folder`; its phones are linked, its people on duty. `load`: how its content is read again.

    `gateway`: one that runs already, through which telephones are called; without one none is.
    """
    clock = clock or SystemClock()
    content = _decided(content)
    published = Published(content, lambda today: _reread(load, today)) if load is not None else None
    begun = int(
        (clock.now() - EPOCH).total_seconds()
    )  # a second start must not repeat the first one's numbers
    api = BotApiServer(token=TOKEN, clock=clock.now, begun=begun)
    async with api.running(port=phones_port):
        settings = _settings(folder, port, api, gateway)
        async with build(settings, published or (lambda: content), clock=clock) as samjour:
            await seed(samjour.deps, content, folder / "supervisors")
            phones = _phones(api, content, clock.now())
            async with running(samjour, host="127.0.0.1", port=port):
                for person, phone in phones.items():
                    code = await link_code(samjour.deps, person)
                    await phone.say(f"/start {code}")
                yield Demo(samjour=samjour, api=api, phones=phones)


def _decided(content: Content) -> Content:
    """The content with the demo's made-up decisions about retention."""
    return replace(content, retention=with_decisions(content.retention, people_of(content).retention))


def _reread(load: Load, today: date) -> tuple[Content | None, list[str]]:
    content, faults = load(today)
    if content is None or faults:
        return None, faults
    if content.demo is None:
        return None, [f"{DEMO}: is missing"]
    return _decided(content), []


async def links(samjour: Samjour) -> dict[str, str]:
    """One-time sign-in links by role."""
    return {role: await issue_link(samjour.deps, person, LINK_LIFETIME) for role, person in ROLES.items()}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def announce(
    base_url: str,
    phones_url: str,
    signed: dict[str, str],
    invited: Mapping[str, Invitation],
    *,
    as_json: bool,
    say: Callable[[str], None],
    folder: Path | None = None,
) -> None:
    """Print where the demo is: one JSON object, or lines for a person. `folder`: where it keeps its records."""
    if as_json:
        devices = {role: asdict(one) for role, one in invited.items()}
        told = {"ready": base_url, "links": signed, "phones": phones_url, "devices": devices}
        say(json.dumps(told, ensure_ascii=False))
        return
    say(f"Samjour demo: {base_url}")
    say(f"Telefoner att spela med: {phones_url}")
    say("Inloggningslänkar (gäller en gång):")
    for role, url in signed.items():
        say(f"  {role:13} {url}")
    say(
        "Inbjudningar till en egen enhet (gäller en gång): öppna en i webbläsaren, och godkänn med koden som visas"
    )
    for role, one in invited.items():
        say(f"  {role:13} {one.link}")
        say(f"  {'':13} {one.waiting}")
        say(f"  {'':13} {one.approve}")
    for written in at_a_terminal(folder) if folder is not None else ():
        say(written)
    say("Avsluta med Ctrl-C.")


def at_a_terminal(folder: Path) -> Iterator[str]:
    """How a curator reads what officers asked in vain, and takes changed files into use."""
    key, database = folder / CURATORS / f"{CURATOR}.key", (folder / RECORDS).absolute()
    yield "Redaktör, i en annan terminal: frågor som blev utan svar (läsbara dagen efter), och ändrade filer i bruk"
    yield f"  samjour questions list --key {key} --pins {key.with_suffix('.pins')}"
    yield f"  SAMJOUR_DATABASE_URL=sqlite+aiosqlite:///{database} samjour reload"


def _settings(folder: Path, port: int, api: BotApiServer, gateway: GatewayServer | None) -> Settings:
    plain = Settings() if gateway is None else with_gateway(Settings(), gateway)
    return replace(
        plain,
        database_url=f"sqlite+aiosqlite:///{folder / RECORDS}",
        base_url=f"http://localhost:{port}",
        keys_dir=folder / "keys",
        telegram_token=TOKEN,
        telegram_api_url=api.base_url,
        telegram_mode=TelegramMode.WEBHOOK,
    )


def _phones(api: BotApiServer, content: Content, now: datetime) -> dict[PersonId, Phone]:
    """A phone for everybody who can be rung and every officer, those with something to do now first.

    Their numbers are Telegram ids, not telephones.
    """
    found = people_of(content)
    busy = {worker.person.id for worker in who.workers_by_rules(found, now) if worker.duties} | set(
        ROLES.values()
    )
    phoned = [p for p in found.people if any(posting.role in PHONED for posting in p.postings)]
    ordered = sorted(phoned, key=lambda p: (p.id not in busy, "malmo" not in p.id))
    return {p.id: api.phone(1001 + n, p.name, label=p.name) for n, p in enumerate(ordered)}
