"""The page of who does what: from wherever an officer stands, without a script, and to nobody who is not signed in."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from bot import content as files
from bot.content import Content
from bot.core.ids import PersonId
from tests.web.serving import Site, serve
from tests.web.world import CHIEF, COORDINATOR, OFFICER, ROOT, Known


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, whole."""
    return files.read(ROOT)


@pytest.fixture
async def town(tmp_path: Path, content: Content, database: Path) -> AsyncIterator[Site]:
    """The web with the whole library."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(path, cast("Known", content)) as served:
        yield served


async def page(site: Site, path: str, status: int = 200) -> str:
    async with site.client.get(path) as answer:
        assert answer.status == status
        return await answer.text()


async def test_an_officer_finds_whom_to_ask_and_where_to_refer(town: Site) -> None:
    """One's own district first: the chain with its hours, then referrals, contacts and forums with the way there."""
    await town.sign_in(OFFICER)
    text = await page(town, "/find")
    for words in ("Lokalpolisområde Norr", "Socialsekreterare hos polisen", "Evonhuset", "Från 18 år.", "Lokal beredskap NHL",
                  "Polisens ungdomssamordnare", "Ersätter aldrig RLC, TiB eller POSOM."):  # fmt: skip
        assert words in text
    assert "<script" not in text
    assert 'href="/learn/kontakt/L09?lang=sv"' in text
    assert 'href="/find?lang=sv"' in await page(town, "/")
    assert 'href="/find?lang=sv"' in await page(town, "/learn")


async def test_every_article_that_is_pointed_at_opens(town: Site) -> None:
    """No link of the page leads nowhere; what is written for another place stands there in full."""
    await town.sign_in(OFFICER)
    for place in ("lpo-malmo-norr", "lpo-farsta", "lpo-rinkeby"):
        text = await page(town, f"/find?place={place}")
        links = {part.partition('"')[0] for part in text.split('href="')[1:] if part.startswith("/learn/")}
        assert links
        for link in links:
            await page(town, link.replace("&amp;", "&"))


async def test_another_place_is_chosen_by_its_name(town: Site) -> None:
    """A plain form; what is said in English is said in English."""
    await town.sign_in(OFFICER)
    assert "Trefas i Farsta" in await page(town, "/find?place=lpo-farsta")
    assert "Refer to" in await page(town, "/find?place=lpo-farsta&lang=en")
    assert "Trefas i Farsta" in await page(town, "/find?place=farsta")


async def test_whoever_oversees_finds_it_too(town: Site) -> None:
    """Supervisors and coordinators see their own board."""
    for person in (CHIEF, COORDINATOR):
        await town.sign_in(person)
        assert "Vem gör vad" in await page(town, "/find")


async def test_nobody_finds_a_place_there_is_not_or_without_signing_in(town: Site) -> None:
    """Signed out: 401. A place that is none: 400. Suspended: nothing."""
    await page(town, "/find", 401)
    await town.sign_in(OFFICER)
    await page(town, "/find?place=moon", 400)
    await page(town, "/find?place=" + "x" * 5000, 400)
    await town.suspend(PersonId(OFFICER))
    await page(town, "/find", 401)


async def test_the_same_as_json(town: Site) -> None:
    """What the page shows in one language stands there in both, with codes beside the words."""
    await town.sign_in(OFFICER)
    async with town.client.get("/api/v1/find?place=lpo-farsta") as answer:
        told = await answer.json()
    assert (told["organisation"], told["district"]) == ("farsta", "lpo-farsta")
    by_id = {one["id"]: one for one in told["found"]}
    assert by_id["trefas-farsta"]["label"] == {"sv": "Trefas i Farsta", "en": "Trefas, Farsta"}
    assert by_id["ungdomssamordnare"]["districts"] == ["lpo-farsta"]
    async with town.client.get("/api/v1/find?place=moon") as answer:
        assert answer.status == 400
