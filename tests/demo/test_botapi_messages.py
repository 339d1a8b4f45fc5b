"""Sending, editing, deleting and pressing, as python-telegram-bot does it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from bot.core.errors import BadInput, Unavailable
from bot.demo.botapi import BotApiServer, Phone

Now = Callable[[], datetime]
Move = Callable[[timedelta], None]

YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Ja", callback_data="yes"), InlineKeyboardButton("Nej", callback_data="no")]]
)
LINK = InlineKeyboardMarkup([[InlineKeyboardButton("Visa", url="http://localhost:8400/visa")]])


async def test_a_sent_message_stands_on_the_phone(bot: Bot, phone: Phone) -> None:
    """What the bot sends is what the phone shows, and what the bot is told it sent."""
    sent = await bot.send_message(
        phone.user_id,
        "<b>Hej</b> 👮 &amp; <a href='https://example.org/x'>läs</a>",
        parse_mode=ParseMode.HTML,
        reply_markup=YES_NO,
        disable_notification=True,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text == "Hej 👮 & läs"
    assert sent.parse_entities() == dict(zip(sent.entities, ["Hej", "läs"], strict=True))
    assert sent.has_protected_content
    assert sent.link_preview_options == LinkPreviewOptions(is_disabled=True)
    assert sent.reply_markup == YES_NO
    last = phone.last
    assert (last.message_id, last.text, last.silent, last.protected) == (
        sent.message_id,
        sent.text,
        True,
        True,
    )
    assert [button.text for button in last.buttons[0]] == ["Ja", "Nej"]


async def test_dates_come_from_the_clock_given(bot: Bot, phone: Phone, now: Now, move: Move) -> None:
    """A message is as old as the injected clock says, to the second."""
    sent = await bot.send_message(phone.user_id, "nu")
    assert sent.date == now()
    move(timedelta(minutes=3))
    edited = await sent.edit_text("sedan")
    assert not isinstance(edited, bool)
    assert edited.edit_date == now()
    assert edited.date == sent.date


async def test_white_space_around_is_dropped(bot: Bot, phone: Phone) -> None:
    """Telegram trims what is sent, and moves the entities with it."""
    sent = await bot.send_message(phone.user_id, "\n  <i> lutar </i> \n", parse_mode="HTML")
    assert sent.text == "lutar"
    assert list(sent.parse_entities().values()) == ["lutar"]


async def test_ready_made_entities_are_kept(bot: Bot, phone: Phone) -> None:
    """A bot may mark up by entities instead of HTML."""
    sent = await bot.send_message(phone.user_id, "fet text", entities=[MessageEntity("bold", 0, 3)])
    assert list(sent.parse_entities(["bold"]).values()) == ["fet"]


@pytest.mark.parametrize("text", ["", "   ", "<b></b>", "<i> \n </i>"])
async def test_an_empty_text_is_refused(bot: Bot, phone: Phone, text: str) -> None:
    """There is no empty message, whatever the mark-up around nothing."""
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(phone.user_id, text, parse_mode="HTML")


async def test_the_longest_text_is_4096_after_parsing(bot: Bot, phone: Phone) -> None:
    """The bound counts what is read, not the mark-up."""
    sent = await bot.send_message(phone.user_id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(sent.text or "") == 4096
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(phone.user_id, "x" * 4097)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(phone.user_id, "x" * 40_000)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<b>öppen", 'can\'t find end tag corresponding to start tag "b"'),
        ("å</b>", "unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<script>x</script>", 'unsupported start tag "script" at byte offset 0'),
        ("<span>x</span>", 'tag "span" must have class "tg-spoiler"'),
        ("1 < 2", "unclosed start tag at byte offset 2"),
    ],
)
async def test_bad_html_is_refused_with_its_place(bot: Bot, phone: Phone, text: str, fault: str) -> None:
    """A text that Telegram could not show never appears half-shown."""
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(phone.user_id, text, parse_mode="HTML")
    assert f"can't parse entities: {fault}" in refused.value.message.lower()
    assert len(phone.messages) == 1


async def test_other_parse_modes_are_refused(bot: Bot, phone: Phone) -> None:
    """This server knows HTML only, and says so instead of showing stars."""
    with pytest.raises(BadRequest, match="Unsupported parse_mode"):
        await bot.send_message(phone.user_id, "*x*", parse_mode="MarkdownV2")


async def test_half_a_surrogate_is_no_text(bot: Bot, phone: Phone) -> None:
    """Text that is no Unicode is refused, not stored."""
    with pytest.raises(BadRequest, match=r"(?i)utf-8"):
        await bot.send_message(
            phone.user_id,
            "x",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("\ud800", callback_data="x")]]),
        )


async def test_callback_data_is_at_most_64_bytes(bot: Bot, phone: Phone) -> None:
    """The bound is bytes, not letters."""
    await bot.send_message(
        phone.user_id,
        "x",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="å" * 32)]]),
    )
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(
            phone.user_id,
            "x",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="å" * 33)]]),
        )


@pytest.mark.parametrize(
    ("button", "fault"),
    [
        (InlineKeyboardButton("bara text"), "Text buttons are unallowed"),
        (InlineKeyboardButton("", callback_data="x"), "must be non-empty"),
        (InlineKeyboardButton("ring", url="tel:112"), "Unsupported URL protocol"),
        (InlineKeyboardButton("länk", url="https://"), "host is empty"),
        (InlineKeyboardButton("länk", url="http://[x"), "Wrong HTTP URL"),
    ],
)
async def test_a_button_that_does_nothing_is_refused(
    bot: Bot, phone: Phone, button: InlineKeyboardButton, fault: str
) -> None:
    """Telegram takes no button without text and a thing to do; a telephone link is no such thing."""
    with pytest.raises(BadRequest, match=rf"(?i){fault}"):
        await bot.send_message(phone.user_id, "x", reply_markup=InlineKeyboardMarkup([[button]]))


async def test_too_many_buttons_are_refused(bot: Bot, phone: Phone) -> None:
    """A keyboard has at most a hundred buttons."""
    rows = [[InlineKeyboardButton(str(n), callback_data=str(n))] for n in range(101)]
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(phone.user_id, "x", reply_markup=InlineKeyboardMarkup(rows))


async def test_a_reply_keyboard_comes_and_goes(bot: Bot, phone: Phone) -> None:
    """A press on it says its text; it stays until it is removed."""
    await bot.send_message(phone.user_id, "Var?", reply_markup=ReplyKeyboardMarkup([["Här", "Annan kommun"]]))
    assert [[button.text for button in row] for row in phone.keyboard] == [["Här", "Annan kommun"]]
    assert await phone.press("Annan kommun") is None
    assert phone.messages[-1].text == "Annan kommun"
    await bot.send_message(phone.user_id, "Tack", reply_markup=ReplyKeyboardRemove())
    assert phone.keyboard == ()
    await bot.send_message(phone.user_id, "Skriv", reply_markup=ForceReply())
    with pytest.raises(BadInput):
        await phone.press("Här")


async def test_a_reply_shows_what_it_replies_to(bot: Bot, phone: Phone) -> None:
    """A reply carries the message it replies to; a missing one is refused unless that was allowed."""
    first = phone.messages[0]
    sent = await bot.send_message(phone.user_id, "svar", reply_parameters=ReplyParameters(first.message_id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/start"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(phone.user_id, "svar", reply_parameters=ReplyParameters(999))
    loose = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(phone.user_id, "svar", reply_parameters=loose)).reply_to_message is None


async def test_a_stranger_cannot_be_written_to(botapi: BotApiServer, bot: Bot) -> None:
    """Who has never written to the bot is no chat of its."""
    silent = botapi.phone(7009, "Tyst")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(silent.user_id, "hej")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message("@nobody", "hej")
    assert silent.messages == ()
    with pytest.raises(Unavailable):
        _ = silent.last


async def test_who_blocked_the_bot_gets_nothing(bot: Bot, phone: Phone) -> None:
    """A block is told as 403 until it is lifted; a blocking phone cannot write either."""
    sent = await bot.send_message(phone.user_id, "hej", reply_markup=YES_NO)
    await phone.block()
    await phone.block()
    assert phone.blocked
    for refused in (
        bot.send_message(phone.user_id, "hej"),
        sent.edit_text("nytt"),
        bot.get_chat(phone.user_id),
    ):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await refused
    with pytest.raises(BadInput):
        await phone.say("hej")
    with pytest.raises(BadInput):
        await phone.press("Ja")
    await phone.unblock()
    await bot.send_message(phone.user_id, "hej igen")
    statuses = [
        (update.my_chat_member.old_chat_member.status, update.my_chat_member.new_chat_member.status)
        for update in await bot.get_updates(allowed_updates=[])
        if update.my_chat_member
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_an_edit_replaces_text_and_buttons(bot: Bot, phone: Phone) -> None:
    """The phone shows the new text in the old place, and remembers the earlier ones in order."""
    sent = await bot.send_message(phone.user_id, "ett", reply_markup=YES_NO)
    await sent.edit_text("två", reply_markup=YES_NO)
    await sent.edit_text("<b>tre</b>", parse_mode="HTML")
    last = phone.last
    assert (last.text, last.history, last.edited, last.buttons) == ("tre", ("ett", "två"), True, ())
    assert len(phone.messages) == 2


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, phone: Phone) -> None:
    """Same text and same buttons is no edit; the same text with other buttons is."""
    sent = await bot.send_message(phone.user_id, "<b>ett</b>", parse_mode="HTML", reply_markup=YES_NO)
    with pytest.raises(BadRequest, match="Message is not modified: "):
        await sent.edit_text("<b>ett</b>", parse_mode="HTML", reply_markup=YES_NO)
    await sent.edit_text("ett", reply_markup=YES_NO)
    await sent.edit_text("ett", reply_markup=LINK)
    with pytest.raises(BadRequest, match="Message is not modified: "):
        await sent.edit_reply_markup(LINK)
    await sent.edit_reply_markup(None)
    assert phone.last.buttons == ()


async def test_only_own_standing_messages_can_be_edited(bot: Bot, phone: Phone) -> None:
    """Not what is gone, not what others wrote, not what carries a keyboard of the phone's."""
    theirs = phone.messages[0].message_id
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", phone.user_id, theirs)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", phone.user_id, 999)
    with pytest.raises(BadRequest, match="Message identifier is not specified"):
        await bot.edit_message_text("x", phone.user_id)
    keyed = await bot.send_message(phone.user_id, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await keyed.edit_text("y")
    sent = await bot.send_message(phone.user_id, "x")
    await sent.delete()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await sent.edit_text("y")


async def test_an_edit_takes_inline_keyboards_only(bot: Bot, phone: Phone) -> None:
    """A message cannot gain a reply keyboard afterwards."""
    sent = await bot.send_message(phone.user_id, "x")
    keyboard: Any = ReplyKeyboardMarkup([["a"]])  # what the types forbid is what is tested
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await sent.edit_text("y", reply_markup=keyboard)


async def test_a_deleted_message_is_gone_once(bot: Bot, phone: Phone) -> None:
    """The person no longer sees it; a second deletion finds nothing."""
    sent = await bot.send_message(phone.user_id, "kort")
    assert await sent.delete()
    assert phone.messages[-1].deleted
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()


async def test_old_messages_cannot_be_deleted(bot: Bot, phone: Phone, move: Move) -> None:
    """After 48 hours a message stays."""
    sent = await bot.send_message(phone.user_id, "gammal")
    move(timedelta(hours=48, seconds=1))
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await sent.delete()


async def test_a_press_is_answered_once_and_in_time(bot: Bot, phone: Phone, move: Move) -> None:
    """The answer shows on the phone; a second, a late or an unfounded one is refused."""
    await bot.send_message(phone.user_id, "Kommer du?", reply_markup=YES_NO)
    query = await phone.press("Ja")
    assert query is not None
    [update] = [u for u in await bot.get_updates() if u.callback_query]
    assert update.callback_query is not None
    assert (update.callback_query.id, update.callback_query.data) == (query, "yes")
    assert await update.callback_query.answer("Tack!", show_alert=True)
    alert = await phone.wait_for_answer(query)
    assert (alert.text, alert.must_be_closed) == ("Tack!", True)
    too_old = "Query is too old and response timeout expired or query id is invalid"
    with pytest.raises(BadRequest, match=too_old):
        await update.callback_query.answer("Tack!")
    with pytest.raises(BadRequest, match=too_old):
        await bot.answer_callback_query("1234")
    late = await phone.press("no")
    assert late is not None
    move(timedelta(minutes=1, seconds=1))
    with pytest.raises(BadRequest, match=too_old):
        await bot.answer_callback_query(late)
    assert phone.alerts == (alert,)


async def test_an_alert_is_short(bot: Bot, phone: Phone) -> None:
    """At most 200 characters fit in an alert."""
    await bot.send_message(phone.user_id, "?", reply_markup=YES_NO)
    query = await phone.press("Ja")
    assert query is not None
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(query, "x" * 201)


async def test_a_slow_thumb_presses_what_it_saw(bot: Bot, phone: Phone) -> None:
    """A button may be pressed after the bot has removed it, or its message: the bot hears of it all the same."""
    sent = await bot.send_message(phone.user_id, "Kommer du?", reply_markup=YES_NO)
    seen = phone.last
    await sent.edit_text("För sent")
    with pytest.raises(BadInput, match="No message on this phone has such a button"):
        await phone.press("Ja")
    await phone.press("Ja", seen)
    await sent.delete()
    await phone.press("yes", seen)
    queries = [update.callback_query for update in await bot.get_updates() if update.callback_query]
    assert [query.data for query in queries] == ["yes", "yes"]
    assert [bool(query.message and query.message.is_accessible) for query in queries] == [True, False]


async def test_a_link_button_cannot_be_pressed_by_a_script(bot: Bot, phone: Phone) -> None:
    """A link opens a page and tells the bot nothing."""
    await bot.send_message(phone.user_id, "Öppna", reply_markup=LINK)
    assert phone.last.buttons[0][0].url == "http://localhost:8400/visa"
    with pytest.raises(BadInput, match="link"):
        await phone.press("Visa")
