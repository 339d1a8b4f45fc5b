"""The server's side of the watch: whom the watching process tells, and who is told when it is gone itself."""

import json
from dataclasses import replace

import pytest

from bot.core.ids import PersonId
from bot.core.vigil import EVERY, ROUNDS
from bot.flow import door, verify
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.upkeep import sign_heads, signers
from bot.flow.watch import FRESH, KIND, Asked, Call, Watch, asked, calls, look
from tests.flow.flow_world import World
from tests.flow.test_hearts import Ticks

CHIEF, CHIEF_2 = PersonId("p-malmo-chef-1"), PersonId("p-malmo-chef-2")


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def watch(ticks: Ticks) -> Watch:
    return Watch(tick=ticks)


async def told(world: World) -> list[tuple[str, list[str]]]:
    """What of the watch stands on the ledger: what, and whom it names."""

    def ask(tx: Tx) -> list[tuple[str, list[str]]]:
        entries = [found.entry for found in tx.audit.entries(world.deps.home)]
        bodies = [json.loads(entry.body) for entry in entries if entry.kind == KIND]
        return [(body["what"], body["people"]) for body in bodies]

    return await world.deps.store.read(ask)


async def put(world: World, person: PersonId, phone: str, *, linked: bool = False) -> None:
    """A supervisor gets a telephone, and perhaps Telegram."""
    found = await world.facts(person)

    def act(tx: Tx) -> str:
        now = world.clock.now()
        tx.people.put(
            replace(found, phone=phone), fact(world.deps, world.deps.home, "person", now, by="test")
        )
        return door.issue_code(tx, world.deps, person)

    code = await world.deps.store.write(act)
    if linked:
        await world.command(person, "start", code)


async def test_supervisors_with_a_telephone_are_told(world: World, watch: Watch, ticks: Ticks) -> None:
    """As their organisation has decided that a gateway may know the number, and in sentences that are whole."""
    await put(world, CHIEF, "070-1740651")
    await put(world, PersonId("p-sj-malmo-chef-1"), "070-1740652")  # where nobody has decided on SMS
    await put(world, CHIEF_2, "112")
    (call,) = await asked(world.deps, watch, Asked())
    assert (call.person, call.number) == (CHIEF, "+46701740651")
    assert call.gone.startswith("Samjour svarar inte.")
    assert call.back == "Samjour svarar igen."
    assert "701740651" not in repr(call)
    await put(world, CHIEF_2, "070-1740653")
    assert len(await asked(world.deps, watch, Asked())) == 1, "a list is good for a minute"
    ticks.at += FRESH
    assert len(await asked(world.deps, watch, Asked())) == 2


async def test_what_is_sent_says_nothing_of_anybody(world: World) -> None:
    """An SMS is one of two fixed sentences, and fits in one message in either language."""
    texts = world.deps.content().texts.sentences
    for sentences in texts.values():
        for key in ("watch.serve_gone", "watch.serve_back"):
            assert "{" not in sentences[key]
            assert len(sentences[key]) <= 160
    await put(world, CHIEF, "070-1740651")
    found = await world.deps.store.read(lambda tx: calls(tx, world.deps))
    sent = {text for call in found for text in (call.gone, call.back)}
    assert sent <= {s[key] for s in texts.values() for key in ("watch.serve_gone", "watch.serve_back")}


async def test_a_suspended_supervisor_is_not_told(world: World) -> None:
    """Whoever is not active gets nothing from us, this neither."""
    await put(world, CHIEF, "070-1740651")
    found = replace(await world.facts(CHIEF), active=False)
    entry = fact(world.deps, world.deps.home, "person", world.clock.now(), by="test")
    await world.deps.store.write(lambda tx: tx.people.put(found, entry))
    empty: tuple[Call, ...] = ()
    assert await world.deps.store.read(lambda tx: calls(tx, world.deps)) == empty


async def test_a_watch_that_is_gone_is_told_once_and_when_it_is_back(
    world: World, watch: Watch, ticks: Ticks
) -> None:
    """Twenty seconds without a question: supervisors hear it on their channel, and it stands on the ledger."""
    await put(world, CHIEF, "070-1740651", linked=True)
    await asked(world.deps, watch, Asked())
    ticks.at += EVERY * ROUNDS
    await look(world.deps, watch)
    assert (watch.state, await told(world)) == ("here", [])
    for _ in range(3):
        ticks.at += EVERY
        await look(world.deps, watch)
    await world.work()
    assert watch.state == "gone"
    assert await told(world) == [("work_gone", [CHIEF])]
    assert [t.startswith("Väktaren svarar inte") for t in world.texts(CHIEF)].count(True) == 1
    await asked(world.deps, watch, Asked())
    await world.work()
    assert watch.state == "here"
    assert world.texts(CHIEF)[-1] == "Väktaren svarar igen."
    assert await told(world) == [("work_gone", [CHIEF]), ("work_back", [CHIEF])]


async def test_a_watch_that_was_never_there_is_not_missed(world: World, watch: Watch, ticks: Ticks) -> None:
    """The demo has none; where one has watched before, it is missed from the start on."""
    ticks.at += 1000
    await look(world.deps, watch)
    assert (watch.state, await told(world)) == ("never", [])
    watch.expect()
    ticks.at += EVERY * ROUNDS + 1
    await look(world.deps, watch)
    assert watch.state == "gone"


async def test_our_own_silence_is_on_the_ledger(world: World, watch: Watch) -> None:
    """How long, and who was told: what was done at night can be seen by day, and the ledger verifies."""
    await asked(world.deps, watch, Asked(silent=47, told=(CHIEF_2, CHIEF)))
    assert await told(world) == [("serve_silent", [CHIEF, CHIEF_2])]
    await sign_heads(world.deps)
    found = await world.deps.store.read(lambda tx: verify.verify(tx, signers(world.deps)))
    assert found.faults == ()
