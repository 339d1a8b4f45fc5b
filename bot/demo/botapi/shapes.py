"""Builds the objects of the Bot API (core.telegram.org/bots/api#available-types) as plain dicts."""

from datetime import datetime

from bot.demo.botapi.model import (
    Button,
    Chat,
    ChatKind,
    Entity,
    InlineKeyboard,
    Media,
    Message,
    Query,
    UpdateId,
    User,
)

Shape = dict[str, object]

FILE_SIZE = 18  # bytes of every file there is here


def unix(at: datetime) -> int:
    """Seconds since 1970."""
    return int(at.timestamp())


def update(number: UpdateId, kind: str, body: Shape) -> Shape:
    """One update."""
    return {"update_id": number, kind: body}


def user(person: User) -> Shape:
    """A User."""
    known: Shape = {"id": person.id, "is_bot": person.is_bot, "first_name": person.first_name}
    return known | _given(username=person.username, language_code=person.language_code)


def me(bot: User) -> Shape:
    """The User that getMe answers: it reads everything said in a group."""
    abilities: Shape = {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return user(bot) | abilities


def chat(place: Chat) -> Shape:
    """A Chat."""
    name = "first_name" if place.kind is ChatKind.PRIVATE else "title"
    shape: Shape = {"id": place.id, "type": place.kind.value, name: place.name}
    return shape | _given(username=place.username)


def full_chat(place: Chat) -> Shape:
    """A ChatFullInfo."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    return chat(place) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def message(told: Message, *, replied: Message | None = None) -> Shape:
    """A Message, with the one it replies to inside it."""
    shape: Shape = {
        "message_id": told.id,
        "from": user(told.sender),
        "chat": chat(told.chat),
        "date": unix(told.sent_at),
        **_content(told),
        **_origin(told),
    }
    if told.edited_at is not None:
        shape["edit_date"] = unix(told.edited_at)
    if told.protected:
        shape["has_protected_content"] = True
    if isinstance(told.markup, InlineKeyboard):
        shape["reply_markup"] = {"inline_keyboard": [[_button(b) for b in row] for row in told.markup.rows]}
    if replied is not None:
        shape["reply_to_message"] = message(replied)
    return shape


def gone_message(told: Message) -> Shape:
    """An InaccessibleMessage: what is left of a deleted one."""
    return {"message_id": told.id, "chat": chat(told.chat), "date": 0}


def callback_query(pressed: Query, under: Message) -> Shape:
    """A CallbackQuery, with the message whose button was pressed."""
    return {
        "id": pressed.id,
        "from": user(pressed.user),
        "message": gone_message(under) if under.deleted else message(under),
        "chat_instance": str(under.chat.id),
        "data": pressed.data,
    }


def membership(place: Chat, *, by: User, bot: User, before: str, after: str, at: datetime) -> Shape:
    """A ChatMemberUpdated about the bot: statuses "member", "left" and "kicked"."""
    return {
        "chat": chat(place),
        "from": user(by),
        "date": unix(at),
        "old_chat_member": _member(bot, before),
        "new_chat_member": _member(bot, after),
    }


def file(file_id: str) -> Shape:
    """A File that can be fetched from `/file/bot<token>/<file_path>`."""
    return {**_file(file_id), "file_path": f"files/{file_id}"}


def _given(**fields: object) -> Shape:
    return {name: value for name, value in fields.items() if value is not None}


def _member(bot: User, status: str) -> Shape:
    until: Shape = {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": user(bot), **until}


def _content(told: Message) -> Shape:
    if told.joined is not None:
        return {"new_chat_members": [user(told.joined)]}
    if told.media is not None:
        return _media(told, told.media)
    options: Shape = {"link_preview_options": dict(told.preview)} if told.preview else {}
    return {"text": told.body.text, **_entities(told, "entities"), **options}


def _media(told: Message, media: Media) -> Shape:
    common = _file(f"{media}-{told.id}")
    caption: Shape = {}
    if told.body.text:
        caption = {"caption": told.body.text, **_entities(told, "caption_entities")}
    match media:
        case Media.PHOTO:
            return {"photo": [{**common, "width": 90, "height": 90}], **caption}
        case Media.STICKER:
            still: Shape = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}
            return {"sticker": {**common, "width": 512, "height": 512, **still}}
        case Media.VOICE:
            return {"voice": {**common, "duration": 3, "mime_type": "audio/ogg"}, **caption}


def _file(file_id: str) -> Shape:
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": FILE_SIZE}


def _entities(told: Message, name: str) -> Shape:
    return {name: [_entity(entity) for entity in told.body.entities]} if told.body.entities else {}


def _entity(entity: Entity) -> Shape:
    shape: Shape = {"type": entity.kind, "offset": entity.offset, "length": entity.length}
    return shape | _given(url=entity.url)


def _origin(told: Message) -> Shape:
    if told.forwarded_from is None:
        return {}
    origin = {"type": "hidden_user", "sender_user_name": told.forwarded_from, "date": unix(told.sent_at)}
    return {"forward_origin": origin}


def _button(button: Button) -> Shape:
    copies = {"text": button.copies} if button.copies is not None else None
    return {"text": button.text, **_given(callback_data=button.data, url=button.url, copy_text=copies)}
