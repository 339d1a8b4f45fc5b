"""Telephones and grave events: a notice takes no call from those who wait for somebody, and tries both ways."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.ids import OrganisationId, PersonId
from bot.core.waking import MOST_OF_ORGANISATION, Did, Means, Purpose
from bot.flow.messages import Delivery
from bot.flow.waking import What, call_by_any, wake_person
from tests.flow.flow_world import EVENING_1, EVENING_2, NIGHT
from tests.flow.waking_world import Woken, waking_night

MALMO = OrganisationId("malmo")
HOUR = timedelta(hours=1)


@pytest.fixture
async def world(laid_out: Path, content: Content, folder: Path) -> AsyncIterator[Woken]:
    """Saturday night in Malmö, with a gateway."""
    async with waking_night(laid_out, folder, content) as begun:
        yield begun


def what(ref: str, purpose: Purpose) -> What:
    """What somebody is woken for, within the hour."""
    return What(purpose=purpose, ref=ref, organisation=MALMO, until=NIGHT + 2 * HOUR)


async def tell(world: Woken, person: PersonId, one: What) -> bool:
    """Call them by whichever way is left."""
    return await world.deps.store.write(lambda tx: call_by_any(tx, world.deps, person, one))


async def test_a_notice_takes_no_call_from_those_who_wait(world: Woken) -> None:
    """However many are told of a grave event, a doorbell that nobody heard is still followed by a call; and the other way round."""
    people = [p.id for p in await world.deps.store.read(lambda tx: tx.people.all()) if p.phone]
    told = []
    for n in range(MOST_OF_ORGANISATION + 5):
        person = people[n % len(people)]
        one = what(f"n-{n}/{person}", Purpose.GRAVE)
        told.append(await tell(world, person, one))
        await world.work()
        world.clock.move(timedelta(seconds=7))
    assert sum(told) > 10
    quiet = next(p for p in people if p != EVENING_1)
    waits = what("later", Purpose.SUPERVISOR)
    world.clock.move(HOUR)
    assert (
        await world.deps.store.write(lambda tx: wake_person(tx, world.deps, quiet, Means.SMS, waits))
        is Did.CALLED
    )
    assert await world.deps.store.read(lambda tx: tx.rings.calls_by(MALMO, NIGHT)) == 1


async def test_what_the_gateway_refuses_is_tried_by_the_other_way(world: Woken) -> None:
    """An SMS that nobody takes is followed by a call, once; there is no third way."""
    world.sms.answer = Delivery.REFUSED
    one = what(f"n-1/{EVENING_2}", Purpose.GRAVE)
    await tell(world, PersonId(EVENING_2), one)
    await world.work()
    rings = await world.deps.store.read(lambda tx: tx.rings.of(one.ref))
    assert [(ring.means, ring.did) for ring in rings] == [
        (Means.SMS, Did.CALLED),
        (Means.SMS, Did.REFUSED),
        (Means.VOICE, Did.CALLED),
        (Means.VOICE, Did.TAKEN),
    ]
