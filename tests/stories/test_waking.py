"""Waking people through the real app, a Bot API server and a gateway: what is sent, what is told, what is kept."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.ids import PersonId
from bot.demo.gateway import GatewayServer, Mishap, Taken
from tests.stories.conftest import LaidOut, people_in
from tests.stories.handsets import handsets
from tests.stories.overheard import overhearing
from tests.stories.story import EVENING_1, NIGHT, OFFICER, PATIENCE, RING, SECOND, STEP, Story, story

SMS, VOICE = 20 * SECOND, 35 * SECOND  # in policies/waking.yaml


@pytest.fixture
async def gateway() -> AsyncIterator[GatewayServer]:
    """A gateway that runs."""
    made = GatewayServer()
    async with made.running():
        yield made


@pytest.fixture
async def night(
    tmp_path: Path,
    malmo: Content,
    laid_out: LaidOut,
    gateway: GatewayServer,
    capfd: pytest.CaptureFixture[str],
) -> AsyncIterator[Story]:
    """A Saturday night in Malmö, with a gateway; no number stands in any log of it."""
    folder = tmp_path / "records"
    shutil.copytree(await laid_out(NIGHT), folder)
    with overhearing() as ears:
        async with story(folder, malmo, NIGHT, gateway=gateway) as told:
            yield told
    spelled = [*people_in(malmo), *(taken.to for taken in gateway.taken), "46701740633", "0701740633"]
    assert ears.repeats(spelled) == []
    shown = capfd.readouterr()
    assert not [text for text in spelled if text in shown.out + shown.err]


async def pass_time(night: Story, gateway: GatewayServer, seconds: int) -> None:
    """Let seconds pass, and everything be sent and reported."""
    for _ in range(seconds):
        await night.pass_time(SECOND)
        await gateway.settled()


async def tried(night: Story, gateway: GatewayServer, times: int) -> None:
    """Return when the gateway was asked so often, and what came of it is kept."""

    def leased() -> bool:
        with closing(sqlite3.connect(f"file:{night.database}?mode=ro", uri=True)) as file:
            return bool(file.execute("SELECT count(*) FROM outbox WHERE leased").fetchone()[0])

    async with asyncio.timeout(PATIENCE):
        while gateway.asked < times or leased():
            await night.deps.store.read(lambda tx: tx.outbox.next_due())


async def rings(night: Story) -> list[tuple[str, str]]:
    """What was done for the first offer, in order."""
    offer = (await night.latest()).offers[0]
    assert offer.person == PersonId(EVENING_1)
    found = await night.deps.store.read(lambda tx: tx.rings.of(offer.id))
    return [(ring.means.value, ring.did.value) for ring in found]


def words(taken: Taken) -> str:
    return taken.form.get("message") or taken.form.get("voice_start", "")


async def test_a_silent_phone_is_sent_an_sms_and_called(night: Story, gateway: GatewayServer) -> None:
    """Over HTTP, with delivery reports that come back by the web: the whole way there and back, and all of it holds."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    await pass_time(night, gateway, 36)
    assert [(taken.path, taken.to, words(taken)) for taken in gateway.taken] == [
        ("/a1/sms", "+46701740633", "Samjour: någon söker dig. Öppna Samjour."),
        ("/a1/calls", "+46701740633", '{"play":"sound/beep","skippable":false}'),
    ]
    assert gateway.reported == [204, 204]
    told = await rings(night)  # a report may come before what it reports of is written down
    assert sorted(told) == [(by, did) for by in ("sms", "voice") for did in ("called", "delivered", "taken")]
    assert [(by, did) for by, did in told if did == "called"] == [("sms", "called"), ("voice", "called")]
    await night.accept(EVENING_1)
    await night.verified()


async def test_visa_on_the_phone_stops_it(night: Story, gateway: GatewayServer) -> None:
    """Whoever presses "Visa" is not called."""
    await night.ask_for(night.phone(OFFICER))
    await pass_time(night, gateway, 10)
    await night.show(EVENING_1)
    await pass_time(night, gateway, 40)
    assert gateway.asked == 0
    assert await rings(night) == [("telegram", "seen")]


