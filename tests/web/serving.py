"""Serves the real web over the real store on a free port of this machine, for tests."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import ClientSession, CookieJar, web

from bot.core.events import Event
from bot.core.ids import ConsultationId, PersonId
from bot.flow.deps import Content, Deps, Keys
from bot.flow.ports import Tx
from bot.flow.sign_in import issue_link
from bot.seal.field import FieldKey
from bot.seal.keys import make_device
from bot.store.certificate_folder import CertificateFolder
from bot.store.sqlite import SqliteStore
from bot.web.deps import WebDeps
from bot.web.server import build_web
from tests.web.world import (
    LEDGER_KEY,
    NOW,
    POLICE,
    Changing,
    CountingEntropy,
    FrozenClock,
    Known,
    Story,
    entry,
    happen,
    open_database,
    play,
    session_of,
)

KEYS = Keys(
    bridge=make_device(b"b" * 64),
    ledger=LEDGER_KEY,
    fields=FieldKey(key=bytes(32)),
    webhook_path="hook",
    webhook_secret="",
)


@dataclass(slots=True)
class Told:
    """What the webhook was given, and what it answers."""

    status: int = 200
    given: list[tuple[bytes, str | None]] = field(default_factory=list)
    fails: Exception | None = None

    async def __call__(self, body: bytes, secret: str | None) -> int:
        self.given.append((body, secret))
        if self.fails is not None:
            raise self.fails
        return self.status


@dataclass(slots=True)
class Readiness:
    """What `/readyz` is told."""

    answer: dict[str, object] = field(default_factory=lambda: {"ok": True, "database": "ok"})
    fails: Exception | None = None
    hangs: bool = False

    async def __call__(self) -> dict[str, object]:
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        return self.answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The running web, and everything a test may turn."""

    client: ClientSession
    deps: WebDeps
    runner: web.AppRunner
    clock: FrozenClock
    content: Changing
    webhook: Told
    ready: Readiness
    store: SqliteStore
    path: Path

    @property
    def own(self) -> dict[str, str]:
        """What a browser says when one of our own pages writes."""
        return {"Origin": self.deps.base_url, "Sec-Fetch-Site": "same-origin"}

    async def token_for(self, person: PersonId) -> str:
        """A fresh sign-in token."""
        return (await issue_link(self.deps, person)).partition("#")[2]

    async def session_for(self, person: PersonId) -> str:
        """A session's token, without going through a link."""
        token = f"session-of-{person}-{self.deps.entropy.draw(8).hex()}"
        session = session_of(person, token, now=self.clock.now())
        await self.store.write(lambda tx: tx.people.open_session(session))
        return token

    async def sign_in(self, person: PersonId) -> None:
        """Sign the client in, the way the page does."""
        token = await self.token_for(person)
        async with self.client.post("/api/v1/sessions", json={"token": token}, headers=self.own) as answer:
            assert answer.status == 201

    @property
    def cookie(self) -> str:
        """The session's token that the client holds; empty without one."""
        held = {cookie.key: cookie.value for cookie in self.client.cookie_jar}
        return held.get("samjour", "")

    async def suspend(self, person: PersonId) -> None:
        """Suspend somebody."""

        def act(tx: Tx) -> None:
            found = tx.people.get(person)
            assert found is not None
            tx.people.put(replace(found, active=False), entry(POLICE, "person"))

        await self.store.write(act)

    async def play(self, story: Story) -> None:
        """Let a whole consultation happen."""
        await self.store.write(lambda tx: play(tx, story))

    async def happen(self, consultation: str, event: Event) -> None:
        """Let one thing happen in a consultation."""
        await self.store.write(lambda tx: happen(tx, ConsultationId(consultation), event))

    async def lose_database(self) -> None:
        """The database's file disappears under the running server."""
        await asyncio.to_thread(self.path.unlink)

    async def stop(self) -> None:
        """Stop serving, as when the server dies."""
        await self.runner.cleanup()


async def pieces(sent: bytes) -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    for start in range(0, len(sent), 1000):
        yield sent[start : start + 1000]


@asynccontextmanager
async def serve(
    database: Path,
    known: Known,
    *,
    host: str = "127.0.0.1",
    public: str | None = None,
    asks: Callable[[], Content] | None = None,
) -> AsyncIterator[Site]:
    """Serve over plain http, as the demo does; `host` is what the browser calls this machine.

    `public`: the address by which the world knows us, where something in front of us speaks https. `asks`: what is
    asked for the content in the place of `known`.
    """
    entropy, clock, content = CountingEntropy(1_000_000), FrozenClock(NOW), Changing(now=known)
    store, webhook, ready = await open_database(database, entropy), Told(), Readiness()
    door = socket.create_server(("127.0.0.1", 0))
    here = f"http://{host}:{door.getsockname()[1]}"
    deps = WebDeps(
        store=store,
        clock=clock,
        entropy=entropy,
        content=asks or content,
        base_url=public or here,
        ready=ready,
        ledger_key=LEDGER_KEY.public,
        flow=Deps(
            store=store,
            clock=clock,
            entropy=entropy,
            content=asks or content,
            keys=KEYS,
            certificates=CertificateFolder(database.parent / "certificates"),
            base_url=public or here,
        ),
        webhook=webhook,
        webhook_path="hook",
    )
    runner = web.AppRunner(build_web(deps), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, door).start()
    async with ClientSession(here, cookie_jar=CookieJar(unsafe=True)) as client:
        yield Site(
            client=client,
            deps=deps,
            runner=runner,
            clock=clock,
            content=content,
            webhook=webhook,
            ready=ready,
            store=store,
            path=database,
        )
    await runner.cleanup()
    await store.close()
