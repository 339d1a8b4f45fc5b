"""Faults ordered beforehand, and what python-telegram-bot makes of them."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from bot.core.errors import Unavailable
from bot.demo.botapi import BotApiServer, Fault, Phone


async def test_flood_control_tells_how_long_to_wait(botapi: BotApiServer, bot: Bot, phone: Phone) -> None:
    """429 carries retry_after, and nothing was sent."""
    botapi.fail("sendMessage", Fault.FLOOD, retry_after=timedelta(seconds=7))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(phone.user_id, "hej")
    assert refused.value.retry_after == timedelta(seconds=7)
    assert len(phone.messages) == 1
    await bot.send_message(phone.user_id, "hej")
    assert phone.last.text == "hej"


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.CLOSE])
async def test_a_fault_strikes_as_often_as_ordered(
    botapi: BotApiServer, bot: Bot, phone: Phone, fault: Fault
) -> None:
    """The next two calls of that method fail and do nothing; other methods and the third call work."""
    botapi.fail("sendMessage", fault, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(phone.user_id, "hej")
        await bot.get_me()
    assert len(phone.messages) == 1
    await bot.send_message(phone.user_id, "hej")
    assert phone.last.text == "hej"


async def test_a_lost_answer_was_a_sent_message(botapi: BotApiServer, bot: Bot, phone: Phone) -> None:
    """The worst fault: the caller sees an error, the person sees the message."""
    botapi.fail("sendMessage", Fault.LOST_ANSWER)
    with pytest.raises(NetworkError):
        await bot.send_message(phone.user_id, "hej")
    assert phone.last.text == "hej"


async def test_a_call_that_hangs_ends_when_released(botapi: BotApiServer, bot: Bot, phone: Phone) -> None:
    """A hanging call does nothing, and gets its 500 when the test says so."""
    botapi.fail("sendMessage", Fault.HANG)
    calling = asyncio.create_task(bot.send_message(phone.user_id, "hej"))
    await botapi.called("sendMessage")
    assert not calling.done()
    botapi.release()
    with pytest.raises(NetworkError, match="Internal Server Error"):
        await calling
    assert len(phone.messages) == 1


async def test_a_fault_can_strike_one_chat_only(botapi: BotApiServer, bot: Bot, phone: Phone) -> None:
    """One person's chat floods while another's works."""
    other = botapi.phone(7002, "Jour")
    await other.say("/start")
    botapi.fail("sendMessage", Fault.FLOOD, chat_id=phone.user_id)
    await bot.send_message(other.user_id, "hej")
    with pytest.raises(RetryAfter):
        await bot.send_message(phone.user_id, "hej")


async def test_any_method_can_be_struck_and_faults_taken_back(botapi: BotApiServer, bot: Bot) -> None:
    """An order without a method strikes whatever comes; cleared orders strike nothing."""
    botapi.fail("", Fault.SERVER_ERROR, times=3)
    with pytest.raises(NetworkError):
        await bot.get_me()
    botapi.faults.clear()
    await bot.get_me()


async def test_the_server_can_go_down_and_come_back(now: Callable[[], datetime]) -> None:
    """Its memory outlives its port: what was said while it was down is fetched afterwards."""
    server = BotApiServer(token="4242:synthetic-demo-token", clock=now)
    with pytest.raises(Unavailable, match="not running"):
        _ = server.base_url
    writer = server.phone(7003, "Jour")
    async with server.running() as url:
        port = int(url.rpartition(":")[2])
        await writer.say("ett")
    await writer.say("två")
    async with server.running(port=port) as again, Bot(server.token, base_url=server.base_url) as bot:
        assert again == url
        heard = [update.message.text for update in await bot.get_updates() if update.message]
    assert heard == ["ett", "två"]
    with pytest.raises(Unavailable):
        await server.settled(within=timedelta(0))
