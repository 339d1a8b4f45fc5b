"""Shifts over HTTP: one's own, what one may take, proposals and answers; coordinators of their own organisation do the rest."""

import json
from datetime import timedelta

import pytest
from aiohttp import ClientResponse

from bot.core.ids import PersonId
from bot.core.shift_told import Mine, mine
from bot.flow.shift_book import book
from bot.flow.situation import attendance
from tests.web import world
from tests.web.serving import Site

COORDINATOR = PersonId("p-malmo-samordnare")
ANN, DAY = world.EVENING, world.DAY_WORKER


async def post(site: Site, path: str, body: object = None, key: str = "k" * 16) -> ClientResponse:
    headers = {**site.own, "Idempotency-Key": key, "Content-Type": "application/json"}
    return await site.client.post(f"/api/v1/{path}", data=json.dumps(body), headers=headers)


async def said(
    site: Site, path: str, body: object = None, key: str = "k" * 16
) -> tuple[int, dict[str, object]]:
    """Status and answer."""
    async with await post(site, path, body, key) as answer:
        return answer.status, await answer.json()


async def own(site: Site, person: PersonId) -> Mine:
    """Somebody's next shift that has not begun."""
    found = await site.store.read(
        lambda tx: mine(book(tx, world.NOW, world.NOW + timedelta(days=20)).parts, person, world.NOW)
    )
    return next(one for one in found if one.starts > world.NOW)


def stretch(one: Mine) -> dict[str, str]:
    key = one.shift
    return {
        "organisation": key.organisation,
        "source": key.source,
        "shift": key.id,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat(),
    }


async def there(site: Site, one: Mine) -> set[str]:
    found = await site.store.read(lambda tx: attendance(tx, one.starts))
    return {person for person in found.present if person.startswith("p-malmo-")}


async def test_one_sees_ones_own_shifts_and_nobody_elses(site: Site) -> None:
    """Sixty days, in order; an officer has none; who is not signed in is told to sign in."""
    async with site.client.get("/api/v1/shifts") as answer:
        assert answer.status == 401
    await site.sign_in(ANN)
    async with site.client.get("/api/v1/shifts") as answer:
        told = await answer.json()
    assert {one["person"] for one in told["shifts"]} == {ANN}
    assert (told["free"], told["asked"], told["proposed"]) == ([], [], [])
    await site.sign_in(world.OFFICER)
    async with site.client.get("/api/v1/shifts") as answer:
        assert (await answer.json())["shifts"] == []


async def test_the_roster_is_seen_by_the_organisations_own(site: Site) -> None:
    """Who holds what: to those who may see the roster, and to no officer."""
    await site.sign_in(COORDINATOR)
    async with site.client.get("/api/v1/organisations/malmo/shifts") as answer:
        told = await answer.json()
    assert {ANN, DAY} <= {one["person"] for one in told["parts"]}
    for person in (world.OFFICER, world.COORDINATOR):
        await site.sign_in(person)
        async with site.client.get("/api/v1/organisations/malmo/shifts") as answer:
            assert answer.status == 403


async def test_a_swap_is_proposed_and_agreed(site: Site) -> None:
    """Both see it wait; the other's yes exchanges both; the same key again is the same answer, a new one is refused."""
    first, second = await own(site, ANN), await own(site, DAY)
    await site.sign_in(ANN)
    new = {"gives": stretch(first), "taker": DAY, "returns": stretch(second)}
    status, told = await said(site, "swaps", new)
    assert (status, told["state"], told["mine"]) == (201, "proposed", True)
    status, refused = await said(site, f"swaps/{told['id']}/consent", key="l" * 16)
    assert (status, refused["code"]) == (409, "shift_not_asked")
    await site.sign_in(DAY)
    async with site.client.get("/api/v1/shifts") as answer:
        assert [one["id"] for one in (await answer.json())["asked"]] == [told["id"]]
    for _ in range(2):
        status, agreed = await said(site, f"swaps/{told['id']}/consent", key="m" * 16)
        assert (status, agreed["state"]) == (201, "agreed")
    status, refused = await said(site, f"swaps/{told['id']}/refuse", key="n" * 16)
    assert (status, refused["code"]) == (409, "shift_answered")
    assert "besvarad" in str(refused["detail"])
    assert DAY in await there(site, first)
    assert ANN in await there(site, second)


async def test_what_somebody_cannot_work_is_free_to_take(site: Site) -> None:
    """Ill in advance: the part is nobody's, a colleague sees and takes it, gives it back, and it is nobody's again."""
    one = await own(site, ANN)
    await site.sign_in(ANN)
    assert (await said(site, "shifts/sick", {"stretch": stretch(one)}))[0] == 201
    await site.sign_in(DAY)
    async with site.client.get("/api/v1/shifts") as answer:
        (free,) = (await answer.json())["free"]
    assert free["person"] is None
    body = {"stretch": free["stretch"]}
    assert (await said(site, "shifts/take-over", body, "l" * 16))[0] == 201
    assert DAY in await there(site, one)
    assert (await said(site, "shifts/give-back", body, "m" * 16))[0] == 201
    assert DAY not in await there(site, one)
    assert ANN not in await there(site, one)


