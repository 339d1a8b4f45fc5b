"""A person plays two phones in a real browser."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.botapi import BotApiServer

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def browser_page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        faults: list[str] = []
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text))
        yield page
        await browser.close()
    assert faults == []


async def test_a_person_can_be_the_demos_people(botapi: BotApiServer, bot: Bot, browser_page: Page) -> None:
    """Start a chat, read the answer, press its button, read the note, change to another phone, write there; the
    page neither complains nor scrolls sideways, and text that looks like mark-up stays text.
    """
    botapi.phone(7001, "Polis Ett", label="Polis")
    botapi.phone(7002, "Kim Exempel", label="Socialsekreterare")
    page = browser_page
    await page.goto(f"{botapi.url}/phones")
    await expect(page.get_by_text("Demo: här spelar du telefonerna. Inget lämnar datorn.")).to_be_visible()

    first = page.get_by_role("region", name="Polis, Polis Ett")
    second = page.get_by_role("region", name="Socialsekreterare, Kim Exempel")
    await expect(second).to_be_hidden()
    await first.get_by_role("button", name="Starta").click()
    [start] = await bot.get_updates(timeout=10)
    assert start.message is not None
    assert start.message.text == "/start"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Kommer", callback_data="yes")]])
    await bot.send_message(
        7001, "<b>Kan</b> du &lt;img src=x&gt; komma?", parse_mode="HTML", reply_markup=keyboard
    )
    await expect(first.get_by_text("du <img src=x> komma?")).to_be_visible()
    await expect(first.locator("strong")).to_have_text("Kan")

    await first.get_by_role("button", name="Kommer").click()
    [pressed] = await bot.get_updates(offset=start.update_id + 1, timeout=10)
    assert pressed.callback_query is not None
    await pressed.callback_query.answer("Tack!", show_alert=True)
    await first.get_by_role("button", name="OK").click()
    await expect(first.get_by_text("Tack!")).to_be_hidden()
    await pressed.callback_query.edit_message_text("Du kommer.")
    await expect(first.get_by_text("redigerat")).to_be_visible()

    await page.get_by_role("button", name="Socialsekreterare", exact=True).click()
    await second.get_by_role("textbox").fill("hej")
    await second.get_by_role("textbox").press("Enter")
    [said] = await bot.get_updates(offset=pressed.update_id + 1, timeout=10)
    assert said.message is not None
    assert (said.message.chat.id, said.message.text) == (7002, "hej")
    await bot.send_message(7001, "Ännu ett")
    await expect(page.get_by_role("button", name="Polis, 1 olästa")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
