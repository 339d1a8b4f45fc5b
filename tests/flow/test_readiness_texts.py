"""What is said of checks and drills: fixed sentences in both languages, nothing put into a doorbell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.checks import Outcome, Stage
from bot.core.drills import Drill
from bot.core.hours import local_day
from bot.core.ids import OrganisationId, PersonId, StepId
from bot.core.people import Role
from bot.core.press import Drilled, Reached, encode
from bot.flow.chat.speech import compose
from bot.flow.chat.spoken import Speech
from bot.flow.overseers import told
from bot.flow.ports import Tx
from bot.flow.reached import to_sign
from bot.flow.record import fact
from bot.flow.records import Kind, Saying
from bot.flow.records_readiness import Check
from bot.flow.words import Words
from tests.flow.flow_world import EVENING_1, NIGHT, World

MALMO, REF = OrganisationId("malmo"), "0" * 32
DOORBELLS = {
    "sv": {
        "Samjour: ditt pass börjar om en stund. Nås du? Tryck Jag nås.",
        "Samjour: ditt pass börjar strax. Nås du? Tryck Jag nås.",
        "Samjour: ditt pass har börjat. Nås du? Tryck Jag nås.",
        "Provlarm: tryck Visa.",
    },
    "en": {
        "Samjour: your shift begins in a while. Can you be reached? Press I can be reached.",
        "Samjour: your shift is about to begin. Can you be reached? Press I can be reached.",
        "Samjour: your shift has begun. Can you be reached? Press I can be reached.",
        "Drill: press Show.",
    },
}


def check(stage: Stage) -> Check:
    return Check(
        id=REF,
        person=PersonId(EVENING_1),
        starts=NIGHT,
        stage=stage,
        organisation=MALMO,
        role=Role.SOCIAL_WORKER,
        outcome=Outcome.ASKED,
        asked=NIGHT,
        until=NIGHT,
    )


def saying(kind: Kind, ref: str) -> Saying:
    return Saying(
        id=REF, person=PersonId(EVENING_1), channel="telegram", kind=kind, ref=ref, due=NIGHT, key=""
    )


async def said(world: World, row: Saying, language: str) -> Speech | None:
    return await world.deps.store.read(lambda tx: compose(tx, world.deps, row, language, NIGHT))


def test_what_a_device_signs_is_what_the_browser_signs() -> None:
    """The same value stands in tests/js/own.js: id, clock and nonce, under a label of their own."""
    signed = to_sign(REF, bytes(range(32)), 1_790_000_000_000)
    assert signed.hex() == "473f8e6ad32eaa3a9c068172a0919e7f97365f980168751bb4b6ed64ae398e03"


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_the_doorbells_are_an_allow_list(world: World, language: str) -> None:
    """OC#4724, OC#3596: byte for byte no name, no place, no time; the button carries an opaque reference. Once answered, nothing is said."""
    heard = set()
    for stage in Stage:
        await put(world, check(stage))
        speech = await said(world, saying(Kind.READY, REF), language)
        assert speech is not None
        assert [b.press for row in speech.buttons for b in row] == [encode(Reached(check=REF))]
        heard.add(speech.text)
    await put(world, replace(check(Stage.START), outcome=Outcome.ANSWERED))
    assert await said(world, saying(Kind.READY, REF), language) is None
    day = local_day(NIGHT)
    await ring(world)
    speech = await said(world, saying(Kind.DRILL, day.isoformat()), language)
    assert speech is not None
    assert [b.press for row in speech.buttons for b in row] == [encode(Drilled(day=day.strftime("%Y%m%d")))]
    assert {*heard, speech.text} == DOORBELLS[language]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("key", ["unreached", "reached_again", "thanks", "drill_seen", "drill_over"])
async def test_every_answer_can_be_said(world: World, language: str, key: str) -> None:
    """With everything that it needs, and without a person's name or id."""
    params = told(Words(world.deps.content(), language, NIGHT), check(Stage.START))
    row = replace(saying(Kind.REPLY, ""), key=f"readiness.{key}", params=params)
    speech = await said(world, row, language)
    assert speech is not None
    assert "{" not in speech.text
    assert EVENING_1 not in speech.text
    assert (await world.facts(EVENING_1)).name not in speech.text


async def put(world: World, one: Check) -> None:
    await world.deps.store.write(
        lambda tx: tx.readiness.put_check(one, fact(world.deps, MALMO, "readiness", NIGHT))
    )


async def ring(world: World) -> None:
    bell = Drill(
        organisation=MALMO,
        step=StepId("kvall"),
        day=local_day(NIGHT),
        person=PersonId(EVENING_1),
        at=NIGHT,
        until=NIGHT + timedelta(minutes=1),
    )

    def act(tx: Tx) -> None:
        tx.readiness.put_drill(bell, fact(world.deps, MALMO, "drill", NIGHT))

    await world.deps.store.write(act)
