"""Posts on the web: seen by those who oversee a board, kept by its own coordinator alone, on the ledger."""

import json
from dataclasses import replace

import pytest

from bot.core.codec import parse_fact_body
from bot.core.ids import OrganisationId, PersonId
from bot.core.staffing import Post
from tests.web import world
from tests.web.serving import Site

FARSTA = OrganisationId("farsta")
BODY: dict[str, object] = {
    "id": "post-farsta-9",
    "function": "social_worker",
    "percent": 40,
    "placement": "enheten för ungdom",
    "since": "2026-12-01",
    "basis": "Nämndens beslut 2026-11-20",
}
FORM = {"organisation": "farsta", "until": "", **{name: str(value) for name, value in BODY.items()}}
POSTS = "/api/v1/organisations/farsta/posts"


@pytest.fixture
async def board(site: Site) -> Site:
    """Farsta's posts as the papers have them; its coordinator is signed in."""
    seeded = tuple(post for post in world.read_demo().posts if post.organisation == FARSTA)

    def put(tx: object) -> None:
        for post in seeded:
            tx.posts.put(post, world.entry(FARSTA, "post"))  # type: ignore[attr-defined] # a Tx

    await site.store.write(put)
    await site.sign_in(world.COORDINATOR)
    return site


async def kept(site: Site) -> tuple[Post, ...]:
    return await site.store.read(lambda tx: tx.posts.of(FARSTA))


async def send(site: Site, path: str, body: object, key: str = "k" * 16) -> tuple[int, object]:
    headers = {**site.own, "Idempotency-Key": key, "Content-Type": "application/json"}
    async with site.client.post(path, data=json.dumps(body), headers=headers) as answer:
        return answer.status, await answer.json()


async def submit(site: Site, **changed: str) -> tuple[int, str]:
    async with site.client.post(
        "/staffing", data=FORM | changed, headers=site.own, allow_redirects=False
    ) as answer:
        return answer.status, await answer.text()


async def test_the_page_shows_a_chart_and_a_table_over_time(board: Site) -> None:
    """Row 30: since when, how many, whether that changed, where; the chart is told in words too, and needs no script."""
    async with board.client.get("/staffing") as answer:
        text = await answer.text()
    assert answer.status == 200
    assert "<svg" in text
    assert "<script" not in text
    assert "2022-01-01: 1 (20 %), 2024-04-01: 2 (40 %)" in text
    assert "Antalet har ändrats sedan start." in text
    assert "enheten för ungdom" in text
    assert 'name="placement"' in text


async def test_the_same_as_json(board: Site) -> None:
    """Posts, levels and whether the number has been constant."""
    async with board.client.get(POSTS) as answer:
        found = await answer.json()
    assert [post["id"] for post in found["posts"]] == ["post-farsta-1", "post-farsta-2"]
    assert found["levels"][-1] == {"since": "2024-04-01", "posts": 2, "percent": 40}
    assert found["constant"] is False


async def test_the_coordinator_keeps_a_post_by_the_form(board: Site) -> None:
    """Saved, led back to the page, on the board's ledger with who did it; a second time it is the same post."""
    for _ in range(2):
        status, _text = await submit(board)
        assert status == 303
    (new,) = [post for post in await kept(board) if post.id == "post-farsta-9"]
    assert (new.percent, new.until) == (40, None)
    entries = await board.store.read(
        lambda tx: [r.entry for r in tx.audit.entries(FARSTA) if r.entry.kind == "post"]
    )
    assert parse_fact_body(entries[-1].body).act["by"] == world.COORDINATOR
    async with board.client.get("/staffing?organisation=farsta&post=post-farsta-9") as answer:
        assert 'value="enheten för ungdom"' in await answer.text()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("percent", "0", "Procent av heltid"),
        ("percent", "mycket", "Procent av heltid"),
        ("since", "i dag", "Från och med"),
        ("since", "2018-01-01", "Från och med"),
        ("until", "2026-12-01", "Upphör"),
        ("placement", "", "Placering"),
        ("placement", "Anna Lindqvist, ungdom", "Placering"),
        ("basis", "tel 070-1740605", "Beslut eller underlag"),
        ("function", "officer", "Funktion"),
    ],
)
async def test_what_does_not_hold_is_told_on_the_page_by_its_field(
    board: Site, field: str, value: str, told: str
) -> None:
    """Nothing is saved; the form is there again with what was written, and no person is named in a post."""
    before = await kept(board)
    status, text = await submit(board, **{field: value})
    assert status == 400
    assert f"Det sparades inte. Se över: {told}" in text
    assert await kept(board) == before


