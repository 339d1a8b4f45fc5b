"""The page of gaps: to those who oversee the organisation, and nobody else; functions and times, never people."""

from datetime import timedelta

import pytest

from bot.core.ids import OrganisationId, PersonId
from tests.web import world
from tests.web.serving import Site

JOUR = OrganisationId("socialjour-malmo")


async def test_a_chief_sees_what_is_missing(site: Site) -> None:
    """With the jour's roster gone, each gap stands there with when and for what; names stand nowhere."""
    await site.sign_in(world.CHIEF)
    await site.store.write(lambda tx: tx.rosters.replace(JOUR, "weekly", (), world.entry(JOUR, "roster")))
    async with site.client.get("/coverage") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        text = await answer.text()
    assert "luckor de närmaste 30 dygnen" in text
    assert "Malmö: " in text
    assert "eslut" in text
    names = [p.name for p in world.read_demo().people if p.id != world.CHIEF]
    assert not [name for name in names if f">{name}<" in text]


async def test_english_is_complete_there_too(site: Site) -> None:
    """The page reads as well in English, and its link leads back to itself."""
    await site.sign_in(world.CHIEF)
    async with site.client.get("/coverage?lang=en") as answer:
        text = await answer.text()
    assert "Gaps in the coming weeks" in text
    assert 'href="/coverage?lang=sv"' in text


@pytest.mark.parametrize("person", [world.OFFICER, world.EVENING, PersonId("p-polis-samordnare")])
async def test_who_oversees_nothing_there_is_denied(site: Site, person: PersonId) -> None:
    """Officers, workers and the police's coordinator see no board's gaps."""
    await site.sign_in(person)
    async with site.client.get("/coverage") as answer:
        assert answer.status == 403


async def test_another_organisations_gaps_are_denied(site: Site) -> None:
    """Malmö's chief does not see Farsta's, and an unknown one is an error, not a page."""
    await site.sign_in(world.CHIEF)
    for named, status in (("farsta", 403), ("nowhere", 400)):
        async with site.client.get("/coverage", params={"organisation": named}) as answer:
            assert answer.status == status


async def test_nobody_signed_in_sees_nothing(site: Site) -> None:
    """401, as everywhere."""
    async with site.client.get("/coverage") as answer:
        assert answer.status == 401


async def test_the_status_page_leads_there(site: Site) -> None:
    """Whoever sees readiness can see the gaps ahead; an officer is shown no such way."""
    await site.sign_in(world.CHIEF)
    async with site.client.get("/") as answer:
        assert 'href="/coverage?lang=sv"' in await answer.text()
    await site.sign_in(world.OFFICER)
    async with site.client.get("/") as answer:
        assert "/coverage" not in await answer.text()


async def rung(site: Site, number: str, answered: str, organisation: str = "malmo") -> int:
    form = {"organisation": organisation, "number": number, "answered": answered}
    async with site.client.post("/coverage", data=form, headers=site.own, allow_redirects=False) as answer:
        return answer.status


async def test_what_came_of_ringing_a_number_is_kept_from_the_page(site: Site) -> None:
    """Silent: not known to answer, and not ready; answered: from today. Who pressed stands with it."""
    await site.sign_in(world.CHIEF)
    number = site.content.now.structure.organisations[world.MALMO].numbers[0].id
    assert await rung(site, number, "no") == 303
    async with site.client.get("/coverage") as answer:
        assert "Svarade inte senast det prövades." in await answer.text()
    async with site.client.get("/api/v1/me/status") as answer:
        (ready,) = (await answer.json())["readiness"]
        assert (ready["ok"], ready["missing"]) == (False, ["numbers"])
    site.clock.at += timedelta(minutes=1)
    assert await rung(site, number, "yes") == 303
    last = await site.store.read(lambda tx: tx.coverage.last_tests())
    assert (last[number].answered, last[number].by) == (True, world.CHIEF)


async def test_only_ones_own_numbers_are_tested(site: Site) -> None:
    """Another organisation's, none of it, or a word that is none: refused, and nothing is kept."""
    structure = site.content.now.structure
    own, other = (
        structure.organisations[world.MALMO].numbers[0].id,
        structure.organisations[world.FARSTA].numbers[0].id,
    )
    await site.sign_in(world.CHIEF)
    assert await rung(site, other, "yes", "farsta") == 403
    assert await rung(site, other, "yes") == 400
    assert await rung(site, own, "perhaps") == 400
    assert await rung(site, own, "yes", "nowhere") == 400
    async with site.client.post("/coverage", json={}, headers=site.own) as answer:
        assert answer.status == 415
    await site.sign_in(world.EVENING)
    assert await rung(site, own, "yes") == 403
    assert await site.store.read(lambda tx: tx.coverage.last_tests()) == {}