async def test_a_gateway_that_breaks_is_asked_again(night: Story, gateway: GatewayServer) -> None:
    """500 three times, then it works: the telephone rings once."""
    gateway.fail(Mishap.ERROR, 3)
    await night.ask_for(night.phone(OFFICER))
    await pass_time(night, gateway, 19)
    for tries, wait in enumerate((1, 1, 2, 4), start=1):
        night.clock.move(wait * SECOND)
        await tried(night, gateway, tries)
    await gateway.settled()
    assert gateway.asked == 4
    assert [taken.path for taken in gateway.taken] == ["/a1/sms"]
    assert ("sms", "taken") in await rings(night)


async def test_a_gateway_without_money_is_told(night: Story, gateway: GatewayServer) -> None:
    """Refused twice: both are kept, and the chain goes on when the step is over."""
    gateway.fail(Mishap.REFUSE, 2)
    await night.ask_for(night.phone(OFFICER))
    await pass_time(night, gateway, 21)
    assert await rings(night) == [
        ("sms", "called"),
        ("sms", "refused"),
        ("voice", "called"),
        ("voice", "refused"),
    ]
    await night.pass_time(STEP)
    assert len((await night.latest()).offers) == 2


async def test_reports_twice_lost_and_late(night: Story, gateway: GatewayServer) -> None:
    """A report that comes twice is kept once; one that comes after the yes is kept and wakes nobody."""
    gateway.fail(Mishap.TWICE)
    gateway.fail(Mishap.DELAY)
    await night.ask_for(night.phone(OFFICER))
    await pass_time(night, gateway, 36)
    assert gateway.reported == [204, 204]
    await night.accept(EVENING_1)
    before = await night.latest()
    gateway.release()
    await gateway.settled()
    assert gateway.reported == [204, 204, 204]
    assert await night.latest() == before
    told = await rings(night)
    assert told.count(("sms", "delivered")) == told.count(("voice", "delivered")) == 1
    await night.verified()


async def test_an_sms_that_was_not_delivered_brings_the_call_at_once(
    night: Story, gateway: GatewayServer
) -> None:
    """The report itself gives the next means its turn."""
    gateway.fail(Mishap.FAIL)
    await night.ask_for(night.phone(OFFICER))
    await pass_time(night, gateway, 21)
    await night.quiet()
    assert [taken.path for taken in gateway.taken] == ["/a1/sms", "/a1/calls"]


async def test_the_doorbell_and_the_sms_say_nothing_of_what_it_is_about(
    night: Story, gateway: GatewayServer
) -> None:
    """Nothing internal in what rings: no place, no matter, no address of ours (OC#4724, OC#2017, OC#3596)."""
    await night.ask_for(night.phone(OFFICER))
    bell = await night.rung(EVENING_1)
    await pass_time(night, gateway, 36)
    said = [bell.text, *(words(taken) for taken in gateway.taken)]
    assert bell.text == RING
    inside = ("http", "localhost", "Malmö", "Norr", "Barn", "Råd", "polis", "malmo", night.deps.base_url)
    assert not [(word, text) for word in inside for text in said if word.lower() in text.lower()]


async def test_an_offer_that_is_opened_on_a_device_stops_it(night: Story, gateway: GatewayServer) -> None:
    """A page that lists what waits says nothing of whoever sits before it; opening the offer does."""
    async with handsets(night.deps, night.clock, night.database.parent) as devices:
        worker = await devices.of(EVENING_1, "malmo")
        await night.ask_for(night.phone(OFFICER))
        offer = await worker.offered()
        assert await rings(night) == []
        await worker.api.get(f"/api/v1/offers/{offer}")
        await worker.api.get(f"/api/v1/offers/{offer}")
        assert await rings(night) == [("device", "seen")]
        await pass_time(night, gateway, 40)
        assert gateway.asked == 0
        await night.verified()
