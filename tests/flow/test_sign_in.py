"""Signing in by a link: once, for a short while, and nothing in the database that signs anybody in."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import Denied
from bot.flow.ports import Tx
from bot.flow.sign_in import (
    LINK_LIFETIME,
    SESSION_LIFETIME,
    issue_link,
    redeem,
    session_person,
    sign_out,
)
from bot.store.sqlite import SqliteStore
from tests.web import world


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What signing in needs."""

    store: SqliteStore
    clock: world.FrozenClock
    entropy: world.CountingEntropy
    base_url: str = "https://samjour.example/"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "samjour.db"
    world.make_database(path, world.read_content())
    return path


@pytest.fixture
async def deps(database: Path, tmp_path: Path) -> AsyncIterator[Deps]:
    """The real store, a clock that stands still, and bytes that never repeat."""
    entropy = world.CountingEntropy(1_000_000)
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    store = await world.open_database(path, entropy)
    yield Deps(store=store, clock=world.FrozenClock(world.NOW), entropy=entropy)
    await store.close()


def token_of(link: str) -> str:
    return link.partition("#")[2]


async def suspend(deps: Deps) -> None:
    def act(tx: Tx) -> None:
        found = tx.people.get(world.OFFICER)
        assert found is not None
        tx.people.put(replace(found, active=False), world.entry(world.POLICE, "person"))

    await deps.store.write(act)


async def test_a_link_leads_to_a_session_of_its_person(deps: Deps) -> None:
    """The link's token becomes another token, which is known for twelve hours."""
    link = await issue_link(deps, world.OFFICER)
    opened = await redeem(deps, token_of(link))
    assert opened.person == world.OFFICER
    assert opened.token != token_of(link)
    assert opened.expires == deps.clock.at + SESSION_LIFETIME
    person = await session_person(deps, opened.token)
    assert person is not None
    assert person.id == world.OFFICER


async def test_the_token_stands_in_the_fragment(deps: Deps) -> None:
    """Nothing that reaches a server, a log or a preview holds it; 43 characters are 256 bits."""
    link = await issue_link(deps, world.OFFICER)
    before, _, token = link.partition("#")
    assert before == "https://samjour.example/in"
    assert len(token) == 43


async def test_a_link_is_used_once(deps: Deps) -> None:
    """The second time it is refused."""
    token = token_of(await issue_link(deps, world.OFFICER))
    await redeem(deps, token)
    with pytest.raises(Denied):
        await redeem(deps, token)


async def test_of_two_hundred_at_once_one_is_let_in(deps: Deps) -> None:
    """Redeeming is one transaction: one session, a hundred and ninety-nine refusals."""
    token = token_of(await issue_link(deps, world.OFFICER))
    came = await asyncio.gather(*(redeem(deps, token) for _ in range(200)), return_exceptions=True)
    refused = [found for found in came if isinstance(found, Denied)]
    assert len(refused) == 199
    assert len(came) == 200


@pytest.mark.parametrize("lifetime", [LINK_LIFETIME, timedelta(hours=24)])
async def test_a_link_lives_as_long_as_was_said(deps: Deps, lifetime: timedelta) -> None:
    """A second before its end it works, at its end it does not; the demo's live a day."""
    first, second = [token_of(await issue_link(deps, world.OFFICER, lifetime)) for _ in range(2)]
    deps.clock.at += lifetime - timedelta(seconds=1)
    await redeem(deps, first)
    deps.clock.at += timedelta(seconds=1)
    with pytest.raises(Denied):
        await redeem(deps, second)


async def test_issuing_another_link_leaves_the_first_one_alone(deps: Deps) -> None:
    """Two phones, two links."""
    first, second = [token_of(await issue_link(deps, world.OFFICER)) for _ in range(2)]
    assert first != second
    await redeem(deps, second)
    await redeem(deps, first)


@pytest.mark.parametrize("token", ["", "a", "å" * 20, "\udcff", "a" * 10_000])
async def test_what_was_never_issued_is_refused(deps: Deps, token: str) -> None:
    """Also what is no token at all; the refusal does not say which it was."""
    with pytest.raises(Denied, match="used or is too old"):
        await redeem(deps, token)
    assert await session_person(deps, token) is None


async def test_a_link_is_not_a_session(deps: Deps) -> None:
    """The token of the link, put into a cookie, opens nothing."""
    assert await session_person(deps, token_of(await issue_link(deps, world.OFFICER))) is None


async def test_whoever_is_suspended_is_out(deps: Deps) -> None:
    """Suspended: the session shows nobody, a link opens nothing and is not used up in vain."""
    opened = await redeem(deps, token_of(await issue_link(deps, world.OFFICER)))
    waiting = token_of(await issue_link(deps, world.OFFICER))
    await suspend(deps)
    assert await session_person(deps, opened.token) is None
    with pytest.raises(Denied):
        await redeem(deps, waiting)


async def test_signing_out_ends_it(deps: Deps) -> None:
    """At once, and again without harm."""
    opened = await redeem(deps, token_of(await issue_link(deps, world.OFFICER)))
    await sign_out(deps, opened.token)
    await sign_out(deps, opened.token)
    assert await session_person(deps, opened.token) is None


async def test_a_new_session_may_end_the_one_before(deps: Deps) -> None:
    """In the same transaction, so that there is never a moment with two or with none."""
    before = await redeem(deps, token_of(await issue_link(deps, world.OFFICER)))
    after = await redeem(deps, token_of(await issue_link(deps, world.EVENING)), instead_of=before.token)
    assert await session_person(deps, before.token) is None
    assert await session_person(deps, after.token) is not None


async def test_a_refused_link_ends_no_session(deps: Deps) -> None:
    """An old link pressed by mistake does not sign anybody out."""
    before = await redeem(deps, token_of(await issue_link(deps, world.OFFICER)))
    with pytest.raises(Denied):
        await redeem(deps, "a" * 43, instead_of=before.token)
    assert await session_person(deps, before.token) is not None


async def test_no_cookie_is_nobody(deps: Deps) -> None:
    """Without a cookie nobody is signed in."""
    assert await session_person(deps, None) is None


async def test_tokens_show_in_no_repr(deps: Deps) -> None:
    """What is printed or logged by mistake signs nobody in."""
    opened = await redeem(deps, token_of(await issue_link(deps, world.OFFICER)))
    assert opened.token not in repr(opened)
