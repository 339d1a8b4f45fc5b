"""Outages: database, Telegram, phones and organisations that are not there. Nothing is lost, nobody waits in vain."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.core.consultation import State
from bot.core.ids import OrganisationId, PersonId
from bot.core.request import Outcome
from bot.demo.botapi import Fault
from bot.flow.device_revoke import revoke
from bot.flow.ports import Tx
from bot.seal.enrolment import Right
from bot.settings import TelegramMode
from bot.store.connect import driver
from bot.store.tx import SqlTx
from tests.stories.story import (
    BUSY,
    DEMO_LINES,
    EVENING_1,
    EVENING_2,
    JOUR_3,
    JOUR_4,
    MINUTE,
    NIGHT,
    OFFICER,
    OFFICER_2,
    RING,
    SECOND,
    STEP,
    Service,
    Story,
)
from tests.stories.wire import message_of, post, update

SAID = "Vi har någon här som behöver hjälp i natt."
REPEATED = "(kan vara en upprepning) "


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else's process holds the database's write lock."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def impatient(story: Story) -> None:
    """The writer waits for somebody else's lock for a moment only, not for five seconds."""

    def act(tx: Tx) -> None:
        assert isinstance(tx, SqlTx)
        connection: Connection = tx.outbox._connection
        driver(connection).execute("PRAGMA busy_timeout = 20")

    await story.deps.store.write(act)


# ---- the database ---------------------------------------------------------------------------------------------------


async def test_a_locked_database_loses_nothing(night: Story) -> None:
    """While the database cannot be written an update is answered 503, and comes again: nothing is lost or doubled."""
    await night.open_talk()
    await night.quiet()
    await impatient(night)
    api, recorded = night.shown.api, await night.recorded()
    failed = api._delivery.failures
    with locked(night.database):
        await night.phone(OFFICER).say(SAID)
        await api.failed_posts(failed + 1)
        hook = api.state.webhook
        assert hook is not None
        assert "503" in hook.failure
        assert await night.recorded() == recorded
        async with aiohttp.ClientSession() as web, web.get(f"{night.deps.base_url}/") as page:
            assert page.status == 200, "the page does not need to write"
    api.redeliver()
    await night.settle()
    await night.phone(EVENING_1).wait_for_text(SAID)
    assert (await night.latest()).said == 1
    await night.verified()


