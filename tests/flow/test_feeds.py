"""Rosters that are fetched: what is good takes effect, what is not leaves the last good one and is told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.core.errors import BadInput, NotNow
from bot.core.feed import ALARMED, EVERY, MOST_FEEDS, STALE, WHOLE, Feed, FeedId, Format, NotFetched, Outcome
from bot.core.hours import local_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person
from bot.flow import door, feeds
from bot.flow.feeds import Looked, look_at, look_at_due
from bot.flow.look import look
from bot.flow.ports import Tx
from bot.flow.ports_feeds import Fetched
from tests.flow.flow_world import DAY_1, World
from tests.flow.test_roster_import import MALMO, holds, ics, there

COORDINATOR, CHIEF = "p-malmo-samordnare", "p-malmo-chef-1"
GOOD = ics((DAY_1, "20261124T180000", "20261124T220000")).data
LATER = ics((DAY_1, "20261124T190000", "20261124T230000")).data
ON = local_instant("2026-11-24T18:30")


@dataclass(slots=True)
class Place:
    """What stands at a feed's address, and what was asked there."""

    body: bytes = GOOD
    etag: str = '"1"'
    fails: Outcome | None = None
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None

    async def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        del url, modified
        self.asked.append(etag)
        if self.fails is not None:
            raise NotFetched(self.fails)
        return Fetched(body=None) if etag and etag == self.etag else Fetched(body=self.body, etag=self.etag)


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
async def feed(world: World) -> Feed:
    """A feed of Malmö's, beside its seeded roster."""
    return await added(world, "f-1")


async def added(world: World, id_: str, organisation: OrganisationId = MALMO) -> Feed:
    feed = Feed(
        id=FeedId(id_),
        organisation=organisation,
        label="Tidplan",
        url="https://schema.example/malmo.ics?token=hemlig",
        format=Format.ICS,
        every=EVERY,
        made=world.clock.now(),
        by="test",
    )
    await world.deps.store.write(lambda tx: feeds.add(tx, world.deps, feed))
    return feed


async def seen(world: World, place: Place, feed: Feed, after: timedelta = EVERY) -> Looked:
    world.clock.move(after)
    found = await look_at(world.deps, place, feed)
    await world.work()
    return found


async def test_a_good_feed_takes_effect_and_is_asked_by_its_tag(
    world: World, place: Place, feed: Feed
) -> None:
    """The first look reads it; later ones name the tag and change nothing; a changed file is read again."""
    first = await seen(world, place, feed)
    assert first.changed is not None
    assert len(first.changed.added) == 1
    assert DAY_1 in await there(world, ON)
    again = await seen(world, place, feed)
    assert (again.changed, again.look.outcome) == (None, Outcome.GOOD)
    place.body, place.etag = LATER, '"2"'
    moved = await seen(world, place, feed)
    assert moved.changed is not None
    assert len(moved.changed.moved) == 1
    assert DAY_1 not in await there(world, ON)
    assert place.asked == ["", '"1"', '"1"']
    await holds(world)


async def test_an_unchanged_file_is_read_whole_again_after_half_a_day(
    world: World, place: Place, feed: Feed
) -> None:
    """With "not modified" alone, recurring duties would end a year after the last change."""
    await seen(world, place, feed)
    await seen(world, place, feed, WHOLE)
    assert place.asked == ["", ""]


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.GOOD])
async def test_a_feed_that_fails_leaves_the_last_good_roster(
    world: World, place: Place, feed: Feed, outcome: Outcome
) -> None:
    """Unreachable, moved, too large, a page: duty goes on by what was good, and what was wrong is known."""
    await seen(world, place, feed)
    place.fails = outcome
    found = await seen(world, place, feed)
    assert (found.look.outcome, found.look.since) == (outcome, world.clock.now())
    assert DAY_1 in await there(world, ON)
    await holds(world)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"<!doctype html><title>Logga in</title>", Outcome.NOT_A_ROSTER),
        (GOOD[:-30], Outcome.NOT_A_ROSTER),
        (b"", Outcome.NOT_A_ROSTER),
        (
            ics(
                (DAY_1, "20261124T180000", "20261124T220000"),
                ("p-renamed", "20261125T180000", "20261125T220000"),
            ).data,
            Outcome.FAULTS,
        ),
        (
            ics((DAY_1, "20261124T100000", "20261124T220000")).data,
            Outcome.FAULTS,
        ),  # booked twice, by the seeded roster
        (GOOD.replace(b";TZID=Europe/Stockholm", b""), Outcome.FAULTS),
        (ics().data, Outcome.EMPTY),
        (ics((DAY_1, "20251124T180000", "20251124T220000")).data, Outcome.EMPTY),
    ],
)
async def test_a_bad_file_is_never_half_a_roster(
    world: World, place: Place, feed: Feed, body: bytes, outcome: Outcome
) -> None:
    """Renamed people, a broken-off file, floating times, a roster that is suddenly empty: all or nothing, and said."""
    await seen(world, place, feed)
    place.body, place.etag = body, '"2"'
    found = await seen(world, place, feed)
    assert found.look.outcome is outcome
    assert (found.look.faults > 0) is (outcome is not Outcome.EMPTY)
    assert DAY_1 in await there(world, ON)
    place.body = LATER
    better = await seen(world, place, feed)
    assert better.look.outcome is Outcome.GOOD
    assert place.asked[-1] == '"1"'  # of what was good: a bad file's tag would keep us from the mended one
    assert DAY_1 not in await there(world, ON)
    await holds(world)


