"""Everything the Bot API knows: people, chats, messages, presses, and what is told to the bot about them."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.demo.botapi import shapes
from bot.demo.botapi.model import (
    Alert,
    Chat,
    ChatId,
    ChatKind,
    Formatted,
    InlineKeyboard,
    Message,
    MessageId,
    Query,
    QueryId,
    User,
    UserId,
    Webhook,
)
from bot.demo.botapi.profile import Profile
from bot.demo.botapi.refusals import bad_request, forbidden
from bot.demo.botapi.updates import FIRST_NUMBER, Updates

QUERY_LIVES = timedelta(minutes=1)  # Telegram publishes no figure; answers come back refused after about this
FIRST_GROUP = -1_001_000_000_001
FIRST_QUERY = 4_000_000_000_000_000_001
BLOCKED = "bot was blocked by the user"
NO_MEMBER = "bot is not a member of the supergroup chat"


class State:
    """One bot's world, in memory. Times are given by the caller."""

    def __init__(self, bot: User, *, begun: int = 0) -> None:
        """An empty world with the bot in it. `begun` sets its numbers apart from those of an earlier world."""
        self.bot = bot
        self.updates = Updates(first=FIRST_NUMBER + begun)
        self.profile = Profile()
        self.webhook: Webhook | None = None
        self._chats: dict[ChatId, Chat] = {}
        self._closed: dict[ChatId, str] = {}  # chats the bot cannot write in, and why
        self._messages: dict[ChatId, dict[MessageId, Message]] = {}
        self._queries: dict[QueryId, Query] = {}
        self._answers: list[tuple[UserId, Alert]] = []
        self._last_message = begun

    # ---- looking ---------------------------------------------------------------------------------------

    def chat(self, chat_id: int) -> Chat:
        """The chat; 400 if the bot has never met it."""
        found = self._chats.get(ChatId(chat_id))
        if found is None:
            raise bad_request("chat not found")
        return found

    def open_chat(self, chat_id: int) -> Chat:
        """A chat the bot may write in; 403 if it was blocked or is not a member."""
        found = self.chat(chat_id)
        if found.id in self._closed:
            raise forbidden(self._closed[found.id])
        return found

    def is_closed(self, chat_id: ChatId) -> bool:
        """Whether the bot was shut out of the chat."""
        return chat_id in self._closed

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message that is still there."""
        found = self._messages.get(ChatId(chat_id), {}).get(MessageId(message_id))
        return None if found is None or found.deleted else found

    def messages(self, chat_id: int) -> tuple[Message, ...]:
        """All that was ever said in a chat, oldest first, deleted ones marked so."""
        return tuple(self._messages.get(ChatId(chat_id), {}).values())

    def replied(self, message: Message) -> Message | None:
        """The message that this one replies to."""
        return None if message.reply_to is None else self.message(message.chat.id, message.reply_to)

    def answer_to(self, query_id: QueryId) -> Alert | None:
        """How the bot answered a press, once it has."""
        return self._queries[query_id].answer

    def answers(self, user_id: UserId) -> tuple[Alert, ...]:
        """Every answer to this person's presses, in the order they came."""
        return tuple(alert for person, alert in self._answers if person == user_id)

    def find_group(self, title: str) -> Chat | None:
        """The group with that title."""
        return next((chat for chat in self._groups() if chat.name == title), None)

    # ---- what both sides do ----------------------------------------------------------------------------

    def new_message_id(self) -> MessageId:
        """The next number."""
        self._last_message += 1
        return MessageId(self._last_message)

    def put(self, message: Message) -> Message:
        """Keep a message, new or changed."""
        self._messages.setdefault(message.chat.id, {})[message.id] = message
        return message

    # ---- what people do --------------------------------------------------------------------------------

    def private_chat(self, user: User) -> Chat:
        """The person's chat with the bot, which from now on the bot has met."""
        chat = Chat(id=ChatId(user.id), kind=ChatKind.PRIVATE, name=user.first_name, username=user.username)
        return self._chats.setdefault(chat.id, chat)

    def group(self, title: str, *, by: User, at: datetime) -> Chat:
        """The group with that title; the first to speak of it makes it and brings the bot in."""
        if found := self.find_group(title):
            return found
        made = Chat(id=ChatId(FIRST_GROUP - len(self._groups())), kind=ChatKind.SUPERGROUP, name=title)
        self._chats[made.id] = made
        self._tell_membership(made, by=by, before="left", after="member", at=at)
        welcome = Message(
            id=self.new_message_id(),
            chat=made,
            sender=by,
            sent_at=at,
            body=Formatted(text=""),
            joined=self.bot,
        )
        self.say(welcome)
        return made

    def say(self, message: Message) -> Message:
        """A person says something; the bot hears it unless it has left the chat."""
        self.put(message)
        if message.chat.id not in self._closed:
            body = shapes.message(message, replied=self.replied(message))
            self.updates.add("message", body, at=message.sent_at)
        return message

    def rewrite(self, message: Message, body: Formatted, *, at: datetime) -> Message:
        """A person edits what they said."""
        changed = self.put(_edited(message, body=body, markup=None, at=at))
        self.updates.add("edited_message", shapes.message(changed, replied=self.replied(changed)), at=at)
        return changed

    def press(self, user: User, chat_id: ChatId, message_id: MessageId, data: str, *, at: datetime) -> Query:
        """A person presses a button under a message, perhaps one that was changed or deleted a moment ago."""
        query_id = QueryId(str(FIRST_QUERY + len(self._queries)))
        query = Query(id=query_id, user=user, message=message_id, data=data, at=at)
        self._queries[query_id] = query
        under = self._messages[chat_id][message_id]
        self.updates.add("callback_query", shapes.callback_query(query, under), at=at)
        return query

    def block(self, user: User, *, at: datetime) -> None:
        """A person stops the bot."""
        chat = self.private_chat(user)
        if chat.id not in self._closed:
            self._closed[chat.id] = BLOCKED
            self._tell_membership(chat, by=user, before="member", after="kicked", at=at)

    def unblock(self, user: User, *, at: datetime) -> None:
        """A person lets the bot in again."""
        chat = self.private_chat(user)
        if self._closed.pop(chat.id, None):
            self._tell_membership(chat, by=user, before="kicked", after="member", at=at)

    # ---- what the bot does -----------------------------------------------------------------------------

    def edit(
        self, message: Message, body: Formatted, markup: InlineKeyboard | None, *, at: datetime
    ) -> Message:
        """The bot edits its own message; 400 if nothing would change."""
        if message.body == body and message.markup == markup:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        return self.put(_edited(message, body=body, markup=markup, at=at))

    def delete(self, message: Message) -> None:
        """The bot takes a message away for everybody. The person's phone keeps no trace; the tests do."""
        self.put(replace(message, deleted=True))

    def answer(self, alert: Alert, *, at: datetime) -> None:
        """The bot answers a press; 400 if there is none, it was answered, or it has waited too long."""
        query = self._queries.get(alert.query)
        if query is None or query.answer is not None or at > query.at + QUERY_LIVES:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._queries[query.id] = replace(query, answer=alert)
        self._answers.append((query.user.id, alert))

    def leave(self, chat: Chat, *, at: datetime) -> None:
        """The bot leaves a group."""
        self._closed[chat.id] = NO_MEMBER
        self._tell_membership(chat, by=self.bot, before="member", after="left", at=at)

    def _groups(self) -> list[Chat]:
        return [chat for chat in self._chats.values() if chat.kind is ChatKind.SUPERGROUP]

    def _tell_membership(self, chat: Chat, *, by: User, before: str, after: str, at: datetime) -> None:
        body = shapes.membership(chat, by=by, bot=self.bot, before=before, after=after, at=at)
        self.updates.add("my_chat_member", body, at=at)


def _edited(message: Message, *, body: Formatted, markup: InlineKeyboard | None, at: datetime) -> Message:
    """Only a changed text is remembered among the earlier ones and makes the message an edited one."""
    if message.body == body:
        return replace(message, markup=markup)
    return replace(
        message, body=body, markup=markup, edited_at=at, earlier=(*message.earlier, message.body.text)
    )
