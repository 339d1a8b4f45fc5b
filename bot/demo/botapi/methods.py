"""Every method of the Bot API that this server knows and that needs no waiting, by its name in lower case."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from bot.demo.botapi import about, messages, parameters, shapes
from bot.demo.botapi.model import ChatKind, Webhook
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.refusals import bad_request
from bot.demo.botapi.shapes import Shape
from bot.demo.botapi.state import State

LONGEST_SECRET = 256
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}

Method = Callable[[State, Parameters, datetime], object]  # -> the call's result, JSON


def get_me(state: State, _given: Parameters, _at: datetime) -> Shape:
    """`getMe`."""
    return shapes.me(state.bot)


def get_chat(state: State, given: Parameters, _at: datetime) -> Shape:
    """`getChat`."""
    return shapes.full_chat(state.open_chat(parameters.chat_number(given)))


def leave_chat(state: State, given: Parameters, at: datetime) -> bool:
    """`leaveChat`."""
    chat = state.open_chat(parameters.chat_number(given))
    if chat.kind is ChatKind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    state.leave(chat, at=at)
    return True


def send_chat_action(state: State, given: Parameters, _at: datetime) -> bool:
    """`sendChatAction`; it shows nowhere."""
    if parameters.text(given, "action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    state.open_chat(parameters.chat_number(given))
    return True


def get_file(_state: State, given: Parameters, _at: datetime) -> Shape:
    """`getFile`, for the files that phones have sent."""
    file_id = parameters.text(given, "file_id")
    if not re.fullmatch(r"(photo|sticker|voice)-[0-9]{1,16}", file_id):
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return shapes.file(file_id)


def set_webhook(state: State, given: Parameters, at: datetime) -> bool:
    """`setWebhook`, to loopback addresses only: nothing leaves the machine."""
    url = parameters.text(given, "url")
    if not url:
        return delete_webhook(state, given, at)
    _check_webhook(url)
    hook = Webhook(
        url=url,
        secret=_checked_secret(parameters.text(given, "secret_token")),
        max_connections=parameters.integer(given, "max_connections", default=40, least=1, most=100),
        has_certificate=bool(given.get("certificate")),
    )
    state.webhook = hook
    allow(state, given)
    _drop_if_asked(state, given)
    return True


def delete_webhook(state: State, given: Parameters, _at: datetime) -> bool:
    """`deleteWebhook`."""
    state.webhook = None
    _drop_if_asked(state, given)
    return True


def get_webhook_info(state: State, _given: Parameters, _at: datetime) -> Shape:
    """`getWebhookInfo`."""
    hook = state.webhook or Webhook(url="")
    shape: Shape = {
        "url": hook.url,
        "has_custom_certificate": hook.has_certificate,
        "pending_update_count": len(state.updates.waiting),
    }
    if hook.url:
        shape |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.failed_at is not None:
        shape |= {"last_error_date": shapes.unix(hook.failed_at), "last_error_message": hook.failure}
    if state.updates.allowed:
        shape["allowed_updates"] = sorted(state.updates.allowed)
    return shape


def allow(state: State, given: Parameters) -> None:
    """Take `allowed_updates` if the call brings it; without it the earlier choice stays."""
    if parameters.text(given, "allowed_updates"):
        wanted = parameters.parsed(
            given, "allowed_updates", refusal="can't parse allowed_updates JSON object"
        )
        state.updates.allow(parameters.string(kind).lower() for kind in parameters.items(wanted))


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "getme": get_me,
        "getchat": get_chat,
        "leavechat": leave_chat,
        "getfile": get_file,
        "sendchataction": send_chat_action,
        "setwebhook": set_webhook,
        "deletewebhook": delete_webhook,
        "getwebhookinfo": get_webhook_info,
        "sendmessage": messages.send_message,
        "editmessagetext": messages.edit_message_text,
        "editmessagereplymarkup": messages.edit_message_reply_markup,
        "deletemessage": messages.delete_message,
        "answercallbackquery": messages.answer_callback_query,
        "setmycommands": about.set_my_commands,
        "getmycommands": about.get_my_commands,
        "deletemycommands": about.delete_my_commands,
        "setmydescription": about.set_my_description,
        "getmydescription": about.get_my_description,
        "setmyshortdescription": about.set_my_short_description,
        "getmyshortdescription": about.get_my_short_description,
        "setchatmenubutton": about.set_chat_menu_button,
        "getchatmenubutton": about.get_chat_menu_button,
    }
)


def _drop_if_asked(state: State, given: Parameters) -> None:
    if parameters.flag(given, "drop_pending_updates"):
        state.updates.drop(tuple(state.updates.waiting))


def _checked_secret(secret: str) -> str:
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _check_webhook(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    else:
        local = local and parts.scheme in {"http", "https"}
    if not local:
        raise bad_request("bad webhook: this server posts to loopback addresses only")
