"""Markup in any field that a page shows, from whatever file, row or request it comes, is shown as text."""

from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.core.ids import PersonId
from bot.flow.ports import Tx
from tests.web import world
from tests.web.serving import Site

VIEWERS = (
    None,
    world.OFFICER,
    world.OFFICER_2,
    world.OFFICER_3,
    world.OFFICER_STHLM,
    world.OFFICER_STHLM_2,
    world.EVENING,
    world.JOUR_STHLM,
    world.CHIEF,
)
PAGES = ("/", "/?lang=en", "/part/status", "/in", "/nowhere", "/<script>alert(1)</script>")


class Watch(HTMLParser):
    """Notes whatever a page could do beyond showing text."""

    def __init__(self) -> None:
        super().__init__()
        self.does: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Mapping[str, str | None] = dict(attrs)
        self.does += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        for name in ("src", "href", "action"):
            address = given.get(name) or "/"
            if not (address.startswith(("/", "#")) or (name == "href" and address.startswith("tel:"))):
                self.does.append(f"{tag} {name}={address}")
        if tag in ("iframe", "object", "embed", "base", "style"):
            self.does.append(tag)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.does.append("script")


async def page(site: Site, path: str) -> str:
    async with site.client.get(path) as answer:
        return await answer.text()


def rename_everybody(tx: Tx) -> None:
    for person in tx.people.all():
        tx.people.put(replace(person, name=world.EVIL), world.entry(world.POLICE, "person"))


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_markup_in_every_text_field_stays_text(site: Site, viewer: PersonId | None) -> None:
    """Names of people, labels of places, functions and numbers, and every sentence: none becomes an element."""
    await site.store.write(rename_everybody)
    if viewer is not None:
        await site.sign_in(viewer)
    site.content.now = world.with_evil_content(site.content.now)
    for path in PAGES:
        text = await page(site, path)
        watch = Watch()
        watch.feed(text)
        assert watch.does == [], path
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


async def test_the_address_of_a_page_is_never_shown_on_it(site: Site) -> None:
    """What somebody puts into a link to us does not appear on our page."""
    assert "canary" not in await page(site, "/canary?lang=canary&x=canary")


async def test_a_telephone_number_cannot_become_another_address(site: Site) -> None:
    """Only digits and + reach a tel: link."""
    await site.sign_in(world.JOUR_STHLM)
    found = site.content.now.structure.organisations[world.FARSTA]
    odd = tuple(replace(number, number='070-1740605"><b>;ext=javascript:1') for number in found.numbers)
    site.content.now = replace(
        site.content.now,
        structure=replace(
            site.content.now.structure,
            organisations={
                **site.content.now.structure.organisations,
                world.FARSTA: replace(found, numbers=odd),
            },
        ),
    )
    site.client.cookie_jar.clear()
    await site.sign_in(world.OFFICER_STHLM)
    assert 'href="tel:07017406051"' in await page(site, "/")
