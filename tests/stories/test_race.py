"""Two hundred people press at the same moment: one gets it, and everybody else is told so."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.ids import OrganisationId, PersonId, StepId
from bot.core.people import Person
from bot.core.people_file import PeopleFile
from bot.core.press import Reply, Say, encode
from bot.core.request import Offer, Outcome
from bot.core.roster import WeeklyRule
from bot.flow.messages import Inbound
from bot.flow.receive import receive, refuse
from bot.flow.records import Arrival
from bot.seal.inbox import seal_inbox
from bot.seal.plain import Plain
from tests.stories.story import EVENING_1, NIGHT, OFFICER, Story, story
from tests.stories.wire import post, press_of

MANY = 200
MALMO = OrganisationId("malmo")
MADE_UP = {PersonId(f"p-rusning-{n}") for n in range(MANY)}


@pytest.fixture
def crowd(malmo: Content) -> Content:
    """Malmö with two hundred people on evening duty who are all asked at once."""
    assert malmo.demo is not None
    model = next(p for p in malmo.demo.people if p.id == EVENING_1)
    rule = next(r for r in malmo.demo.weekly if r.person == EVENING_1)
    people = [p for p in malmo.demo.people if "kvall" not in p.id] + [_copy(model, n) for n in range(MANY)]
    rules = [r for r in malmo.demo.weekly if "kvall" not in r.person] + [_duty(rule, n) for n in range(MANY)]
    board = malmo.structure.organisations[MALMO]
    steps = tuple(replace(s, at_once=MANY) if s.id == StepId("kvall") else s for s in board.steps)
    widened = replace(board, steps=steps)
    areas = {id_: (widened if o is board else o, area) for id_, (o, area) in malmo.structure.areas.items()}
    organisations = {**malmo.structure.organisations, MALMO: widened}
    return replace(
        malmo,
        demo=PeopleFile(people=tuple(people), weekly=tuple(rules)),
        structure=replace(malmo.structure, organisations=organisations, areas=areas),
    )


async def test_of_two_hundred_accepts_over_http_one_wins(crowd: Content, tmp_path: Path) -> None:
    """Posted at the same moment to the webhook: one winner, one room, 199 told that it is taken and by whom."""
    async with story(tmp_path, crowd, NIGHT) as night:
        asked = await _all_asked(night)
        presses = [
            press_of(night.phone(offer.person), night.phone(offer.person).last, _yes(offer))
            for offer in asked.offers
        ]
        assert set(await asyncio.gather(*(post(night, press) for press in presses))) == {200}
        await night.quiet()
        await _one_won(night)
        told = [night.phone(offer.person).last.text for offer in asked.offers]
        assert sum("Du har förfrågan" in text for text in told) == 1
        assert sum("kväll" in text and "tag" in text.lower() for text in told) >= MANY - 1


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


def _copy(model: Person, number: int) -> Person:
    return replace(model, id=PersonId(f"p-rusning-{number}"), name=f"Rusning {number}", phone=None)


def _duty(model: WeeklyRule, number: int) -> WeeklyRule:
    """On duty around that night alone: a year of two hundred people has its own test."""
    return replace(
        model,
        id=f"rusning-{number}",
        person=PersonId(f"p-rusning-{number}"),
        valid_from=date(2026, 11, 20),
        valid_to=date(2026, 11, 23),
    )
