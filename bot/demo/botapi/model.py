"""What a Telegram chat is made of, as the Bot API tells of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

UserId = NewType("UserId", int)
ChatId = NewType("ChatId", int)  # a private chat has its user's number; a supergroup's is negative
MessageId = NewType("MessageId", int)  # rising and unique within the whole server
UpdateId = NewType("UpdateId", int)
QueryId = NewType("QueryId", str)  # one press on an inline button
FileId = NewType("FileId", str)


class ChatKind(StrEnum):
    """Where people talk."""

    PRIVATE = "private"
    SUPERGROUP = "supergroup"


class Media(StrEnum):
    """What a message carries besides, or instead of, text."""

    PHOTO = "photo"
    STICKER = "sticker"
    VOICE = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the bot."""

    id: UserId
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A conversation. `name` is the person's first name, or the group's title."""

    id: ChatId
    kind: ChatKind
    name: str
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One stretch of marked-up text; offset and length in UTF-16 code units."""

    kind: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """Text without its mark-up, and where the mark-up was."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button: exactly one of `data` (inline), `url` (inline) and `copies` (inline), or none (reply keyboard)."""

    text: str
    data: str | None = None
    url: str | None = None
    copies: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineKeyboard:
    """Buttons under one message."""

    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyKeyboard:
    """Buttons in place of the phone's keyboard; a press says the button's text."""

    rows: Rows
    one_time: bool = False


class KeyboardChange(StrEnum):
    """Other things that a message may do to the phone's keyboard."""

    REMOVE = "remove_keyboard"
    FORCE_REPLY = "force_reply"


Markup = InlineKeyboard | ReplyKeyboard | KeyboardChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it stands now; `earlier` are the texts it had before, oldest first."""

    id: MessageId
    chat: Chat
    sender: User
    sent_at: datetime
    body: Formatted
    markup: Markup | None = None
    media: Media | None = None
    reply_to: MessageId | None = None
    forwarded_from: str | None = None
    joined: User | None = None
    silent: bool = False
    protected: bool = False
    preview: tuple[tuple[str, str | bool], ...] = ()  # link_preview_options as they were given
    edited_at: datetime | None = None
    earlier: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What a phone showed when the bot answered a press; an empty text shows nothing."""

    query: QueryId
    text: str = ""
    must_be_closed: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One press on an inline button, and the answer once the bot has given it."""

    id: QueryId
    user: User
    message: MessageId
    data: str
    at: datetime
    answer: Alert | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where updates are posted, and how the last failed post went."""

    url: str
    secret: str = field(default="", repr=False)
    max_connections: int = 40
    has_certificate: bool = False
    failed_at: datetime | None = None
    failure: str = ""
