"""Delivery to a webhook: the secret, the order, the second try, and the mischief ordered."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest

from bot.demo.botapi import BotApiServer, Phone

SECRET = "a-secret_42"
Now = Callable[[], datetime]


@dataclass
class Hook:
    """A webhook that notes what it is sent and answers what it is told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)  # used up from the front, then 200
    secrets: list[str | None] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.bodies.append(await request.text())
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def texts(self, bot: Bot) -> list[str | None]:
        updates = [Update.de_json(json.loads(body), bot) for body in self.bodies]
        return [update.effective_message.text for update in updates if update.effective_message]


@asynccontextmanager
async def serving(hook: Hook) -> AsyncIterator[Hook]:
    application = web.Application()
    application.router.add_post("/hook", hook.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield hook
    finally:
        await runner.cleanup()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with serving(Hook()) as made:
        yield made


@dataclass
class Pauses:
    """Notes each pause; lets it pass at once while `pass_at_once`, else never."""

    noted: list[timedelta] = field(default_factory=list)
    pass_at_once: bool = True

    async def wait(self, pause: timedelta) -> None:
        self.noted.append(pause)
        if not self.pass_at_once:
            await asyncio.Event().wait()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def botapi(now: Now, pauses: Pauses) -> AsyncIterator[BotApiServer]:
    server = BotApiServer(token="4242:synthetic-demo-token", clock=now, wait=pauses.wait)
    async with server.running():
        yield server


async def test_updates_come_in_order_with_the_secret(
    bot: Bot, botapi: BotApiServer, phone: Phone, hook: Hook
) -> None:
    """Every post carries the secret that was set; what waited before the webhook was set comes first."""
    await bot.set_webhook(hook.url, secret_token=SECRET, max_connections=3)
    await phone.say("två")
    await phone.say("tre")
    await botapi.settled()
    assert hook.texts(bot) == ["/start", "två", "tre"]
    assert set(hook.secrets) == {SECRET}
    numbers = [json.loads(body)["update_id"] for body in hook.bodies]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (hook.url, 3, 0)


@pytest.mark.usefixtures("phone")
async def test_without_a_secret_no_header_is_sent(bot: Bot, botapi: BotApiServer, hook: Hook) -> None:
    """The header stands only where a secret was set."""
    await bot.set_webhook(hook.url)
    await botapi.settled()
    assert hook.secrets == [None]


async def test_a_refused_post_is_made_again_and_nothing_overtakes_it(
    bot: Bot, botapi: BotApiServer, phone: Phone, hook: Hook, pauses: Pauses, now: Now
) -> None:
    """Until the bot says 200 the same update is posted, with pauses that grow, and the next one waits."""
    hook.answers = [500, 403, 302]
    await phone.say("två")
    await bot.set_webhook(hook.url)
    await botapi.settled()
    assert hook.texts(bot) == ["/start"] * 4 + ["två"]
    assert pauses.noted == [timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=4)]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"
    assert info.last_error_date == now()


@pytest.mark.usefixtures("phone")
async def test_redeliver_does_not_wait_for_the_pause(
    bot: Bot, botapi: BotApiServer, hook: Hook, pauses: Pauses
) -> None:
    """A test can let the second try happen now."""
    pauses.pass_at_once = False
    hook.answers = [503]
    await bot.set_webhook(hook.url)
    await botapi.failed_posts(1)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    botapi.redeliver()
    await botapi.settled()
    assert hook.texts(bot) == ["/start"] * 2


@pytest.mark.usefixtures("phone")
async def test_a_bot_that_is_down_gets_everything_when_it_is_back(
    bot: Bot, botapi: BotApiServer, pauses: Pauses
) -> None:
    """Nobody at the address is a failed try like any other; moving the webhook ends the pause."""
    pauses.pass_at_once = False
    async with serving(Hook()) as gone:
        pass
    await bot.set_webhook(gone.url)
    await botapi.failed_posts(1)
    assert (await bot.get_webhook_info()).last_error_message == "Connection failed: ClientConnectorError"
    async with serving(Hook()) as back:
        await bot.set_webhook(back.url)
        await botapi.settled()
    assert back.texts(bot) == ["/start"]


@pytest.mark.usefixtures("phone")
async def test_a_deleted_webhook_is_not_tried_again(
    bot: Bot, botapi: BotApiServer, hook: Hook, pauses: Pauses
) -> None:
    """The update that could not be posted is there for a poller."""
    pauses.pass_at_once = False
    hook.answers = [500]
    await bot.set_webhook(hook.url)
    await botapi.failed_posts(1)
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["/start"]
    assert len(hook.bodies) == 1


async def test_pending_updates_can_be_dropped(bot: Bot, phone: Phone, hook: Hook) -> None:
    """A bot may start afresh, whether it sets or deletes the webhook."""
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    assert hook.bodies == []
    await bot.delete_webhook()
    await phone.say("två")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_an_update_can_be_made_to_come_twice(
    bot: Bot, botapi: BotApiServer, phone: Phone, hook: Hook
) -> None:
    """A duplicate is the same update to the byte, number included."""
    botapi.duplicate_next()
    await bot.set_webhook(hook.url)
    await phone.say("två")
    await botapi.settled()
    assert hook.texts(bot) == ["/start", "/start", "två"]
    assert hook.bodies[0] == hook.bodies[1]


async def test_two_updates_can_be_made_to_swap(
    bot: Bot, botapi: BotApiServer, phone: Phone, hook: Hook
) -> None:
    """The first waits for the second, which comes before it; then order is restored."""
    botapi.reorder_next()
    await bot.set_webhook(hook.url)
    assert hook.bodies == []
    for word in ("två", "tre"):
        await phone.say(word)
    await botapi.settled()
    assert hook.texts(bot) == ["två", "/start", "tre"]


async def test_only_allowed_kinds_are_posted(
    bot: Bot, botapi: BotApiServer, phone: Phone, hook: Hook
) -> None:
    """What was not asked for is not even queued."""
    await bot.set_webhook(hook.url, allowed_updates=["message"])
    await phone.edit(phone.messages[0], "/start om")
    await botapi.settled()
    assert hook.texts(bot) == ["/start"]
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)


async def test_a_certificate_comes_as_multipart(bot: Bot, hook: Hook) -> None:
    """A file in the call is read and remembered as being there."""
    await bot.set_webhook(hook.url, certificate=b"synthetic", secret_token=SECRET)
    assert (await bot.get_webhook_info()).has_custom_certificate


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "ftp://127.0.0.1/x", "http://[", "hook", "https://10.0.0.1/"]
)
async def test_nothing_is_posted_off_the_machine(bot: Bot, url: str) -> None:
    """A webhook that is not on loopback is refused, and nothing is set."""
    with pytest.raises(BadRequest, match=r"(?i)bad webhook"):
        await bot.set_webhook(url)
    assert (await bot.get_webhook_info()).url == ""


@pytest.mark.parametrize(("secret", "fault"), [("å", "unallowed characters"), ("x" * 257, "too long")])
async def test_a_bad_secret_is_refused(bot: Bot, hook: Hook, secret: str, fault: str) -> None:
    """1 to 256 letters, digits, _ and -."""
    with pytest.raises(BadRequest, match=fault):
        await bot.set_webhook(hook.url, secret_token=secret)
    assert (await bot.get_webhook_info()).url == ""
