"""The queue of updates that wait for the bot, as getUpdates and webhooks share it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.botapi import shapes
from bot.demo.botapi.model import UpdateId
from bot.demo.botapi.shapes import Shape

FIRST_NUMBER = 700_000_001
KEPT = timedelta(hours=24)  # core.telegram.org/bots/api#getting-updates
KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)
ASKED_FOR = {
    "chat_member",
    "message_reaction",
    "message_reaction_count",
}  # only when allowed_updates names them


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update in the queue."""

    number: UpdateId
    shape: Shape
    at: datetime


@dataclass(slots=True)
class Updates:
    """What waits, oldest first; and the mischief ordered for the next deliveries."""

    waiting: dict[UpdateId, Update] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()  # empty: everything but ASKED_FOR
    repeats: int = 0  # so many deliveries to come are made twice
    swaps: int = 0  # so many pairs to come are delivered second first
    first: int = FIRST_NUMBER
    _given: int = 0

    def allow(self, kinds: Iterable[str]) -> None:
        """Queue only these kinds from now on; none that exists means the default."""
        self.allowed = KINDS.intersection(kinds)

    def add(self, kind: str, body: Shape, *, at: datetime) -> None:
        """Queue an update, unless the bot does not want that kind."""
        if not (kind in self.allowed if self.allowed else kind not in ASKED_FOR):
            return
        number = UpdateId(self.first + self._given)
        self._given += 1
        self.waiting[number] = Update(number=number, shape=shapes.update(number, kind, body), at=at)

    def forget_old(self, now: datetime) -> None:
        """Drop what nobody fetched in 24 hours."""
        self.drop([update.number for update in self.waiting.values() if update.at < now - KEPT])

    def confirm(self, offset: int) -> None:
        """Acknowledge every update below the offset; a negative one keeps that many of the newest."""
        numbers = sorted(self.waiting)
        gone = numbers[:offset] if offset < 0 else [number for number in numbers if number < offset]
        self.drop(gone)

    def drop(self, numbers: Iterable[UpdateId]) -> None:
        """Forget these updates."""
        for number in list(numbers):
            self.waiting.pop(number, None)

    def ready(self) -> bool:
        """Whether something can be delivered; while a swap is ordered it takes two."""
        return len(self.waiting) > (1 if self.swaps else 0)

    def batch(self, limit: int) -> list[Shape]:
        """The oldest updates for a poller, none of them acknowledged yet; nothing while not `ready`."""
        if not self.ready():
            return []
        chosen = [self.waiting[number].shape for number in sorted(self.waiting)[:limit]]
        if self.swaps and len(chosen) > 1:
            self.swaps -= 1
            chosen[0], chosen[1] = chosen[1], chosen[0]
        twice, self.repeats = min(self.repeats, len(chosen)), max(0, self.repeats - len(chosen))
        return [*chosen, *chosen[:twice]]

    def next_posts(self) -> tuple[Update, ...]:
        """What a webhook is to be sent next, in that order; acknowledge each by `drop`."""
        first_two = tuple(self.waiting[number] for number in sorted(self.waiting)[:2])
        if not self.ready() or not self.swaps:
            return first_two[:1] if self.ready() else ()
        self.swaps -= 1
        return first_two[::-1]