async def test_a_deadline_waits_for_a_locked_database(night: Story) -> None:
    """A deadline that cannot be recorded is worked off as soon as it can be."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    await night.quiet()
    await impatient(night)
    with locked(night.database):
        night.clock.move(STEP)
        await night.shown.api.settled()
        assert (await night.latest()).state is State.OFFERED
    for _ in range(10):
        night.clock.move(SECOND)
    await night.settle()
    await night.rung(EVENING_2)
    await night.verified()


async def test_a_database_that_is_gone_for_a_while(night: Story) -> None:
    """A database whose file was moved away answers 503, and takes everything when it is back."""
    await night.open_talk()
    await night.quiet()
    api, away = night.shown.api, night.database.with_name("away.db")
    failed = api._delivery.failures
    night.database.rename(away)
    await night.phone(OFFICER).say(SAID)
    await api.failed_posts(failed + 1)
    away.rename(night.database)
    api.redeliver()
    await night.settle()
    await night.phone(EVENING_1).wait_for_text(SAID)
    assert (await night.latest()).said == 1
    await night.verified()


async def test_pressed_in_time_counts_after_a_restart(service: Service) -> None:
    """A yes that reached us in time and could not be handled until much later is a yes; deadlines come after it."""
    async with service.api.running(port=service.api_port):
        async with service.started() as before:
            await service.link(before, OFFICER, EVENING_1, EVENING_2)
            await before.ask_for(before.phone(OFFICER))
            offer = await before.show(EVENING_1)
            service.clock.move(30 * SECOND)
            stop_handling(before)
            await before.phone(EVENING_1).press("Jag tar den", offer)
            await service.api.settled()
        service.clock.move(10 * MINUTE)
        async with service.started() as after:
            await after.phone(EVENING_1).wait_for_text("Du har förfrågan")
            await after.quiet()
            c = await after.latest()
            assert (c.state, c.holder) == (State.OPEN, PersonId(EVENING_1))
            assert c.due is not None
            assert c.due > service.clock.now(), "whoever took it has time to answer from now on"
            assert not any(m.text == RING for m in after.phone(EVENING_2).messages)
            await after.verified()


def stop_handling(story: Story) -> None:
    """From now on updates are kept and not handled, as when we fall just then."""
    import asyncio  # noqa: PLC0415 - used here alone

    (task,) = (task for task in asyncio.all_tasks() if task.get_name() == "inbox")
    task.cancel()
    del story


async def test_what_passed_while_nobody_ran_is_worked_off(service: Service) -> None:
    """Deadlines that passed while Samjour was down are worked off when it starts: the next one is rung at once."""
    async with service.api.running(port=service.api_port):
        async with service.started() as before:
            await service.link(before, OFFICER, EVENING_1, EVENING_2)
            await before.ask_for(before.phone(OFFICER))
            await before.rung(EVENING_1)
            await before.quiet()
        service.clock.move(5 * MINUTE)
        async with service.started() as after:
            await after.rung(EVENING_2)
            await after.quiet()
            c = await after.latest()
            assert c.due == service.clock.now() + STEP, "whoever is asked now has the whole minute"


async def test_a_doorbell_under_way_rings_at_once_after_a_fall(service: Service) -> None:
    """What was being said when Samjour fell is said again as soon as it runs: the minute to answer is going already."""
    async with service.api.running(port=service.api_port):
        async with service.started() as before:
            await service.link(before, OFFICER, EVENING_1)
            service.api.fail("sendMessage", Fault.HANG, chat_id=before.phone(EVENING_1).user_id)
            await before.ask_for(before.phone(OFFICER), until="Dra tillbaka")
            await service.api.called("sendMessage", times=1)
            assert (await before.latest()).state is State.OFFERED
        service.api.faults.clear()
        service.api.release()
        async with service.started() as after:
            await after.rung(EVENING_1)


# ---- Telegram ---------------------------------------------------------------------------------------------------------


async def test_without_telegram_the_web_works(service: Service) -> None:
    """Telegram is down when Samjour starts: pages are served; when Telegram comes up, its front door opens by itself."""
    async with service.started() as story:
        async with aiohttp.ClientSession() as web:
            for path in ("/", "/healthz", "/readyz"):
                async with web.get(f"{story.deps.base_url}{path}") as page:
                    assert page.status == 200, path
        async with service.api.running(port=service.api_port):
            for _ in range(70):  # at most a minute between two tries
                service.clock.move(SECOND)
            await service.api.called("setWebhook")
            await service.link(story, OFFICER)
            await story.phone(OFFICER).say("/ring")
            await story.phone(OFFICER).wait_for_text(DEMO_LINES[0])


async def test_without_a_public_address_updates_are_fetched(service: Service) -> None:
    """Long polling carries the same night; an update that nobody can read does not stop those after it."""
    service.mode = TelegramMode.POLLING
    async with service.api.running(port=service.api_port), service.started() as story:
        await service.link(story, OFFICER, EVENING_1)
        parts: list[dict[str, object]] = [{"message_id": 1}, {"message_id": 2, "date": "i går"}]
        for broken in parts:
            service.api.state.updates.add("message", broken, at=service.clock.now())
        await story.open_talk()
        await story.phone(OFFICER).say(SAID)
        await story.phone(EVENING_1).wait_for_text(SAID)
        await story.settle()
        await story.verified()


async def test_telegram_falls_in_the_middle_of_a_talk(service: Service) -> None:
    """Words that could not be delivered while Telegram was down are delivered when it is back, once."""
    async with service.started() as story:
        async with service.api.running(port=service.api_port):
            for _ in range(70):
                service.clock.move(SECOND)
            await service.api.called("setWebhook")
            await service.link(story, OFFICER, EVENING_1)
            await story.open_talk()
            await story.quiet()
            await post(story, update(message=message_of(story.phone(OFFICER), "Är det någon på väg?")))
            await story.phone(EVENING_1).wait_for_text("någon på väg?")
            await story.quiet()
        assert await post(story, update(message=message_of(story.phone(OFFICER), SAID))) == 200
        service.clock.move(2 * SECOND)
        async with service.api.running(port=service.api_port):
            await story.settle(70)
            heard = [m.text for m in story.phone(EVENING_1).messages if SAID in m.text]
            assert heard in ([f"Polisen: {SAID}"], [f"{REPEATED}Polisen: {SAID}"])


async def test_too_many_requests_is_heeded(night: Story) -> None:
    """When Telegram says how long to wait, that is how long we wait, for that person alone."""
    await night.open_talk()
    await night.quiet()
    worker, wait = night.phone(EVENING_1), timedelta(seconds=17)
    night.shown.api.fail("sendMessage", Fault.FLOOD, chat_id=worker.user_id, retry_after=wait)
    await night.phone(OFFICER).say(SAID)
    await night.shown.api.settled()
    await night.ask_for(night.phone(OFFICER_2))
    night.clock.move(wait - SECOND)
    await night.worked_off()
    assert not any(SAID in m.text for m in worker.messages), "it did not wait"
    night.clock.move(SECOND)
    await worker.wait_for_text(SAID)
    await night.settle()
    assert len([m for m in worker.messages if SAID in m.text]) == 1


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.CLOSE])
async def test_a_failure_of_telegram_is_tried_again(night: Story, fault: Fault) -> None:
    """Whatever goes wrong between us and Telegram, doorbell and words arrive in the end."""
    api, worker = night.shown.api, night.phone(EVENING_1)
    api.fail("sendMessage", fault, times=2, chat_id=worker.user_id)
    await night.ask_for(night.phone(OFFICER))
    await night.settle()
    assert len([m for m in worker.messages if m.text == RING]) == 1
    await night.accept(EVENING_1)
    await night.quiet()
    api.fail("sendMessage", fault, times=3, chat_id=worker.user_id)
    await night.phone(OFFICER).say(SAID)
    await night.settle()
    assert [m.text for m in worker.messages if SAID in m.text] == [f"{REPEATED}Polisen: {SAID}"]


async def test_a_lost_answer_is_marked_as_a_repetition(night: Story) -> None:
    """When we cannot know whether words arrived, they are said again, and the reader is told that it may be so."""
    await night.open_talk()
    await night.quiet()
    worker = night.phone(EVENING_1)
    night.shown.api.fail("sendMessage", Fault.LOST_ANSWER, chat_id=worker.user_id)
    await night.phone(OFFICER).say(SAID)
    await night.settle()
    heard = [m.text for m in worker.messages if SAID in m.text]
    assert heard == [f"Polisen: {SAID}", f"{REPEATED}Polisen: {SAID}"]
    assert (await night.latest()).said == 1


async def test_one_phone_that_hangs_holds_up_nobody_else(night: Story) -> None:
    """Telegram does not answer for one person: everybody else is rung and told in the meantime."""
    api, officer = night.shown.api, night.phone(OFFICER)
    api.fail("sendMessage", Fault.HANG, times=9, chat_id=night.phone(EVENING_1).user_id)
    await night.ask_for(officer)
    await api.called("sendMessage")
    await night.phone(OFFICER_2).say("/ring")
    await night.phone(OFFICER_2).wait_for_text(DEMO_LINES[0], within=timedelta(seconds=5))
    api.faults.clear()
    api.release()
    await night.settle()


async def test_a_card_that_was_deleted_is_sent_anew(night: Story) -> None:
    """An officer who deletes the live message gets a new one with the next change."""
    officer = night.phone(OFFICER)
    card = await night.ask_for(officer)
    await night.quiet()
    state = night.shown.api.state
    kept = state.message(card.chat.id, card.message_id)
    assert kept is not None
    state.delete(kept)
    await night.pass_time(STEP)
    await officer.wait_for_button("Dra tillbaka", after=card)


# ---- phones that are out of reach --------------------------------------------------------------------------------------


async def test_a_worker_who_blocks_the_bot_is_not_waited_for(night: Story) -> None:
    """The moment somebody stops the bot, what was put to them goes to the next one; and they are not asked again."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    await night.phone(EVENING_1).block()
    await night.rung(EVENING_2)
    assert night.clock.now() == NIGHT
    c = await night.latest()
    assert [o.outcome for o in c.offers] == [Outcome.WITHDRAWN, Outcome.PENDING]
    await night.decline(EVENING_2)
    await night.rung(JOUR_3)
    await night.quiet()
    assert EVENING_1 not in {o.person for o in (await night.latest()).pending}
    await night.verified()


