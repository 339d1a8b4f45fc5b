"""What an officer and a worker can do by thumb: no dead end, no double effect, no right that is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.consultation import Consultation, State
from bot.core.errors import Unavailable
from bot.core.events import Asked, AskedBack
from bot.core.ids import ArticleId, ConsultationId, PersonId
from bot.core.people import Posting, Role
from bot.flow import duty
from bot.flow.enrol import put_person, register_bridge
from bot.flow.record import happen, reply
from bot.flow.situation import attendance
from bot.seal.keys import ENTROPY, make_device
from tests.flow.flow_world import (
    EVENING_1,
    FARSTA_1,
    NIGHT,
    OFFICER,
    OFFICER_2,
    World,
)

CAN_WAIT = "c:lpo-malmo-norr:child:advice:can_wait"
URGENT = "c:lpo-malmo-soder:violence:presence:now"
ELSEWHERE = "c:annan-kommun:child:advice:now"
QUESTION = "ett litet barn är ensamt hemma i natt, vad gör jag?"


@pytest.mark.parametrize(("first", "state"), [(CAN_WAIT, State.DEFERRED), (ELSEWHERE, State.PHONED)])
async def test_what_waits_does_not_shut_the_door(world: World, first: str, state: State) -> None:
    """A request that waits for Monday, or was left to the telephone, keeps nobody from asking for help tonight."""
    assert (await world.ask_for(press=first)).state is state
    world.clock.move(timedelta(seconds=1))
    urgent = await world.ask_for(press=URGENT)
    assert urgent.state is State.OFFERED


@pytest.mark.parametrize("first", [CAN_WAIT, ELSEWHERE])
async def test_the_last_tap_twice_asks_once(world: World, first: str) -> None:
    """A thumb that slips makes no second request, also where nobody is asked at once."""
    c = await world.ask_for(press=first)
    await world.press(OFFICER, first)
    assert (await world.latest()).id == c.id


async def test_whoever_has_one_already_can_open_it(world: World) -> None:
    """Who is told that a request is under way has its card one press away."""
    c = await world.ask_for()
    await world.command(OFFICER, "konsultera")
    assert f"k:{c.id}:show" in world.messages(OFFICER)[-1].presses


async def test_status_shows_a_request_under_many_questions(world: World) -> None:
    """Questions to the library do not push a request that goes on out of sight, nor out of mind."""
    c = await world.ask_for(press=CAN_WAIT)
    for _ in range(21):
        world.clock.move(timedelta(seconds=1))
        await world.say(OFFICER, QUESTION)
    await world.command(OFFICER, "status")
    assert f"k:{c.id}:show" in world.messages(OFFICER)[-1].presses


async def test_a_card_that_is_asked_for_comes_last(world: World) -> None:
    """Whoever opens a request from the status page gets its card where they look: at the end of the chat."""
    c = await world.ask_for()
    await world.command(OFFICER, "status")
    await world.press(OFFICER, f"k:{c.id}:show")
    assert f"k:{c.id}:cancel" in world.messages(OFFICER)[-1].presses


async def test_the_day_is_said_when_it_is_not_today(world: World) -> None:
    """What waits until Monday does not say "08.00" on Saturday night."""
    await world.ask_for(press=CAN_WAIT)
    await world.command(OFFICER, "status")
    assert "väntar till måndag 23 november kl. 08.00" in world.texts(OFFICER)[-1]


async def test_a_slip_does_not_lose_the_answer(world: World) -> None:
    """Two taps on an article that was asked back give its answer, and leave it standing."""
    c = await _asked_back(world)
    for _ in range(2):
        await world.press(OFFICER, f"a:{c.id}:0", c.under)
    assert "Källa:" in world.messages(OFFICER)[-1].text


async def test_it_helped_twice_is_said_once(world: World) -> None:
    """The second tap on "Det hjälpte" is no question that is over."""
    await world.say(OFFICER, QUESTION)
    answer = world.messages(OFFICER)[-1]
    helped = next(press for press in answer.presses if press.endswith(":yes"))
    for _ in range(2):
        await world.press(OFFICER, helped, answer.id)
    assert world.texts(OFFICER)[-1] == "Bra. Lycka till."


async def test_a_clock_set_back_keeps_nobody_out(world: World) -> None:
    """Whoever asked the library before the clock was set back can ask for a person all the same."""
    await world.say(OFFICER, QUESTION)
    world.clock.move(-timedelta(minutes=10))
    assert (await world.ask_for()).state is State.OFFERED


async def test_a_clock_set_back_loses_no_answer(world: World) -> None:
    """An article that was asked back is given, and an answer ended, also when the clock was set back between."""
    c = await _asked_back(world)
    world.clock.move(-timedelta(minutes=10))
    await world.press(OFFICER, f"a:{c.id}:0", c.under)
    assert "Källa:" in world.messages(OFFICER)[-1].text
    world.clock.move(-timedelta(minutes=10))
    await world.press_shown(OFFICER, ":yes")
    assert world.texts(OFFICER)[-1] == "Bra. Lycka till."


async def test_whoever_is_denied_has_a_next_step(world: World) -> None:
    """An officer who may not ask for a person is given the number that answers."""
    changed = await world.facts(OFFICER)
    pending = replace(changed, vetting=replace(changed.vetting, since=NIGHT.date() + timedelta(days=9)))
    await world.deps.store.write(lambda tx: put_person(tx, world.deps, pending, by="test"))
    await world.command(OFFICER, "konsultera")
    assert "070-1740605" in world.texts(OFFICER)[-1]


@pytest.mark.parametrize("ending", ["library", "quiet", "phone", "cancelled"])
async def test_only_an_outcome_that_was_offered_counts(world: World, ending: str) -> None:
    """How it ended is what the two say, not what only the clock or the library can say."""
    c = await world.ask_for()
    await world.accept(EVENING_1)
    await world.press(EVENING_1, f"k:{c.id}:close:{ending}")
    assert (await world.latest()).state is State.OPEN


async def test_what_is_over_is_not_asked_about(world: World) -> None:
    """A press on "Avsluta" under an old message asks nobody how it ended once it has."""
    c = await world.ask_for()
    await world.accept(EVENING_1)
    await world.press(EVENING_1, f"k:{c.id}:close:advice")
    await world.press(EVENING_1, f"k:{c.id}:close")
    assert "Hur slutade det?" not in world.texts(EVENING_1)[-1]


async def test_what_has_changed_is_told_of_the_right_one(world: World) -> None:
    """A press that comes too late is answered with what it was about, not with another request."""
    one = await world.ask_for()
    await world.accept(EVENING_1)
    await world.press(EVENING_1, f"k:{one.id}:close:advice")
    await world.ask_for(OFFICER_2, URGENT)
    two = await world.latest(OFFICER_2)
    await world.press(OFFICER, f"k:{two.id}:cancel")
    assert "Söder" not in world.texts(OFFICER)[-1]
    assert "Norr" not in world.texts(OFFICER)[-1]


@pytest.mark.parametrize("press", ["a:{id}:0", "h:{id}:yes", "m:status"])
async def test_no_role_no_library(world: World, press: str) -> None:
    """Who is posted nowhere any more gets neither answers nor status."""
    c = await _asked_back(world)
    changed = replace(await world.facts(OFFICER), postings=())
    await world.deps.store.write(lambda tx: put_person(tx, world.deps, changed, by="test"))
    await world.press(OFFICER, press.format(id=c.id), c.under)
    assert "får du inte göra" in world.texts(OFFICER)[-1]


async def test_a_shared_worker_goes_on_duty_for_all(world: World) -> None:
    """Somebody whom two boards share, and who goes on duty unplanned, is on duty for both."""
    found = await world.facts(FARSTA_1)
    first = next(p for p in found.postings if p.role is Role.SOCIAL_WORKER)
    shared = Posting(organisation="skarpnack", role=first.role, valid_from=first.valid_from)  # type: ignore[arg-type] # an id
    changed = replace(found, postings=(first, shared))
    await world.deps.store.write(lambda tx: put_person(tx, world.deps, changed, by="test"))
    await world.press(FARSTA_1, "d:on")
    present = (await world.deps.store.read(lambda tx: attendance(tx, NIGHT))).present
    assert {o for d in present[PersonId(FARSTA_1)] for o in d.organisations} == {"farsta", "skarpnack"}
    assert timedelta(hours=8) == duty.OWN_SHIFT


async def test_another_bridge_key_is_refused(world: World) -> None:
    """A database whose rooms are sealed to another key is not served with a new one: nobody could read them."""
    other = replace(world.deps, keys=replace(world.deps.keys, bridge=make_device(b"\7" * ENTROPY)))
    with pytest.raises(Unavailable):
        await register_bridge(other)


class _Asked:
    """A question that was asked back, and the message that asks."""

    def __init__(self, id_: ConsultationId, under: str) -> None:
        self.id, self.under = id_, under


async def _asked_back(world: World) -> _Asked:
    """An officer whose question was near two articles."""
    id_, until = ConsultationId("c" * 32), NIGHT + timedelta(minutes=30)
    found = (ArticleId("A01"), ArticleId("A02"))
    asked = Asked(at=NIGHT, officer=PersonId(OFFICER), organisation=world.deps.home, until=until)
    back = AskedBack(at=NIGHT, candidates=found, until=until)

    def act(tx: object) -> None:
        c = happen(tx, world.deps, Consultation(id=id_), asked)  # type: ignore[arg-type] # as the store gives it
        happen(tx, world.deps, c, back)  # type: ignore[arg-type] # likewise
        params = {"consultation": id_, "articles": ",".join(found), "board": "malmo"}
        reply(tx, world.deps, PersonId(OFFICER), "telegram", "ask.unsure", **params)  # type: ignore[arg-type] # likewise

    await world.deps.store.write(act)
    await world.work()
    return _Asked(id_, world.messages(OFFICER)[-1].id)
