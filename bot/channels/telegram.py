"""Telegram: a front door. Native updates become Inbound, Outbound becomes messages; nothing is decided here."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import UpdateType
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram_update import bounded, understand
from bot.core.errors import Unavailable
from bot.flow.messages import Button, Delivery, Inbound, Outbound, Receipt
from bot.seal.plain import Plain

log = logging.getLogger(__name__)

NAME = "telegram"
MAX_UPDATE = 256 * 1024  # bytes of one update; real ones are a few kilobytes
LARGEST = 1 << 52  # no number of Telegram's reaches it (Bot API)
MAX_CONNECTIONS = 20  # webhook calls at once
POLL = timedelta(seconds=30)  # how long one long poll waits for something to happen
GRACE = 10  # seconds: how much longer its answer may take
ALLOWED = [
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
]
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNKNOWN = ("chat not found", "user is deactivated", "peer_id_invalid")
_SAME = "message is not modified"

Keep = Callable[[str, str, Plain], Awaitable[None]]  # channel, native id, body: durable when it returns


class Telegram:
    """One bot. `keep` is called for each update before it is acknowledged."""

    name = NAME

    def __init__(self, bot: telegram.Bot, *, keep: Keep, secret: str) -> None:
        """`secret`: what the webhook's caller must show (Bot API, setWebhook, secret_token)."""
        self._bot = bot
        self._keep = keep
        self._secret = secret.encode()
        self._tasks: set[asyncio.Task[None]] = set()

    def understand(self, body: Plain, at: datetime) -> Inbound | None:
        """What an update means to us; None when it means nothing."""
        return understand(body, at, self._bot)

    async def webhook(self, body: bytes, secret: str | None) -> int:
        """Take one update in; returns the HTTP status. 200 is said only when the update is safely kept."""
        if not hmac.compare_digest((secret or "").encode(errors="replace"), self._secret):
            return 403
        if len(body) > MAX_UPDATE:
            return 413
        try:
            update = json.loads(body)
            native_id = _native_id(update["update_id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return 400
        try:
            await self._keep(NAME, native_id, Plain(bounded(update, body)))
        except Unavailable:
            return 503
        self._acknowledge(update)
        return 200

    async def listen(self, url: str | None, stir: Callable[[], object] = lambda: None) -> None:
        """Register the webhook at `url`, or poll when there is none; tries until Telegram answers.

        `stir` is called at every try, so that somebody may know that we still do.
        """
        await self._introduce(url, stir)
        if url is None:
            await self._poll(stir)

    async def close(self) -> None:
        """Let go of the connections."""
        for task in tuple(self._tasks):
            task.cancel()
        await self._bot.shutdown()

    async def send(self, message: Outbound) -> Receipt:
        """Send or change one message."""
        try:
            return await self._send(message)
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            return Receipt(delivery=Delivery.LATER, wait=seconds)
        except Forbidden:
            return Receipt(delivery=Delivery.NEVER)
        except BadRequest as error:
            return _bad_request(error, message)
        except TelegramError as error:
            log.warning("sending failed", extra={"channel": NAME, "kind": type(error).__name__})
            return Receipt(delivery=Delivery.LATER)

    async def _send(self, message: Outbound) -> Receipt:
        text = message.text.reveal().decode()
        markup = _markup(message.buttons)
        if message.replaces is not None:
            await self._bot.edit_message_text(
                text,
                chat_id=int(message.address),
                message_id=int(message.replaces),
                reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            return Receipt(delivery=Delivery.SENT, native_id=message.replaces)
        sent = await self._bot.send_message(
            int(message.address),
            text,
            reply_markup=markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            protect_content=True,  # what is said here is not forwarded or saved by a slip of the thumb
        )
        return Receipt(delivery=Delivery.SENT, native_id=str(sent.message_id))

    async def _introduce(self, url: str | None, stir: Callable[[], object]) -> None:
        wait = 1.0
        while True:
            stir()
            try:
                await self._bot.initialize()
                if url is None:
                    await self._bot.delete_webhook()
                else:
                    await self._bot.set_webhook(
                        url,
                        secret_token=self._secret.decode(),
                        allowed_updates=ALLOWED,
                        max_connections=MAX_CONNECTIONS,
                    )
            except TelegramError as error:
                log.warning("Telegram does not answer", extra={"kind": type(error).__name__})
                await asyncio.sleep(wait)
                wait = min(wait * 2, 60.0)
            else:
                return

    async def _poll(self, stir: Callable[[], object]) -> None:
        """Fetch updates; the offset moves on only past what is kept, so a crash loses none."""
        offset = 0
        while True:
            stir()
            try:
                for update in await self._fetch(offset):
                    native_id, body = _native_id(update["update_id"]), json.dumps(update).encode()
                    await self._keep(NAME, native_id, Plain(bounded(update, body)))
                    self._acknowledge(update)
                    offset = int(native_id) + 1
            except (TelegramError, Unavailable) as error:
                log.warning("polling failed", extra={"kind": type(error).__name__})
                await asyncio.sleep(1.0)

    async def _fetch(self, offset: int) -> list[dict[str, object]]:
        """Updates as they came: one that nobody can read must not keep back those after it."""
        seconds = int(POLL.total_seconds())
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": ALLOWED}
        # In lower case, which Telegram takes too: by its other name PTB would read them all at once, or none.
        found: list[dict[str, object]] = await self._bot.do_api_request(
            "getupdates", asked, read_timeout=seconds + GRACE
        )
        return found

    def _acknowledge(self, update: dict[str, object]) -> None:
        """Stop the button's spinner; whether that works changes nothing."""
        query = update.get("callback_query")
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            task = asyncio.create_task(self._answer(query["id"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.info("press not acknowledged", extra={"kind": type(error).__name__})


def _native_id(number: object) -> str:
    """An update's number as an id. Raises ValueError for what Telegram would never count with."""
    if type(number) is not int or not 0 < number < LARGEST:
        raise ValueError("an update has a number")
    return str(number)


def _markup(buttons: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(b.text, url=b.url)
            if b.url
            else InlineKeyboardButton(b.text, callback_data=b.press)
            for b in row
        ]
        for row in buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _bad_request(error: BadRequest, message: Outbound) -> Receipt:
    said = error.message.lower()
    if _SAME in said:
        return Receipt(delivery=Delivery.SAME, native_id=message.replaces or "")
    if any(gone in said for gone in _GONE):
        return Receipt(delivery=Delivery.GONE)
    if any(unknown in said for unknown in _UNKNOWN):
        return Receipt(delivery=Delivery.NEVER)
    log.warning("Telegram refused a message", extra={"kind": "BadRequest"})
    return Receipt(delivery=Delivery.REFUSED)
