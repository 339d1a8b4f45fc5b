"""The protocol itself: tokens, unknown methods, every way to send parameters, and bodies that are none."""

import io
import json
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from telegram import Bot
from telegram.error import EndPointNotFound, InvalidToken

from bot.demo.botapi import BotApiServer, Phone

Answer = tuple[int, dict[str, object]]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(botapi: BotApiServer) -> str:
    return f"{botapi.base_url}{botapi.token}"


async def answered(response: aiohttp.ClientResponse) -> Answer:
    body: dict[str, object] = json.loads(await response.text())
    return response.status, body


async def test_the_bot_knows_itself(bot: Bot, botapi: BotApiServer) -> None:
    """`getMe` gives the number that stands in the token."""
    assert (bot.id, bot.username, bot.first_name) == (4242, "samjour_demo_bot", "Samjour")
    assert bot.base_url.startswith("http://127.0.0.1:")
    assert [call.method for call in botapi.calls] == ["getme"]


@pytest.mark.parametrize("token", ["4242:another-token", "4243:synthetic-demo-token"])
async def test_another_bots_token_is_refused(ptb: Callable[[str], Bot], token: str) -> None:
    """401: the form is right, the bot is not."""
    with pytest.raises(InvalidToken, match=r"Unauthorized|rejected"):
        async with ptb(token):
            pass


async def test_what_is_no_token_is_not_found(http: aiohttp.ClientSession, botapi: BotApiServer) -> None:
    """404, as for a path that does not exist."""
    async with http.get(f"{botapi.base_url}nonsense/getMe") as response:
        assert await answered(response) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    async with http.get(f"{botapi.base_file_url}nonsense/files/photo-1") as response:
        assert response.status == 404


async def test_an_unknown_method_is_not_found(bot: Bot, http: aiohttp.ClientSession, api: str) -> None:
    """404, which python-telegram-bot tells as a missing endpoint."""
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendCarrierPigeon")
    async with http.post(f"{api}/sendCarrierPigeon") as response:
        assert await answered(response) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_parameters_come_in_every_form(http: aiohttp.ClientSession, api: str, phone: Phone) -> None:
    """Query, form, multipart and JSON say the same; methods are not case-sensitive."""
    chat = phone.user_id
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    as_text = {"chat_id": str(chat), "text": "hej", "reply_markup": json.dumps(keyboard)}
    multipart = aiohttp.FormData(as_text, default_to_multipart=True)
    calls = [
        http.get(f"{api}/SENDMESSAGE", params=as_text),
        http.post(f"{api}/sendmessage", data=as_text),
        http.post(f"{api}/sendMessage", data=multipart),
        http.post(f"{api}/sendMessage", json={"chat_id": chat, "text": "hej", "reply_markup": keyboard}),
        http.post(
            f"{api}/sendMessage",
            params={"chat_id": str(chat)},
            json={"text": "hej", "reply_markup": keyboard},
        ),
    ]
    for call in calls:
        async with call as response:
            assert response.status == 200
        assert (phone.last.text, phone.last.buttons[0][0].data) == ("hej", "yes")
    assert len(phone.messages) == 1 + len(calls)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"chat_id=%ff&text=\xff", "application/x-www-form-urlencoded"),
        (b"text=x", "application/x-www-form-urlencoded; charset=no-such"),
        (b"no parts", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_body_that_is_none_is_refused(
    http: aiohttp.ClientSession, api: str, body: bytes, kind: str
) -> None:
    """400 with a sentence, never a crash."""
    async with http.post(f"{api}/sendMessage", data=body, headers={"Content-Type": kind}) as response:
        status, told = await answered(response)
    assert (status, told["ok"]) == (400, False)
    assert str(told["description"]).startswith("Bad Request: ")


async def test_a_body_has_a_bound(http: aiohttp.ClientSession, api: str) -> None:
    """More than a mebibyte is not read."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with http.post(
        f"{api}/sendMessage", data=io.BytesIO(b"x" * ((1 << 20) + 1)), headers=form
    ) as response:
        assert (await answered(response))[0] == 413


@pytest.mark.parametrize(
    ("given", "description"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"text": "x", "chat_id": "many"}, "chat not found"),
        ({"text": "x", "chat_id": "9" * 30}, "chat not found"),
        ({"text": "x", "chat_id": "1", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "chat_id": "1", "reply_markup": "[]"}, "object expected as reply markup"),
        (
            {"text": "x", "chat_id": "1", "reply_markup": '{"inline_keyboard": [1]}'},
            'field "inline_keyboard" must be an Array of Arrays',
        ),
        (
            {"text": "x", "chat_id": "1", "reply_markup": '{"keyboard": [[{}]]}'},
            "keyboard button text must be non-empty",
        ),
        ({"text": "x", "chat_id": "1", "entities": '[{"type": "flashing"}]'}, "can't parse MessageEntity: "),
        ({"text": "x", "chat_id": "1", "entities": "{"}, "can't parse entities JSON object"),
    ],
)
async def test_bad_parameters_are_refused(
    http: aiohttp.ClientSession, api: str, given: dict[str, str], description: str
) -> None:
    """Each in the words of the real server."""
    async with http.post(f"{api}/sendMessage", data=given) as response:
        status, told = await answered(response)
    assert status == 400
    assert str(told["description"]).startswith(f"Bad Request: {description}")


@pytest.mark.parametrize("reply", ['{"message_id": "x"}', "{"])
async def test_bad_reply_parameters_are_refused(
    http: aiohttp.ClientSession, api: str, phone: Phone, reply: str
) -> None:
    """A reply to no number is no reply."""
    given = {"chat_id": str(phone.user_id), "text": "x", "reply_parameters": reply}
    async with http.post(f"{api}/sendMessage", data=given) as response:
        _, told = await answered(response)
    assert told["description"] == "Bad Request: can't parse reply parameters JSON object"


@pytest.mark.parametrize(
    ("method", "given", "description"),
    [
        (
            "getMyCommands",
            {"scope": '{"type": "everyone_but_me"}'},
            "can't parse BotCommandScope: Unsupported type",
        ),
        (
            "getMyCommands",
            {"scope": '{"type": "chat", "chat_id": []}'},
            "can't parse BotCommandScope: Empty chat_id",
        ),
        ("setMyCommands", {"commands": "{"}, "can't parse commands JSON object"),
        (
            "setChatMenuButton",
            {"menu_button": '{"type": "lever"}'},
            "can't parse menu button: MenuButton has",
        ),
        ("getUpdates", {"allowed_updates": "["}, "can't parse allowed_updates JSON object"),
        ("answerCallbackQuery", {}, "query is too old"),
    ],
)
async def test_other_bad_parameters_are_refused(
    http: aiohttp.ClientSession, api: str, method: str, given: dict[str, str], description: str
) -> None:
    """What python-telegram-bot would never send is refused as well."""
    async with http.post(f"{api}/{method}", data=given) as response:
        status, told = await answered(response)
    assert status == 400
    assert str(told["description"]).startswith(f"Bad Request: {description}")