async def test_a_feed_that_fails_for_a_day_is_told_once_and_later_to_supervisors(
    world: World, place: Place, feed: Feed
) -> None:
    """The coordinator after a day, supervisors after three, each once; when it is good again it begins anew."""
    for person in (CHIEF, COORDINATOR):
        await keep(world, person)
    await seen(world, place, feed)
    place.fails = Outcome.UNREACHABLE
    heard = {CHIEF: 0, COORDINATOR: 0}

    async def after(span: timedelta) -> dict[str, int]:
        await seen(world, place, feed, span)
        for person in heard:
            heard[person] = sum("Tidplan" in text for text in world.texts(person))
        return heard

    assert await after(STALE - EVERY) == {CHIEF: 0, COORDINATOR: 0}
    assert await after(EVERY) == {CHIEF: 0, COORDINATOR: 1}
    assert await after(EVERY) == {CHIEF: 0, COORDINATOR: 1}
    assert await after(ALARMED - STALE) == {CHIEF: 1, COORDINATOR: 2}
    place.fails = None
    assert await after(EVERY) == {CHIEF: 1, COORDINATOR: 2}
    place.fails = Outcome.MOVED
    assert await after(STALE) == {CHIEF: 1, COORDINATOR: 3}
    await holds(world)


async def test_the_status_page_says_why_a_roster_is_old(world: World, place: Place, feed: Feed) -> None:
    """For whoever answers for the organisation: which feed, how long, and what to do about it."""
    place.fails = Outcome.MOVED
    await seen(world, place, feed, STALE)
    chief = await world.facts(CHIEF)

    def sentences(tx: Tx) -> list[str]:
        found = look(tx, world.deps.content(), chief, "sv", world.clock.now())
        return [
            check.sentence
            for one in found.readiness
            for check in one.checks
            if check.label == "Scheman hämtas"
        ]

    assert await world.deps.store.read(sentences) == [
        "Tidplan: inget nytt på 24 timmar. Schemat har en ny adress: lägg in den."
    ]
    place.fails = None
    await seen(world, place, feed)
    assert await world.deps.store.read(sentences) == ["Alla 1 är aktuella."]


async def test_feeds_are_looked_at_by_their_rhythm(world: World, place: Place, feed: Feed) -> None:
    """All at once at start, each when it is due, and none that has ended."""
    last: dict[FeedId, object] = {}
    assert await look_at_due(world.deps, place, last) == 1  # type: ignore[arg-type]  # filled with instants
    assert await look_at_due(world.deps, place, last) == 0  # type: ignore[arg-type]
    world.clock.move(EVERY)
    assert await look_at_due(world.deps, place, last) == 1  # type: ignore[arg-type]
    await world.deps.store.write(lambda tx: feeds.end(tx, world.deps, feed, "test"))
    world.clock.move(EVERY)
    assert await look_at_due(world.deps, place, last) == 0  # type: ignore[arg-type]


async def test_a_feed_that_ended_while_it_was_fetched_changes_nothing(world: World, feed: Feed) -> None:
    """Somebody removes it in the middle of a slow answer: what then comes is nobody's roster."""

    class Slow(Place):
        async def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
            await world.deps.store.write(lambda tx: feeds.end(tx, world.deps, feed, "test"))
            return await super().fetch(url, etag=etag, modified=modified)

    await look_at(world.deps, Slow(), feed)
    assert DAY_1 not in await there(world, ON)
    assert await world.deps.store.read(lambda tx: tx.feeds.look(feed.id)) is None


async def test_removing_a_feed_keeps_its_shifts_until_told_otherwise(
    world: World, place: Place, feed: Feed
) -> None:
    """Duty does not end because an address does."""
    await seen(world, place, feed)
    await world.deps.store.write(lambda tx: feeds.end(tx, world.deps, feed, "test"))
    assert DAY_1 in await there(world, ON)
    await world.deps.store.write(lambda tx: feeds.drop_shifts(tx, world.deps, feed, "test"))
    assert DAY_1 not in await there(world, ON)
    assert await world.deps.store.read(lambda tx: tx.feeds.of(MALMO)) == ()
    await holds(world)


async def test_an_organisation_has_only_so_many_feeds(world: World) -> None:
    """And each must be one that can be looked at."""
    for number in range(MOST_FEEDS):
        await added(world, f"n-{number}")
    with pytest.raises(NotNow):
        await added(world, "one more")
    feed = replace(
        await added(world, "s", OrganisationId("farsta")), id=FeedId("t"), url="http://schema.example/"
    )
    with pytest.raises(BadInput):
        await world.deps.store.write(lambda tx: feeds.add(tx, world.deps, feed))


async def test_the_address_stands_nowhere_in_clear(world: World, place: Place, feed: Feed) -> None:
    """Not in the rows, not on the ledger: it is a key to the roster."""
    await seen(world, place, feed)
    found = await world.deps.store.read(lambda tx: list(tx.audit.entries(MALMO)))
    assert not [one for one in found if b"hemlig" in one.entry.body or b"schema.example" in one.entry.body]
    kept = await world.deps.store.read(lambda tx: tx.feeds.get(feed.id))
    assert kept == feed


async def keep(world: World, person: str) -> None:
    """Link somebody to the channel."""
    known = await world.facts(person)

    def code(tx: Tx, of: Person = known) -> str:
        return door.issue_code(tx, world.deps, PersonId(of.id))

    await world.command(person, "start", await world.deps.store.write(code))
