"""Numbers that are tested, weeks that are summed up, tokens that are issued: each on the ledger, none half done."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.errors import BadInput, Denied, NotNow
from bot.core.hours import local_day, local_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.places import NumberId, numbers_at
from bot.flow import door, tokens
from bot.flow.coverage import coverage_of
from bot.flow.messages import Inbound
from bot.flow.numbers_tested import answers_since, keep_test
from bot.flow.ports import Tx
from bot.flow.records_coverage import NumberTest, Scope, Token, TokenId
from bot.flow.speaker import Speaker
from bot.flow.summary import is_time, sum_up, week_of
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from tests.flow.flow_world import NIGHT, World, night_of

MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")
CHIEF, COORDINATOR, WORKER = "p-malmo-chef-1", "p-malmo-samordnare", "p-malmo-dag-1"
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 07.00 in Sweden
WEEK = "2026-W48"


@pytest.fixture
async def monday(laid_out: Path, content: Content, folder: Path) -> AsyncIterator[World]:
    """Monday at seven in the morning, with the chief and the coordinator linked."""
    async with night_of(laid_out, folder, content, NIGHT) as world:
        for person in (CHIEF, COORDINATOR):
            code = await world.deps.store.write(lambda tx, p=person: _code(tx, world, p))  # type: ignore[misc]
            await world.command(person, "start", code)
        world.clock.move(MONDAY - world.clock.now())
        yield world


def _code(tx: Tx, world: World, person: str) -> str:
    return door.issue_code(tx, world.deps, PersonId(person))


async def holds(world: World) -> bool:
    await sign_heads(world.deps)
    found = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert found.faults == ()
    return found.ok


def speaker(world: World, person: PersonId, tx: Tx) -> Speaker:
    found = tx.people.get(person)
    assert found is not None
    now = world.clock.now()
    inbound = Inbound(channel="web", address="", native_id="", at=now)
    return Speaker(person=found, inbound=inbound, language="sv", now=now)


# ---- numbers -----------------------------------------------------------------------------------------


async def test_a_test_in_the_database_outranks_the_files_date(world: World, content: Content) -> None:
    """Answered: from that day on; not answered: not known to answer; a later date in the file outranks both."""
    number = numbers_at(content.structure.organisations[MALMO], NIGHT)[0]
    for answered, since in ((True, local_day(NIGHT)), (False, None)):
        world.clock.move(timedelta(minutes=1))
        last = await rung(world, number.id, answered=answered)
        assert answers_since(number, last) == since
        later = replace(number, tested=local_day(NIGHT) + timedelta(days=1))
        assert answers_since(later, last) == later.tested
    assert answers_since(number, {}) == number.tested
    assert await holds(world)


async def rung(world: World, number: NumberId, *, answered: bool) -> Mapping[NumberId, NumberTest]:
    """Somebody has rung it; the last tests of all numbers."""
    await world.deps.store.write(lambda tx: keep_test(tx, world.deps, number, answered=answered, by="p"))
    return await world.deps.store.read(lambda tx: tx.coverage.last_tests())


async def test_an_unknown_number_is_refused(world: World) -> None:
    """What is not in any file was not rung."""
    with pytest.raises(BadInput):
        await world.deps.store.write(
            lambda tx: keep_test(tx, world.deps, NumberId("nobody"), answered=True, by="p")
        )


async def test_the_demo_has_rung_its_numbers(world: World, content: Content) -> None:
    """However old the dates in its files get, the demo begins with numbers that answer."""
    last = await world.deps.store.read(lambda tx: tx.coverage.last_tests())
    day = local_day(NIGHT)
    for own in content.structure.organisations.values():
        for number in numbers_at(own, NIGHT):
            since = answers_since(number, last)
            assert since is not None
            assert day - since <= timedelta(days=7)


# ---- the week ----------------------------------------------------------------------------------------


async def test_the_week_is_summed_up_once_for_those_who_oversee(monday: World) -> None:
    """Chief and coordinator are told how it stands, nobody else is, and the second look tells nobody anything."""
    assert await sum_up(monday.deps) == 1
    assert await sum_up(monday.deps) == 0
    await monday.work()
    for person in (CHIEF, COORDINATOR):
        (told,) = (text for text in monday.texts(person) if "Veckans läge" in text)
        assert told == (
            "Veckans läge för Malmö stad. Luckor de närmaste 30 dygnen: 0. Nummer som svarar: 4 av 4. "
            "Skriv /webb för att se mer."
        )
    assert not [text for text in monday.texts(WORKER) if "Veckans läge" in text]
    assert await monday.deps.store.read(lambda tx: tx.coverage.is_summed(MALMO, WEEK))
    assert await holds(monday)


@pytest.mark.parametrize(
    ("at", "is_it"),
    [
        ("2026-11-23T06:59", False),
        ("2026-11-23T07:00", True),
        ("2026-11-23T23:59", True),
        ("2026-11-24T07:00", False),
        ("2026-11-29T12:00", False),
        ("2027-06-28T07:00", True),
    ],
)
def test_at_no_other_time_is_anything_said(at: str, *, is_it: bool) -> None:
    """Monday from seven in Sweden, summer and winter; before, and on other days, nobody is disturbed."""
    assert is_time(local_instant(at)) is is_it


@pytest.mark.parametrize(
    ("at", "week"),
    [("2026-11-23T07:00", WEEK), ("2027-01-03T12:00", "2026-W53"), ("2027-01-04T07:00", "2027-W01")],
)
def test_a_week_is_the_same_week_over_new_year(at: str, week: str) -> None:
    """ISO 8601: the week of the third of January may be the last of the year before."""
    assert week_of(local_instant(at)) == week


async def test_next_week_it_is_told_again(monday: World) -> None:
    """Once for each week, with what is missing by then."""
    assert await sum_up(monday.deps) == 1
    monday.clock.move(timedelta(days=7))
    assert await sum_up(monday.deps) == 1


# ---- what those who oversee see ----------------------------------------------------------------------


async def test_gaps_are_seen_at_home_alone(world: World) -> None:
    """A coordinator sees their own organisation; another's is denied, and so is everything to a worker."""

    def ask(tx: Tx, person: str, named: str) -> int:
        return len(coverage_of(tx, world.deps, speaker(world, PersonId(person), tx), named).gaps)

    read = world.deps.store.read
    assert await read(lambda tx: ask(tx, COORDINATOR, "")) == 0
    assert await read(lambda tx: ask(tx, CHIEF, "malmo")) == 0
    for person, named in ((COORDINATOR, "farsta"), (CHIEF, "farsta"), (WORKER, ""), (WORKER, "malmo")):
        with pytest.raises(Denied):
            await read(lambda tx, p=person, n=named: ask(tx, p, n))  # type: ignore[misc]


