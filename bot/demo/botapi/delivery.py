"""Posts updates to the bot's webhook: one after the other, each until it is accepted."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp

from bot.demo.botapi.changes import Changes
from bot.demo.botapi.model import Webhook
from bot.demo.botapi.state import State
from bot.demo.botapi.updates import Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=64)
PATIENCE = aiohttp.ClientTimeout(total=60)  # for the bot to answer one post

Now = Callable[[], datetime]
Wait = Callable[[timedelta], Awaitable[None]]


class Delivery:
    """Holds the connection to the webhook while the server runs."""

    def __init__(self, state: State, changes: Changes, *, now: Now, wait: Wait) -> None:
        """`wait` lets the pause between two tries pass."""
        self._state = state
        self._changes = changes
        self._now = now
        self._wait = wait
        self._hurry = asyncio.Event()
        self.failures = 0

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()) as session:
            while True:
                await self._changes.until(self._has_work)
                for update in self._state.updates.next_posts():
                    await self._deliver(session, update)

    def redeliver(self) -> None:
        """Try again now instead of after the pause."""
        self._hurry.set()

    def _has_work(self) -> bool:
        return self._state.webhook is not None and self._state.updates.ready()

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        """Post until accepted, dropped, or there is no webhook any more."""
        updates, pause = self._state.updates, FIRST_PAUSE
        while (hook := self._state.webhook) is not None and update.number in updates.waiting:
            self._hurry.clear()
            if not await self._post(session, hook, update):
                await self._rest(pause, hook)
                pause = min(2 * pause, LONGEST_PAUSE)
            elif updates.repeats:
                updates.repeats -= 1
            else:
                updates.drop([update.number])
                self._changes.tell()

    async def _post(self, session: aiohttp.ClientSession, hook: Webhook, update: Update) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(
                hook.url, json=update.shape, headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return True
                self._failed(hook, f"Wrong response from the webhook: {answer.status} {answer.reason}")
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(hook, f"Connection failed: {type(error).__name__}")
        return False

    def _failed(self, hook: Webhook, why: str) -> None:
        if self._state.webhook is not None and self._state.webhook.url == hook.url:
            self._state.webhook = replace(self._state.webhook, failed_at=self._now(), failure=why)
        self.failures += 1
        self._changes.tell()

    async def _rest(self, pause: timedelta, hook: Webhook) -> None:
        """Until the pause has passed, somebody hurries, or another webhook was set."""
        ends = [
            asyncio.ensure_future(self._wait(pause)),
            asyncio.create_task(self._hurry.wait()),
            asyncio.create_task(self._changes.until(lambda: self._moved(hook))),
        ]
        try:
            ended, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ended:
                end.result()
        finally:
            for end in ends:
                end.cancel()

    def _moved(self, hook: Webhook) -> bool:
        now = self._state.webhook
        return now is None or (now.url, now.secret) != (hook.url, hook.secret)