async def test_a_phone_that_cannot_be_rung_is_not_waited_for(night: Story) -> None:
    """We only learn when ringing that somebody cannot be reached: the next one is rung at once, and it ends there.

    Whoever cannot be rung is not asked for the same thing again and again.
    """
    api = night.shown.api
    for person in (EVENING_1, JOUR_3):
        closed = api.state.chat(night.phone(person).user_id)
        api.state._closed[closed.id] = "bot was blocked by the user"
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_2)
    await night.quiet()
    c = await night.latest()
    assert [(o.person, o.outcome) for o in c.offers] == [
        (EVENING_1, Outcome.WITHDRAWN),
        (EVENING_2, Outcome.PENDING),
    ]
    await night.phone(EVENING_2).press("Visa")
    await night.phone(EVENING_2).press(BUSY, await night.phone(EVENING_2).wait_for_button(BUSY))
    await night.rung(JOUR_4)
    await night.quiet()
    assert [o.person for o in (await night.latest()).pending] == [JOUR_4]
    assert night.clock.now() == NIGHT
    await night.verified()


async def test_nobody_can_be_rung(night: Story) -> None:
    """Every phone is out of reach: the numbers come within the same minute, and nothing goes round in circles."""
    api = night.shown.api
    for person in (EVENING_1, EVENING_2, JOUR_3, JOUR_4):
        closed = api.state.chat(night.phone(person).user_id)
        api.state._closed[closed.id] = "bot was blocked by the user"
    card = await night.ask_for(night.phone(OFFICER), until="Nej, ingen svarade")
    assert DEMO_LINES[0] in card.text
    await night.quiet()
    assert len((await night.latest()).offers) == 4
    assert night.clock.now() == NIGHT


