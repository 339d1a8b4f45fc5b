"""A decision goes to the jour at once: nobody is asked how soon, and nothing that says so makes it wait."""

import pytest

from bot.core.consultation import State
from bot.core.ids import DistrictId
from bot.core.people import Role
from bot.core.places import organisation
from bot.core.press import Choose
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.flow import consult
from bot.flow.refusals import Code, Refused
from tests.flow.flow_world import OFFICER, World

DECISION = "c:lpo-malmo-norr:child:decision@{kind}"


@pytest.mark.parametrize("kind", DecisionKind)
async def test_the_jour_is_asked_when_the_kind_is_chosen(world: World, kind: DecisionKind) -> None:
    """There is no page that asks how urgent it is: the tap that names the decision is the last one."""
    c = await world.ask_for(press=DECISION.format(kind=kind))
    assert c.request is not None
    assert (c.state, c.request.urgency, c.request.decision) == (State.OFFERED, Urgency.NOW, kind)
    assert not any("Hur bråttom" in text for text in world.texts(OFFICER))
    steps = {offer.step for offer in c.pending}
    board = organisation(world.deps.content().structure, str(c.organisation))
    assert all(Role.JOUR in step.roles for step in board.steps if step.id in steps)


@pytest.mark.parametrize("said", Urgency)
async def test_a_device_that_says_it_can_wait_is_not_believed(world: World, said: Urgency) -> None:
    """Over HTTP a request names an urgency; a decision is for now all the same, and the second one is the same."""
    person = await world.facts(OFFICER)
    choice = Choose(
        district=DistrictId("lpo-malmo-norr"),
        matter=Matter.CHILD,
        need=Need.DECISION,
        detail=DecisionKind.LVU_6,
        urgency=said,
    )
    who = consult.signed_in_speaker(person, "sv", world.clock.now())
    c = await world.deps.store.write(lambda tx: consult.request(tx, world.deps, who, choice))
    assert c.request is not None
    assert (c.state, c.request.urgency) == (State.OFFERED, Urgency.NOW)
    with pytest.raises(Refused) as refused:
        await world.deps.store.write(lambda tx: consult.request(tx, world.deps, who, choice))
    assert refused.value.code is Code.ALREADY
