"""A phone with Telegram on it, in the hand of a script: says, presses, reads, waits."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.errors import BadInput, Unavailable
from bot.demo.botapi.changes import Changes
from bot.demo.botapi.entities import LONGEST_TEXT, written
from bot.demo.botapi.model import (
    Alert,
    Chat,
    ChatId,
    Formatted,
    KeyboardChange,
    Media,
    Message,
    MessageId,
    QueryId,
    ReplyKeyboard,
    Rows,
    User,
    UserId,
)
from bot.demo.botapi.shown import Shown, shown
from bot.demo.botapi.state import State

GUARD = timedelta(seconds=10)  # against hanging only: what is waited for comes in milliseconds


class Phone:
    """One person's phone. The chat with the bot begins with the first thing said."""

    def __init__(
        self, user: User, *, label: str, state: State, changes: Changes, now: Callable[[], datetime]
    ) -> None:
        """Handed out by `BotApiServer.phone`."""
        self.user = user
        self.label = label
        self._state = state
        self._changes = changes
        self._now = now

    # ---- reading ---------------------------------------------------------------------------------------

    @property
    def user_id(self) -> UserId:
        """The person's number, which is also their private chat's."""
        return self.user.id

    @property
    def messages(self) -> tuple[Shown, ...]:
        """The private chat, oldest first; deleted messages too, marked so."""
        return tuple(shown(message) for message in self._state.messages(self.user.id))

    @property
    def last(self) -> Shown:
        """The newest message from the bot that is still there; `Unavailable` if there is none."""
        for message in reversed(self.messages):
            if message.from_bot and not message.deleted:
                return message
        raise Unavailable("The bot has said nothing on this phone.")

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """How the bot answered this phone's presses, in the order the answers came."""
        return self._state.answers(self.user.id)

    @property
    def keyboard(self) -> Rows:
        """The reply keyboard that stands there now; empty if none."""
        for message in reversed(self._state.messages(self.user.id)):
            if isinstance(message.markup, ReplyKeyboard) and not message.deleted:
                return message.markup.rows
            if message.markup is KeyboardChange.REMOVE:
                return ()
        return ()

    @property
    def blocked(self) -> bool:
        """Whether this person has stopped the bot."""
        return self._state.is_closed(ChatId(self.user.id))

    def messages_in(self, title: str) -> tuple[Shown, ...]:
        """What was said in a group."""
        group = self._state.find_group(title)
        return () if group is None else tuple(shown(message) for message in self._state.messages(group.id))

    # ---- doing -----------------------------------------------------------------------------------------

    async def say(self, text: str, *, reply_to: Shown | None = None) -> Shown:
        """Write to the bot. Like a real phone it sends a long text as several messages; the last is returned."""
        text = text.strip()
        if not text:
            raise BadInput("An empty message cannot be sent.")
        parts = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)]
        for part in parts[:-1]:
            self._say(self._open(), written(part))
        return self._say(
            self._open(), written(parts[-1]), reply_to=None if reply_to is None else reply_to.message_id
        )

    async def in_group(self, title: str, text: str) -> Shown:
        """Write in the group with that title; the first to do so makes the group and brings the bot in."""
        return self._say(self._state.group(title, by=self.user, at=self._now()), written(text))

    async def edit(self, message: Shown, text: str) -> Shown:
        """Change what this person said."""
        kept = self._state.message(message.chat.id, message.message_id)
        if kept is None or kept.sender.id != self.user.id:
            raise BadInput("Only one's own messages can be edited.")
        return self._told(self._state.rewrite(kept, written(text), at=self._now()))

    async def forward(self, text: str, *, sender: str) -> Shown:
        """Pass on something that somebody outside wrote."""
        return self._say(self._open(), written(text), forwarded_from=sender)

    async def photo(self, caption: str = "") -> Shown:
        """Send a picture."""
        return self._say(self._open(), written(caption), media=Media.PHOTO)

    async def sticker(self) -> Shown:
        """Send a sticker."""
        return self._say(self._open(), written(""), media=Media.STICKER)

    async def voice(self) -> Shown:
        """Send a voice message."""
        return self._say(self._open(), written(""), media=Media.VOICE)

    async def press(self, wanted: str, message: Shown | None = None) -> QueryId | None:
        """Press the newest button with that text or callback data. A given message is pressed as it was when
        read, though the bot may have changed or removed it since: thumbs are slow. A button of the reply keyboard
        says its text and returns None.
        """
        under = self._newest_with(wanted) if message is None else message
        button = None if under is None else under.button(wanted)
        if under is None or button is None:
            await self._press_reply(wanted)
            return None
        if button.data is None:
            raise BadInput("That button is a link or copies text; it sends nothing to the bot.")
        self._open()
        query = self._state.press(self.user, under.chat.id, under.message_id, button.data, at=self._now())
        self._changes.tell()
        return query.id

    async def block(self) -> None:
        """Stop the bot."""
        self._state.block(self.user, at=self._now())
        self._changes.tell()

    async def unblock(self) -> None:
        """Let the bot in again."""
        self._state.unblock(self.user, at=self._now())
        self._changes.tell()

    # ---- waiting ---------------------------------------------------------------------------------------

    async def wait_for(
        self, holds: Callable[[Shown], bool], *, after: Shown | None = None, within: timedelta = GUARD
    ) -> Shown:
        """The newest message from the bot of which it holds, as soon as there is one; with `after`, only among
        those sent later. Deleted messages are asked too. `Unavailable` when the guard's time is out.
        """

        def found() -> Shown | None:
            for message in reversed(self._state.messages(self.user.id)):
                if after is not None and message.id <= after.message_id:
                    return None
                if message.sender == self._state.bot and holds(seen := shown(message)):
                    return seen
            return None

        await self._until(lambda: found() is not None, within)
        message = found()
        assert message is not None  # nothing ran in between
        return message

    async def wait_for_text(
        self, part: str, *, after: Shown | None = None, within: timedelta = GUARD
    ) -> Shown:
        """The newest message from the bot that stands there and has that in its text."""
        return await self.wait_for(lambda m: part in m.text and not m.deleted, after=after, within=within)

    async def wait_for_button(
        self, wanted: str, *, after: Shown | None = None, within: timedelta = GUARD
    ) -> Shown:
        """The newest message from the bot that stands there and has such a button."""
        return await self.wait_for(
            lambda m: m.button(wanted) is not None and not m.deleted, after=after, within=within
        )

    async def wait_for_answer(self, query: QueryId, *, within: timedelta = GUARD) -> Alert:
        """How the bot answers a press."""
        await self._until(lambda: self._state.answer_to(query) is not None, within)
        answer = self._state.answer_to(query)
        assert answer is not None  # nothing ran in between
        return answer

    # ---- inside ----------------------------------------------------------------------------------------

    async def _until(self, holds: Callable[[], bool], within: timedelta) -> None:
        try:
            async with asyncio.timeout(within.total_seconds()):
                await self._changes.until(holds)
        except TimeoutError as error:
            count = len(self._state.messages(self.user.id))
            raise Unavailable(
                f"What phone {self.user.id} waited for did not come in {within.total_seconds():g} s; "
                f"it shows {count} messages (read them in phone.messages)."
            ) from error

    def _open(self) -> Chat:
        if self.blocked:
            raise BadInput("This phone has blocked the bot; unblock it first.")
        return self._state.private_chat(self.user)

    def _say(
        self,
        chat: Chat,
        body: Formatted,
        *,
        media: Media | None = None,
        reply_to: MessageId | None = None,
        forwarded_from: str | None = None,
    ) -> Shown:
        said = Message(
            id=self._state.new_message_id(),
            chat=chat,
            sender=self.user,
            sent_at=self._now(),
            body=body,
            media=media,
            reply_to=reply_to,
            forwarded_from=forwarded_from,
        )
        return self._told(self._state.say(said))

    def _told(self, message: Message) -> Shown:
        self._changes.tell()
        return shown(message)

    def _newest_with(self, wanted: str) -> Shown | None:
        standing = (message for message in reversed(self.messages) if not message.deleted)
        return next((message for message in standing if message.button(wanted) is not None), None)

    async def _press_reply(self, wanted: str) -> None:
        if not any(button.text == wanted for row in self.keyboard for button in row):
            raise BadInput("No message on this phone has such a button.")
        await self.say(wanted)
