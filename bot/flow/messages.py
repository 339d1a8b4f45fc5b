"""Messages: what goes between a channel and the flow."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.seal.plain import Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message from a person, as its channel understood it.

    Exactly one of `text`, `press`, `command` is set, or `odd` names what cannot be used ("photo", "edit").
    """

    channel: str
    address: str = field(repr=False)
    native_id: str
    at: datetime
    text: Plain | None = None
    press: str | None = None
    command: str | None = None
    argument: Plain | None = None
    odd: str | None = None
    reply_to: str | None = None  # native id of the message this answers
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice under a message: what it says, and what it means (`press`), or where it leads (`url`)."""

    text: str
    press: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message to one address, ready to be sent. `replaces` is the native id of a message to change."""

    address: str = field(repr=False)
    text: Plain
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: str | None = None
    silent: bool = False
    key: str = ""  # the same in each try: whoever can tell repetitions by it sends it once
    report: str = ""  # an address where the channel may tell what became of it


class Delivery(StrEnum):
    """What came of sending."""

    SENT = "sent"
    SAME = "same"  # the message already showed this
    GONE = "gone"  # the message to change no longer exists: send a new one
    LATER = "later"  # try again
    REFUSED = "refused"  # this message cannot be sent; another may
    NEVER = "never"  # blocked or unknown: this person cannot be reached here


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The outcome of one sending, with the native id, or how long to wait before the next try (seconds)."""

    delivery: Delivery
    native_id: str = ""
    wait: float = 0.0
