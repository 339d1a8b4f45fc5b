"""Who is on duty, for a telephone exchange: only with a living token, only its own place, only so often."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.who import Question, report
from bot.flow.records_coverage import Scope, Token
from bot.flow.situation import workers
from bot.flow.tokens import issue, revoke
from bot.web.rates import PER_MINUTE
from bot.web.who_models import WhoNow
from tests.web import world
from tests.web.serving import Site

WHO = "/api/v1/who"
MALMO = {"organisation": "malmo"}


async def issued(
    site: Site, name: str = "malmo", *, scope: Scope = Scope.CHAIN, days: int = 30
) -> tuple[Token, str]:
    flow = site.deps.flow
    assert flow is not None
    return await site.store.write(
        lambda tx: issue(tx, flow, name=name, label="Växel", scope=scope, days=days, by="test")
    )


def shown(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def status(site: Site, secret: str, **query: str) -> int:
    async with site.client.get(WHO, params=query or MALMO, headers=shown(secret)) as answer:
        return answer.status


async def test_the_answer_is_that_of_the_command_and_whom_to_call(site: Site) -> None:
    """The exchange is told what the matching would do, and the numbers that answer now; no name, no person's number."""
    _, secret = await issued(site)
    async with site.client.get(WHO, params=MALMO, headers=shown(secret)) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        text = await answer.text()
    told = WhoNow.model_validate_json(text)
    everybody = await site.store.read(lambda tx: workers(tx, world.NOW))
    expected = report(site.content.now.structure, everybody, Question(name="malmo", at=world.NOW))
    assert WhoNow.model_validate({**expected, "call": []}) == told.model_copy(update={"call": []})
    assert [call.number for call in told.call] == [number.number for number in told.numbers]
    people = world.read_demo().people
    assert not [person.name for person in people if person.name in text]
    assert not [person.phone for person in people if person.phone and person.phone in text]


async def test_only_with_that_scope_are_peoples_own_numbers_told(site: Site) -> None:
    """By the function that is asked, in the order of the chain, before the numbers of the place."""
    _, secret = await issued(site, scope=Scope.STAFF)
    async with site.client.get(WHO, params=MALMO, headers=shown(secret)) as answer:
        told = WhoNow.model_validate_json(await answer.text())
    phones = {person.id: person.phone for person in world.read_demo().people}
    asked = [c.person for step in told.steps if not step.after_jour for c in step.candidates]
    own = [phone for phone in (phones[person] for person in asked) if phone is not None]  # type: ignore[index]  # an id
    assert [call.number for call in told.call] == own + [number.number for number in told.numbers]
    names = {person.name for person in world.read_demo().people}
    assert not names & {call.label for call in told.call}


async def test_the_question_is_the_commands_question(site: Site) -> None:
    """Area, matter, need and minute change the answer as they change the chain."""
    _, secret = await issued(site)
    query = {**MALMO, "area": "malmo", "need": "presence", "matter": "child", "at": "2026-11-24T10:00"}
    async with site.client.get(WHO, params=query, headers=shown(secret)) as answer:
        told = WhoNow.model_validate_json(await answer.text())
    assert (told.at, told.area, told.open) == ("2026-11-24T10:00:00+01:00", "malmo", True)
    assert "falt" in {step.step for step in told.steps}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: "", id="none"),
        pytest.param(lambda secret: secret[:-1], id="short"),
        pytest.param(lambda secret: secret + "A", id="long"),
        pytest.param(lambda secret: ("A" if secret[0] != "A" else "B") + secret[1:], id="unknown"),
        pytest.param(lambda _: "A" * 43, id="never issued"),
    ],
)
async def test_an_unknown_token_opens_nothing(site: Site, spoil: Callable[[str], str]) -> None:
    """401, the same for all, and how to show one; a session opens nothing either."""
    _, secret = await issued(site)
    await site.sign_in(world.CHIEF)
    async with site.client.get(WHO, params=MALMO, headers=shown(spoil(secret))) as answer:
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert (await answer.json(content_type=None))["code"] == "token_needed"
    async with site.client.get(WHO, params=MALMO) as answer:
        assert answer.status == 401


async def test_an_expired_token_opens_nothing(site: Site) -> None:
    """Until its last instant it does, and from then on it does not."""
    token, secret = await issued(site, days=1)
    site.clock.at = token.until - timedelta(microseconds=1)
    assert await status(site, secret) == 200
    site.clock.at = token.until
    assert await status(site, secret) == 401


async def test_a_revoked_token_opens_nothing(site: Site) -> None:
    """From the same instant; ending it twice is harmless."""
    token, secret = await issued(site)
    flow = site.deps.flow
    assert flow is not None
    for _ in range(2):
        ended = await site.store.write(lambda tx: revoke(tx, flow, token.id, "test"))
        assert ended.revoked == world.NOW
    assert await status(site, secret) == 401


async def test_a_token_is_for_its_own_organisation_alone(site: Site) -> None:
    """403 for another; a group's token is for the group, its jour and its members, and for nobody else."""
    _, secret = await issued(site)
    assert await status(site, secret, organisation="farsta") == 403
    assert await status(site, secret, organisation="socialjour-malmo") == 403
    _, shared = await issued(site, "stockholm")
    for name in ("stockholm", "farsta", "socialjouren-stockholm"):
        assert await status(site, shared, organisation=name) == 200
    for name in ("malmo", "polisen"):
        assert await status(site, shared, organisation=name) == 403


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"organisation": "malmo", "need": "nothing"},
        {"organisation": "malmo", "matter": "x" * 65},
        {"organisation": "malmo", "area": "farsta"},
        {"organisation": "malmo", "at": "2026-10-25T02:30"},
        {"organisation": "malmo", "at": "now"},
    ],
)
async def test_a_question_that_means_nothing_is_refused(site: Site, query: dict[str, str]) -> None:
    """400 for a missing place, a word that is none of ours, another place's area, a minute that exists twice."""
    _, secret = await issued(site)
    async with site.client.get(WHO, params=query, headers=shown(secret)) as answer:
        assert answer.status == 400


async def test_a_token_asks_at_most_sixty_times_a_minute(site: Site) -> None:
    """The next is told how long to wait; another token is not held up; after the wait it goes on."""
    _, secret = await issued(site)
    _, other = await issued(site)
    assert {await status(site, secret) for _ in range(PER_MINUTE)} == {200}
    async with site.client.get(WHO, params=MALMO, headers=shown(secret)) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    assert await status(site, other) == 200
    site.clock.at += timedelta(seconds=60)
    assert await status(site, secret) == 200


async def test_the_secret_is_kept_nowhere(site: Site) -> None:
    """Neither in the database's file nor beside it: only its digest."""
    _, secret = await issued(site)
    kept = b"".join(path.read_bytes() for path in site.path.parent.glob("samjour.db*"))
    assert secret.encode() not in kept
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", secret)
