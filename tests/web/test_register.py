"""The register on the web: to the supervisor of that board alone, of no person and no words, page after page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.disclosures import Direction, Disclosure, GroundId
from bot.core.ids import ConsultationId, OrganisationId, PersonId
from bot.core.registers import Register, RegisterId, RegisterKind
from tests.web import world
from tests.web.serving import Site

FARSTA, BROMMA = OrganisationId("farsta"), OrganisationId("bromma")
CHIEF = PersonId("p-farsta-chef-1")
REGISTER = "/api/v1/organisations/farsta/register"
DAY = timedelta(days=1)
GIVEN = Disclosure(direction=Direction.TO_POLICE, ground=GroundId("sol-15-7"))
GONE = Disclosure(direction=Direction.TO_SOCIAL, ground=GroundId("utgangen-grund"))


@pytest.fixture
async def board(site: Site) -> Site:
    """Farsta's register with three entries of a month and one of long ago; its supervisor is signed in."""
    first = Register(
        id=RegisterId("r-1"),
        consultation=ConsultationId("c-1"),
        organisation=FARSTA,
        at=world.NOW - DAY,
        kind=RegisterKind.IDENTIFIED,
    )
    given = replace(first, id=RegisterId("r-2"), kind=RegisterKind.DISCLOSURE, disclosure=GIVEN)
    entries = (
        replace(first, id=RegisterId("r-0"), consultation=ConsultationId("c-0"), at=world.NOW - 40 * DAY),
        first,
        given,
        replace(given, id=RegisterId("r-3"), disclosure=GONE),
        replace(first, id=RegisterId("r-9"), organisation=BROMMA, consultation=ConsultationId("c-9")),
    )

    def put(tx: object) -> None:
        for one in entries:
            tx.registers.put(one, world.entry(one.organisation, "register"))  # type: ignore[attr-defined] # a Tx

    await site.store.write(put)
    await site.sign_in(CHIEF)
    return site


async def get(site: Site, path: str) -> tuple[int, str]:
    async with site.client.get(path) as answer:
        return answer.status, await answer.text()


async def asked(site: Site, query: str = "") -> tuple[list[dict[str, str | None]], str | None]:
    """The entries, and what to ask with for those that follow."""
    async with site.client.get(f"{REGISTER}{query}") as answer:
        assert answer.status == 200
        told = await answer.json()
        return told["entries"], told["next"]


def ids(entries: list[dict[str, str | None]]) -> list[str | None]:
    return [one["id"] for one in entries]


async def test_the_supervisor_reads_it_page_after_page(board: Site) -> None:
    """The oldest first; what to ask with for the rest; direction and ground where something was disclosed."""
    first, following = await asked(board, "?limit=3")
    assert (ids(first), following) == (["r-0", "r-1", "r-2"], "r-2")
    (last,), following = await asked(board, f"?limit=3&after={following}")
    assert following is None
    assert (last["kind"], last["direction"], last["ground"]) == ("disclosure", "to_social", "utgangen-grund")
    assert set(last) == {"id", "consultation", "organisation", "at", "kind", "direction", "ground"}


async def test_a_span_of_time_is_half_open(board: Site) -> None:
    """From its first instant on, up to and without its last; a day is its beginning."""
    since = (world.NOW - DAY).isoformat().replace("+00:00", "Z")
    assert ids((await asked(board, f"?from={since}"))[0]) == ["r-1", "r-2", "r-3"]
    assert ids((await asked(board, f"?to={since}"))[0]) == ["r-0"]
    assert ids((await asked(board, "?from=2026-11-27"))[0]) == ["r-1", "r-2", "r-3"]
    assert ids((await asked(board, "?from=2026-11-28"))[0]) == []


async def test_the_page_tells_it_in_words_without_a_script(board: Site) -> None:
    """A month, the newest first; a ground that has left the files is told by its id; older ones are a link away."""
    status, text = await get(board, "/register")
    assert status == 200
    assert "<script" not in text
    for told in ("Någon namngavs", "Något lämnades ut", "Var någon vistas", "utgangen-grund", "Farsta"):
        assert told in text
    assert text.index("utgangen-grund") < text.index("Var någon vistas")
    assert "c-0" not in text
    assert "c-9" not in text
    older = text.split('href="/register', 2)[-1].split('"')[0].replace("&amp;", "&")
    status, text = await get(board, f"/register{older}")
    assert status == 200
    assert "c-0" in text or "Inga poster" in text


@pytest.mark.parametrize(
    "person",
    [
        world.OFFICER,
        world.CHIEF,
        PersonId("p-farsta-1"),
        PersonId("p-bromma-samordnare"),
        PersonId("p-polis-samordnare"),
    ],
)
async def test_nobody_else_sees_it(board: Site, person: PersonId) -> None:
    """Officers, another city's supervisor, the board's own worker, coordinators: refused, on the page and as JSON."""
    await board.sign_in(person)
    assert (await get(board, REGISTER))[0] == 403
    assert (await get(board, "/register?organisation=farsta"))[0] == 403


async def test_another_boards_register_is_not_the_supervisors(board: Site) -> None:
    """Not by the page's own choice of organisation either; one that does not exist is refused."""
    assert (await get(board, "/api/v1/organisations/bromma/register"))[0] == 403
    assert (await get(board, "/register?organisation=bromma"))[0] == 403
    assert (await get(board, "/register?organisation=lund"))[0] == 400


async def test_signed_out_there_is_nothing(site: Site) -> None:
    """401, without a word of what there is."""
    for path in ("/register", REGISTER):
        assert (await get(site, path))[0] == 401


@pytest.mark.parametrize(
    "query", ["?from=i+dag", "?to=2026-03-29T02:30", "?limit=1001", "?limit=-1", "?from=" + "2" * 41]
)
async def test_what_is_no_question_is_refused(board: Site, query: str) -> None:
    """A time that is none, or does not exist; more than a page."""
    assert (await get(board, f"{REGISTER}{query}"))[0] == 400
