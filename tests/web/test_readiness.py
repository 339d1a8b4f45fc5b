"""Routes of readiness: what somebody is asked is theirs alone, and how ready an organisation is, its overseers' alone."""

from datetime import datetime, timedelta

import pytest

from bot.core.checks import Outcome, Stage
from bot.core.drills import Drill
from bot.core.hours import local_day
from bot.core.ids import PersonId, StepId
from bot.core.people import Role
from bot.flow.records_readiness import Check
from bot.web.readiness_models import ReadinessState
from tests.web import world
from tests.web.serving import Site

STATE, MINE, DRILL = (
    "/api/v1/organisations/malmo/readiness",
    "/api/v1/readiness",
    "/api/v1/readiness/drill",
)
MINUTE = timedelta(minutes=1)


def a_check(site: Site, outcome: Outcome = Outcome.ASKED, told: datetime | None = None) -> Check:
    now = site.clock.now()
    return Check(
        id="0" * 32,
        person=world.EVENING,
        starts=now - MINUTE,
        stage=Stage.START,
        organisation=world.MALMO,
        role=Role.SOCIAL_WORKER,
        outcome=outcome,
        asked=now - MINUTE,
        until=now + MINUTE,
        told=told,
    )


async def put(site: Site, check: Check) -> None:
    await site.store.write(lambda tx: tx.readiness.put_check(check, world.entry(world.MALMO, "readiness")))


async def rung(site: Site, person: PersonId) -> None:
    now = site.clock.now()
    bell = Drill(
        organisation=world.MALMO,
        step=StepId("kvall"),
        day=local_day(now),
        person=person,
        at=now,
        until=now + MINUTE,
    )
    await site.store.write(lambda tx: tx.readiness.put_drill(bell, world.entry(world.MALMO, "drill")))


async def test_one_sees_what_one_is_asked_oneself(site: Site) -> None:
    """The sentence, and 32 bytes to sign; a colleague sees nothing of it; what is answered is gone."""
    await put(site, a_check(site))
    await rung(site, world.EVENING)
    await site.sign_in(world.EVENING)
    async with site.client.get(MINE) as answer:
        told = await answer.json()
    (check,) = told["checks"]
    assert (check["id"], check["stage"]) == ("0" * 32, "start")
    assert check["sentence"].startswith("Samjour: ditt pass har börjat.")
    assert len(check["nonce"]) == 43
    assert told["drill"] == "Provlarm: tryck Visa."
    await put(site, a_check(site, outcome=Outcome.ANSWERED))
    async with site.client.get(MINE) as answer:
        assert (await answer.json())["checks"] == []
    await site.sign_in(world.OFFICER)
    async with site.client.get(MINE) as answer:
        assert await answer.json() == {"checks": [], "drill": None}


async def test_a_drill_is_seen_once(site: Site) -> None:
    """From the page as from the chat; whoever was not rung has seen nothing."""
    await rung(site, world.EVENING)
    for person, seen in ((world.EVENING, True), (PersonId("p-malmo-dag-1"), False)):
        await site.sign_in(person)
        headers = {**site.own, "Idempotency-Key": "0123456789abcdef"}
        async with site.client.post(DRILL, json={}, headers=headers) as answer:
            assert (answer.status, await answer.json()) == (201, {"seen": seen})
    day = local_day(site.clock.now())
    (bell,) = await site.store.read(lambda tx: tx.readiness.drills_of(world.EVENING, day))
    assert bell.seen == site.clock.now()


async def test_an_officer_has_no_drill_to_see(site: Site) -> None:
    """Nobody rings officers."""
    await site.sign_in(world.OFFICER)
    headers = {**site.own, "Idempotency-Key": "0123456789abcdef"}
    async with site.client.post(DRILL, json={}, headers=headers) as answer:
        assert answer.status == 403


async def test_how_ready_an_organisation_is(site: Site) -> None:
    """Ids and codes: what is missing, what shuts it, whom nothing reaches, the last drills."""
    await put(site, a_check(site, outcome=Outcome.FAILED, told=site.clock.now() + MINUTE))
    await site.sign_in(world.CHIEF)
    async with site.client.get(STATE) as answer:
        assert answer.status == 200
        text = await answer.text()
    found = ReadinessState.model_validate_json(text)
    assert found.organisation == "malmo"
    assert found.ready is not bool(found.missing)
    assert found.needs == ["supervisors", "numbers", "cover"]
    assert [one.step for one in found.drills] == ["skydd", "dag", "kvall", "jour", "falt"]
    assert world.EVENING in [one.person for one in found.unreached]


@pytest.mark.parametrize(
    ("person", "path", "status"),
    [
        (world.OFFICER, STATE, 403),
        (world.EVENING, STATE, 403),
        (world.CHIEF, STATE.replace("malmo", "farsta"), 403),
        (world.CHIEF, STATE.replace("malmo", "nowhere"), 404),
        (None, STATE, 401),
        (None, MINE, 401),
    ],
)
async def test_who_oversees_nothing_there_is_denied(
    site: Site, person: PersonId | None, path: str, status: int
) -> None:
    """Officers, workers, other organisations' chiefs, and nobody."""
    if person is not None:
        await site.sign_in(person)
    async with site.client.get(path) as answer:
        assert answer.status == status


async def test_the_page_tells_it_by_function(site: Site) -> None:
    """Who is not reached stands there by function and time, and each step with its last drill; no name."""
    await put(site, a_check(site, outcome=Outcome.FAILED, told=site.clock.now() + MINUTE))
    await rung(site, world.EVENING)
    await site.sign_in(world.CHIEF)
    async with site.client.get("/coverage") as answer:
        text = await answer.text()
    assert "Går de som är i tjänst att nå?" in text
    assert "Svarar inte på någon kanal." in text
    assert "Socialsekreterare hos polisen, i tjänst nu" in text
    assert "Provlarm" in text
    names = [p.name for p in world.read_demo().people if p.id != world.CHIEF]
    assert not [name for name in names if f">{name}<" in text]
