"""The composition root: the only module that knows everybody. `build` makes one running Samjour."""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import telegram
from aiohttp import web
from telegram.request import HTTPXRequest

from bot.channels.feed import HttpFeeds
from bot.channels.gateway import Gateway, Sms, Voice
from bot.channels.telegram import NAME, Telegram
from bot.content import Content, Published
from bot.core.feed import FeedId
from bot.core.waking import Means
from bot.flow import enrol
from bot.flow.checking import keep_checking
from bot.flow.deliver import deliver
from bot.flow.deps import Deps
from bot.flow.device_upkeep import keep_directories
from bot.flow.feeds import keep_feeds
from bot.flow.forever import RESTART, Loop, forever
from bot.flow.freshness import keep_fresh
from bot.flow.hearts import Hearts, Tick
from bot.flow.inbox import handle, handle_waiting, keep
from bot.flow.ports import Channel, Clock, Entropy
from bot.flow.ports_feeds import Fetcher
from bot.flow.publish import note_content
from bot.flow.retention_restore import reapply_at_start
from bot.flow.retention_run import retain
from bot.flow.served_files import note_served_at_start
from bot.flow.steady import Steady
from bot.flow.summary import keep_summed
from bot.flow.upkeep import keep_up, sign_heads
from bot.flow.wake import wake
from bot.flow.watch import Watch, keep_watch
from bot.keyring import open_keys
from bot.settings import Settings, TelegramMode
from bot.store.address import open_store, parse
from bot.store.certificate_folder import CertificateFolder
from bot.store.cipher import FieldCipher
from bot.store.sqlite import SqliteStore
from bot.web.assets import digests
from bot.web.deps import ASSETS, WebDeps
from bot.web.server import build_web

log = logging.getLogger(__name__)
LOOK_AGAIN = 5.0  # seconds between looks at the clock
DRAIN = timedelta(seconds=5)  # how long running requests may take when we stop


