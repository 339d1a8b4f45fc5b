"""The Bot API over HTTP on 127.0.0.1: answers a bot's calls and hands out the phones that talk to it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.core.errors import Unavailable
from bot.demo.botapi import faults, page, parameters, shapes
from bot.demo.botapi.changes import Changes
from bot.demo.botapi.delivery import Delivery, Now, Wait
from bot.demo.botapi.faults import Fault, Faults, Ordered
from bot.demo.botapi.incoming import LARGEST_BODY, check_token, parameters_of
from bot.demo.botapi.methods import METHODS
from bot.demo.botapi.model import User, UserId
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.phone import GUARD, Phone
from bot.demo.botapi.polling import Polling
from bot.demo.botapi.refusals import Refused, not_found
from bot.demo.botapi.state import State

HOST = "127.0.0.1"
CALLS_KEPT = 10_000
FILE = b"a synthetic file\r\n"  # FILE_SIZE bytes: what every photo, sticker and voice message contains


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that came, answered or not. `method` in lower case."""

    method: str
    given: Parameters
    at: datetime


async def _sleep(pause: timedelta) -> None:
    await asyncio.sleep(pause.total_seconds())


class BotApiServer:
    """One bot's server. Everything is kept in memory and outlives `running`, which may be entered again."""

    def __init__(
        self,
        *,
        token: str,
        clock: Now,
        wait: Wait = _sleep,
        name: str = "Samjour",
        username: str = "samjour_demo_bot",
        begun: int = 0,
    ) -> None:
        """`token` is "<bot's number>:<letters>"; `clock` gives the present, aware; `wait` passes the time between
        two tries at a webhook; `begun` sets updates and messages apart from those of an earlier server.
        """
        bot = User(id=UserId(int(token.partition(":")[0])), first_name=name, username=username, is_bot=True)
        self.token = token
        self.state = State(bot, begun=begun)
        self.faults = Faults()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._now = clock
        self._changes = Changes()
        self._released = 0
        self._polling = Polling(self.state, self._changes)
        self._delivery = Delivery(self.state, self._changes, now=clock, wait=wait)
        self._phones: dict[UserId, Phone] = {}
        self._url: str | None = None

    # ---- running ---------------------------------------------------------------------------------------

    @asynccontextmanager
    async def running(self, *, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback, on a free port unless one is given; gives the address, "http://127.0.0.1:<port>"."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        delivering: asyncio.Task[None] | None = None
        try:
            await web.TCPSite(runner, HOST, port).start()
            self._url = f"http://{HOST}:{runner.addresses[0][1]}"
            self._changes.open()
            delivering = asyncio.create_task(self._delivery.run())
            yield self._url
        finally:
            self._url = None
            self._changes.close()
            await runner.cleanup()
            await _end(delivering)

    @property
    def url(self) -> str:
        """Where the server listens; `Unavailable` while it does not."""
        if self._url is None:
            raise Unavailable("The Bot API server is not running.")
        return self._url

    @property
    def base_url(self) -> str:
        """For `telegram.Bot(base_url=...)`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For `telegram.Bot(base_file_url=...)`."""
        return f"{self.url}/file/bot"

    # ---- people ----------------------------------------------------------------------------------------

    def phone(
        self,
        user_id: int,
        first_name: str,
        username: str | None = None,
        language_code: str = "sv",
        *,
        label: str = "",
    ) -> Phone:
        """The phone of a person, made the first time; `label` is what `/phones` calls it."""
        known = self._phones.get(UserId(user_id))
        if known is not None:
            return known
        user = User(id=UserId(user_id), first_name=first_name, username=username, language_code=language_code)
        made = Phone(user, label=label or first_name, state=self.state, changes=self._changes, now=self._now)
        self._phones[user.id] = made
        self._changes.tell()
        return made

    # ---- mischief and waiting --------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        fault: Fault,
        *,
        times: int = 1,
        chat_id: int | None = None,
        retry_after: timedelta = timedelta(seconds=1),
    ) -> None:
        """Let the next `times` calls of the method (any method, when empty) go wrong."""
        self.faults.order(method, fault, times=times, chat_id=chat_id, retry_after=retry_after)

    def release(self) -> None:
        """Let go of every call that hangs: each gets its 500."""
        self._released += 1
        self._changes.tell()

    def duplicate_next(self, times: int = 1) -> None:
        """Deliver each of the next `times` updates twice."""
        self.state.updates.repeats += times

    def reorder_next(self, pairs: int = 1) -> None:
        """Deliver the next `pairs` pairs of updates second first; the first waits until the second is there."""
        self.state.updates.swaps += pairs

    def redeliver(self) -> None:
        """Try the webhook again now, without waiting for the pause to pass."""
        self._delivery.redeliver()

    @property
    def pending(self) -> int:
        """Updates that the bot has not acknowledged."""
        return len(self.state.updates.waiting)

    async def settled(self, *, within: timedelta = GUARD) -> None:
        """Return once the bot has acknowledged every update; `Unavailable` when the guard's time is out."""
        await self._until(lambda: not self.pending, within, "The bot did not fetch every update.")

    async def called(self, method: str, *, times: int = 1, within: timedelta = GUARD) -> None:
        """Return once the method has been called so often since the start."""
        wanted = method.lower()
        sentence = f"{method} was not called {times} times."
        await self._until(
            lambda: sum(call.method == wanted for call in self.calls) >= times, within, sentence
        )

    async def failed_posts(self, times: int, *, within: timedelta = GUARD) -> None:
        """Return once so many posts to the webhook have failed since the start."""
        await self._until(lambda: self._delivery.failures >= times, within, "The posts did not fail.")

    async def _until(self, holds: Callable[[], bool], within: timedelta, otherwise: str) -> None:
        try:
            async with asyncio.timeout(within.total_seconds()):
                await self._changes.until(holds)
        except TimeoutError as error:
            raise Unavailable(otherwise) from error

    # ---- HTTP ------------------------------------------------------------------------------------------

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_route("*", "/bot{token}/{method}", self._answer_call)
        application.router.add_get("/file/bot{token}/files/{name}", self._answer_file)
        application.add_routes(page.routes(self._phones, self.state, self._changes))
        return application

    async def _answer_call(self, request: web.Request) -> web.StreamResponse:
        try:
            check_token(request.match_info["token"], expected=self.token)
            given = await parameters_of(request)
            method = request.match_info["method"].lower()
            return await self._answer(request, method, given)
        except Refused as refusal:
            return _refused(refusal)

    async def _answer(self, request: web.Request, method: str, given: Parameters) -> web.StreamResponse:
        self.calls.append(Call(method=method, given=given, at=self._now()))
        self._changes.tell()
        order = self.faults.take(method, parameters.integer(given, "chat_id", least=-(1 << 52), most=1 << 52))
        if order is not None and order.fault is not Fault.LOST_ANSWER:
            return await self._go_wrong(request, order)
        result = await self._perform(method, given)
        self._changes.tell()
        return web.json_response({"ok": True, "result": result}) if order is None else _cut(request)

    async def _perform(self, method: str, given: Parameters) -> object:
        self.state.updates.forget_old(self._now())
        if method == "getupdates":
            return await self._polling.get_updates(given)
        if method not in METHODS:
            raise not_found()
        return METHODS[method](self.state, given, self._now())

    async def _go_wrong(self, request: web.Request, order: Ordered) -> web.StreamResponse:
        if order.fault is Fault.HANG:
            seen = self._released
            await self._changes.until(lambda: self._changes.closed or self._released != seen)
        if order.fault is Fault.BAD_GATEWAY:
            return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
        refusal = faults.refusal(order)
        return _cut(request) if refusal is None else _refused(refusal)

    async def _answer_file(self, request: web.Request) -> web.StreamResponse:
        try:
            check_token(request.match_info["token"], expected=self.token)
        except Refused as refusal:
            return _refused(refusal)
        return web.Response(body=FILE[: shapes.FILE_SIZE], content_type="application/octet-stream")


def _refused(refusal: Refused) -> web.Response:
    body: dict[str, object] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return web.json_response(body, status=refusal.code)


def _cut(request: web.Request) -> web.Response:
    """Close the connection; the answer goes nowhere."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _end(task: asyncio.Task[None] | None) -> None:
    """Cancel, and let a failure of the task be seen."""
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
