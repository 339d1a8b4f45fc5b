"""A gateway to telephones on 127.0.0.1, in the shape of 46elks: keeps what it is sent, and fails and reports as told."""

import asyncio
import base64
import binascii
import hmac
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import aiohttp
from aiohttp import web

from bot.core.errors import Unavailable
from bot.settings import Settings

HOST = "127.0.0.1"
KEPT = 1_000  # calls remembered
_TAKEN = 300  # statuses below it mean that a report was taken
PATIENCE = aiohttp.ClientTimeout(total=10)  # seconds for a report
USER, SECRET = "u-demo", "demo-secret-of-the-loopback-gateway"
SENDER = "+46701740699"
RECORDING = "sound/beep"


class Mishap(Enum):
    """What goes wrong with one call."""

    ERROR = auto()  # 500, and nothing is sent
    BUSY = auto()  # 429, and nothing is sent
    REFUSE = auto()  # 403: no money left
    LOSE = auto()  # taken, never delivered, never reported
    DELAY = auto()  # taken; delivered and reported when `release` is called
    TWICE = auto()  # delivered once, reported twice
    FAIL = auto()  # taken, and reported as failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One SMS or call that was taken. `form`: as it came."""

    id: str
    path: str
    form: dict[str, str] = field(repr=False)
    key: str  # the same in each try

    @property
    def to(self) -> str:
        """The telephone."""
        return self.form["to"]

    @property
    def report_to(self) -> str:
        """Where it is to be told what became of it."""
        return self.form.get("whendelivered") or self.form.get("whenhangup") or ""


class GatewayServer:
    """One account's gateway; what it took outlives `running`."""

    def __init__(self) -> None:
        """Deliver and report everything at once, until told otherwise."""
        self.taken: deque[Taken] = deque(maxlen=KEPT)
        self.asked = 0  # also what was not taken
        self.reported: list[int] = []  # the statuses with which reports were answered
        self._mishaps: deque[Mishap] = deque()
        self._held: list[Taken] = []
        self._keys: dict[str, str] = {}  # idempotency key -> id
        self._url: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """For SAMJOUR_GATEWAY_URL; `Unavailable` while it does not run."""
        if self._url is None:
            raise Unavailable("the gateway is not running")
        return self._url

    @asynccontextmanager
    async def running(self, *, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback, on a free port unless one is given; gives the address."""
        application = web.Application(client_max_size=64 * 1024)
        application.add_routes([web.post("/a1/sms", self._take), web.post("/a1/calls", self._take)])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            self._url = f"http://{HOST}:{runner.addresses[0][1]}/a1"
            yield self._url
        finally:
            self._url = None
            await self.settled()
            await runner.cleanup()

    def fail(self, mishap: Mishap, times: int = 1) -> None:
        """Let the next calls go wrong like this."""
        self._mishaps.extend([mishap] * times)

    def release(self) -> None:
        """Deliver and report what was held, and what nobody took."""
        held, self._held = self._held, []
        for taken in held:
            self._report_later(taken, _good(taken))

    async def settled(self) -> None:
        """Return when every report is answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def report(self, taken: Taken, said: str) -> int:
        """Tell what became of it; the status of the answer."""
        name = "status" if taken.path.endswith("sms") else "state"
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.post(taken.report_to, data={"id": taken.id, name: said}) as answer,
        ):
            self.reported.append(answer.status)
            return answer.status

    async def _take(self, request: web.Request) -> web.Response:
        if not _is_ours(request.headers.get("Authorization", "")):
            return web.Response(status=401)
        self.asked += 1
        form = {name: str(value) for name, value in (await request.post()).items()}
        key = request.headers.get("Idempotency-Key", "")
        if key in self._keys:
            return web.json_response({"id": self._keys[key]})
        mishap = self._mishaps.popleft() if self._mishaps else None
        if mishap in _STATUS:
            return web.Response(status=_STATUS[mishap])
        taken = Taken(id=f"s{len(self._keys) + 1:031d}", path=request.path, form=form, key=key)
        self._keys[key or taken.id] = taken.id
        self.taken.append(taken)
        self._then(taken, mishap)
        return web.json_response({"id": taken.id, "status": "created"})

    def _then(self, taken: Taken, mishap: Mishap | None) -> None:
        if mishap is Mishap.DELAY:
            self._held.append(taken)
        elif mishap is not Mishap.LOSE:
            said = _bad(taken) if mishap is Mishap.FAIL else _good(taken)
            for _ in range(2 if mishap is Mishap.TWICE else 1):
                self._report_later(taken, said)

    def _report_later(self, taken: Taken, said: str) -> None:
        async def tell() -> None:
            with suppress(aiohttp.ClientError, TimeoutError):
                if await self.report(taken, said) < _TAKEN:
                    return
            self._held.append(taken)  # nobody took it: again later

        task = asyncio.create_task(tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def with_gateway(settings: Settings, gateway: GatewayServer) -> Settings:
    """The same settings, with this gateway."""
    return replace(
        settings,
        gateway_url=gateway.url,
        gateway_user=USER,
        gateway_secret=SECRET,
        gateway_from=SENDER,
        gateway_recording=RECORDING,
    )


_STATUS: dict[Mishap | None, int] = {Mishap.ERROR: 500, Mishap.BUSY: 429, Mishap.REFUSE: 403}


def _is_ours(header: str) -> bool:
    """RFC 7617."""
    try:
        shown = base64.b64decode(header.removeprefix("Basic "), validate=True)
    except (binascii.Error, ValueError):
        return False
    return header.startswith("Basic ") and hmac.compare_digest(shown, f"{USER}:{SECRET}".encode())


def _good(taken: Taken) -> str:
    return "delivered" if taken.path.endswith("sms") else "success"


def _bad(taken: Taken) -> str:
    return "failed" if taken.path.endswith("sms") else "busy"
