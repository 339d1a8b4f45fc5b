"""The page where a person can be the demo's people: what it shows, what it lets a thumb do, whom it refuses."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.botapi import BotApiServer, Phone, page, server, shapes

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="yes")]])


@pytest.fixture
async def http(botapi: BotApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser on the page's own origin."""
    async with aiohttp.ClientSession(base_url=botapi.url, headers={"Origin": botapi.url}) as session:
        yield session


async def next_view(stream: aiohttp.ClientResponse) -> dict[str, object]:
    async for line in stream.content:
        if line.startswith(b"data: "):
            view: dict[str, object] = json.loads(line.removeprefix(b"data: "))
            return view
    raise AssertionError


def messages_of(view: dict[str, object]) -> list[dict[str, object]]:
    phones = view["phones"]
    assert isinstance(phones, list)
    found: list[dict[str, object]] = phones[0]["messages"]
    return found


async def test_the_page_brings_every_file_it_needs(http: aiohttp.ClientSession) -> None:
    """Page and files come from this server, under a policy that lets nothing else in."""
    for path in ["/phones", *(f"/phones/static/{name}" for name in page.FILES)]:
        async with http.get(path) as answer:
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            text = await answer.text()
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "innerHTML" not in text
    assert {file.name for file in page.STATIC.iterdir()} == {"index.html", *page.FILES}


@pytest.mark.parametrize("name", ["server.py", "..%2fserver.py", "index.html", "no.js"])
async def test_other_files_are_not_given(http: aiohttp.ClientSession, name: str) -> None:
    """Only what is listed is served."""
    async with http.get(f"/phones/static/{name}") as answer:
        assert answer.status == 404


async def test_the_view_is_live(bot: Bot, phone: Phone, http: aiohttp.ClientSession) -> None:
    """A new message, an edit and a deletion each reach a page that is open."""
    async with http.get("/phones/live") as stream:
        assert stream.content_type == "text/event-stream"
        assert [m["text"] for m in messages_of(await next_view(stream))] == ["/start"]
        sent = await bot.send_message(phone.user_id, "ett", reply_markup=YES)
        shown = messages_of(await next_view(stream))[-1]
        assert (shown["text"], shown["mine"], shown["edits"]) == ("ett", False, 0)
        assert shown["rows"] == [[{"text": "Ja", "data": "yes", "url": None, "copies": None}]]
        await sent.edit_text("två")
        shown = messages_of(await next_view(stream))[-1]
        assert (shown["text"], shown["edits"], shown["rows"]) == ("två", 1, [])
        await sent.delete()
        assert [m["text"] for m in messages_of(await next_view(stream))] == ["/start"]


async def test_a_thumb_says_and_presses(bot: Bot, phone: Phone, http: aiohttp.ClientSession) -> None:
    """What is done on the page reaches the bot like from any phone."""
    sent = await bot.send_message(phone.user_id, "?", reply_markup=YES)
    async with http.post("/phones/7001/say", json={"text": "hej"}) as answer:
        assert answer.status == 204
    async with http.post("/phones/7001/press", json={"message": sent.message_id, "button": "yes"}) as answer:
        assert answer.status == 204
    said, pressed = (await bot.get_updates())[-2:]
    assert said.message is not None
    assert said.message.text == "hej"
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "yes"


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/phones/7001/say", '{"text": ""}'),
        ("/phones/7001/say", '{"text": 1}'),
        ("/phones/7001/say", json.dumps({"text": "x" * 4097})),
        ("/phones/7001/say", "{"),
        ("/phones/7001/say", "[]"),
        ("/phones/9999/say", '{"text": "hej"}'),
        ("/phones/%C2%B2/say", '{"text": "hej"}'),
        ("/phones/7001/press", '{"message": 999, "button": "yes"}'),
        ("/phones/7001/press", '{"message": 1, "button": "yes"}'),
    ],
)
async def test_what_a_thumb_cannot_do_is_refused(http: aiohttp.ClientSession, path: str, body: str) -> None:
    """400 with a sentence, and nothing happens."""
    async with http.post(path, data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400
        assert await answer.json()


async def test_other_sites_cannot_play(
    phone: Phone, http: aiohttp.ClientSession, botapi: BotApiServer
) -> None:
    """Neither a form nor a script of another site can speak for a phone, nor read one under another host name."""
    body = json.dumps({"text": "hej"})
    kind = {"Content-Type": "application/json"}
    for headers in [{**kind, "Origin": "https://example.org"}, {"Content-Type": "text/plain"}]:
        async with http.post("/phones/7001/say", data=body, headers=headers) as answer:
            assert answer.status == 403
    async with (
        aiohttp.ClientSession() as bare,
        bare.post(f"{botapi.url}/phones/7001/say", data=body, headers=kind) as answer,
    ):
        assert answer.status == 403
    async with http.get("/phones/live", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421
    assert len(phone.messages) == 1


async def test_only_loopback_is_served(botapi: BotApiServer) -> None:
    """The server listens on this machine alone."""
    assert botapi.url.startswith("http://127.0.0.1:")


def test_every_word_stands_in_both_languages() -> None:
    """The Swedish and the English page say the same things."""
    lines = (Path(page.STATIC) / "words.js").read_text(encoding="utf-8").splitlines()
    swedish, english = lines.index("  sv: {"), lines.index("  en: {")
    end = lines.index("};")
    keys = [line.partition(":")[0].strip() for line in lines]
    assert keys[swedish + 1 : english - 1] == keys[english + 1 : end - 1]


def test_a_file_is_as_long_as_it_says() -> None:
    """Telegram tells a file's size before it is fetched; here it is always the same."""
    assert len(server.FILE) == shapes.FILE_SIZE
