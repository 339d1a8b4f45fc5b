"""Publishing and freshness: content changes in one step or not at all, and owners are told of what has expired."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import pytest

from bot.content import Content
from bot.core.codec import parse_fact_body
from bot.core.consultation import State
from bot.core.errors import BadContent, Unavailable
from bot.core.ids import ArticleId, DistrictId, OrganisationId, PersonId
from bot.core.library.article import WithheldReason
from bot.core.library.freshness import last_day
from bot.core.library.search import Withheld
from bot.flow import door, freshness
from bot.flow.deps import POLICE, Deps
from bot.flow.ports import Tx
from bot.flow.publish import note_content, publish
from bot.flow.reading import look_up, reader_at
from bot.flow.records import Recorded
from bot.flow.upkeep import signers
from bot.flow.verify import verify
from tests.flow.flow_world import OFFICER, TUESDAY, World

CURATOR, STOCKHOLM = "p-malmo-redaktor", OrganisationId("farsta")
MALMO = OrganisationId("malmo")
NEW = "f" * 64
T = TypeVar("T")


class Held:
    """The content in force."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def put(self, content: Content) -> None:
        self.content = content


async def entries(world: World, kind: str) -> list[Recorded]:
    """The police's entries of one kind."""
    found = await world.deps.store.read(lambda tx: list(tx.audit.entries(POLICE)))
    return [one for one in found if one.entry.kind == kind]


async def holds(world: World) -> bool:
    """Whether the whole record holds."""
    verdict = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert verdict.faults == ()
    return verdict.ok


# ---- publishing --------------------------------------------------------------------------------------


async def test_a_new_content_is_on_the_ledger_with_its_digest(world: World, content: Content) -> None:
    """Whoever verifies sees which content was in force from when; the same again is no change."""
    held, new = Held(content), replace(content, digest=NEW)
    assert await note_content(world.deps)
    assert not await note_content(world.deps)
    assert await publish(world.deps, new, content, held.put, "prov")
    assert held.content is new
    assert not await publish(world.deps, new, new, held.put, "prov")
    told = [parse_fact_body(one.entry.body).put for one in await entries(world, "published")]
    assert [list(one) for one in told] == [[content.digest], [NEW]]
    world.clock.move(timedelta(minutes=1))
    assert await publish(world.deps, content, new, held.put, "prov")
    assert await world.deps.store.read(lambda tx: tx.publishing.digest()) == content.digest
    assert await holds(world)


def without(content: Content, organisation: OrganisationId) -> Content:
    """The content after somebody has deleted an organisation's file, and the districts that were its."""
    structure = content.structure
    gone = {m.district for m in structure.organisations[organisation].mappings}
    return replace(
        content,
        digest=NEW,
        structure=replace(
            structure,
            organisations={id_: o for id_, o in structure.organisations.items() if id_ != organisation},
            districts={id_: d for id_, d in structure.districts.items() if id_ not in gone},
            mappings={id_: m for id_, m in structure.mappings.items() if id_ not in gone},
        ),
    )


async def test_nobody_loses_their_place_while_they_wait(world: World, content: Content) -> None:
    """An organisation with an open request is not taken away; once the request is closed it may be."""
    held, new = Held(content), without(content, MALMO)
    asked = await world.ask_for()
    with pytest.raises(
        BadContent, match=r"malmo.yaml: the organisation is gone, but 1 open request needs it"
    ):
        await publish(world.deps, new, content, held.put, "prov")
    assert held.content is content
    assert await world.deps.store.read(lambda tx: tx.publishing.digest()) is None
    await publish(world.deps, without(content, STOCKHOLM), content, held.put, "prov")
    held.put(content)
    await world.press(OFFICER, f"k:{asked.id}:close:advice")
    assert (await world.latest()).id == asked.id
    assert (await world.latest()).state is State.CLOSED
    assert await publish(world.deps, replace(new, digest="e" * 64), content, held.put, "prov")
    assert await holds(world)


async def test_a_district_that_is_gone_is_told_too(world: World, content: Content) -> None:
    """A request keeps its district as well as its organisation."""
    await world.ask_for()
    structure = content.structure
    left = {id_: d for id_, d in structure.districts.items() if id_ != DistrictId("lpo-malmo-norr")}
    new = replace(content, digest=NEW, structure=replace(structure, districts=left))
    with pytest.raises(BadContent, match="the district lpo-malmo-norr is gone, but 1 open request needs it"):
        await publish(world.deps, new, content, Held(content).put, "prov")


class Failing:
    """A store whose transaction fails when everything seems done."""

    async def write(self, act: Callable[[Tx], T]) -> T:
        del act
        raise Unavailable("the disk is full")