async def test_an_officer_who_blocks_the_bot_takes_nobody_with_them(night: Story) -> None:
    """The officer is out of reach: what the worker says cannot be delivered, and the worker is told so."""
    await night.open_talk()
    await night.quiet()
    closed = night.shown.api.state.chat(night.phone(OFFICER).user_id)
    night.shown.api.state._closed[closed.id] = "bot was blocked by the user"
    await night.phone(EVENING_1).say("Är ni kvar på platsen?")
    await night.phone(EVENING_1).wait_for_text("kunde inte lämnas fram")
    await night.quiet()
    await night.verified()


# ---- organisations that are not ready ----------------------------------------------------------------------------------


async def unenrol(story: Story, organisation: str) -> None:
    """Its supervisors' devices are taken out of use: no room can be opened."""
    own = OrganisationId(organisation)

    def act(tx: Tx) -> None:
        for device in tx.devices.active(own, Right.SHARES):
            revoke(tx, story.deps, device.id, by="test")

    await story.deps.store.write(act)


async def test_an_organisation_that_is_not_ready_gives_its_number(night: Story) -> None:
    """Where no room can be sealed nobody is asked in vain: the officer gets the number in the first answer."""
    await unenrol(night, "malmo")
    card = await night.ask_for(night.phone(OFFICER), until="Nej, ingen svarade")
    assert DEMO_LINES[0] in card.text
    c = await night.latest()
    assert (c.state, c.offers) == (State.PHONED, ())
    await night.verified()


async def test_an_organisation_that_stops_being_ready_in_between(night: Story) -> None:
    """The supervisors' devices go while somebody is being asked: a yes is told politely that it broke, not lost."""
    await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    await unenrol(night, "malmo")
    await night.phone(EVENING_1).press("Jag tar den", offer)
    await night.settle(30)
    c = await night.latest()
    assert c.room is None
    told = [m.text for m in night.phone(EVENING_1).messages]
    assert any("Något gick fel hos oss" in text for text in told), told
    night.clock.move(STEP)
    await night.phone(OFFICER).wait_for_button("Nej, ingen svarade")
