"""A whole python-telegram-bot Application, unmodified, against the server."""

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.demo.botapi import BotApiServer

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Visa", callback_data="show:k7f2")]])


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(f"Välkommen {' '.join(context.args or [])}", reply_markup=KEYBOARD)


async def reveal(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("Visas")
    await update.callback_query.edit_message_text("Malmö, nu")


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(f"Du skrev {update.message.text}")


def application(server: BotApiServer) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Six type parameters that this test has no use for: hence Any."""
    built = Application.builder().token(server.token).base_url(server.base_url).build()
    built.add_handler(CommandHandler("start", greet))
    built.add_handler(CallbackQueryHandler(reveal))
    built.add_handler(MessageHandler(filters.TEXT, echo))
    return built


async def test_an_application_that_polls_talks_with_a_phone(botapi: BotApiServer) -> None:
    """Commands, presses, edits and text go both ways through the library's own updater."""
    phone = botapi.phone(7001, "Polis Ett")
    app = application(botapi)
    assert app.updater
    async with app:
        await app.updater.start_polling(poll_interval=0, timeout=10)
        await app.start()
        await phone.say("/start kod-1")
        greeting = await phone.wait_for_text("Välkommen kod-1")
        query = await phone.press("show:k7f2")
        assert query
        assert (await phone.wait_for_answer(query)).text == "Visas"
        shown = await phone.wait_for_text("Malmö, nu")
        assert (shown.message_id, shown.history, shown.buttons) == (
            greeting.message_id,
            ("Välkommen kod-1",),
            (),
        )
        await phone.say("hej")
        await phone.wait_for_text("Du skrev hej")
        await app.updater.stop()
        await app.stop()
    assert botapi.pending == 0
