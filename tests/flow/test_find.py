"""Who does what, in a chat: a place, its groups, one entry, its article; and a crossing as the ledger has it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import content as files
from bot.content import Content
from bot.core.codec import parse_consultation_body
from bot.core.events import Offered
from bot.core.ids import OrganisationId, PersonId
from bot.core.people_file import PeopleFile
from bot.core.places import districts_at
from bot.core.press import MAX_PRESS, Find, encode
from bot.core.text import Language
from bot.flow import door
from bot.flow.find import GROUPS, guide_at, spot_of
from tests.flow.flow_world import (
    EVENING_1,
    OFFICER,
    PREFIXES,
    ROOT,
    STHLM,
    TUESDAY,
    World,
    lay_out,
    night_of,
)

NEIGHBOUR = "p-enskede-2"


async def test_an_officer_finds_who_can_be_asked_and_where_to_refer(world: World) -> None:
    """From the first page: the chain of one's own district, then each group by a button."""
    await world.command(OFFICER, "start")
    await world.press_shown(OFFICER, "m:find")
    text = world.texts(OFFICER)[-1]
    assert text.startswith("Vem gör vad: ")
    assert "Socialsekreterare hos polisen (på kontorstid)" in text
    assert "Ungdomsfält (alla timmar, när jouren inte kan, för närvaro på plats)" in text
    assert "Särskild kunskap:" in text
    await world.press_shown(OFFICER, ":R")
    await world.press_shown(OFFICER, ":evonhuset")
    text = world.texts(OFFICER)[-1]
    assert "Från 18 år." in text
    assert "Nå dit: begär kontakt i Samjour." in text
    await world.press_shown(OFFICER, ":read")
    assert "Evonhuset" in world.texts(OFFICER)[-1]
    assert "Källa:" in world.texts(OFFICER)[-1]


async def test_another_place_is_found_too(world: World) -> None:
    """An officer lent to another district looks there; the way back leads to it."""
    await world.command(OFFICER, "vem")
    await world.press_shown(OFFICER, ":places")
    await world.press_shown(OFFICER, "f:lpo-malmo-soder:")
    assert "Lokalpolisområde Söder" in world.texts(OFFICER)[-1]
    await world.press_shown(OFFICER, ":C")
    await world.press_shown(OFFICER, ":ungdomssamordnare")
    assert "Område: Lokalpolisområde Söder." in world.texts(OFFICER)[-1]
    await world.press_shown(OFFICER, ":C")
    assert world.texts(OFFICER)[-1].startswith("Kontakter: Lokalpolisområde Söder")


async def test_what_is_gone_leads_to_the_place(world: World) -> None:
    """An old button of something that was taken away says so, and shows what is there."""
    await world.command(OFFICER, "vem")
    await world.press(OFFICER, "f:lpo-malmo-norr:was-here")
    assert world.texts(OFFICER)[-1].startswith("Det finns inte här, eller inte längre.")


@pytest.mark.parametrize("press", ["f:moon:", "f:lpo-malmo-norr:X", "f:LPO:", "f:lpo-malmo-norr:a:b", "f:x"])
async def test_a_button_that_is_none_of_ours_is_refused(world: World, press: str) -> None:
    """Nothing is shown of a place there is not."""
    await world.command(OFFICER, "start")
    await world.press(OFFICER, press)
    assert world.texts(OFFICER)[-1].startswith("Den knappen är inte giltig längre.")


async def test_whoever_is_suspended_finds_nothing(world: World) -> None:
    """Contacts are for those who work here."""
    await world.command(EVENING_1, "start")

    def suspend(tx: object) -> None:
        door.suspend(tx, world.deps, person, by="test")  # type: ignore[arg-type] # a Tx

    person = await world.facts(EVENING_1)
    await world.deps.store.write(suspend)
    await world.press(EVENING_1, "m:find")
    assert world.texts(EVENING_1)[-1].startswith("Ditt konto är avstängt")


async def test_every_entry_of_every_place_can_be_said(world: World) -> None:
    """In both languages each page fits a message and each button fits its bytes and a narrow screen."""
    structure, now = world.deps.content().structure, world.clock.now()
    officer = await world.facts(OFFICER)
    for district in (one.id for one in districts_at(structure, now)):
        spot = spot_of(world.deps, officer, district, now)
        guide = await world.deps.store.read(lambda tx, s=spot: guide_at(tx, world.deps.content(), s, now))  # type: ignore[misc] # bound now
        for one in guide.found:
            if one.entry is None:
                continue
            press = encode(Find(place=district, what=one.id, read=True))
            assert len(press) <= MAX_PRESS
            assert one.label is not None
            assert max(len(one.label.sv), len(one.label.en)) <= 40
            assert one.id not in GROUPS
    assert set(Language) == {"sv", "en"}


# ---- a crossing ----------------------------------------------------------------------------------------


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[World]:
    """A Tuesday morning, with the neighbour of Skarpnäck at work and linked."""
    content = _content()
    await lay_out(tmp_path / "laid", content, TUESDAY)
    async with night_of(tmp_path / "laid", tmp_path / "day", content, TUESDAY) as world:
        code = await world.deps.store.write(lambda tx: door.issue_code(tx, world.deps, PersonId(NEIGHBOUR)))
        await world.command(NEIGHBOUR, "start", code)
        yield world


def _content() -> Content:
    content = files.read(ROOT)
    assert content.demo is not None
    kept = tuple(p for p in content.demo.people if p.id.startswith((*PREFIXES, "p-enskede-")))
    known = {person.id for person in kept}
    weekly = tuple(rule for rule in content.demo.weekly if rule.person in known)
    return replace(content, demo=PeopleFile(people=kept, weekly=weekly))


async def test_a_crossing_to_another_board_is_on_the_owners_ledger(day: World) -> None:
    """Skarpnäck owns the request; that Enskede-Årsta-Vantör's was asked stands in Skarpnäck's ledger, and nobody else's."""
    c = await day.ask_for(STHLM, "c:lpo-skarpnack:child:advice:now")
    assert c.organisation == "skarpnack"
    assert [offer.person for offer in c.offers] == [NEIGHBOUR]
    ledger = await day.deps.store.read(
        lambda tx: [
            r.entry for r in tx.audit.entries(OrganisationId("skarpnack")) if r.entry.kind == "consultation"
        ]
    )
    events = [parse_consultation_body(entry.body).event for entry in ledger]
    assert [event.crossing for event in events if isinstance(event, Offered)] == ["enskede-arsta-vantor"]
    theirs = await day.deps.store.read(
        lambda tx: [r.entry.kind for r in tx.audit.entries(OrganisationId("enskede-arsta-vantor"))]
    )
    assert "consultation" not in theirs


async def test_no_crossing_where_policy_does_not_let_it(day: World) -> None:
    """For presence the neighbour is not asked, though on duty and free: the jour is."""
    c = await day.ask_for(STHLM, "c:lpo-skarpnack:child:presence:now")
    assert NEIGHBOUR not in [offer.person for offer in c.offers]
