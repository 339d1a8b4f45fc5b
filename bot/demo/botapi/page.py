"""The page `/phones`, where a person can be the demo's people: shows every phone, says and presses for them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from bot.core.errors import BadInput
from bot.demo.botapi.changes import Changes
from bot.demo.botapi.entities import LONGEST_TEXT
from bot.demo.botapi.model import Alert, Button, Entity, UserId
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.shown import Shown
from bot.demo.botapi.state import State

SHOWN = 100  # messages of each phone, the newest
HEARTBEAT = 15  # seconds between signs of life when nothing happens

STATIC = Path(__file__).parent / "static"
FILES: Mapping[str, str] = MappingProxyType(
    {
        "page.css": "text/css",
        "main.js": "text/javascript",
        "api.js": "text/javascript",
        "chat.js": "text/javascript",
        "phone.js": "text/javascript",
        "text.js": "text/javascript",
        "words.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }
)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(phones: Mapping[UserId, Phone], state: State, changes: Changes) -> list[web.RouteDef]:
    """The page, its files, its live view and what a thumb can do."""

    @_local
    async def show(_request: web.Request) -> web.StreamResponse:
        return _file("index.html", "text/html")

    @_local
    async def static(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        return _file(name, FILES[name]) if name in FILES else web.Response(status=404)

    @_local
    async def live(request: web.Request) -> web.StreamResponse:
        return await _stream(request, changes, lambda: snapshot(phones, state))

    @_local
    async def say(request: web.Request) -> web.StreamResponse:
        phone, told = await _told(request, phones)
        text = told.get("text")
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise BadInput("A message is 1 to 4096 characters of text.")
        await phone.say(text)
        return web.Response(status=204)

    @_local
    async def press(request: web.Request) -> web.StreamResponse:
        phone, told = await _told(request, phones)
        message = next((m for m in phone.messages if m.message_id == told.get("message")), None)
        if message is None:
            raise BadInput("That message is not on the phone.")
        await phone.press(str(told.get("button")), message)
        return web.Response(status=204)

    return [
        web.get("/phones", show),
        web.get("/phones/static/{name}", static),
        web.get("/phones/live", live),
        web.post("/phones/{user}/say", say),
        web.post("/phones/{user}/press", press),
    ]


def snapshot(phones: Mapping[UserId, Phone], state: State) -> dict[str, object]:
    """Everything the page shows."""
    return {"bot": state.bot.first_name, "phones": [_phone(phone, state) for phone in phones.values()]}


def _local(answer: Answer) -> Answer:
    """Only for this machine's own page: no other host name (rebinding), no other site's scripts (forgery)."""

    @wraps(answer)
    async def checked(request: web.Request) -> web.StreamResponse:
        if request.url.host not in {"127.0.0.1", "localhost", "::1"}:
            return web.json_response(
                {"error": "This page is for this computer only."}, status=421, headers=HEADERS
            )
        if request.method == "POST" and not _own(request):
            return web.json_response(
                {"error": "That request came from elsewhere."}, status=403, headers=HEADERS
            )
        try:
            return await answer(request)
        except BadInput as error:
            return web.json_response({"error": str(error)}, status=400, headers=HEADERS)

    return checked


def _own(request: web.Request) -> bool:
    same_origin = request.headers.get("Origin") == str(request.url.origin())
    return same_origin and request.content_type == "application/json"


async def _told(request: web.Request, phones: Mapping[UserId, Phone]) -> tuple[Phone, Mapping[str, object]]:
    """Whose thumb it was and what it did."""
    user = request.match_info["user"]
    phone = phones.get(UserId(int(user))) if user.isascii() and user.isdigit() and len(user) < 20 else None
    try:
        told = await request.json()
    except (ValueError, RecursionError) as error:
        raise BadInput("That is not JSON.") from error
    if phone is None or not isinstance(told, dict):
        raise BadInput("There is no such phone.")
    return phone, told


def _file(name: str, content_type: str) -> web.Response:
    return web.Response(
        body=(STATIC / name).read_bytes(), content_type=content_type, charset="utf-8", headers=HEADERS
    )


async def _stream(
    request: web.Request, changes: Changes, view: Callable[[], Mapping[str, object]]
) -> web.StreamResponse:
    """Server-sent events: the whole view at once, and again whenever it has changed."""
    stream = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
    await stream.prepare(request)
    sent = ""
    with suppress(ConnectionError):
        while not changes.closed:
            count, now = changes.count, json.dumps(view())
            await stream.write(b": still here\n\n" if now == sent else f"data: {now}\n\n".encode())
            sent = now
            await _next_change(changes, count)
    return stream


async def _next_change(changes: Changes, seen: int) -> None:
    """Until there is more to show, or it is time for a sign of life."""
    with suppress(TimeoutError):
        async with asyncio.timeout(HEARTBEAT):
            await changes.until(lambda: changes.closed or changes.count != seen)


def _phone(phone: Phone, state: State) -> dict[str, object]:
    standing = [message for message in phone.messages if not message.deleted]
    commands = state.profile.commands_for(phone.user_id, phone.user.language_code or "")
    return {
        "id": phone.user_id,
        "name": phone.user.first_name,
        "label": phone.label,
        "blocked": phone.blocked,
        "messages": [_message(message) for message in standing[-SHOWN:]],
        "keyboard": [[button.text for button in row] for row in phone.keyboard],
        "commands": [{"name": command.name, "description": command.description} for command in commands],
        "alerts": [_alert(alert) for alert in phone.alerts],
    }


def _message(message: Shown) -> dict[str, object]:
    return {
        "id": message.message_id,
        "mine": not message.from_bot,
        "text": message.text,
        "entities": [_entity(entity) for entity in message.body.entities],
        "rows": [[_button(button) for button in row] for row in message.buttons],
        "at": message.sent_at.isoformat(),
        "edits": len(message.history),
        "silent": message.silent,
        "media": message.media,
    }


def _entity(entity: Entity) -> dict[str, object]:
    return {"kind": entity.kind, "offset": entity.offset, "length": entity.length, "url": entity.url}


def _button(button: Button) -> dict[str, object]:
    return {"text": button.text, "data": button.data, "url": button.url, "copies": button.copies}


def _alert(alert: Alert) -> dict[str, object]:
    return {"id": alert.query, "text": alert.text, "must_be_closed": alert.must_be_closed}
