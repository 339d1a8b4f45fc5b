"""A message as its reader sees it."""

from dataclasses import dataclass
from datetime import datetime

from bot.demo.botapi.model import Button, Chat, Formatted, InlineKeyboard, Media, Message, MessageId, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message as the phone shows it now; `history` are its earlier texts, oldest first."""

    message_id: MessageId
    chat: Chat
    text: str
    sent_at: datetime
    from_bot: bool
    buttons: Rows
    edited: bool
    history: tuple[str, ...]
    silent: bool
    protected: bool
    deleted: bool
    media: Media | None
    reply_to: MessageId | None
    body: Formatted

    def button(self, wanted: str) -> Button | None:
        """The button with that text or that callback data."""
        return next(
            (button for row in self.buttons for button in row if wanted in {button.text, button.data}), None
        )


def shown(message: Message) -> Shown:
    """A message as its reader sees it."""
    return Shown(
        message_id=message.id,
        chat=message.chat,
        text=message.body.text,
        sent_at=message.sent_at,
        from_bot=message.sender.is_bot,
        buttons=message.markup.rows if isinstance(message.markup, InlineKeyboard) else (),
        edited=message.edited_at is not None,
        history=message.earlier,
        silent=message.silent,
        protected=message.protected,
        deleted=message.deleted,
        media=message.media,
        reply_to=message.reply_to,
        body=message.body,
    )