# ---- tokens ------------------------------------------------------------------------------------------


async def issued(world: World, **given: object) -> tuple[Token, str]:
    wanted = {"name": "malmo", "label": "Växel", "scope": Scope.CHAIN, "days": 30, "by": "p", **given}
    return await world.deps.store.write(lambda tx: tokens.issue(tx, world.deps, **wanted))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"name": "nowhere"},
        {"label": ""},
        {"label": "x" * 81},
        {"label": "<b>"},
        {"days": 0},
        {"days": 367},
    ],
)
async def test_a_token_that_means_nothing_is_refused(world: World, given: dict[str, object]) -> None:
    """An unknown place, a label that is none or markup, no day or more than a year: nothing is kept."""
    with pytest.raises(BadInput):
        await issued(world, **given)
    assert await world.deps.store.read(lambda tx: tx.tokens.all()) == ()


async def test_there_is_a_bound_to_living_tokens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many are refused; one that is revoked makes room."""
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    first, _ = await issued(world)
    await issued(world)
    with pytest.raises(NotNow):
        await issued(world)
    await world.deps.store.write(lambda tx: tokens.revoke(tx, world.deps, first.id, "p"))
    await issued(world)
    assert await holds(world)


async def test_a_token_can_be_ended_after_its_organisation(world: World, content: Content) -> None:
    """The files may have forgotten the place: the token still ends, on the police's ledger."""
    token, secret = await issued(world, name="farsta")
    left = {k: v for k, v in content.structure.organisations.items() if k != FARSTA}
    without = replace(content, structure=replace(content.structure, organisations=left))
    deps = replace(world.deps, content=lambda: without)
    await world.deps.store.write(lambda tx: tokens.revoke(tx, deps, token.id, "p"))
    now = world.clock.now()
    assert await world.deps.store.read(lambda tx: tokens.admitted(tx, secret, now)) is None
    assert await holds(world)


async def test_ending_what_there_is_not_is_refused(world: World) -> None:
    """A mistyped id is told."""
    with pytest.raises(BadInput):
        await world.deps.store.write(lambda tx: tokens.revoke(tx, world.deps, TokenId("x"), "p"))
