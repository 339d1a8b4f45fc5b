"""Spoken: one message as it is to be said, before it has an address."""

from dataclasses import dataclass, field

from bot.flow.messages import Button

Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What is to be said. `spot` names the message so that it can be changed later; `only_edit` never rings.

    `stopped`: stands for words that could not be passed on here, and whoever said them is to know.
    """

    text: str = field(repr=False)
    buttons: Buttons = ()
    spot: str = ""
    replaces: str = ""
    only_edit: bool = False
    stopped: bool = False
