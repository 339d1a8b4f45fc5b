"""A doorbell that got no answer rings again: the fixed sentence and nothing else, until somebody looks, answers or is let go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content import Content
from bot.core.bell import MOST, next_ring, rings_at
from bot.core.chain import chain_faults
from bot.core.consultation import State
from bot.core.ids import OfferId, OrganisationId, PersonId, StepId
from bot.core.places import Step
from bot.core.request import Offer
from bot.flow.messages import Delivery
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.timed import pass_timers
from tests.flow.flow_world import EVENING_1, EVENING_2, NIGHT, OFFICER, World, address, read_content

MALMO, SECOND, EVERY = OrganisationId("malmo"), timedelta(seconds=1), timedelta(seconds=20)
BELL = "Samjour: någon söker dig. Tryck Visa."


@pytest.fixture(scope="module")
def content() -> Content:
    """Malmö's chain, in which every doorbell rings again after twenty seconds."""
    read = read_content()
    board = read.structure.organisations[MALMO]
    steps = tuple(replace(step, seconds=60, repeat=20) for step in board.steps)
    changed = replace(board, steps=steps)
    areas = {id_: (changed if o is board else o, area) for id_, (o, area) in read.structure.areas.items()}
    everybody = {**read.structure.organisations, MALMO: changed}
    return replace(read, structure=replace(read.structure, organisations=everybody, areas=areas))


async def later(world: World, span: timedelta) -> None:
    """So much later, with everything that is due."""
    world.clock.move(span)
    await world.work()
    await pass_timers(world.deps)
    await world.work()


def bells(world: World, person: str) -> int:
    """How often somebody's doorbell stands in their chat."""
    return world.texts(person).count(BELL)


async def test_it_rings_again_until_the_time_is_out(world: World) -> None:
    """At twenty and forty seconds, each in a message of its own; at sixty the chain goes on instead."""
    await world.ask_for()
    assert bells(world, EVENING_1) == 1
    await later(world, EVERY - SECOND)
    assert bells(world, EVENING_1) == 1
    await later(world, SECOND)
    assert bells(world, EVENING_1) == 2
    assert "Ringt igen." in world.texts(OFFICER)[-1]
    await later(world, EVERY)
    assert bells(world, EVENING_1) == 3
    await later(world, EVERY)
    assert EVENING_1 not in {offer.person for offer in (await world.latest()).pending}
    await later(world, EVERY)
    assert bells(world, EVENING_1) <= 3


async def test_nothing_stands_in_it_but_the_fixed_sentence(world: World) -> None:
    """Byte for byte the doorbell's own words, in either language, and the opaque reference of the same offer."""
    await world.command(EVENING_1, "english")
    c = await world.ask_for()
    await later(world, EVERY)
    again = world.messages(EVENING_1)[-1]
    assert again.text == world.deps.content().texts.say("en", "offer.ring")
    assert again.presses == (f"o:{c.pending[0].id}:show",)


@pytest.mark.parametrize("what", ["looked", "yes", "no", "withdrawn"])
async def test_whoever_has_looked_or_need_not_answer_is_not_rung_again(world: World, what: str) -> None:
    """A look is enough; so is any answer, and the officer who no longer needs anybody."""
    c = await world.ask_for()
    match what:
        case "withdrawn":
            await world.press(OFFICER, f"k:{c.id}:cancel")
        case "looked":
            await world.press_shown(EVENING_1, ":show")
        case answer:
            await world.press_shown(EVENING_1, ":show")
            await world.press_shown(EVENING_1, ":yes" if answer == "yes" else ":busy")
    before = len(world.messages(EVENING_1))
    await later(world, EVERY)
    assert bells(world, EVENING_1) == 0  # what rang has become what it was about
    assert len(world.messages(EVENING_1)) == before


async def test_a_look_on_the_second_ring_finds_the_same_offer(world: World) -> None:
    """Both messages lead to the one offer; whichever is pressed, it is accepted once."""
    await world.ask_for()
    await later(world, EVERY)
    first, second = (m for m in world.messages(EVENING_1) if m.text == BELL)
    await world.press(EVENING_1, second.presses[0], second.id)
    await world.press_shown(EVENING_1, ":yes")
    await world.press(EVENING_1, first.presses[0], first.id)
    c = await world.latest()
    assert (c.state, c.holder, len(c.offers)) == (State.OPEN, EVENING_1, 1)


async def test_after_a_restart_what_is_overdue_rings_once(world: World) -> None:
    """Nobody is rung twice for two turns that were missed; what comes next keeps its own time."""
    c = await world.ask_for()
    await later(world, 2 * EVERY + SECOND)
    assert bells(world, EVENING_1) == 2
    ref = c.pending[0].id
    assert await world.deps.store.read(lambda tx: tx.timers.get(TimerKind.RING_AGAIN, ref)) is None


async def test_a_timer_of_nothing_does_no_harm(world: World) -> None:
    """One that came late, or of an offer that is not, rings nobody."""
    await world.ask_for()
    await world.press_shown(EVENING_1, ":show")
    await world.press_shown(EVENING_1, ":busy")
    for ref in ("0" * 32, (await world.latest()).offers[0].id):
        timer = Timer(kind=TimerKind.RING_AGAIN, ref=ref, due=world.clock.now())
        await world.deps.store.write(lambda tx, timer=timer: tx.timers.put(timer))  # type: ignore[misc]
    before = bells(world, EVENING_1)
    await later(world, SECOND)
    assert bells(world, EVENING_1) == before


async def test_a_ring_that_cannot_be_delivered_takes_nothing_from_the_first(world: World) -> None:
    """The first was heard: that a later one is refused neither takes the offer back nor unlinks anybody."""
    await world.ask_for()
    world.chats.answers[address(EVENING_1)] = Delivery.REFUSED
    await later(world, EVERY)
    assert EVENING_1 in {offer.person for offer in (await world.latest()).pending}


def test_a_bell_rings_only_while_there_is_time_and_not_too_often() -> None:
    """Never at the end itself, never more than five times more, and not at all where the step does not say so."""
    offer = Offer(
        id=OfferId("o"),
        person=PersonId(EVENING_2),
        step=StepId("s"),
        at=NIGHT,
        until=NIGHT + timedelta(seconds=60),
    )
    step = read_content().structure.organisations[MALMO].steps[0]
    assert rings_at(replace(step, repeat=20), offer) == (NIGHT + EVERY, NIGHT + 2 * EVERY)
    assert next_ring(replace(step, repeat=20), offer, NIGHT + EVERY) == NIGHT + 2 * EVERY
    assert next_ring(replace(step, repeat=20), offer, NIGHT + 2 * EVERY) is None
    assert len(rings_at(replace(step, repeat=5), offer)) == MOST
    assert rings_at(replace(step, repeat=None), offer) == rings_at(None, offer) == ()


@pytest.mark.parametrize(
    ("seconds", "repeat", "fine"),
    [(60, 20, True), (60, 10, True), (60, 9, False), (60, 60, False), (60, 90, False)],
)
def test_a_chain_that_rings_too_often_or_in_vain_is_refused(seconds: int, repeat: int, fine: bool) -> None:  # noqa: FBT001 - drawn
    """More than five times, or after the time is out: said where the file is read."""
    board = read_content().structure.organisations[MALMO]
    changed: tuple[Step, ...] = (replace(board.steps[0], seconds=seconds, repeat=repeat), *board.steps[1:])
    found = [fault for fault in chain_faults(replace(board, steps=changed)) if "repeat" in fault]
    assert bool(found) is not fine