async def test_what_is_not_kept_is_not_in_force(world: World, content: Content) -> None:
    """Should the transaction fail, the old content stays, whatever was put meanwhile."""
    held = Held(content)
    put: list[Content] = []

    def noted(given: Content) -> None:
        put.append(given)
        held.put(given)

    deps = replace(world.deps, store=Failing())  # type: ignore[arg-type]  # only write is asked
    with pytest.raises(Unavailable):
        await publish(deps, replace(content, digest=NEW), content, noted, "prov")
    assert held.content is content
    assert put == [content]


async def test_an_open_request_goes_on_under_the_new_content(world: World, content: Content) -> None:
    """Publishing disturbs nobody who waits: the request is taken as if nothing had happened."""
    held = Held(content)
    await world.ask_for()
    await publish(world.deps, replace(content, digest=NEW), content, held.put, "prov")
    await world.work()
    await world.accept("p-malmo-kvall-1")
    assert (await world.latest()).state is State.OPEN
    assert await holds(world)


# ---- freshness ---------------------------------------------------------------------------------------


def aged(content: Content, *ids: str) -> Content:
    """The content in which these articles have passed their day by TUESDAY."""
    articles = tuple(
        replace(one, reviewed=date(2026, 11, 1), review_in=timedelta(days=5)) if one.id in ids else one
        for one in content.library.articles
    )
    by_id = {id_: next(a for a in articles if a.id == one.id) for id_, one in content.library.by_id.items()}
    return replace(content, library=replace(content.library, articles=articles, by_id=by_id))


async def link(world: World, person: str) -> None:
    """Link somebody's chat."""
    code = await world.deps.store.write(lambda tx: door.issue_code(tx, world.deps, PersonId(person)))
    await world.command(person, "start", code)


def later(world: World, content: Content) -> Deps:
    """On Tuesday, with that content."""
    world.clock.move(TUESDAY - world.clock.now())
    return replace(world.deps, content=lambda: content)


async def test_the_owner_is_told_once(world: World, content: Content) -> None:
    """One notice about everything that has expired, and not the next day again; no word of any article."""
    await link(world, CURATOR)
    deps = later(world, aged(content, "A05", "B03"))
    before = len(world.texts(CURATOR))
    assert await freshness.look(deps) == 2
    assert await freshness.look(deps) == 0
    world.clock.move(timedelta(days=1))
    assert await freshness.look(deps) == 0
    await world.work()
    (told,) = world.texts(CURATOR)[before:]
    assert "(2): A05, B03." in told
    assert all(one.title not in told and one.body not in told for one in content.library.articles)
    assert len(await entries(world, "freshness")) == 1
    assert await holds(world)


async def test_a_new_expiry_is_told_again(world: World, content: Content) -> None:
    """What was reviewed and has expired once more is told once more."""
    await link(world, CURATOR)
    deps = later(world, aged(content, "B03"))
    assert await freshness.look(deps) == 1
    article = deps.content().library.by_id[ArticleId("B03")]
    again = replace(article, reviewed=article.reviewed + timedelta(days=1))
    library = replace(content.library, articles=(again,))
    assert last_day(again) != last_day(article)
    assert await freshness.look(replace(deps, content=lambda: replace(content, library=library))) == 1


async def test_where_nobody_can_be_told_it_stays_untold(world: World, content: Content) -> None:
    """Nothing is noted as told that nobody was told; once a curator can be reached they are."""
    deps = later(world, aged(content, "B03"))
    assert await freshness.look(deps) == 0
    assert await world.deps.store.read(lambda tx: tx.publishing.told()) == frozenset()
    await link(world, CURATOR)
    assert await freshness.look(deps) == 1


async def test_nobody_is_told_at_night(world: World, content: Content) -> None:
    """At twenty to three nobody is; at twenty to eleven they are."""
    await link(world, CURATOR)
    world.clock.move(timedelta(hours=4))
    deps = replace(world.deps, content=lambda: aged(content, "B03"))
    assert await freshness.look(deps) == 0
    world.clock.move(timedelta(hours=8))
    assert await freshness.look(deps) == 1


async def test_an_expired_article_steps_back_to_a_person(world: World, content: Content) -> None:
    """Officers are told that a person has to answer, and which article waits."""
    old = aged(content, "B03")
    deps = later(world, old)
    reader = reader_at(content.structure, content.structure.organisations[MALMO], deps.clock.now())
    asked = "hur länge får vi ha kvar ett barn enligt 12 §"
    found = look_up(old.library, asked, reader)
    assert isinstance(found, Withheld)
    assert (found.article.id, found.reason) == ("B03", WithheldReason.EXPIRED)
