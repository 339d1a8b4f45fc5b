"""A device says that its person can be reached: with its own key, its own clock, for its own check; all else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.client.api import Api, Problem
from bot.core.checks import Outcome
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.roster import Shift, ShiftId
from bot.core.waking import Means
from bot.flow.checking import check
from bot.flow.enrol import put_roster
from bot.flow.reached import to_sign
from bot.flow.records_readiness import Check
from bot.flow.upkeep import sign_heads
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.sign_in import sign_challenge
from bot.seal.wire import from_base64url, to_base64url
from tests.attacks.town import WORKER, WORKER_2, At, Town

MALMO, MINUTE = OrganisationId("malmo"), timedelta(minutes=1)
PATH = "/api/v1/readiness"


@dataclass(slots=True)
class Asked:
    """Somebody at a device, and what they are asked."""

    town: Town
    at: At
    check: Mapping[str, str]

    def body(
        self, *, skew: timedelta = timedelta(0), secret: DeviceSecret | None = None
    ) -> dict[str, object]:
        """An answer, by default the right one."""
        clock = round((self.town.clock.now() + skew).timestamp() * 1000)
        challenge = to_sign(self.check["id"], from_base64url(self.check["nonce"], most=32), clock)
        signed = sign_challenge(
            secret=secret or self.at.device.secret, origin=self.town.deps.base_url, challenge=challenge
        )
        return {"clock": clock, "answer": to_base64url(signed)}

    async def put(self, body: Mapping[str, object], api: Api | None = None, *, named: str = "") -> int:
        """The status that comes of it."""
        return await status(self.town, api or self.at.api, f"{PATH}/{named or self.check['id']}", body)

    async def kept(self) -> Check:
        found = await self.town.deps.store.read(lambda tx: tx.readiness.check(self.check["id"]))
        assert found is not None
        return found


async def status(town: Town, api: Api, path: str, body: Mapping[str, object]) -> int:
    try:
        await api.post(path, body, key=town.deps.entropy.draw(16).hex())
    except Problem as problem:
        return problem.status
    return 201


@pytest.fixture
async def asked(town: Town) -> Asked:
    """A worker at a device of their own, half an hour before a shift that begins after the one of now is given up."""
    at = await town.active(WORKER)
    now = town.clock.now()
    shift = Shift(
        id=ShiftId("s"),
        person=PersonId(WORKER),
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        starts=now + 30 * MINUTE,
        ends=now + 300 * MINUTE,
    )
    await town.deps.store.write(lambda tx: put_roster(tx, town.deps, MALMO, "demo", (shift,), by="test"))
    await check(town.deps)
    told = await at.api.get(PATH)
    (one,) = told["checks"]
    return Asked(town, at, one)


async def test_the_right_answer_is_kept_with_what_it_proves(asked: Asked) -> None:
    """Which device, and by how much its clock differs; the ledger says the same."""
    assert await asked.put(asked.body(skew=-2 * MINUTE)) == 201
    kept = await asked.kept()
    assert (kept.outcome, kept.means, kept.device) == (
        Outcome.ANSWERED,
        Means.DEVICE,
        asked.at.device.id.hex(),
    )
    assert kept.skew == -120_000
    assert (await asked.at.api.get(PATH))["checks"] == []
    await sign_heads(asked.town.deps)
    assert await asked.town.verified() == ""


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365 * 100_000])
async def test_a_clock_that_is_wrong_proves_nothing(asked: Asked, minutes: int) -> None:
    """More than five minutes to either side, and whatever no clock shows: refused, and asked on."""
    try:
        body = asked.body(skew=minutes * MINUTE)
    except OverflowError:
        body = {**asked.body(), "clock": 2**53 - 1}
    assert await asked.put(body) in (403, 409)
    assert (await asked.kept()).outcome is Outcome.ASKED


async def test_another_key_proves_nothing(asked: Asked) -> None:
    """A signature of somebody's else device, or of none: denied."""
    assert await asked.put(asked.body(secret=make_device(b"\x07" * 64))) == 403
    assert (await asked.kept()).outcome is Outcome.ASKED


@pytest.mark.parametrize("change", ["clock", "answer"])
async def test_what_was_signed_cannot_be_changed(asked: Asked, change: str) -> None:
    """The clock is under the signature, and so is the check."""
    body = asked.body()
    clock, answer = body["clock"], str(body["answer"])
    assert isinstance(clock, int)
    other = {"clock": clock + 1, "answer": answer[:-2] + ("AA" if answer[-2:] != "AA" else "BA")}
    assert await asked.put({**body, change: other[change]}) in (400, 403)
    assert (await asked.kept()).outcome is Outcome.ASKED


async def test_nobody_answers_for_another(asked: Asked) -> None:
    """A colleague at a device of their own, and a session without any."""
    other = await asked.town.active(WORKER_2)
    mine = Asked(asked.town, other, asked.check)
    assert await mine.put(mine.body()) == 403
    assert await asked.put(asked.body(), await asked.town.session(WORKER)) == 403  # takes a device
    assert await asked.put(asked.body(), named="0" * 32) == 403
    assert (await asked.kept()).outcome is Outcome.ASKED


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"clock": "now", "answer": ""},
        {"clock": -1, "answer": "AA"},
        {"clock": 2**53, "answer": "AA"},
        {"clock": 1.5, "answer": "AA"},
    ],
)
async def test_what_is_no_answer_is_refused(asked: Asked, body: dict[str, object]) -> None:
    """Fields missing, of the wrong kind or out of bounds: 400, and nothing is kept."""
    assert await asked.put(body) == 400
    assert (await asked.kept()).outcome is Outcome.ASKED


async def test_the_second_time_is_harmless(asked: Asked) -> None:
    """The same answer again, under another key: it stands as it stood."""
    body = asked.body()
    assert await asked.put(body) == 201
    first = await asked.kept()
    asked.town.clock.move(MINUTE)
    assert await asked.put(body) == 201
    assert await asked.kept() == first