async def test_the_coordinator_keeps_and_removes_as_json(board: Site) -> None:
    """Once for each key; what is removed is gone from the table and stays on the ledger."""
    assert await send(board, POSTS, BODY) == (201, {"post": "post-farsta-9"})
    assert await send(board, POSTS, BODY) == (201, {"post": "post-farsta-9"})
    assert len(await kept(board)) == 3
    headers = {**board.own, "Idempotency-Key": "r" * 16}
    async with board.client.post(f"{POSTS}/post-farsta-9/remove", headers=headers) as answer:
        assert (answer.status, await answer.json()) == (201, {"post": "post-farsta-9"})
    assert len(await kept(board)) == 2
    async with board.client.post(
        f"{POSTS}/post-farsta-9/remove", headers={**headers, "Idempotency-Key": "s" * 16}
    ) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "person",
    [
        world.OFFICER,
        world.CHIEF,
        PersonId("p-bromma-samordnare"),
        PersonId("p-polis-samordnare"),
        PersonId("p-farsta-1"),
    ],
)
async def test_nobody_else_keeps_a_boards_posts(board: Site, person: PersonId) -> None:
    """Officers, another city's supervisor, another board's coordinator, the police's, the worker: refused, nothing changed."""
    before = await kept(board)
    await board.sign_in(person)
    assert (await send(board, POSTS, BODY))[0] == 403
    assert (await submit(board))[0] == 403
    async with board.client.get(POSTS) as answer:
        assert answer.status == 403
    assert await kept(board) == before


async def test_a_supervisor_sees_and_does_not_keep(board: Site) -> None:
    """Their own board's posts, without the form."""
    await board.sign_in(PersonId("p-farsta-chef-1"))
    async with board.client.get("/staffing") as answer:
        text = await answer.text()
    assert "<svg" in text
    assert 'name="placement"' not in text
    assert (await send(board, POSTS, BODY))[0] == 403


async def test_signed_out_there_is_nothing(site: Site) -> None:
    """401, without a word of what there is."""
    for path in ("/staffing", POSTS):
        async with site.client.get(path) as answer:
            assert answer.status == 401
    assert (await submit(site))[0] == 401


async def test_another_boards_post_cannot_be_taken_over(board: Site) -> None:
    """An id that another organisation uses is refused, also by whoever may keep posts."""
    theirs = replace((await kept(board))[0], id="post-bromma-1", organisation=OrganisationId("bromma"))  # type: ignore[arg-type] # an id
    await board.store.write(lambda tx: tx.posts.put(theirs, world.entry(OrganisationId("bromma"), "post")))
    status, _ = await send(board, POSTS, BODY | {"id": "post-bromma-1"})
    assert status == 400
    assert (await board.store.read(lambda tx: tx.posts.get(theirs.id))) == theirs


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"id": 1}', "x" * 5000])
async def test_what_is_no_post_is_refused(board: Site, body: str) -> None:
    """Bounded, strict, by a problem document."""
    headers = {**board.own, "Idempotency-Key": "k" * 16, "Content-Type": "application/json"}
    async with board.client.post(POSTS, data=body, headers=headers) as answer:
        assert answer.status in (400, 413)
    assert len(await kept(board)) == 2
