"""Reads a native Telegram update: who wrote, and what it is to us."""

import json
from collections.abc import Mapping
from datetime import datetime

import telegram
from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.flow.messages import Inbound
from bot.seal.plain import Plain

CHANNEL = "telegram"
MAX_KEPT = 65_535  # bytes; what a seal holds (bot/seal/FORMAT.md)
TOO_LARGE = "samjour_too_large"  # marks what was cut
# What the library raises for fields that are missing, of another type, or out of range.
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError, OSError)
_WHO = ("message_id", "date", "chat", "from")

# What cannot be used, by the attribute that says so; the first that is set names it.
_ODD = (
    ("forward_origin", "forward"),
    ("photo", "photo"),
    ("sticker", "sticker"),
    ("animation", "sticker"),
    ("dice", "sticker"),
    ("voice", "voice"),
    ("video_note", "voice"),
    ("audio", "voice"),
    ("document", "file"),
    ("video", "file"),
    ("contact", "contact"),
    ("venue", "location"),
    ("location", "location"),
    ("poll", "other"),
    ("story", "other"),
)


def bounded(update: Mapping[str, object], body: bytes) -> bytes:
    """The update as it is kept: one that is too large is kept as who sent it and nothing else."""
    if len(body) <= MAX_KEPT:
        return body
    small: dict[str, object] = {"update_id": update["update_id"], TOO_LARGE: True}
    for kind in ("message", "edited_message"):
        message = update.get(kind)
        if isinstance(message, dict):
            small[kind] = {name: message[name] for name in _WHO if name in message}
    kept = json.dumps(small).encode()
    return kept if len(kept) <= MAX_KEPT else json.dumps({"update_id": update["update_id"]}).encode()


def understand(body: Plain, at: datetime, bot: telegram.Bot) -> Inbound | None:
    """What the update is to us, or None when it needs no answer (a service message, a chat joined, what is no update)."""
    try:
        raw = json.loads(body.reveal())
        return _read(raw, Update.de_json(raw, bot), at)
    except _UNREADABLE:
        return None


def _read(raw: Mapping[str, object], update: Update, at: datetime) -> Inbound | None:
    native_id = str(update.update_id)
    if update.callback_query is not None:
        return _press(update.callback_query, native_id, at)
    if update.edited_message is not None:
        return _message(update.edited_message, native_id, at, odd="edit")
    if update.message is not None:
        return _message(update.message, native_id, at, odd="other" if TOO_LARGE in raw else None)
    if update.my_chat_member is not None:
        return _left(update.my_chat_member, native_id, at)
    return None


def _press(query: CallbackQuery, native_id: str, at: datetime) -> Inbound | None:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE or query.data is None:
        return None
    return Inbound(
        channel=CHANNEL,
        address=f"{query.from_user.id:d}",
        native_id=native_id,
        at=at,
        press=_utf8(query.data),
        reply_to=str(message.message_id),
        language=_utf8(query.from_user.language_code),
    )


def _message(message: Message, native_id: str, at: datetime, odd: str | None = None) -> Inbound | None:
    if message.chat.type != ChatType.PRIVATE:
        return _group(message, native_id, at)
    odd = odd or next((name for attribute, name in _ODD if getattr(message, attribute, None)), None)
    if odd is None and not message.text:
        return None
    command, argument = _command(message) if odd is None else (None, None)
    text = Plain(message.text.encode()) if odd is None and command is None and message.text else None
    replied = message.reply_to_message
    return Inbound(
        channel=CHANNEL,
        address=f"{message.chat.id:d}",
        native_id=native_id,
        at=at,
        text=text,
        command=_utf8(command),
        argument=argument,
        odd=odd,
        reply_to=str(replied.message_id) if replied is not None else None,
        language=_utf8(message.from_user.language_code) if message.from_user is not None else None,
    )


def _group(message: Message, native_id: str, at: datetime) -> Inbound | None:
    """In a group only somebody who addresses the bot gets an answer."""
    command, _ = _command(message)
    if command is None:
        return None
    return Inbound(channel=CHANNEL, address=f"{message.chat.id:d}", native_id=native_id, at=at, odd="group")


def _left(change: ChatMemberUpdated, native_id: str, at: datetime) -> Inbound | None:
    """Somebody has blocked the bot: from now on they cannot be rung."""
    gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.chat.type != ChatType.PRIVATE or not gone:
        return None
    return Inbound(channel=CHANNEL, address=f"{change.chat.id:d}", native_id=native_id, at=at, odd="left")


def _utf8(text: str | None) -> str | None:
    """The text, where it is one. Raises ValueError for half a surrogate pair, which cannot be kept or sent."""
    if text is not None:
        text.encode()
    return text


def _command(message: Message) -> tuple[str | None, Plain | None]:
    """`/ring@samjour_bot rest` -> ("ring", "rest")."""
    entities = message.entities
    if not entities or entities[0].type != MessageEntityType.BOT_COMMAND or entities[0].offset != 0:
        return None, None
    text = message.text or ""
    command = text[1 : entities[0].length].partition("@")[0].lower()
    rest = text[entities[0].length :].strip()
    return command, Plain(rest.encode()) if rest else None
