"""A phone in a script's hand: what it says reaches the bot as Telegram would tell it."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageOriginHiddenUser

from bot.core.errors import BadInput, Unavailable
from bot.demo.botapi import BotApiServer, Phone


async def newest(bot: Bot) -> Message:
    message = (await bot.get_updates())[-1].effective_message
    assert isinstance(message, Message)
    return message


@pytest.mark.usefixtures("phone")
async def test_who_writes_is_told(bot: Bot) -> None:
    """The sender's number, name and language come with every message."""
    message = await newest(bot)
    sender = message.from_user
    assert sender is not None
    assert (sender.id, sender.first_name, sender.username) == (7001, "Polis Ett", "polis_ett")
    assert (sender.language_code, sender.is_bot, message.chat.type) == ("sv", False, "private")


async def test_what_is_typed_is_marked_as_telegram_does(bot: Bot, phone: Phone) -> None:
    """Commands, links, addresses and mentions are found, counted in UTF-16."""
    await phone.say(
        "👮 /hjalp@samjour_demo_bot se https://example.org/a eller fraga@example.org, @jouren och 1/2"
    )
    assert list((await newest(bot)).parse_entities().values()) == [
        "/hjalp@samjour_demo_bot",
        "https://example.org/a",
        "fraga@example.org",
        "@jouren",
    ]


async def test_a_phone_sends_no_empty_message(phone: Phone) -> None:
    """The send button of an empty field does nothing; a script is told."""
    with pytest.raises(BadInput):
        await phone.say(" \n ")
    assert len(phone.messages) == 1


async def test_a_long_text_is_sent_in_parts(bot: Bot, phone: Phone) -> None:
    """A phone cuts at 4096 characters; nothing is lost."""
    await phone.say("x" * 10_000)
    parts = [update.message.text or "" for update in (await bot.get_updates())[1:] if update.message]
    assert [len(part) for part in parts] == [4096, 4096, 1808]


async def test_an_edit_is_told_as_one(bot: Bot, phone: Phone) -> None:
    """The bot hears of an edited message with the old number and the new text."""
    said = await phone.say("fel")
    changed = await phone.edit(said, "rätt")
    update = (await bot.get_updates())[-1]
    assert update.edited_message is not None
    assert (update.edited_message.message_id, update.edited_message.text) == (said.message_id, "rätt")
    assert update.edited_message.edit_date is not None
    assert (changed.text, changed.history, changed.edited) == ("rätt", ("fel",), True)


async def test_nobody_edits_what_others_said(bot: Bot, phone: Phone) -> None:
    """The bot's messages are not the person's to change."""
    await bot.send_message(phone.user_id, "mitt")
    with pytest.raises(BadInput):
        await phone.edit(phone.last, "ditt")


async def test_forwards_pictures_stickers_and_voices_are_told(bot: Bot, phone: Phone) -> None:
    """Each comes in the shape Telegram gives it."""
    await phone.forward("vidarebefordrat", sender="Någon Utanför")
    assert isinstance((await newest(bot)).forward_origin, MessageOriginHiddenUser)
    await phone.photo("en bild av https://example.org")
    photo = await newest(bot)
    assert (len(photo.photo), photo.caption, photo.text) == (1, "en bild av https://example.org", None)
    assert list(photo.parse_caption_entities().values()) == ["https://example.org"]
    await phone.photo()
    assert (await newest(bot)).caption is None
    await phone.sticker()
    assert (await newest(bot)).sticker is not None
    await phone.voice()
    assert (await newest(bot)).voice is not None


async def test_a_reply_is_told(bot: Bot, phone: Phone) -> None:
    """What a person replies to comes with the reply."""
    await bot.send_message(phone.user_id, "Fråga")
    await phone.say("Svar", reply_to=phone.last)
    replied = (await newest(bot)).reply_to_message
    assert replied is not None
    assert replied.text == "Fråga"


async def test_waiting_ends_with_what_was_waited_for(bot: Bot, phone: Phone) -> None:
    """The message is given as it stood when it first held, whether sent, edited or deleted."""
    waiting = asyncio.create_task(phone.wait_for_text("klar"))
    sent = await bot.send_message(phone.user_id, "snart")
    await sent.edit_text("klart")
    assert (await waiting).message_id == sent.message_id
    await sent.delete()
    assert (await phone.wait_for(lambda m: m.deleted)).text == "klart"


async def test_waiting_can_look_at_later_messages_only(bot: Bot, phone: Phone) -> None:
    """After something said, an older answer does not count."""
    await bot.send_message(phone.user_id, "svar ett")
    said = await phone.say("igen")
    waiting = asyncio.create_task(phone.wait_for_text("svar", after=said))
    await bot.send_message(phone.user_id, "svar två")
    assert (await waiting).text == "svar två"


async def test_waiting_for_a_button(bot: Bot, phone: Phone) -> None:
    """A button is found by its text or its data."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="yes")]])
    waiting = asyncio.create_task(phone.wait_for_button("yes"))
    await bot.send_message(phone.user_id, "?", reply_markup=keyboard)
    assert (await waiting).text == "?"


async def test_waiting_in_vain_ends(phone: Phone) -> None:
    """The guard's error names the phone, never what stands on it."""
    with pytest.raises(Unavailable, match="phone 7001") as refused:
        await phone.wait_for_text("aldrig", within=timedelta(0))
    assert "start" not in str(refused.value)


async def test_a_persons_own_words_are_not_waited_for(phone: Phone) -> None:
    """Only what the bot says counts."""
    await phone.say("klart")
    with pytest.raises(Unavailable):
        await phone.wait_for_text("klart", within=timedelta(0))


async def test_a_phone_is_the_same_whenever_asked_for(botapi: BotApiServer, phone: Phone) -> None:
    """One person has one phone."""
    assert botapi.phone(7001, "Någon annan") is phone
