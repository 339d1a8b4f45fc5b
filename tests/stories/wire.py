"""What reaches the webhook past the phones: updates as bytes, true to the Bot API or not."""

from collections.abc import Mapping
from itertools import count

import aiohttp

from bot.demo.botapi.phone import Phone
from bot.demo.botapi.shown import Shown
from tests.stories.story import Story

SECRET = "X-Telegram-Bot-Api-Secret-Token"
NUMBERS = count(900_000_001)  # of updates that the Bot API server has not given

Update = dict[str, object]


async def post(story: Story, body: bytes | Mapping[str, object], **headers: str) -> int:
    """Post to the webhook as Telegram does; returns the status. Headers given replace the true ones."""
    deps = story.deps
    url = f"{deps.base_url}/telegram/{deps.keys.webhook_path}"
    return await post_to(url, body, {SECRET: deps.keys.webhook_secret, **headers})


async def post_to(url: str, body: bytes | Mapping[str, object], headers: Mapping[str, str]) -> int:
    """Post anywhere, with these headers alone."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        if isinstance(body, bytes):
            sent = session.post(url, data=body, headers={"Content-Type": "application/json", **headers})
        else:
            sent = session.post(url, json=body, headers=headers)
        async with sent as answer:
            await answer.read()
            return answer.status


def update(**parts: object) -> Update:
    """An update with a number of its own."""
    return {"update_id": next(NUMBERS), **parts}


def message_of(phone: Phone, text: str | None = None, **parts: object) -> Update:
    """A Message in the phone's private chat."""
    user = {"id": phone.user_id, "is_bot": False, "first_name": phone.user.first_name}
    chat = {"id": phone.user_id, "type": "private", "first_name": phone.user.first_name}
    said = {} if text is None else {"text": text}
    return {"message_id": next(NUMBERS), "from": user, "chat": chat, "date": 1_795_000_000, **said, **parts}


def press_of(phone: Phone, under: Shown, data: str) -> Update:
    """An update: the phone's person presses a button that says this under a message."""
    user = {"id": phone.user_id, "is_bot": False, "first_name": phone.user.first_name}
    chat = {"id": under.chat.id, "type": "private", "first_name": phone.user.first_name}
    message = {"message_id": under.message_id, "chat": chat, "date": 1_795_000_000, "text": under.text}
    query = {
        "id": str(next(NUMBERS)),
        "from": user,
        "message": message,
        "chat_instance": "1",
        "data": data,
    }
    return update(callback_query=query)