async def test_a_worker_takes_nothing_that_somebody_holds(site: Site) -> None:
    """It is asked for instead."""
    one = await own(site, ANN)
    await site.sign_in(DAY)
    status, told = await said(site, "shifts/take-over", {"stretch": stretch(one)})
    assert (status, told["code"]) == (409, "shift_held")
    asked = {"gives": stretch(one), "giver": ANN}
    assert (await said(site, "swaps", asked, "m" * 16))[0] == 201
    assert ANN in await there(site, one)


@pytest.mark.parametrize("who", [DAY, world.COORDINATOR, world.CHIEF, world.OFFICER, world.JOUR])
async def test_nobody_acts_for_another_without_being_their_coordinator(site: Site, who: PersonId) -> None:
    """A colleague, another organisation's coordinator, a supervisor, an officer, the jour: refused, and nothing is changed."""
    one = await own(site, ANN)
    await site.sign_in(who)
    for path, body in (
        ("shifts/take-over", {"stretch": stretch(one), "person": ANN}),
        ("shifts/sick", {"person": ANN}),
        ("shifts/give-back", {"stretch": stretch(one), "person": ANN}),
        ("shifts/swap", {"one": stretch(one), "other": stretch(await own(site, ANN))}),
        (
            "shifts/override",
            {
                "organisation": "malmo",
                "person": ANN,
                "on": False,
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat(),
            },
        ),
    ):
        assert (await said(site, path, body, "l" * 16))[0] == 403, path
    assert ANN in await there(site, one)


async def test_a_coordinator_changes_the_shifts_of_their_own(site: Site) -> None:
    """Take over for somebody, give back, exchange, put on and take off; short rest is told; the ledger names the rule."""
    first, second = await own(site, ANN), await own(site, DAY)
    await site.sign_in(COORDINATOR)
    body = {"stretch": stretch(first), "person": DAY}
    status, told = await said(site, "shifts/take-over", body)
    assert (status, told["changes"]) == (201, 1)
    assert (await said(site, "shifts/give-back", body, "l" * 16))[0] == 201
    both = {"one": stretch(first), "other": stretch(second)}
    assert (await said(site, "shifts/swap", both, "m" * 16))[0] == 201
    assert DAY in await there(site, first)
    times = {"starts": first.starts.isoformat(), "ends": first.ends.isoformat()}
    off = {"organisation": "malmo", "person": DAY, "on": False, **times}
    assert (await said(site, "shifts/override", off, "n" * 16))[0] == 201
    assert DAY not in await there(site, first)
    on = {"organisation": "malmo", "person": ANN, "on": True, "role": "social_worker", **times}
    assert (await said(site, "shifts/override", on, "o" * 16))[0] == 201
    assert ANN in await there(site, first)
    entries = await site.store.read(lambda tx: list(tx.audit.entries(world.MALMO)))
    bodies = b"".join(one.entry.body or b"" for one in entries if one.entry.kind == "override")
    assert b"coordinator-changes-shifts" in bodies
    assert b"coordinator-changes-duty" in bodies


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("shifts/take-over", {}),
        ("shifts/take-over", {"stretch": {"organisation": "malmo"}}),
        ("shifts/override", {"organisation": "malmo", "person": "p", "on": True}),
        ("swaps", {"gives": None}),
    ],
)
async def test_half_a_question_is_refused(site: Site, path: str, body: object) -> None:
    """A field that is missing, a time without a zone, an end before the beginning: 400 and nothing is done."""
    await site.sign_in(COORDINATOR)
    assert (await said(site, path, body))[0] == 400
    one = stretch(await own(site, ANN))
    for wrong in ({"starts": "2026-12-08T18:00:00"}, {"ends": one["starts"]}, {"more": 1}):
        assert (await said(site, "shifts/take-over", {"stretch": one | wrong}, "l" * 16))[0] == 400


async def test_a_role_is_said_when_somebody_is_put_on_duty(site: Site) -> None:
    """And only then."""
    await site.sign_in(COORDINATOR)
    one = stretch(await own(site, ANN))
    body = {"organisation": "malmo", "person": ANN, "starts": one["starts"], "ends": one["ends"]}
    assert (await said(site, "shifts/override", {**body, "on": True}))[0] == 400
    assert (await said(site, "shifts/override", {**body, "on": False, "role": "jour"}, "l" * 16))[0] == 400
