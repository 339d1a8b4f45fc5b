"""Two hundred people accept at the same moment, past every channel: one gets it. Over channels: test_race_mixed."""

import asyncio
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.press import Reply, Say, encode
from bot.core.request import Offer, Outcome
from bot.flow.messages import Inbound
from bot.flow.receive import receive, refuse
from bot.flow.records import Arrival
from bot.seal.inbox import seal_inbox
from bot.seal.plain import Plain
from tests.stories.crowd import crowded, named
from tests.stories.story import NIGHT, OFFICER, Story, story

MANY = 200
MADE_UP = {named(n) for n in range(MANY)}


@pytest.fixture
def crowd(malmo: Content) -> Content:
    """Two hundred people on evening duty who are all asked at once."""
    return crowded(malmo, phones=MANY, at_once=MANY)


async def test_of_two_hundred_accepts_in_one_process_one_wins(crowd: Content, tmp_path: Path) -> None:
    """Handed to the store at the same moment, past every channel: the same."""
    async with story(tmp_path, crowd, NIGHT) as night:
        asked = await _all_asked(night)
        won = await asyncio.gather(*(_press(night, n, offer) for n, offer in enumerate(asked.offers)))
        night.deps.bells.ring()
        await night.quiet()
        assert len(won) == MANY
        await _one_won(night)


async def _all_asked(night: Story) -> Consultation:
    await night.ask_for(night.phone(OFFICER))
    await night.quiet()
    asked = await night.latest()
    assert {offer.person for offer in asked.pending} == MADE_UP
    return asked


async def _one_won(night: Story) -> None:
    after = await night.latest()
    outcomes = [offer.outcome for offer in after.offers]
    assert after.state is State.OPEN
    assert (outcomes.count(Outcome.ACCEPTED), outcomes.count(Outcome.WITHDRAWN)) == (1, MANY - 1)
    assert night.rows("rooms") == 1
    assert night.rows("escrows") == 2  # of the board and of the police
    await night.verified()


async def _press(night: Story, number: int, offer: Offer) -> None:
    """What the inbox does with one press, without the inbox between."""
    deps, native = night.deps, f"race-{number}"
    body = seal_inbox(deps.keys.bridge.public, channel="telegram", native_id=native, body=Plain(b"a press"))
    at = deps.clock.now()
    inbound = Inbound(
        channel="telegram",
        address=str(night.phone(offer.person).user_id),
        native_id=native,
        at=at,
        press=_yes(offer),
    )
    arrival = Arrival(channel="telegram", native_id=native, body=body, at=at)
    await deps.store.write(lambda tx: tx.inbox.put(arrival))
    try:
        await deps.store.write(lambda tx: receive(tx, deps, inbound))
    except Exception as error:  # noqa: BLE001 - whatever is refused is said, as the inbox does
        refused = error
        await deps.store.write(lambda tx: refuse(tx, deps, inbound, refused))


def _yes(offer: Offer) -> str:
    return encode(Reply(offer=offer.id, say=Say.YES))
