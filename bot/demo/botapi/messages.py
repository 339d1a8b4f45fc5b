"""The methods that send, change and remove messages, and answer presses."""

from datetime import datetime, timedelta

from bot.demo.botapi import parameters, shapes
from bot.demo.botapi.entities import sent_text
from bot.demo.botapi.markup import inline_markup, markup
from bot.demo.botapi.model import Alert, Chat, InlineKeyboard, Message, MessageId, QueryId
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.refusals import bad_request
from bot.demo.botapi.shapes import Shape
from bot.demo.botapi.state import State

DELETABLE = timedelta(hours=48)  # core.telegram.org/bots/api#deletemessage
LONGEST_ALERT = 200


def send_message(state: State, given: Parameters, at: datetime) -> Shape:
    """`sendMessage`."""
    body, keyboard = sent_text(given), markup(given)
    chat = state.open_chat(parameters.chat_number(given))
    sent = Message(
        id=state.new_message_id(),
        chat=chat,
        sender=state.bot,
        sent_at=at,
        body=body,
        markup=keyboard,
        reply_to=_reply_to(state, given, chat),
        silent=parameters.flag(given, "disable_notification"),
        protected=parameters.flag(given, "protect_content"),
        preview=_preview(given),
    )
    return _told(state, state.put(sent))


def edit_message_text(state: State, given: Parameters, at: datetime) -> Shape:
    """`editMessageText`; without a keyboard the old one goes, as on the real server."""
    body, keyboard = sent_text(given), inline_markup(given)
    message = _own_message(state, given)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    return _told(state, state.edit(message, body, keyboard, at=at))


def edit_message_reply_markup(state: State, given: Parameters, at: datetime) -> Shape:
    """`editMessageReplyMarkup`; without a keyboard the old one goes."""
    keyboard = inline_markup(given)
    message = _own_message(state, given)
    return _told(state, state.edit(message, message.body, keyboard, at=at))


def delete_message(state: State, given: Parameters, at: datetime) -> bool:
    """`deleteMessage`: within 48 hours; in a group only what the bot said itself."""
    chat = state.open_chat(parameters.chat_number(given))
    message = state.message(chat.id, _message_number(given))
    if message is None:
        raise bad_request("message to delete not found")
    foreign_in_group = message.sender != state.bot and chat.id < 0
    if at > message.sent_at + DELETABLE or foreign_in_group:
        raise bad_request("message can't be deleted")
    state.delete(message)
    return True


def answer_callback_query(state: State, given: Parameters, at: datetime) -> bool:
    """`answerCallbackQuery`."""
    told = parameters.text(given, "text")
    if len(told) > LONGEST_ALERT:
        raise bad_request("MESSAGE_TOO_LONG")
    alert = Alert(
        query=QueryId(parameters.text(given, "callback_query_id")),
        text=told,
        must_be_closed=parameters.flag(given, "show_alert"),
        url=parameters.text(given, "url") or None,
    )
    state.answer(alert, at=at)
    return True


def _told(state: State, message: Message) -> Shape:
    return shapes.message(message, replied=state.replied(message))


def _message_number(given: Parameters) -> int:
    number = parameters.integer(given, "message_id", least=0, most=1 << 53)
    if not number:
        raise bad_request("message identifier is not specified")
    return number


def _own_message(state: State, given: Parameters) -> Message:
    """A message that the bot may edit: its own, and without a keyboard of the phone's."""
    chat = state.open_chat(parameters.chat_number(given))
    message = state.message(chat.id, _message_number(given))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != state.bot or not isinstance(message.markup, InlineKeyboard | None):
        raise bad_request("message can't be edited")
    return message


def _reply_to(state: State, given: Parameters, chat: Chat) -> MessageId | None:
    refusal = "can't parse reply parameters JSON object"
    wanted = parameters.fields(parameters.parsed(given, "reply_parameters", refusal=refusal))
    number = wanted.get("message_id")
    if number is None:
        return None
    if not isinstance(number, int):
        raise bad_request(refusal)
    found = state.message(chat.id, number)
    if found is not None:
        return found.id
    if wanted.get("allow_sending_without_reply") is True:
        return None
    raise bad_request("message to be replied not found")


def _preview(given: Parameters) -> tuple[tuple[str, str | bool], ...]:
    refusal = "can't parse link preview options JSON object"
    options = parameters.fields(parameters.parsed(given, "link_preview_options", refusal=refusal))
    return tuple((name, value) for name, value in options.items() if isinstance(value, str | bool))
