"""A real browser before the real web: Debian's chromium, driven by playwright."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from bot.content import Content
from tests.browser.whole import EVENING, EVENING_2, Whole, lay_out, malmo_content, whole
from tests.web.serving import Site, serve
from tests.web.world import Known, make_database, read_content

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 15_000  # ms for one step on a busy machine; a step that takes longer has failed
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def known() -> Known:
    """The content, read once."""
    return read_content()


@pytest.fixture(scope="session")
def database(known: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "samjour.db"
    make_database(path, known)
    return path


@pytest.fixture(scope="session")
def malmo() -> Content:
    """The real files, with the people of Malmö alone."""
    return malmo_content()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def laid_out(malmo: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything is seeded, to be copied."""
    return await lay_out(tmp_path_factory.mktemp("laid-out"), malmo)


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path, malmo: Content, laid_out: Path) -> AsyncIterator[Whole]:
    """The whole app on a Saturday night in Malmö; whoever works can be rung."""
    folder = Path(shutil.copytree(laid_out, tmp_path / "town"))
    async with whole(folder, malmo) as running:
        await running.link(EVENING, EVENING_2)
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests; each test has a context, hence cookies, of its own."""
    if not CHROMIUM.exists():  # noqa: ASYNC240 - once, before anything runs
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium", pytrace=False)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser on a Swedish phone in Sweden."""
    expect.set_options(timeout=PATIENCE)
    made = await browser.new_context(
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        viewport={"width": 390, "height": 844},
        device_scale_factor=1,
    )
    made.set_default_timeout(PATIENCE)
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path, known: Known, database: Path) -> AsyncIterator[Site]:
    """The web on a database of its own; browsers know this machine as localhost."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(path, known, host="localhost") as served:
        yield served
