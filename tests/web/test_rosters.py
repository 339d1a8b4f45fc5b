"""Rosters over HTTP: coordinators of their own organisation see what changes, and import all of it or nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import ClientResponse

from bot.core.hours import local_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.roster_files import MAX_BYTES
from bot.flow.ports import Tx
from bot.seal.wire import to_base64url
from tests.web import world
from tests.web.serving import Site

HEADER = "person,organisation,role,starts,ends,areas\n"
ROW = "p-malmo-dag-1,malmo,social_worker,2026-12-08T18:00,2026-12-08T22:00,\n"
ON = local_instant("2026-12-08T19:00")
COORDINATOR = PersonId("p-malmo-samordnare")
ROSTER = "/api/v1/organisations/malmo/roster"


def file(rows: str = ROW, **changes: object) -> dict[str, object]:
    data = to_base64url((HEADER + rows).encode())
    return {"source": "extra", "format": "csv", "data": data, **changes}


async def post(
    site: Site, what: str, body: object, key: str = "k" * 16, path: str = ROSTER
) -> ClientResponse:
    headers: Mapping[str, str] = {**site.own, "Idempotency-Key": key}
    sent = BytesIO(json.dumps(body).encode())  # a large one too
    headers = {**headers, "Content-Type": "application/json"}
    return await site.client.post(f"{path}/{what}", data=sent, headers=headers)


async def stored(site: Site) -> int:
    return len(await site.store.read(lambda tx: tx.rosters.of_source(world.MALMO, "extra", world.NOW)))


async def test_a_coordinator_previews_and_imports(site: Site) -> None:
    """The preview says what the import then does; the same key again does nothing and answers the same."""
    await site.sign_in(COORDINATOR)
    async with await post(site, "preview", file()) as answer:
        foreseen = await answer.json()
        assert answer.status == 200
    assert await stored(site) == 0
    assert [one["person"] for one in foreseen["added"]] == ["p-malmo-dag-1"]
    assert foreseen["faults"] == []
    for _ in range(2):
        async with await post(site, "import", file()) as answer:
            assert answer.status == 201
            assert (await answer.json())["counts"] == foreseen["counts"]
    assert await stored(site) == 1
    entries = await site.store.read(lambda tx: list(tx.audit.entries(world.MALMO)))
    told = [one.entry.body for one in entries if one.entry.kind == "roster"][-1]
    assert b"coordinator-imports-roster" in told
    assert COORDINATOR.encode() in told


async def test_faults_are_told_by_the_preview_and_nothing_is_imported(site: Site) -> None:
    """Each with its line; the import of the same file is refused whole."""
    await site.sign_in(COORDINATOR)
    bad = file(ROW + ROW.replace("p-malmo-dag-1", "p-nobody"))
    async with await post(site, "preview", bad) as answer:
        told = await answer.json()
    assert told["faults"] == ["line 3: person: there is no such person"]
    assert told["added"] == []
    async with await post(site, "import", bad) as answer:
        assert answer.status == 400
        assert "p-nobody" not in await answer.text()
    assert await stored(site) == 0


@pytest.mark.parametrize("what", ["preview", "import"])
@pytest.mark.parametrize("person", [world.OFFICER, world.EVENING, world.CHIEF, world.COORDINATOR])
async def test_nobody_else_may(site: Site, what: str, person: PersonId) -> None:
    """Not officers, not workers, not supervisors, not another authority's coordinator."""
    await site.sign_in(person)
    async with await post(site, what, file()) as answer:
        assert answer.status == 403
    async with await post(site, what, file(), path=ROSTER.replace("malmo", "nowhere")) as answer:
        assert answer.status == 403
    assert await stored(site) == 0


async def test_a_coordinator_has_their_own_organisation_alone(site: Site) -> None:
    """Malmö's may not import Farsta's, nor name Farsta in Malmö's without being posted so."""
    await site.sign_in(COORDINATOR)
    async with await post(site, "import", file(), path=ROSTER.replace("malmo", "farsta")) as answer:
        assert answer.status == 403


async def post_in(site: Site, person: str, organisation: str) -> None:
    """Post somebody in one more board."""

    def act(tx: Tx) -> None:
        found = tx.people.get(PersonId(person))
        assert found is not None
        more = replace(found.postings[0], organisation=OrganisationId(organisation), areas=())
        tx.people.put(replace(found, postings=(*found.postings, more)), world.entry(world.POLICE, "person"))

    await site.store.write(act)


async def test_whoever_puts_people_on_duty_for_two_boards_coordinates_both(site: Site) -> None:
    """A worker shared by two boards: Malmö's coordinator decides over Farsta's night only where they are Farsta's too."""
    await post_in(site, "p-malmo-dag-1", "farsta")
    both = file(ROW.replace(",malmo,", ",malmo farsta,"))
    await site.sign_in(COORDINATOR)
    for what in ("preview", "import"):
        async with await post(site, what, both) as answer:
            assert answer.status == 403
    assert await stored(site) == 0
    await post_in(site, COORDINATOR, "farsta")
    async with await post(site, "import", both) as answer:
        assert answer.status == 201
    assert await stored(site) == 1


@pytest.mark.parametrize("what", ["preview", "import"])
async def test_a_stranger_must_sign_in(site: Site, what: str) -> None:
    """401, before anything is read."""
    async with await post(site, what, file()) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        file(source="Not A Name"),
        file(source="feed:f-1"),
        file(source=""),
        file(format="xls"),
        file(data="not base64!"),
        file(data="QQ=="),
        file(data=7),
        file(more=1),
        [],
    ],
)
async def test_a_body_that_is_none_is_refused(site: Site, body: object) -> None:
    """Strict: nothing unknown, nothing of another kind, no other spelling, nobody else's source."""
    await site.sign_in(COORDINATOR)
    for what in ("preview", "import"):
        async with await post(site, what, body) as answer:
            assert answer.status == 400


async def test_a_file_that_is_too_large_is_refused(site: Site) -> None:
    """Ten megabytes are not read to the end, and a little too much is refused too."""
    await site.sign_in(COORDINATOR)
    async with await post(site, "preview", file(data="A" * 10_000_000)) as answer:
        assert answer.status == 413
    async with await post(site, "preview", file(data="A" * (MAX_BYTES * 4 // 3 + 8))) as answer:
        assert answer.status == 400


async def test_an_import_without_a_key_is_refused(site: Site) -> None:
    """A repetition could not be told from a second import."""
    await site.sign_in(COORDINATOR)
    async with await post(site, "import", file(), key="") as answer:
        assert answer.status == 400
    assert await stored(site) == 0
