"""The browser twins of seal in a real browser, under our own CSP."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import BrowserContext

from bot.web.security import HEADERS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = Path(__file__).parents[2]
SHARED = ("bot/web/static", "tests/js", "tests/vectors")  # what the modules import and read
FORMAT = "bot/seal/FORMAT.md"
CASES = sorted(path.name for path in (ROOT / "tests/vectors").glob("seal_*.json") if "_v1_" not in path.name)
PAGE = f"""<!doctype html><html lang="en"><title>Twins</title><body data-cases="{" ".join(CASES)}">
<script type="module" src="/tests/js/browser.js"></script></body></html>"""


async def show_page(_: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def show_nothing(_: web.Request) -> web.Response:
    return web.Response(status=204)


async def show_format(_: web.Request) -> web.FileResponse:
    return web.FileResponse(ROOT / FORMAT)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


@pytest_asyncio.fixture(loop_scope="session")
async def address() -> AsyncIterator[str]:
    """The repository's modules and vectors on loopback, with the headers of our own pages."""
    app = web.Application()
    app.add_routes(
        [web.get("/", show_page), web.get("/favicon.ico", show_nothing), web.get(f"/{FORMAT}", show_format)]
    )
    app.add_routes([web.static(f"/{folder}", ROOT / folder) for folder in SHARED])
    app.on_response_prepare.append(add_headers)
    door = socket.create_server(("127.0.0.1", 0))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, door).start()
    yield f"http://localhost:{door.getsockname()[1]}/"
    await runner.cleanup()


async def test_the_twins_pass_every_case_in_chromium(context: BrowserContext, address: str) -> None:
    """What node passes Chromium passes, and nothing that it does is against the policy of our pages."""
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(address)
    outcome = await page.evaluate("() => globalThis.outcome")
    assert outcome["failures"] == []
    assert outcome["ran"] > 600
    assert said == []
