"""The admin socket: commands that touch a database in use ask the process that has it open."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.app import Samjour
from bot.commands.places import opened
from bot.commands.said import of_refusal
from bot.content import Content
from bot.core.errors import BadInput, SamjourError, Unavailable
from bot.flow.refusals import Refused
from bot.settings import Settings
from bot.store.address import parse

Act = Callable[[Samjour, Mapping[str, object]], Awaitable[dict[str, object]]]
MAX_REQUEST = 16 * 1024 * 1024  # bytes; the largest roster with room to spare
PATIENCE = aiohttp.ClientTimeout(total=600)  # seconds; a long ledger takes a while to verify
_ERRORS: dict[str, type[SamjourError]] = {"BadInput": BadInput}


def socket_of(settings: Settings) -> Path:
    """Beside the database; whoever can reach it owns the database anyway."""
    path = parse(settings.database_url)
    return path.with_name(path.name + ".sock")


@asynccontextmanager
async def listening(samjour: Samjour, settings: Settings, acts: Mapping[str, Act]) -> AsyncIterator[None]:
    """Answer commands on the socket until left. Only this user can connect (mode 0600)."""
    path = socket_of(settings)
    path.unlink(missing_ok=True)

    async def answer(request: web.Request) -> web.Response:
        act = acts.get(request.match_info["act"])
        if act is None:
            return web.json_response({"error": "BadInput", "message": "there is no such command"}, status=404)
        try:
            return web.json_response(await act(samjour, await request.json()))
        except SamjourError as error:
            sentence = of_refusal(error, samjour.deps.content())
            return web.json_response({"error": type(error).__name__, "message": sentence}, status=409)

    app = web.Application(client_max_size=MAX_REQUEST)
    app.router.add_post("/{act}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.UnixSite(runner, str(path)).start()
        path.chmod(0o600)
        yield
    finally:
        await runner.cleanup()
        path.unlink(missing_ok=True)


async def call(
    settings: Settings, files: Content, acts: Mapping[str, Act], name: str, args: Mapping[str, object]
) -> dict[str, object]:
    """Run a command in the process that has the database open, or here when there is none.

    Raises what the command raises, and Unavailable when neither is possible.
    """
    path = socket_of(settings)
    if path.exists():
        answer = await _ask(path, name, args)
        if answer is not None:
            return answer
    async with opened(settings, files) as samjour:
        try:
            return await acts[name](samjour, args)
        except Refused as error:
            raise Refused(error.code, error.room, of_refusal(error, files)) from error


async def call_running(
    settings: Settings, name: str, args: Mapping[str, object], patience: aiohttp.ClientTimeout = PATIENCE
) -> dict[str, object]:
    """Run a command in the process that serves from this database. Raises Unavailable when there is none."""
    path = socket_of(settings)
    answer = await _ask(path, name, args, patience) if path.exists() else None
    if answer is None:
        raise Unavailable(f"no server is running on {path.with_suffix('')} (SAMJOUR_DATABASE_URL)")
    return answer


async def _ask(
    path: Path, name: str, args: Mapping[str, object], patience: aiohttp.ClientTimeout = PATIENCE
) -> dict[str, object] | None:
    """The answer over the socket; None when nobody listens there any more."""
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(path)), timeout=patience
        ) as session:
            async with session.post(f"http://samjour/{name}", data=json.dumps(args)) as response:
                told: dict[str, object] = await response.json(content_type=None)
                status = response.status
    except aiohttp.ClientConnectorError:
        return None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Unavailable("the running server did not answer") from error
    if status == web.HTTPOk.status_code:
        return told
    kind = _ERRORS.get(str(told.get("error")), Unavailable)
    raise kind(str(told.get("message")))