class SystemClock:
    """The machine's clock, which never goes back here."""

    def __init__(self) -> None:
        """Begin with what the machine says."""
        self._steady = Steady(lambda: datetime.now(UTC), time.monotonic)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self._steady.now()

    async def sleep(self, span: timedelta) -> None:
        """Wait that long."""
        await asyncio.sleep(span.total_seconds())

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Wait for the bell, at most until then; return early, to look again, when that is far.

        The machine may sleep, or its clock be set, while we wait: what we wait with stands still meanwhile.
        """
        left = None if until is None else min(max(0.0, (until - self.now()).total_seconds()), LOOK_AGAIN)
        with suppress(TimeoutError):
            async with asyncio.timeout(left):  # wait_for of 3.11 can lose a cancellation
                await bell.wait()


class SystemEntropy:
    """The machine's chance."""

    def draw(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        return secrets.token_bytes(size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Samjour:
    """One built service: what it works with, its pages, and its loops by name."""

    deps: Deps
    store: SqliteStore
    pages: web.Application
    telegram: Telegram | None
    fetcher: HttpFeeds  # of rosters
    hearts: Hearts
    watch: Watch  # what watches us
    published: Published | None = None  # None: the content stays what it is
    loops: dict[str, Loop] = field(default_factory=dict)


@asynccontextmanager
async def build(
    settings: Settings,
    content: Callable[[], Content],
    *,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    tick: Tick = time.monotonic,
) -> AsyncIterator[Samjour]:
    """Construct everything; close it in order at the end. Raises SamjourError with one line when it cannot."""
    async with AsyncExitStack() as stack:
        clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
        keys = open_keys(settings.keys_dir, entropy, database=parse(settings.database_url))
        cipher = FieldCipher(key=keys.fields, draw=entropy.draw)
        store = await open_store(settings.database_url, cipher=cipher)
        stack.push_async_callback(store.close)
        telephones = telephones_of(settings, stack)
        deps = Deps(
            store=store,
            clock=clock,
            entropy=entropy,
            content=content,
            keys=keys,
            certificates=CertificateFolder(settings.certificates),
            base_url=settings.base_url,
            means=frozenset(Means(name) for name in telephones),
        )
        await enrol.register_bridge(deps)
        front_door = _telegram(settings, deps)
        if front_door is not None:
            stack.push_async_callback(front_door.close)
        fetcher, hearts, watch = HttpFeeds(settings.feed_hosts), Hearts(tick=tick), Watch(tick=tick)
        pages = build_web(
            WebDeps(
                store=store,
                clock=clock,
                entropy=entropy,
                content=content,
                base_url=settings.base_url,
                ready=lambda: _readiness(deps, watch),
                silent=hearts.silent,
                ledger_key=keys.ledger.public,
                flow=deps,
                webhook=front_door.webhook if front_door is not None else None,
                webhook_path=keys.webhook_path,
            )
        )
        yield Samjour(
            deps=deps,
            store=store,
            pages=pages,
            telegram=front_door,
            fetcher=fetcher,
            hearts=hearts,
            watch=watch,
            published=content if isinstance(content, Published) else None,
            loops=_loops(settings, deps, front_door, fetcher, telephones)
            | {"watch": lambda deps: keep_watch(deps, watch)},
        )


@asynccontextmanager
async def running(samjour: Samjour, *, host: str, port: int) -> AsyncIterator[None]:
    """Serve pages and run the loops until left. What arrived before is handled before deadlines are looked at."""
    runner = web.AppRunner(samjour.pages, access_log=None, shutdown_timeout=DRAIN.total_seconds())
    await runner.setup()
    await reapply_at_start(samjour.deps)
    await note_served_at_start(samjour.deps, digests(samjour.pages[ASSETS]))
    await note_content(samjour.deps)
    await _catch_up(samjour)
    tasks = [
        asyncio.create_task(forever(name, loop, samjour.deps, samjour.hearts), name=name)
        for name, loop in samjour.loops.items()
    ]
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()
        await _end(tasks)
        await sign_heads(samjour.deps)


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel loops until all have ended: one that was just being woken may take the first time for something else."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=RESTART.total_seconds())


def _telegram(settings: Settings, deps: Deps) -> Telegram | None:
    if not settings.telegram_token:
        return None
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # durations as timedelta, as PTB will have them
    request = HTTPXRequest(connection_pool_size=64, read_timeout=10, connect_timeout=5, pool_timeout=10)
    bot = telegram.Bot(
        settings.telegram_token,
        base_url=settings.telegram_api_url,
        base_file_url=settings.telegram_api_url,
        request=request,
    )

    return Telegram(bot, keep=partial(keep, deps), secret=deps.keys.webhook_secret)


def telephones_of(settings: Settings, stack: AsyncExitStack) -> dict[str, Channel]:
    """The second channel, by name; none where no gateway is set up."""
    if not settings.gateway_url:
        return {}
    gateway = Gateway(
        url=settings.gateway_url,
        user=settings.gateway_user,
        secret=settings.gateway_secret,
        sender=settings.gateway_from,
    )
    stack.push_async_callback(gateway.close)
    channels: list[Channel] = [Sms(gateway)]
    if settings.gateway_recording:
        channels.append(Voice(gateway, settings.gateway_recording))
    return {channel.name: channel for channel in channels}


def _loops(
    settings: Settings,
    deps: Deps,
    front_door: Telegram | None,
    fetcher: Fetcher,
    telephones: Mapping[str, Channel],
) -> dict[str, Loop]:
    looked_at: dict[FeedId, datetime] = {}  # outlives a loop that broke: no feed is asked every second
    channels = {**telephones, **({NAME: front_door} if front_door is not None else {})}
    loops: dict[str, Loop] = {
        "deadlines": wake,
        "upkeep": keep_up,
        "retention": retain,
        "freshness": keep_fresh,
        "summaries": keep_summed,
        "checks": keep_checking,
        "feeds": lambda deps: keep_feeds(deps, fetcher, looked_at),
        "directories": keep_directories,
        "outbox": lambda deps: deliver(deps, channels),
    }
    if front_door is not None:
        webhook = settings.telegram_mode is TelegramMode.WEBHOOK
        url = f"{settings.base_url}/telegram/{deps.keys.webhook_path}" if webhook else None
        loops["inbox"] = lambda deps: handle(deps, {NAME: front_door.understand})
        loops["telegram"] = lambda deps: front_door.listen(url, deps.clock.now)
    return loops


async def _readiness(deps: Deps, watch: Watch) -> dict[str, object]:
    return {**await enrol.readiness(deps), "work": watch.state}


async def _catch_up(samjour: Samjour) -> None:
    if samjour.telegram is None:
        return
    handled = 1
    while handled:
        handled, _ = await handle_waiting(samjour.deps, {NAME: samjour.telegram.understand})
