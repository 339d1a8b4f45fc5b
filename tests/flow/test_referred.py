"""A talk that ends by referring the officer on: to what there is at that place and minute, told with the way there."""

from dataclasses import replace

import pytest

from bot.core.consultation import Consultation, State
from bot.core.events import Ending
from bot.core.hours import local_day
from bot.core.places import organisation
from bot.core.referrals import EntryId
from bot.core.request import Matter
from bot.flow.referred import target_of, targets
from tests.flow.flow_world import EVENING_1, NIGHT, OFFICER, World

REFERRED = "close:referred"


async def talk(world: World) -> Consultation:
    """A talk that is going on."""
    await world.ask_for()
    await world.accept(EVENING_1)
    return await world.latest()


async def test_whoever_has_it_chooses_to_what_and_the_officer_reads_how_to_get_there(world: World) -> None:
    """One tap more; the officer is told its name and the way, in a message and on the card."""
    c = await talk(world)
    await world.press_shown(EVENING_1, ":close")
    await world.press_shown(EVENING_1, REFERRED)
    shown = world.messages(EVENING_1)[-1]
    assert (await world.latest()).state is State.OPEN
    found = targets(world.deps.content(), c, NIGHT)
    assert [press.rpartition(":")[2] for press in shown.presses] == [*(one.id for one in found), "refer"]
    await world.press_shown(EVENING_1, ":refer:sspf-malmo")
    c = await world.latest()
    assert (c.state, c.ending, c.target) == (State.CLOSED, Ending.REFERRED, "sspf-malmo")
    told = "Avslutad: hänvisad till SSPF Malmö. Nå dit: begär kontakt i Samjour."
    assert sum(text.startswith(told) for text in world.texts(OFFICER)) == 1
    assert any(told in text and "Klart kl." in text for text in world.texts(OFFICER))
    assert world.texts(EVENING_1)[-1].startswith(told)


async def test_it_can_be_referred_to_something_that_is_not_listed(world: World) -> None:
    """Then the ending says that, and no more."""
    await talk(world)
    await world.press_shown(EVENING_1, ":close")
    await world.press_shown(EVENING_1, REFERRED)
    await world.press_shown(EVENING_1, ":refer")
    c = await world.latest()
    assert (c.ending, c.target) == (Ending.REFERRED, None)
    assert "Avslutad: hänvisad vidare." in world.texts(OFFICER)


async def test_the_officer_is_not_asked_to_what(world: World) -> None:
    """An officer who ends it so has been told in the talk; nothing is listed, and nothing named by a button of another is taken."""
    c = await talk(world)
    await world.press(OFFICER, f"k:{c.id}:refer:sspf-malmo")
    assert (await world.latest()).state is State.OPEN
    await world.press(OFFICER, f"k:{c.id}:{REFERRED}")
    assert ((await world.latest()).ending, (await world.latest()).target) == (Ending.REFERRED, None)


@pytest.mark.parametrize("target", ["borta", "sspf-farsta", "malmo-jour"])
async def test_what_is_not_there_is_not_referred_to(world: World, target: str) -> None:
    """An entry of another board, a number, a name that was made up: refused, and the talk goes on."""
    c = await talk(world)
    await world.press(EVENING_1, f"k:{c.id}:refer:{target}")
    assert (await world.latest()).state is State.OPEN


async def test_once_is_enough(world: World) -> None:
    """A second tap on another target changes nothing."""
    c = await talk(world)
    await world.press(EVENING_1, f"k:{c.id}:refer:sspf-malmo")
    await world.press(EVENING_1, f"k:{c.id}:refer:konsultationsteamet")
    assert (await world.latest()).target == "sspf-malmo"


async def test_what_fits_the_matter_comes_first(world: World) -> None:
    """Whoever looks for a way out of crime sees that first; everything else is there below."""
    c = await talk(world)
    assert c.request is not None
    content = world.deps.content()
    way_out = replace(c, request=replace(c.request, matter=Matter.EXIT))
    first, *rest = targets(content, way_out, NIGHT)
    assert first.id in ("sig-malmo", "konsultationsteamet")
    assert {one.id for one in (first, *rest)} == {one.id for one in targets(content, c, NIGHT)}


async def test_only_what_exists_that_day_is_listed_and_what_was_chosen_stays_told(world: World) -> None:
    """A target that has ended is not offered; to whom it was named before, it is told as it was then."""
    c = await talk(world)
    content = world.deps.content()
    board = organisation(content.structure, "malmo")
    ended = tuple(
        replace(one, valid_to=local_day(NIGHT)) if one.id == "sspf-malmo" else one for one in board.referrals
    )
    everybody = {**content.structure.organisations, board.id: replace(board, referrals=ended)}
    later = replace(content, structure=replace(content.structure, organisations=everybody))  # type: ignore[type-var] # a dataclass
    assert "sspf-malmo" not in {one.id for one in targets(later, c, NIGHT)}
    closed = replace(
        c, state=State.CLOSED, closed_at=NIGHT, ending=Ending.REFERRED, target=EntryId("sspf-malmo")
    )
    assert target_of(content, closed) is not None
    assert target_of(later, closed) is None
    before = replace(closed, closed_at=NIGHT.replace(day=20))
    assert target_of(later, before) is not None
