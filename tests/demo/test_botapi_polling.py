"""getUpdates: offsets acknowledge, one poller at a time, nothing lost."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update
from telegram.error import Conflict

from bot.demo.botapi import BotApiServer, Phone
from bot.demo.botapi.updates import FIRST_NUMBER, Updates

Move = Callable[[timedelta], None]


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.effective_message.text for update in updates if update.effective_message]


async def test_an_update_comes_again_until_its_offset_is_passed(bot: Bot, phone: Phone) -> None:
    """Fetching does not acknowledge; asking for the next one does."""
    await phone.say("två")
    first = await bot.get_updates()
    assert texts(first) == texts(await bot.get_updates()) == ["/start", "två"]
    assert first[1].update_id == first[0].update_id + 1
    assert texts(await bot.get_updates(offset=first[0].update_id + 1)) == ["två"]
    assert texts(await bot.get_updates()) == ["två"]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()


async def test_a_limit_gives_the_oldest(bot: Bot, phone: Phone) -> None:
    """With a limit the oldest come first and the rest stay; a negative offset forgets all but the newest."""
    for word in ("två", "tre"):
        await phone.say(word)
    assert texts(await bot.get_updates(limit=2)) == ["/start", "två"]
    assert texts(await bot.get_updates(offset=-1)) == ["tre"]
    assert texts(await bot.get_updates()) == ["tre"]


async def test_a_long_poll_ends_with_the_first_update(botapi: BotApiServer, bot: Bot) -> None:
    """A poller that waits hears at once."""
    polling = asyncio.create_task(bot.get_updates(timeout=50))
    await botapi.called("getUpdates")
    await botapi.phone(7002, "Jour").say("hej")
    assert texts(await polling) == ["hej"]


async def test_of_two_pollers_the_earlier_is_sent_away(
    botapi: BotApiServer, bot: Bot, ptb: Callable[[], Bot]
) -> None:
    """Two instances of the bot are told so, and the newer one goes on."""
    earlier = asyncio.create_task(bot.get_updates(timeout=50))
    await botapi.called("getUpdates")
    async with ptb() as other:
        later = asyncio.create_task(other.get_updates(timeout=50))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await earlier
        await botapi.phone(7002, "Jour").say("hej")
        assert texts(await later) == ["hej"]


async def test_a_webhook_excludes_polling(botapi: BotApiServer, bot: Bot) -> None:
    """Setting a webhook ends the poll that waits and refuses every later one, until it is deleted."""
    polling = asyncio.create_task(bot.get_updates(timeout=50))
    await botapi.called("getUpdates")
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await polling
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_allowed_kinds_are_queued(bot: Bot, phone: Phone) -> None:
    """The bot names what it wants; the choice stays until another is made; none that exists means all."""
    said = phone.messages[0]
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    await phone.say("ohört")
    assert texts(await bot.get_updates()) == ["/start"]
    await bot.get_updates(allowed_updates=["edited_message", "poll"])
    await phone.edit(said, "/start om")
    await bot.get_updates(allowed_updates=["no_such_kind"])
    await phone.say("hört")
    assert texts(await bot.get_updates()) == ["/start", "/start om", "hört"]


async def test_what_nobody_fetches_is_forgotten_after_a_day(bot: Bot, phone: Phone, move: Move) -> None:
    """Telegram keeps an update for 24 hours."""
    move(timedelta(hours=23))
    await phone.say("ny")
    move(timedelta(hours=1, seconds=1))
    assert texts(await bot.get_updates()) == ["ny"]


async def test_duplicates_and_swaps_reach_a_poller_too(botapi: BotApiServer, bot: Bot, phone: Phone) -> None:
    """The mischief that was ordered is made once, loses nothing, and then it is over."""
    botapi.reorder_next()
    assert await bot.get_updates() == ()
    await phone.say("två")
    botapi.duplicate_next()
    assert texts(await bot.get_updates()) == ["två", "/start", "två"]
    assert texts(await bot.get_updates()) == ["/start", "två"]


async def test_the_server_ends_though_somebody_polls(bot: Bot, botapi: BotApiServer) -> None:
    """A poll that waits when the server ends is answered, empty, rather than cut."""
    polling = asyncio.create_task(bot.get_updates(timeout=50))
    await botapi.called("getUpdates")
    botapi._changes.close()
    assert await polling == ()


@given(
    st.lists(st.one_of(st.just("say"), st.integers(1, 5)), max_size=40), st.integers(0, 3), st.integers(0, 3)
)
def test_a_poller_that_acknowledges_what_it_saw_misses_nothing(
    steps: list[str | int], repeats: int, swaps: int
) -> None:
    """Whatever the limits, duplicates and swaps: every update is seen, and numbers rise without a gap."""
    queue = Updates(repeats=repeats, swaps=swaps)
    said = 0
    seen: set[int] = set()
    for step in [*steps, *["say"] * 8, *[5] * 40]:
        if step == "say":
            queue.add("message", {"n": said}, at=datetime(2026, 11, 23, tzinfo=UTC))
            said += 1
            continue
        batch = [int(str(shape["update_id"])) for shape in queue.batch(int(step))]
        seen |= set(batch)
        if batch:
            queue.confirm(min(batch) + 1)
    if not queue.swaps:
        assert sorted(seen) == list(range(FIRST_NUMBER, FIRST_NUMBER + said))
